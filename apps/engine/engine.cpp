#include "apps/engine/engine.hpp"

#include "apps/engine/engine_parts.hpp"
#include "apps/engine/unknown_place.hpp"

#include <algorithm>
#include <utility>

namespace busbar::apps {

namespace {

domain::error not_running() { return {domain::errc::unavailable, "the engine does not run"}; }

} // namespace

engine::engine() : counters_(std::make_shared<actors::engine_counters>()) {}

engine::~engine() { stop(); }

domain::result<void> engine::start(std::vector<std::shared_ptr<const domain::site>> sites,
                                   std::shared_ptr<messages::event_log> log,
                                   engine_settings settings) {
  auto next = std::make_unique<parts>(std::move(settings), std::move(log), counters_);
  auto verdict = next->build(std::move(sites));
  if (!verdict) return verdict;
  parts_ = std::move(next);
  parts_->run();
  return {};
}

void engine::stop() {
  if (parts_) parts_->stop();
}

std::string engine::left_behind() const { return parts_ ? parts_->left_behind() : ""; }

std::vector<domain::site_id> engine::sites() const {
  return parts_ ? parts_->views().sites() : std::vector<domain::site_id>{};
}

std::shared_ptr<const domain::site_view> engine::view(const domain::site_id& site) const {
  return parts_ ? parts_->views().view(site) : nullptr;
}

std::vector<actors::driver_view> engine::drivers() const {
  return parts_ ? parts_->views().drivers() : std::vector<actors::driver_view>{};
}

std::vector<domain::breaker_view> engine::node_breakers() const {
  return parts_ ? parts_->views().node_breakers() : std::vector<domain::breaker_view>{};
}

std::vector<domain::watchdog_view> engine::node_watchdogs() const {
  return parts_ ? parts_->views().node_watchdogs() : std::vector<domain::watchdog_view>{};
}

std::vector<domain::session_fact> engine::past_sessions(std::size_t count) const {
  return parts_ ? parts_->events().past_sessions(count) : std::vector<domain::session_fact>{};
}

std::vector<actors::journal_entry> engine::journal(std::uint64_t after, std::size_t count) const {
  return parts_ ? parts_->events().entries(after, count) : std::vector<actors::journal_entry>{};
}

std::uint64_t engine::journal_end() const { return parts_ ? parts_->events().end() : 0; }

domain::result<void> engine::submit(const domain::driver_request& request) {
  if (!parts_) return not_running();
  const auto routes = parts_->routes().find(request.site);
  if (!routes) return unknown_site(request.site);
  const auto& stations = routes->layout->site->stations;
  const bool is_known = std::any_of(stations.begin(), stations.end(), [&](const auto& station) {
    return station.id == request.station;
  });
  if (!is_known) return unknown_station(request.station, request.site);
  return parts_->out().send(request);
}

bool engine::allows_faults() const { return parts_ && parts_->allows_faults(); }

domain::result<void> engine::inject(const actors::fault_request& fault) {
  if (!parts_) return not_running();
  return parts_->inject(fault);
}

domain::result<void> engine::order(const domain::site_id& site,
                                   const domain::operator_order& order) {
  if (!parts_) return not_running();
  return parts_->order(site, order);
}

std::optional<domain::fallback_load>
engine::what_remains(const domain::site_id& site, const domain::node_constraint& order) const {
  return parts_ ? parts_->what_remains(site, order) : std::nullopt;
}

domain::result<void> engine::configure(const domain::site_id& site,
                                       const domain::site_configuration& change) {
  if (!parts_) return not_running();
  return parts_->configure(site, change);
}

domain::result<void> engine::reload(const domain::site_id& site) {
  if (!parts_) return not_running();
  return parts_->reload(site);
}

std::shared_ptr<const control::smart_charging::profile_book>
engine::profiles(const domain::site_id& site, domain::station_index station) const {
  return parts_ ? parts_->profiles(site, station) : nullptr;
}

domain::result<void> engine::manage(const actors::profile_request& request) {
  if (!parts_) return not_running();
  return parts_->manage(request);
}

domain::result<void> engine::watch_health(domain::health_probe probe) {
  if (!parts_) return not_running();
  return parts_->watch_health(std::move(probe));
}

std::vector<actors::health_check> engine::health() const {
  if (parts_) return parts_->health();
  return {{"engine", true, false, "does not run", {}}};
}

const actors::engine_counters& engine::counters() const { return *counters_; }

messages::log_statistics engine::log_statistics() const {
  return parts_ ? parts_->log_statistics() : messages::log_statistics{};
}

} // namespace busbar::apps
