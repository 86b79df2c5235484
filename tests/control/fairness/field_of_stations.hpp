#pragma once
// A garage whose stations answer late, lose answers, blink and sleep: image, plan, image again, in
// whole seconds. The planner's memory goes through its bytes after every plan, as in `busbar plan`.

#include "tests/control/planner/garage.hpp"
#include "tests/control/planner/told_watch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

namespace busbar::control::tests {

class field_of_stations {
public:
  struct station {
    /// From the plan that tells something to the station's answer. It obeys with its answer.
    std::int64_t answers_after = 0;
    /// What its vehicle draws of what the station offers at most.
    std::int64_t appetite_ma = 32'000;
    std::int64_t offered_ma = 0;
    // What was seen.
    std::int64_t charging_s = 0;
    std::int64_t ampere_seconds = 0;
    std::int64_t off_for = 0;
    std::int64_t longest_off = 0;
    std::int64_t shortest_rest = 1'000'000;
    int decreases = 0;
    int stops = 0;
    std::deque<std::pair<std::int64_t, std::int64_t>> on_their_way;
    told_watch told;
  };

  explicit field_of_stations(garage& site, std::size_t connectors, std::int64_t plan_every = 1)
      : site_(site), stations_(connectors), plan_every_(plan_every) {}

  station& at(std::size_t i) { return stations_[i]; }
  [[nodiscard]] std::int64_t now() const { return now_; }
  /// Called before each second; may change anything.
  std::function<void(std::int64_t)> change = [](std::int64_t) {};
  /// Whether the answer that is due now is lost; it is told again 20 s later.
  std::function<bool()> loses = [] { return false; };

  void live(std::int64_t seconds) {
    for (const auto end = now_ + seconds; now_ < end; ++now_) {
      change(now_);
      deliver();
      look();
      if (now_ % plan_every_ == 0) plan();
    }
  }
  [[nodiscard]] std::int64_t most_reserved() const { return most_reserved_; }
  void forget_reserved() { most_reserved_ = 0; }

private:
  void deliver() {
    for (std::uint32_t i = 0; i < stations_.size(); ++i) {
      auto& own = stations_[i];
      while (!own.on_their_way.empty() && own.on_their_way.front().first <= now_) {
        const auto told = own.on_their_way.front().second;
        own.on_their_way.pop_front();
        own.offered_ma = told;
        if (loses()) own.on_their_way.push_back({now_ + 20, site_.row(i).told.count()});
        else site_.row(i).acknowledged = milliamperes{told};
      }
      site_.row(i).drawn =
          milliamperes{std::min(own.offered_ma, own.appetite_ma)};
      std::int64_t unanswered = 0;
      for (const auto& [when, told] : own.on_their_way) unanswered = std::max(unanswered, told);
      own.told.fill(site_.row(i), milliamperes{unanswered}, tests::at(now_));
    }
  }

  void look() {
    for (std::uint32_t i = 0; i < stations_.size(); ++i) {
      auto& own = stations_[i];
      const bool is_on = own.offered_ma >= 6'000;
      if (is_on && own.off_for > 0 && own.stops > 0)
        own.shortest_rest = std::min(own.shortest_rest, own.off_for);
      if (!is_on && own.off_for == 0 && own.charging_s > 0) ++own.stops;
      own.off_for = is_on ? 0 : own.off_for + 1;
      if (!site_.row(i).wants) own.off_for = std::min<std::int64_t>(own.off_for, 1);
      own.longest_off = std::max(own.longest_off, own.off_for);
      own.charging_s += is_on ? 1 : 0;
      own.ampere_seconds += site_.row(i).drawn.count() / 1000;
    }
  }

  void plan() {
    ASSERT_TRUE(site_.control().restore(site_.control().memory()));
    const auto& made = site_.control().decide(site_.now(now_));
    std::int64_t reserved = 0;
    for (const auto& grant : made.grants) reserved += grant.reserved.count();
    most_reserved_ = std::max(most_reserved_, reserved);
    for (std::uint32_t i = 0; i < stations_.size(); ++i) {
      auto& row = site_.row(i);
      const auto granted = made.grants[i].granted;
      if (granted == row.told || !row.is_reachable) continue;
      if (granted < row.told) ++stations_[i].decreases;
      stations_[i].told.tell(row, granted, tests::at(now_));
      stations_[i].on_their_way.push_back({now_ + stations_[i].answers_after, granted.count()});
    }
  }

  garage& site_;
  std::vector<station> stations_;
  std::int64_t plan_every_;
  std::int64_t now_ = 0;
  std::int64_t most_reserved_ = 0;
};

} // namespace busbar::control::tests
