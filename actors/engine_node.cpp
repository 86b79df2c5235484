#include "actors/engine_node.hpp"

#include "actors/driver_actor.hpp"
#include "actors/protocol_driver.hpp"
#include "actors/site_actor.hpp"
#include "actors/supervisor.hpp"

#include <caf/actor_registry.hpp>
#include <caf/send.hpp>

namespace busbar::actors {

domain::result<void> validate(const engine_node_config& config) {
  for (const auto& site : config.sites) {
    auto verdict = validate(site_config{site});
    if (!verdict) return verdict;
  }
  return control::safety::validate(config.context->settings.driver.breaker);
}

engine_node_shell::~engine_node_shell() {
  for (const auto& site : sites_)
    if (site.actor) caf::anon_send_exit(site.actor, caf::exit_reason::kill);
  for (const auto& [id, driver] : drivers_)
    if (driver.actor) caf::anon_send_exit(driver.actor, caf::exit_reason::kill);
  for (const auto& [id, protocol] : protocols_)
    caf::anon_send_exit(protocol, caf::exit_reason::kill);
}

engine_node_actor::behavior_type engine_node_shell::make_behavior(engine_node_config config) {
  config_ = std::move(config);
  self_->set_down_handler([this](const caf::down_msg& down) { handle_down(down); });
  for (const auto& protocol : config_.context->settings.protocols)
    protocols_[protocol] = self_->spawn(
        run_protocol_driver, protocol_driver_config{config_.context, protocol});
  for (const auto& context : config_.sites) {
    context->drivers = driver_desk{self_};
    restore_drivers(*context);
    spawn_site(sites_.emplace_back(site_entry{context, {}, {}, false, {}}));
  }
  return {
      [this](const pulse& pulse) { handle(pulse); },
      [this](const driver_request_message& message) { handle(message); },
      [this](const driver_notice& notice) { handle(notice); },
      [this](const connection_report& report) { handle(report); },
      [this](const site_replacement& replacement) { handle(replacement); },
  };
}

void engine_node_shell::spawn_site(site_entry& entry) {
  if (!entry.context->desk.is_free()) return;
  entry.actor = self_->spawn(run_site, site_config{entry.context, entry.is_safe_start});
  entry.is_safe_start = false;
  entry.context->has_tick_waiting.store(false, std::memory_order_relaxed);
  self_->monitor(entry.actor);
}

void engine_node_shell::handle(const pulse& pulse) {
  now_ = pulse.now;
  config_.context->pulses_handled.fetch_add(1, std::memory_order_relaxed);
  for (auto i = slice_; i < sites_.size(); i += slices) tick_site(sites_[i], pulse.now);
  slice_ = (slice_ + 1) % slices;
  if (slice_ != 0) return;
  for (const auto& [id, protocol] : protocols_) caf::anon_send(protocol, pulse);
  for (const auto& [id, driver] : drivers_)
    if (driver.actor) caf::anon_send(driver.actor, pulse);
  passivate_idle(pulse.now);
  sample();
}

void engine_node_shell::sample() {
  auto& counters = config_.context->counters->supervision;
  counters.actors_running.assign(self_->system().registry().running());
  counters.mailbox_samples.add(self_->mailbox().size());
  const auto depths = counters.mailbox_samples.take();
  counters.mailbox_depth_max.assign(depths.max);
  counters.mailbox_depth_total.assign(depths.total);
}

/// Rounds of ticks that a site must have missed, beside the time, before it is restarted.
constexpr std::uint32_t rounds_missed_min = 4;

void engine_node_shell::handle(const site_replacement& replacement) {
  const auto& id = replacement.context->layout->site->id;
  for (auto& entry : sites_) {
    if (entry.context->layout->site->id != id) continue;
    entry.next = replacement.context;
    entry.next->drivers = driver_desk{self_};
    if (entry.actor) caf::anon_send_exit(entry.actor, caf::exit_reason::kill);
    return;
  }
}

void engine_node_shell::replace(site_entry& entry) {
  if (!entry.next->take_over(now_)) return;
  entry.context->drivers = nullptr;
  entry.context = std::exchange(entry.next, nullptr);
  entry.budget = {};
  entry.rounds_missed = 0;
  config_.context->routes->replace(entry.context->layout, entry.context->terms.owner);
  say_supervision(*entry.context, now_, domain::severity::info, "site_reloaded",
                  entry.context->layout->site->id.text(),
                  "goes on under its new file, epoch " +
                      std::to_string(entry.context->terms.owner));
  spawn_site(entry);
}

void engine_node_shell::tick_site(site_entry& entry, domain::instant now) {
  if (entry.next && !entry.actor) replace(entry);
  if (entry.next) return;
  if (!entry.actor) spawn_site(entry);
  if (!entry.actor) return;
  // Where ticks wait the whole node is late: a site is restarted for missing several rounds.
  const bool is_waiting = entry.context->has_tick_waiting.exchange(true, std::memory_order_relaxed);
  entry.rounds_missed = is_waiting ? entry.rounds_missed + 1 : 0;
  if (!is_waiting) caf::anon_send(entry.actor, tick{0, now, false});
  auto& alive_at = entry.context->alive_at_us;
  const auto us = now.time_since_epoch().count();
  std::int64_t never = 0;
  // The watch over a site begins with its first tick.
  if (alive_at.compare_exchange_strong(never, us, std::memory_order_relaxed)) return;
  const auto silence = domain::microseconds{us - alive_at.load(std::memory_order_relaxed)};
  if (silence <= config_.context->settings.site_silence_max) return;
  if (entry.rounds_missed < rounds_missed_min) return;
  say_supervision(*entry.context, now, domain::severity::critical, "watchdog_restart",
                  entry.context->layout->site->id.text(), "does not tick and is restarted");
  config_.context->counters->supervision.watchdog_restarts.add();
  alive_at.store(us, std::memory_order_relaxed);
  entry.rounds_missed = 0;
  caf::anon_send_exit(entry.actor, caf::exit_reason::kill);
}

void engine_node_shell::handle_down(const caf::down_msg& down) {
  for (auto& entry : sites_)
    if (entry.actor && entry.actor.address() == down.source) return lose_site(entry);
  for (auto& [id, entry] : drivers_)
    if (entry.actor && entry.actor.address() == down.source) entry.actor = nullptr;
}

void engine_node_shell::lose_site(site_entry& entry) {
  entry.actor = nullptr;
  if (entry.next) return;
  entry.context->restarts.fetch_add(1, std::memory_order_relaxed);
  const auto verdict = entry.budget.decide(config_.context->settings.restarts, now_);
  entry.is_safe_start = verdict == control::safety::restart_verdict::escalate;
  auto& counters = config_.context->counters->supervision;
  (entry.is_safe_start ? counters.escalations : counters.restarts).add();
  say_supervision(*entry.context, now_, domain::severity::critical, "restart",
                  entry.context->layout->site->id.text(),
                  entry.is_safe_start ? "has failed too often and goes to its safe mode"
                                      : "has failed and is restarted");
  spawn_site(entry);
}

engine_node_shell::driver_entry& engine_node_shell::driver(const domain::driver_id& id,
                                                           domain::instant now) {
  auto& entry = drivers_[id];
  if (!entry.record) entry.record = std::make_shared<lendable<driver_record>>(id);
  if (!entry.actor && entry.record->is_free()) {
    entry.actor = self_->spawn(run_driver, driver_config{config_.context, entry.record});
    self_->monitor(entry.actor);
  }
  entry.active_at = now;
  return entry;
}

void engine_node_shell::handle(const driver_request_message& message) {
  const auto& entry = driver(message.request.driver, message.received_at);
  if (entry.actor) caf::anon_send(entry.actor, message);
}

void engine_node_shell::handle(const driver_notice& notice) {
  auto& entry = driver(notice.fact.driver, notice.fact.at);
  using domain::session_fact_kind;
  if (notice.fact.kind == session_fact_kind::accepted) entry.has_session = true;
  if (notice.fact.kind == session_fact_kind::completed) entry.has_session = false;
  if (entry.actor) caf::anon_send(entry.actor, notice);
}

void engine_node_shell::handle(const connection_report& report) {
  const auto found = protocols_.find(report.protocol);
  if (found != protocols_.end()) caf::anon_send(found->second, report);
}

void engine_node_shell::restore_drivers(const site_context& site) {
  const auto& data = *site.layout->site;
  for (const auto& notes : site.notes) {
    if (!notes.session) continue;
    const auto& session = *notes.session->state;
    const auto station = data.connectors[session.connector.value()].station;
    auto& entry = drivers_[session.driver];
    if (!entry.record) entry.record = std::make_shared<lendable<driver_record>>(session.driver);
    entry.record->borrow()->restore(data.id, data.stations[station.value()].id, session);
    entry.has_session = true;
    driver(session.driver, session.started_at);
  }
}

void engine_node_shell::passivate_idle(domain::instant now) {
  const auto idle_for = config_.context->settings.driver.idle_for;
  for (auto entry = drivers_.begin(); entry != drivers_.end();) {
    if (entry->second.has_session || now - entry->second.active_at <= idle_for) {
      ++entry;
      continue;
    }
    if (entry->second.actor) caf::anon_send_exit(entry->second.actor, caf::exit_reason::kill);
    config_.context->views->remove(entry->first);
    config_.context->views->remove_node_part("driver:" + entry->first.text());
    entry = drivers_.erase(entry);
  }
}

engine_node_actor::behavior_type
run_engine_node(engine_node_actor::stateful_pointer<engine_node_shell> self,
                engine_node_config config) {
  return self->state.make_behavior(std::move(config));
}

} // namespace busbar::actors
