#pragma once
// The newest service orders of a gateway and what became of them.

#include "ports/charge_points.hpp"

#include <algorithm>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace busbar::adapters::ocpp::gateway {

class order_book {
public:
  std::uint64_t add(const ports::charge_point_order& wanted, domain::instant now) {
    if (orders_.size() >= ports::charge_points::kept_orders_max) orders_.pop_front();
    orders_.push_back({wanted.identity,
                       {++last_, wanted.action, "pending", wanted.payload, {}, now}});
    return last_;
  }

  void settle(std::uint64_t number, std::string state, std::string answer) {
    const auto found = std::ranges::find_if(
        orders_, [&](const entry& each) { return each.standing.number == number; });
    if (found == orders_.end()) return;
    found->standing.state = std::move(state);
    found->standing.answer = std::move(answer);
  }

  [[nodiscard]] std::vector<ports::order_standing> of(const std::string& identity) const {
    std::vector<ports::order_standing> found;
    for (const auto& each : orders_)
      if (each.identity == identity) found.push_back(each.standing);
    return found;
  }

private:
  struct entry {
    std::string identity;
    ports::order_standing standing;
  };
  std::deque<entry> orders_;
  std::uint64_t last_ = 0;
};

} // namespace busbar::adapters::ocpp::gateway
