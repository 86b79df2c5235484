#pragma once
// A scripted engine node: sites, snapshots and a journal that a test sets, and what it was asked to
// do. Thread-safe, as the real one.

#include "control/operators/preview.hpp"
#include "control/operators/tree_revision.hpp"
#include "control/smart_charging/profile_book.hpp"
#include "domain/order_standing.hpp"
#include "tests/adapters/http/fake_journal.hpp"
#include "tests/adapters/http/fake_views.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace busbar::tests {

class fake_engine : public fake_journal {
public:
  using fake_journal::record;
  void publish(domain::site_view view) {
    const std::lock_guard lock{mutex_};
    const domain::site_id id = view.topology->id;
    views_[id] = std::make_shared<const domain::site_view>(std::move(view));
  }
  void take_away(const std::string& site) {
    const std::lock_guard lock{mutex_};
    views_.erase(domain::site_id{site});
  }
  void announce(const std::string& site) {
    const std::lock_guard lock{mutex_};
    views_[domain::site_id{site}] = nullptr;
  }
  std::uint64_t record(const std::string& text, domain::speaker who = domain::speaker::central) {
    return record({domain::site_id{"garage"}, noon, who, domain::severity::info, "note", "CP-001",
                   text});
  }

  /// Of a site that is not published here.
  void set_place(const std::string& site, ports::site_place place) {
    const std::lock_guard lock{mutex_};
    places_[domain::site_id{site}] = place;
  }
  [[nodiscard]] ports::site_place place_of(const domain::site_id& site) const override {
    const std::lock_guard lock{mutex_};
    const auto found = places_.find(site);
    return found == places_.end() ? ports::site_place::unknown : found->second;
  }
  [[nodiscard]] std::vector<domain::site_id> site_ids() const override {
    const std::lock_guard lock{mutex_};
    std::vector<domain::site_id> ids;
    for (const auto& [id, view] : views_) ids.push_back(id);
    return ids;
  }
  [[nodiscard]] std::shared_ptr<const domain::site_view>
  view(const domain::site_id& site) const override {
    const std::lock_guard lock{mutex_};
    const auto place = views_.find(site);
    return place == views_.end() ? nullptr : place->second;
  }
  [[nodiscard]] std::optional<domain::station_index>
  find_station(const domain::site_id& site, const domain::station_id& station) const override {
    const auto shown = view(site);
    if (!shown) return std::nullopt;
    const auto& all = shown->topology->stations;
    const auto found = std::ranges::find(all, station, &domain::station::id);
    if (found == all.end()) return std::nullopt;
    return domain::station_index{static_cast<std::size_t>(found - all.begin())};
  }
  [[nodiscard]] std::vector<ports::driver_view> drivers() const override {
    return {{domain::driver_id{"Alice"}, "charging", domain::site_id{"garage"},
             domain::station_id{"CP-001"}, domain::session_id{"s-17"}, noon, 4, 1, 3},
            {domain::driver_id{"Bob"}, "idle", {}, {}, {}, noon, 0, 0, 0}};
  }
  [[nodiscard]] std::vector<domain::breaker_view> node_breakers() const override {
    return {{"driver:Alice", "requests", domain::breaker_position::open, 5, 9, 1, noon}};
  }
  [[nodiscard]] std::vector<domain::watchdog_view> node_watchdogs() const override {
    return {{"engine:engine-1", "pulse", domain::microseconds{5'000'000}, noon, false, 0},
            {"protocol:log", "answer", domain::microseconds{1'000'000}, noon, false, 0}};
  }
  [[nodiscard]] std::vector<domain::session_fact> past_sessions(std::size_t count) const override {
    std::vector<domain::session_fact> facts{
        {domain::session_id{"s-16"}, domain::request_id{"r-2"}, domain::site_id{"garage"},
         domain::station_id{"CP-002"}, domain::driver_id{"Bob"},
         domain::session_fact_kind::completed, noon, domain::watts{0}, domain::watt_hours{8'000},
         domain::micro_currency{2'400'000}, "energy reached", domain::watt_hours{8'000}, noon},
        {{}, domain::request_id{"r-1"}, domain::site_id{"garage"}, domain::station_id{"CP-002"},
         domain::driver_id{"Carol"}, domain::session_fact_kind::denied, noon, domain::watts{0},
         domain::watt_hours{0}, domain::micro_currency{0}, "faulted"}};
    facts.resize(std::min(count, facts.size()));
    return facts;
  }
  void submit(const domain::driver_request& request, ports::kept_listener then) override {
    then(keep(submitted, request));
  }
  /// As its sites decide; held back until `let_answer` where `holds_answers`.
  void order(ports::order_request request, ports::order_listener answer) override {
    const auto decided = decide(request);
    if (!holds_answers) return answer(decided);
    const std::lock_guard lock{mutex_};
    held_.push_back([answer, decided] { answer(decided); });
  }
  [[nodiscard]] std::size_t held_count() const {
    const std::lock_guard lock{mutex_};
    return held_.size();
  }
  void let_answer() {
    for (const auto& each : std::exchange(held_, {})) each();
  }
  /// What the site itself sees, where that is not what is published.
  std::shared_ptr<const domain::site_view> owners_view;
  std::optional<domain::fallback_load> remains;
  bool holds_answers = false;
  bool are_faults_allowed = true;
  std::vector<ports::caller> callers;
  [[nodiscard]] domain::result<domain::site_configuration>
  moves_of(const domain::site_id& site, const domain::tree_wish& wish) const override {
    return control::operators::moves_of(*view(site)->topology, wish);
  }
  domain::result<void> configure(const domain::site_id& site,
                                 const domain::site_configuration& change,
                                 const ports::caller& by, ports::kept_listener then) override {
    callers.push_back(by);
    return kept(keep(configured, std::pair{site, change}), then);
  }
  domain::result<void> reload(const domain::site_id& site, ports::kept_listener then) override {
    return kept(keep(reloaded, site), then);
  }
  static domain::result<void> kept(domain::result<void> verdict, const ports::kept_listener& then) {
    if (verdict && then) then(verdict);
    return verdict;
  }
  [[nodiscard]] std::shared_ptr<const control::smart_charging::profile_book>
  profiles(const domain::site_id&, const domain::station_id&) const override {
    const std::lock_guard lock{mutex_};
    return std::make_shared<const control::smart_charging::profile_book>(profile_book);
  }
  domain::result<void> manage(const ports::profile_request& request) override {
    return keep(managed, request);
  }
  [[nodiscard]] bool allows_faults() const override { return are_faults_allowed; }
  domain::result<void> inject(const ports::fault_request& fault) override {
    return keep(injected, fault);
  }
  domain::result<void> ask_capability(const domain::site_id& site,
                                      const domain::station_id& station) override {
    return keep(asked, std::pair{site, station});
  }
  domain::result<void> watch_health(domain::health_probe /*probe*/) override { return {}; }
  [[nodiscard]] std::vector<ports::health_check> health_checks() const override {
    const std::lock_guard lock{mutex_};
    return checks;
  }
  [[nodiscard]] const ports::engine_counters& counters() const override { return counts; }
  [[nodiscard]] ports::log_statistics log_statistics() const override {
    return {{"queue_depth", 7}, {"retries_total", 2}};
  }

  std::vector<ports::health_check> checks{
      {"log", true, true, "answers", domain::microseconds{12}}};
  std::optional<domain::error> refusal;
  control::smart_charging::profile_book profile_book{
      control::smart_charging::settings_of(1, domain::millivolts{230'000}, 3)};
  std::vector<ports::profile_request> managed;
  std::vector<domain::driver_request> submitted;
  std::vector<ports::fault_request> injected;
  std::vector<std::pair<domain::site_id, domain::station_id>> asked;
  std::vector<std::pair<domain::site_id, domain::operator_order>> ordered;
  std::vector<std::pair<domain::site_id, domain::site_configuration>> configured;
  std::vector<domain::site_id> reloaded;
  ports::engine_counters counts;

private:
  domain::order_answer decide(const ports::order_request& request) {
    const auto now = std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now());
    const auto seen = owners_view ? owners_view : view(request.site);
    callers.push_back(request.by);
    std::vector<domain::order_taken> all;
    for (const auto& wish : request.wishes) {
      auto made = control::operators::preview(
          wish, *seen->topology, domain::standing_of(wish, *seen), now);
      if (auto* refused = std::get_if<domain::order_refusal>(&made)) return std::move(*refused);
      auto& taken = std::get<domain::order_taken>(made);
      if (std::holds_alternative<domain::node_constraint>(taken.order))
        taken.if_engine_stops = remains;
      const auto kept = keep(ordered, std::pair{request.site, taken.order});
      if (!kept) return domain::order_refusal{kept.failure(), {}};
      all.push_back(std::move(taken));
    }
    return all;
  }
  std::map<domain::site_id, ports::site_place> places_;
  template <class List, class Entry> domain::result<void> keep(List& list, Entry entry) {
    const std::lock_guard lock{mutex_};
    if (refusal) return *refusal;
    list.push_back(std::move(entry));
    return {};
  }
  mutable std::mutex mutex_;
  std::vector<std::function<void()>> held_;
  std::map<domain::site_id, std::shared_ptr<const domain::site_view>> views_;
};

} // namespace busbar::tests
