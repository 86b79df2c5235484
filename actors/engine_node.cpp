#include "actors/engine_node.hpp"

#include "actors/site_actor.hpp"
#include "actors/supervisor.hpp"
#include "domain/events/connections.hpp"
#include "domain/events/site_changes.hpp"
#include "domain/events/supervision.hpp"

#include <caf/actor_registry.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace busbar::actors {

namespace events = domain::events;

domain::result<void> validate(const engine_node_config& config) {
  for (const auto& site : config.sites) {
    auto verdict = validate(site_config{site});
    if (!verdict) return verdict;
  }
  return control::safety::validate(config.context->settings.driver.breaker);
}

engine_node_shell::~engine_node_shell() {
  if (!book_) return;
  for (auto& site : book_->sites) {
    if (site.actor) caf::anon_send_exit(site.actor, caf::exit_reason::kill);
    site.actor = nullptr;
  }
}

engine_node_actor::behavior_type engine_node_shell::make_behavior(engine_node_config config) {
  config_ = std::move(config);
  book_ = config_.context->book.borrow();
  const auto& settings = config_.context->settings;
  sites_breaker_ = control::safety::with(settings.connection_breaker,
                                         settings.supervision.of("engine:" + settings.name));
  if (!book_) self_->quit(caf::exit_reason::unknown);
  else fill();
  self_->set_down_handler([this](const caf::down_msg& down) { handle_down(down); });
  return {
      [this](const pulse& pulse) { handle(pulse); },
      [this](const driver_request_message& message) { handle(message); },
      [this](const driver_notice& notice) { drivers_.pass(notice); },
      [this](const connection_report& report) { protocols_.pass(report); },
      [](const test_fault& fault) { fail_as_told(fault); },
  };
}

void engine_node_shell::fill() {
  config_.context->routes->place(engine_node_actor{self_});
  if constexpr (has_test_doors)
    config_.context->supervision->doors.place("engine:" + config_.context->settings.name,
                                              engine_node_actor{self_});
  drivers_.open(self_, config_.context, *book_);
  protocols_.open(self_, config_.context, *book_);
  if (std::exchange(book_->is_filled, true)) return;
  for (const auto& context : config_.sites) {
    drivers_.restore(*context);
    spawn_site(book_->sites.emplace_back(site_entry{context, {}, {}}));
  }
}

void engine_node_shell::spawn_site(site_entry& entry) {
  if (!entry.context->desk.is_free()) return;
  entry.actor = self_->spawn(run_site, site_config{entry.context, entry.is_safe_start});
  entry.is_safe_start = entry.is_condemned = false;
  entry.context->signals.has_tick_waiting.store(false, std::memory_order_relaxed);
  entry.rounds_missed = 0;
  self_->monitor(entry.actor);
}

void engine_node_shell::handle(const pulse& pulse) {
  now_ = pulse.now;
  take_replacements();
  // In this order: a site that goes as soon as it has come is found.
  take_arrivals();
  take_departures();
  auto& sites = book_->sites;
  std::erase_if(sites, [this](auto& entry) { return has_left(entry); });
  for (auto& entry : sites) {
    if (entry.next || entry.is_leaving) see_out(entry);
    else if (entry.opens_by) let_through(entry);
  }
  for (auto i = slice_; i < sites.size(); i += slices) tick_site(sites[i], pulse.now);
  slice_ = (slice_ + 1) % slices;
  if (slice_ == 0) round(pulse);
  config_.context->pulses_handled.fetch_add(1, std::memory_order_relaxed);
}

void engine_node_shell::round(const pulse& pulse) {
  protocols_.pass(pulse);
  drivers_.pass(pulse);
  judge_sites(pulse.now);
  publish();
  sample();
}

/// A site is late from its second round without a tick on.
bool is_late(const site_entry& entry) {
  return !entry.is_leaving && (!entry.actor || entry.rounds_missed > 1);
}

void engine_node_shell::judge_sites(domain::instant now) {
  const auto& settings = sites_breaker_;
  auto& breaker = book_->sites_breaker;
  if (!breaker.acquire(settings, now)) return;
  const bool all_tick = std::ranges::none_of(book_->sites, is_late);
  const auto change = breaker.record(settings, now, all_tick, {});
  if (!change) return;
  const bool is_open = change->to == domain::breaker_position::open;
  if (is_open) config_.context->counters->supervision.breakers_opened.add();
  const auto said = is_open ? events::sites_opened : events::sites_closed;
  publish_event(*config_.context, said({{}, now}, "engine:" + config_.context->settings.name));
}

