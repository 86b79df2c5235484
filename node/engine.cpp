#include "node/engine.hpp"

#include "node/engine_parts.hpp"

#include <utility>

namespace busbar::node {

namespace {

/// Nothing but the HTTP API orders and configures through this port.
domain::cause cause_of(const ports::caller& by) {
  return by.who.value_or(domain::caused_by_program(domain::http_program));
}

void add_to(ports::log_statistics& all, const shard_counters& counts) {
  all["fences_written_total"] = static_cast<double>(counts.fences_written);
  all["fences_lost_total"] = static_cast<double>(counts.fences_lost);
  all["commands_withheld_silent_total"] = static_cast<double>(counts.withheld_silent);
  all["commands_withheld_unfenced_total"] = static_cast<double>(counts.withheld_unfenced);
}

domain::error not_running() { return {domain::errc::unavailable, "the engine does not run"}; }

} // namespace

engine::engine() : counters_(std::make_shared<ports::engine_counters>()) {}

engine::~engine() { stop(); }

domain::result<void> engine::start(std::vector<std::shared_ptr<const domain::site>> files,
                                   std::shared_ptr<ports::event_log> log,
                                   engine_settings settings) {
  auto frame = std::make_unique<node_frame>();
  frame->settings = std::move(settings);
  frame->log = std::move(log);
  frame->counters = counters_;
  // Also of a start that fails: to let go of a log may take time, and the caller hears why first.
  parts_ = std::make_unique<parts>(std::move(frame), files);
  auto verdict = parts_->build(files);
  if (!verdict) return verdict;
  parts_->run();
  running_.store(parts_.get(), std::memory_order_release);
  return {};
}

void engine::stop() {
  if (parts_) parts_->stop();
}

std::string engine::left_behind() const { return parts_ ? parts_->left_behind : ""; }

std::optional<domain::error> engine::lost() const {
  return running_.load() ? running_.load()->input->lost() : std::nullopt;
}

std::vector<domain::site_id> engine::site_ids() const {
  return running_.load() ? running_.load()->frame->views->sites() : std::vector<domain::site_id>{};
}

ports::site_place engine::place_of(const domain::site_id& site) const {
  using ports::site_place;
  if (!running_.load()) return site_place::unknown;
  if (running_.load()->frame->routes->find(site)) return site_place::here;
  const auto standing = running_.load()->frame->directory->find(site);
  if (!standing) return site_place::unknown;
  return *standing == site_standing::elsewhere ? site_place::elsewhere : site_place::coming;
}

std::shared_ptr<const domain::site_view> engine::view(const domain::site_id& site) const {
  return running_.load() ? running_.load()->frame->views->view(site) : nullptr;
}

std::optional<domain::station_index>
engine::find_station(const domain::site_id& site, const domain::station_id& station) const {
  if (!running_.load()) return std::nullopt;
  const auto routes = running_.load()->frame->routes->find(site);
  return routes ? site::find_station(*routes->layout, station) : std::nullopt;
}

std::vector<ports::driver_view> engine::drivers() const {
  if (auto* now = running_.load()) return now->frame->views->drivers();
  return {};
}

std::vector<domain::breaker_view> engine::node_breakers() const {
  if (auto* now = running_.load()) return now->frame->views->node_breakers();
  return {};
}

std::vector<domain::watchdog_view> engine::node_watchdogs() const {
  if (auto* now = running_.load()) return now->frame->views->node_watchdogs();
  return {};
}

std::vector<domain::session_fact> engine::past_sessions(std::size_t count) const {
  if (!running_.load()) return {};
  return running_.load()->journal->entries().past_sessions(count);
}

std::vector<ports::journal_entry> engine::journal(std::uint64_t after, std::size_t count) const {
  if (auto* now = running_.load()) return now->journal->entries().journal(after, count);
  return {};
}

std::vector<ports::journal_entry> engine::journal_before(std::uint64_t before,
                                                          std::size_t count) const {
  if (auto* now = running_.load()) return now->journal->entries().journal_before(before, count);
  return {};
}

std::uint64_t engine::journal_whole_from() const {
  return running_.load() ? running_.load()->journal->entries().journal_whole_from() : 1;
}

std::uint64_t engine::journal_end() const {
  return running_.load() ? running_.load()->journal->entries().journal_end() : 0;
}

void engine::submit(const domain::driver_request& request, ports::kept_listener then) {
  if (!running_.load()) return then(not_running());
  running_.load()->orders->submit(request, std::move(then));
}

bool engine::allows_faults() const {
  return running_.load() && running_.load()->frame->settings.allows_faults;
}

domain::result<void> engine::inject(const ports::fault_request& fault) {
  if (!running_.load()) return not_running();
  return running_.load()->orders->inject(fault);
}

domain::result<void> engine::ask_capability(const domain::site_id& site,
                                            const domain::station_id& station) {
  if (!running_.load()) return not_running();
  return running_.load()->input->capabilities().ask(site, station);
}

void engine::order(ports::order_request request, ports::order_listener answer) {
  if (!running_.load()) return answer(domain::order_refusal{not_running(), {}});
  const auto by = cause_of(request.by);
  running_.load()->orders->order(std::move(request), by, std::move(answer));
}

domain::result<domain::site_configuration> engine::moves_of(const domain::site_id& site,
                                                            const domain::tree_wish& wish) const {
  if (!running_.load()) return not_running();
  return running_.load()->revisions->moves_of(site, wish);
}

domain::result<void> engine::configure(const domain::site_id& site,
                                       const domain::site_configuration& change,
                                       const ports::caller& by, ports::kept_listener then) {
  if (!running_.load()) return not_running();
  return running_.load()->revisions->configure(site, change, cause_of(by), std::move(then));
}

domain::result<void> engine::reload(const domain::site_id& site, ports::kept_listener then) {
  if (!running_.load()) return not_running();
  return running_.load()->revisions->reload(site, std::move(then));
}

std::shared_ptr<const control::smart_charging::profile_book>
engine::profiles(const domain::site_id& site, const domain::station_id& station) const {
  return running_.load() ? running_.load()->orders->profiles(site, station) : nullptr;
}

domain::result<void> engine::manage(const ports::profile_request& request) {
  if (!running_.load()) return not_running();
  return running_.load()->orders->manage(request);
}

domain::result<void> engine::watch_health(domain::health_probe probe) {
  if (!running_.load()) return not_running();
  return running_.load()->health->add(std::move(probe));
}

std::vector<ports::health_check> engine::health_checks() const {
  if (running_.load()) return running_.load()->health->results();
  return {{"engine", true, false, "does not run", {}}};
}

const ports::engine_counters& engine::counters() const { return *counters_; }

ports::log_statistics engine::log_statistics() const {
  if (!running_.load()) return {};
  auto all = running_.load()->journal->statistics();
  // What only a consumer reports; names that both report stay the producer's.
  const auto consumed = running_.load()->input->statistics();
  all.insert(consumed.begin(), consumed.end());
  add_to(all, running_.load()->frame->shards->counters());
  return all;
}

} // namespace busbar::node
