#include "apps/engine/engine.hpp"

#include "apps/engine/engine_parts.hpp"
#include "apps/engine/unknown_place.hpp"

#include <algorithm>
#include <utility>

namespace busbar::apps {

namespace {

/// Nothing but the HTTP API orders and configures through this port.
domain::cause by_http() { return domain::caused_by_program(domain::http_program); }

domain::error not_running() { return {domain::errc::unavailable, "the engine does not run"}; }

} // namespace

engine::engine() : counters_(std::make_shared<actors::engine_counters>()) {}

engine::~engine() { stop(); }

domain::result<void> engine::start(std::vector<std::shared_ptr<const domain::site>> sites,
                                   std::shared_ptr<messages::event_log> log,
                                   engine_settings settings) {
  // Also of a start that fails: to let go of a log may take time, and the caller hears why first.
  parts_ = std::make_unique<parts>(std::move(settings), std::move(log), counters_);
  auto verdict = parts_->build(std::move(sites));
  if (!verdict) return verdict;
  parts_->run();
  running_.store(parts_.get(), std::memory_order_release);
  return {};
}

void engine::stop() {
  if (parts_) parts_->stop();
}

std::string engine::left_behind() const { return parts_ ? parts_->left_behind() : ""; }

std::optional<domain::error> engine::lost() const {
  return running() ? running()->lost() : std::nullopt;
}

std::vector<domain::site_id> engine::sites() const {
  return running() ? running()->views().sites() : std::vector<domain::site_id>{};
}

std::shared_ptr<const domain::site_view> engine::view(const domain::site_id& site) const {
  return running() ? running()->views().view(site) : nullptr;
}

std::vector<actors::driver_view> engine::drivers() const {
  return running() ? running()->views().drivers() : std::vector<actors::driver_view>{};
}

std::vector<domain::breaker_view> engine::node_breakers() const {
  return running() ? running()->views().node_breakers() : std::vector<domain::breaker_view>{};
}

std::vector<domain::watchdog_view> engine::node_watchdogs() const {
  return running() ? running()->views().node_watchdogs() : std::vector<domain::watchdog_view>{};
}

std::vector<domain::session_fact> engine::past_sessions(std::size_t count) const {
  return running() ? running()->events().past_sessions(count) : std::vector<domain::session_fact>{};
}

std::vector<actors::journal_entry> engine::journal(std::uint64_t after, std::size_t count) const {
  if (auto* now = running()) return now->events().entries(after, count);
  return {};
}

std::vector<actors::journal_entry> engine::journal_before(std::uint64_t before,
                                                          std::size_t count) const {
  if (auto* now = running()) return now->events().entries_before(before, count);
  return {};
}

std::uint64_t engine::journal_whole_from() const {
  return running() ? running()->events().whole_from() : 1;
}

std::uint64_t engine::journal_end() const { return running() ? running()->events().end() : 0; }

domain::result<void> engine::submit(const domain::driver_request& request) {
  if (!running()) return not_running();
  const auto routes = running()->routes().find(request.site);
  if (!routes) return unknown_site(request.site);
  const auto& stations = routes->layout->site->stations;
  const bool is_known = std::any_of(stations.begin(), stations.end(), [&](const auto& station) {
    return station.id == request.station;
  });
  if (!is_known) return unknown_station(request.station, request.site);
  return running()->out().send(request);
}

bool engine::allows_faults() const { return running() && running()->allows_faults(); }

domain::result<void> engine::inject(const actors::fault_request& fault) {
  if (!running()) return not_running();
  return running()->inject(fault);
}

domain::result<void> engine::ask_capability(const domain::site_id& site,
                                            const domain::station_id& station) {
  if (!running()) return not_running();
  return running()->ask_capability(site, station);
}

domain::result<void> engine::order(const domain::site_id& site,
                                   const domain::operator_order& order) {
  if (!running()) return not_running();
  return running()->order(site, order, by_http());
}

std::optional<domain::fallback_load>
engine::what_remains(const domain::site_id& site, const domain::node_constraint& order) const {
  return running() ? running()->what_remains(site, order) : std::nullopt;
}

domain::result<domain::site_configuration> engine::moves_of(const domain::site_id& site,
                                                            const domain::tree_wish& wish) const {
  if (!running()) return not_running();
  return running()->moves_of(site, wish);
}

domain::result<void> engine::configure(const domain::site_id& site,
                                       const domain::site_configuration& change) {
  if (!running()) return not_running();
  return running()->configure(site, change, by_http());
}

domain::result<void> engine::reload(const domain::site_id& site) {
  if (!running()) return not_running();
  return running()->reload(site);
}

std::shared_ptr<const control::smart_charging::profile_book>
engine::profiles(const domain::site_id& site, domain::station_index station) const {
  return running() ? running()->profiles(site, station) : nullptr;
}

domain::result<void> engine::manage(const actors::profile_request& request) {
  if (!running()) return not_running();
  return running()->manage(request);
}

domain::result<void> engine::watch_health(domain::health_probe probe) {
  if (!running()) return not_running();
  return running()->watch_health(std::move(probe));
}

std::vector<actors::health_check> engine::health() const {
  if (running()) return running()->health();
  return {{"engine", true, false, "does not run", {}}};
}

const actors::engine_counters& engine::counters() const { return *counters_; }

messages::log_statistics engine::log_statistics() const {
  return running() ? running()->log_statistics() : messages::log_statistics{};
}

} // namespace busbar::apps