void engine_node_shell::publish() {
  const auto actor = "engine:" + config_.context->settings.name;
  const auto& breaker = book_->sites_breaker;
  config_.context->views->publish(domain::breaker_view{
      actor, "sites", breaker.position(), breaker.failures(), breaker.calls(),
      breaker.times_opened(), breaker.changed_at()});
  config_.context->views->publish(domain::watchdog_view{
      actor, "pulse", watch_of(*config_.context, actor).patience, now_, false,
      config_.context->restarts.load(std::memory_order_relaxed)});
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

/// For so long actors that are to be replaced may handle what they were sent: 100 times what they
/// need; and a site's actors may take to begin.
constexpr domain::microseconds leaves_within = std::chrono::seconds{2};
constexpr domain::microseconds opens_within = std::chrono::seconds{3};

void engine_node_shell::take_replacements() {
  for (const auto& next : config_.context->replacements.take())
    for (auto& entry : book_->sites) {
      if (entry.is_leaving || entry.context->layout->site->id != next->layout->site->id) continue;
      if (entry.next) {
        entry.after.push_back(next);
        continue;
      }
      entry.next = next;
      entry.leaving = {config_.context->routes->hold(next->layout->site->id), {}, false, false,
                       now_ + leaves_within};
    }
}

void engine_node_shell::take_arrivals() {
  for (const auto& context : config_.context->arrivals.take()) {
    drivers_.restore(*context);
    auto& entry = book_->sites.emplace_back(site_entry{context, {}, {}});
    entry.opens_by = now_ + opens_within;
    spawn_site(entry);
  }
}

/// A site that has come back may have an entry of before, which is still on its way out.
bool is_of(const site_entry& entry, const std::shared_ptr<site_context>& context) {
  return entry.context == context || entry.next == context ||
         std::ranges::find(entry.after, context) != entry.after.end();
}

void engine_node_shell::take_departures() {
  for (const auto& context : config_.context->departures.take()) {
    const auto& id = context->layout->site->id;
    const auto found = std::ranges::find_if(
        book_->sites, [&](const auto& entry) { return is_of(entry, context); });
    const bool is_changing = found != book_->sites.end() && (found->next || found->opens_by);
    if (is_changing) {
      config_.context->departures.put(context);
      continue;
    }
    if (found == book_->sites.end()) continue;
    found->is_leaving = true;
    found->leaving = {config_.context->routes->hold(id), {}, false, false, now_ + leaves_within};
  }
}

bool engine_node_shell::has_left(site_entry& entry) {
  if (!entry.is_leaving || entry.actor || !entry.context->is_free()) return false;
  drivers_.forget(*entry.context, now_);
  for (const auto& message : entry.waiting)
    drivers_.deny(message, "the site goes to another engine node: ask again");
  config_.context->departed.put(entry.context);
  return true;
}

void engine_node_shell::see_out(site_entry& entry) {
  auto& leaving = entry.leaving;
  const bool is_gone = !entry.actor || leaving.is_killed;
  // `has_left` ends it.
  if (is_gone && entry.is_leaving) return;
  if (is_gone) return replace(entry);
  if (!leaving.has_last_mail && leaving.senders.expired()) {
    auto ticket = std::make_shared<int>(0);
    leaving.last_mail = ticket;
    leaving.has_last_mail = true;
    return caf::anon_send(entry.actor, last_mail{std::move(ticket)});
  }
  const bool is_done = leaving.has_last_mail && leaving.last_mail.expired();
  if (!is_done && now_ < leaving.ends_at) return;
  leaving.is_killed = true;
  caf::anon_send_exit(entry.actor, caf::exit_reason::kill);
}

void engine_node_shell::let_through(site_entry& entry) {
  const auto& id = entry.context->layout->site->id;
  if (entry.opens_by && now_ >= *entry.opens_by) config_.context->routes->let_through(id);
  const auto routes = config_.context->routes->find(id);
  if (routes && routes->traffic != site_traffic::flows) return;
  entry.opens_by.reset();
  for (const auto& message : std::exchange(entry.waiting, {})) drivers_.pass(message);
}

void engine_node_shell::replace(site_entry& entry) {
  if (entry.actor || !entry.next->take_over(now_)) return;
  entry.context = std::exchange(entry.next, nullptr);
  entry.budget = {};
  entry.rounds_missed = 0;
  entry.opens_by = now_ + opens_within;
  publish_event(*entry.context, events::site_reloaded(moment_at(*entry.context, now_),
                                                      entry.context->terms.owner));
  for (auto& fact : std::exchange(entry.context->ended, {}))
    drivers_.pass(driver_notice{std::move(fact)});
  if (entry.after.empty()) return spawn_site(entry);
  entry.next = std::move(entry.after.front());
  entry.after.erase(entry.after.begin());
  replace(entry);
}

void engine_node_shell::tick_site(site_entry& entry, domain::instant now) {
  if (entry.next || entry.is_leaving) return;
  if (!entry.actor) spawn_site(entry);
  if (!entry.actor) return;
  // Where ticks wait the whole node is late: a site is restarted for missing several rounds.
  auto& has_tick_waiting = entry.context->signals.has_tick_waiting;
  const bool is_waiting = has_tick_waiting.exchange(true, std::memory_order_relaxed);
  entry.rounds_missed = is_waiting ? entry.rounds_missed + 1 : 0;
  if (!is_waiting) caf::anon_send(entry.actor, tick{0, now, false});
  auto& alive_at = entry.context->signals.alive_at_us;
  const auto us = now.time_since_epoch().count();
  std::int64_t never = 0;
  // The watch over a site begins with its first tick.
  if (alive_at.compare_exchange_strong(never, us, std::memory_order_relaxed)) return;
  const auto silence = domain::microseconds{us - alive_at.load(std::memory_order_relaxed)};
  if (silence <= entry.context->watches.of_site().patience || entry.is_condemned) return;
  if (entry.rounds_missed >= rounds_missed_min) restart_silent(entry, now);
}

void engine_node_shell::restart_silent(site_entry& entry, domain::instant now) {
  const auto& id = entry.context->layout->site->id.text();
  const auto action = entry.context->watches.of_site().action;
  const bool is_only_said = action == domain::watchdog_action::event;
  const auto said = is_only_said ? events::watchdog_overdue : events::watchdog_restart;
  publish_event(*entry.context,
                said(moment_at(*entry.context, now), events::supervised::site, id));
  entry.context->signals.alive_at_us.store(now.time_since_epoch().count(),
                                           std::memory_order_relaxed);
  entry.rounds_missed = 0;
  if (is_only_said) return;
  config_.context->counters->supervision.watchdog_restarts.add();
  entry.is_condemned = true;
  entry.falls_back = action == domain::watchdog_action::fall_back;
  condemn(config_.context->supervision->condemned, entry.actor, {"site:" + id, now});
}

void engine_node_shell::handle_down(const caf::down_msg& down) {
  for (auto& entry : book_->sites)
    if (entry.actor && entry.actor.address() == down.source) return lose_site(entry);
  if (drivers_.took_down(down, now_)) return;
  static_cast<void>(protocols_.took_down(down, now_));
}

void engine_node_shell::lose_site(site_entry& entry) {
  entry.actor = nullptr;
  if (entry.next || entry.is_leaving) return;
  entry.context->signals.restarts.fetch_add(1, std::memory_order_relaxed);
  const auto verdict = entry.budget.decide(config_.context->settings.restarts, now_);
  entry.is_safe_start = verdict == control::safety::restart_verdict::escalate ||
                        std::exchange(entry.falls_back, false);
  auto& counters = config_.context->counters->supervision;
  (entry.is_safe_start ? counters.escalations : counters.restarts).add();
  const auto said = entry.is_safe_start ? events::restart_used_up : events::restart;
  publish_event(*entry.context, said(moment_at(*entry.context, now_), events::supervised::site,
                                     entry.context->layout->site->id.text()));
  spawn_site(entry);
}

void engine_node_shell::handle(const driver_request_message& message) {
  const auto waits = [&](const site_entry& entry) {
    return entry.context->layout->site->id == message.request.site && is_late(entry);
  };
  const bool is_open = book_->sites_breaker.position() == domain::breaker_position::open;
  if (is_open && std::ranges::any_of(book_->sites, waits))
    return drivers_.deny(message, "site does not tick: circuit breaker open");
  for (auto& entry : book_->sites) {
    if (entry.context->layout->site->id != message.request.site) continue;
    if (!entry.next && !entry.opens_by && !entry.is_leaving) continue;
    const auto later = std::ranges::find_if(entry.waiting, [&](const auto& each) {
      return each.received_at > message.received_at;
    });
    entry.waiting.insert(later, message);
    return;
  }
  drivers_.pass(message);
}

engine_node_actor::behavior_type
run_engine_node(engine_node_actor::stateful_pointer<engine_node_shell> self,
                engine_node_config config) {
  return self->state.make_behavior(std::move(config));
}

} // namespace busbar::actors
