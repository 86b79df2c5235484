#include "actors/site_actor.hpp"

#include "actors/gathered_reports.hpp"
#include "actors/lent_parts.hpp"
#include "actors/operator_mail.hpp"
#include "actors/site_parts.hpp"
#include "domain/events/supervision.hpp"
#include "site/node_sums.hpp"
#include "site/safe_round.hpp"

#include <algorithm>
#include <chrono>

namespace busbar::actors {

namespace events = domain::events;

namespace {

/// What the plan of now is made of, before it is made. `gathered`: of its tick.
void record_decision(const site_context& context, const branch_report& gathered,
                     const branch_group& branches, std::uint64_t tick, domain::instant now) {
  std::vector<site::step::branch_standing> standing;
  for (const auto& watch : gathered.watches) standing.push_back({watch.branch, watch.is_overdue});
  for (std::size_t i = 0; i < branches.size(); ++i)
    standing.push_back({branches.branch_of(i), branches.is_overdue(i)});
  site::step::decide step{tick, now, true, {}, true, {}};
  const auto is_of_tick = [&](const auto& bay) { return bay->tick == tick; };
  // A branch that concluded before all below it had reported has summed less than they report.
  step.has_every_report = gathered.bays.size() == context.layout->bays.size() &&
                          std::ranges::all_of(gathered.bays, is_of_tick) &&
                          std::ranges::is_permutation(
                              gathered.sums, site::sums_of_site(gathered.bays, *context.layout));
  step.has_every_branch = standing.size() == context.layout->branches.size() &&
                          std::ranges::none_of(standing, &site::step::branch_standing::is_overdue);
  if (!step.has_every_report) step.sums = gathered.sums;
  if (!step.has_every_branch) step.branches = standing;
  context.recording.step(step);
}

/// Where one is due.
void publish_state(const site_context& context, site_desk& desk, domain::instant now) {
  const auto state = desk.changelog(context.terms.owner, now);
  if (!state) return;
  if (context.recording.to) context.recording.to->effect(*state);
  context.out->keep(*state, context.inbox->promises.take());
}

/// The oldest of its branches' reports.
domain::watchdog_view service_watch(const site_context& context, const branch_group& branches,
                                    domain::instant now) {
  const auto& nodes = context.layout->site->nodes;
  const auto is_service = [](const auto& node) { return node.kind == domain::node_kind::service; };
  const auto service = std::ranges::find_if(nodes, is_service);
  domain::watchdog_view dog{"service:" + service->id.text(), "reports",
                            context.settings.branch_silence_max, now, false,
                            context.signals.restarts.load()};
  for (const auto& watch : branches.watches()) {
    dog.last_seen = std::min(dog.last_seen, watch.last_seen);
    dog.is_overdue = dog.is_overdue || watch.is_overdue;
  }
  return dog;
}

} // namespace

domain::result<void> validate(const site_config& config) {
  return validate(config.context->settings);
}

site_actor::behavior_type site_shell::make_behavior(site_config config) {
  config_ = std::move(config);
  auto& context = *config_.context;
  log_.open(config_.context);
  desk_ = context.desk.borrow();
  if (!desk_) self_->quit(caf::exit_reason::unknown);
  else context.recording.step(site::step::desk_begun{});
  context.routes->place(context.layout->site->id, site_actor{self_});
  if constexpr (has_test_doors)
    context.supervision->doors.place("site:" + context.layout->site->id.text(), site_actor{self_});
  branches_.open(self_, config_.context, context.layout->roots, branch_parent{self_},
                 site_actor{self_});
  // Absent a desk it is at its end. One that was in its safe mode goes on in it.
  const bool has_tree = desk_ && !config_.is_safe_start && !desk_->mode().has_failed();
  if (has_tree) branches_.spawn_missing(now_);
  self_->set_down_handler([this](const caf::down_msg& down) { handle_down(down); });
  return {
      [this](const tick& tick) { handle(tick); },
      [this](const tick_wanted& wanted) { handle(wanted); },
      [this](const branch_report& report) { handle(report); },
      [this](bay_commands& commands) { handle(commands); },
      [this](const node_meters& meters) { handle(meters); },
      [this](const operator_message& message) { handle(message); },
      [this](const mail_waits& mail) { handle(mail); },
      [this](const last_mail& mail) { handle(mail); },
      [this](const safe_wanted& wanted) {
        if (!desk_->mode().has_failed()) go_safe(wanted.why);
      },
      [](const test_fault& fault) { fail_as_told(fault); },
  };
}

void site_shell::handle(const tick& tick) {
  config_.context->counters->supervision.mailbox_samples.add(self_->mailbox().size());
  auto& planning = config_.context->counters->planning;
  const bool is_late = now_ != domain::instant{} && tick.now - now_ > domain::seconds{2};
  if (is_late) planning.late_plans.add();
  stay_alive(tick.now);
  config_.context->signals.has_tick_waiting.store(false, std::memory_order_relaxed);
  // The one that told of them may have told an actor that has failed since.
  obey(*config_.context, config_.context->inbox->take(), *desk_);
  if (std::exchange(config_.is_safe_start, false)) {
    go_safe("the site failed too often");
  } else if (desk_->mode().has_failed()) {
    stay_safe();
  } else {
    begin(tick.now);
  }
}

void site_shell::stay_alive(domain::instant now) {
  const auto us = now.time_since_epoch().count();
  config_.context->signals.alive_at_us.store(us, std::memory_order_relaxed);
  if (desk_->mode().has_failed() || config_.is_safe_start) now_ = std::max(now_, now);
}

void site_shell::handle(const tick_wanted& wanted) {
  if (desk_->mode().has_failed()) return;
  const bool is_seen = branches_.round().is_open() && wanted.reported < tick_number_;
  if (is_seen) return;
  // A round that runs is finished first; the next one sees what this one missed.
  if (branches_.round().is_open() || commands_round_.is_open()) is_tick_wanted_ = true;
  else begin(wanted.now);
}

void site_shell::begin(domain::instant now) {
  // Branches that have not reported by now are planned with their last known values.
  if (branches_.round().is_open()) conclude();
  if (commands_round_.is_open()) commands_out();
  now_ = std::max(now_, now);
  is_tick_wanted_ = false;
  if (branches_.watch(now_)) return go_safe("its branches fail faster than they can be restarted");
  branches_.spawn_missing(now_);
  ++tick_number_;
  const auto every = config_.context->settings.publish_every;
  const bool with_view = every != 0 && tick_number_ % every == 0;
  config_.context->recording.step(site::step::round{tick_number_, now_});
  branches_.pass(tick{tick_number_, now_, with_view, desk_->meters().sampled_at(now_)});
  if (branches_.round().is_complete()) conclude();
}

void site_shell::handle(const branch_report& report) {
  config_.context->recording.step(site::step::reported{report.bays});
  for (const auto& bay : report.bays) desk_->take(bay);
  append(gathered_, report);
  if (!branches_.reported(report, now_)) return;
  conclude();
  if (is_tick_wanted_ && !commands_round_.is_open()) begin(now_);
}

void site_shell::handle(const node_meters& meters) {
  config_.context->recording.step(
      site::step::meters{meters.arrived->received_at, meters.arrived->batch.meters});
  for (const auto& meter : meters.arrived->batch.meters)
    desk_->meters().take(meter, meters.arrived->received_at);
}

void site_shell::handle(const operator_message& message) {
  obey(*config_.context, {message}, *desk_);
  handle(tick_wanted{message.now});
}

void site_shell::handle(const mail_waits& mail) {
  obey(*config_.context, config_.context->inbox->take(), *desk_);
  handle(tick_wanted{mail.now});
}

void site_shell::handle(const last_mail& mail) { branches_.pass(mail); }

void site_shell::conclude() {
  const auto& layout = *config_.context->layout;
  branches_.close_round();
  site::put(gathered_.sums, site::sum_of_roots(gathered_.sums, layout));
  auto& meters = desk_->meters();
  meters.take(gathered_.sums);
  for (const auto& watch : gathered_.watches) meters.guards().take(watch.branch, watch.is_overdue);
  for (std::size_t i = 0; i < branches_.size(); ++i)
    meters.guards().take(branches_.branch_of(i), branches_.is_overdue(i));
  const auto& context = *config_.context;
  if (context.recording.to)
    record_decision(context, gathered_, branches_, tick_number_, now_);
  const auto began = std::chrono::steady_clock::now();
  desk_->decide(now_);
  const auto took = std::chrono::duration_cast<domain::microseconds>(
      std::chrono::steady_clock::now() - began);
  commands_round_.begin(tick_number_, layout.bays.size());
  const auto orders = desk_->orders(tick_number_, now_);
  for (bay_index bay = 0; bay < layout.bays.size(); ++bay)
    if (orders->is_for(bay)) commands_round_.expect(bay);
  branches_.pass(plan_message{orders});
  publish_plan();
  publish_view(took);
  gathered_ = {};
  count_plan(took);
  if (commands_round_.is_complete()) commands_out();
}

void site_shell::count_plan(domain::microseconds took) {
  auto& planning = config_.context->counters->planning;
  planning.plans.add();
  planning.plan_duration.observe(took);
}

void site_shell::handle(bay_commands& commands) {
  commands_.insert(commands_.end(), std::make_move_iterator(commands.commands.begin()),
                   std::make_move_iterator(commands.commands.end()));
  const bool is_last = commands_round_.answered(commands.tick, commands.bay);
  if (!is_last && commands_round_.is_open() && !commands.ticket) return;
  commands_out();
  if (is_tick_wanted_) begin(now_);
}

void site_shell::commands_out() {
  commands_round_.close();
  log_.send(commands_, now_);
}

void site_shell::publish_plan() {
  auto& context = *config_.context;
  const auto owner = context.terms.owner;
  if (const auto record = desk_->decision(owner, context.settings.decision_every)) {
    if (context.recording.to) context.recording.to->effect(*record);
    log_.settle(context.out->send(*record), now_);
  }
  publish_state(context, *desk_, now_);
  for (const auto& event : desk_->take_events()) {
    context.recording.effect(site::desk_source{}, event);
    if (event.kind == "breaker_opened") context.counters->supervision.breakers_opened.add();
    static_cast<void>(context.out->send(event));
  }
}

void site_shell::publish_view(domain::microseconds plan_time) {
  auto& context = *config_.context;
  const auto every = context.settings.publish_every;
  if (every == 0 || tick_number_ % every != 0) return;
  auto view = std::make_shared<domain::site_view>(desk_->view());
  view->owner = context.terms.owner;
  view->plan_time = plan_time;
  view->breakers.push_back(log_.breaker());
  // A reader of a view that is older than this allows knows that the site is overdue.
  view->watchdogs.push_back({"site:" + context.layout->site->id.text(), "tick",
                             context.watches.of_site().patience, now_, false,
                             context.signals.restarts.load()});
  view->watchdogs.push_back(service_watch(context, branches_, now_));
  for (const auto& watch : branches_.watches()) gathered_.watches.push_back(watch);
  for (const auto& watch : gathered_.watches)
    view->watchdogs.push_back({branch_name(*context.layout, watch.branch), "report", watch.every,
                               watch.last_seen, watch.is_overdue, watch.restarts});
  context.views->publish(std::move(view));
}

void site_shell::handle_down(const caf::down_msg& down) {
  if (branches_.took_down(down, now_))
    go_safe("its branches fail faster than they can be restarted");
}

void site_shell::go_safe(const std::string& why) {
  desk_->mode().fail(why, now_ + config_.context->settings.safe_for);
  branches_.kill_all();
  branches_.close_round();
  commands_round_.close();
  commands_.clear();
  log_.forget();
  is_tick_wanted_ = false;
  auto& context = *config_.context;
  for (bay_index bay = 0; bay < context.layout->bays.size(); ++bay)
    context.routes->place(context.layout->site->id, bay, feeder_actor{});
  publish_event(context, events::safe_mode(moment_at(context, now_), why));
  stay_safe();
}

void site_shell::stay_safe() {
  auto& context = *config_.context;
  auto& mode = desk_->mode();
  if (mode.is_failure_over(now_)) return leave_safe();
  const auto orders = desk_->orders(++tick_number_, now_);
  context.recording.step(site::step::safe_orders{tick_number_, now_, !orders->orders.empty()});
  // Branches that were killed may still hold a bay: its stations are told with the next tick.
  const site::safe_round round{lent_parts{context}};
  if (!round.tell_fallbacks(*orders, commands_)) mode.tell_again();
  commands_out();
  // KEEP-1: an order is answered by the state that holds it, in the safe mode, too.
  if (!context.inbox->promises.is_empty()) publish_state(context, *desk_, now_);
  publish_view({});
}

void site_shell::leave_safe() {
  auto& context = *config_.context;
  desk_->mode().recover();
  branches_.open(self_, config_.context, context.layout->roots, branch_parent{self_},
                 site_actor{self_});
  publish_event(context, events::safe_mode_left(moment_at(context, now_)));
  begin(now_);
}

site_actor::behavior_type run_site(site_actor::stateful_pointer<site_shell> self,
                                   site_config config) {
  return self->state.make_behavior(std::move(config));
}

} // namespace busbar::actors
