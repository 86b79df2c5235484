#include "actors/feeder_actor.hpp"

#include "actors/fact_counters.hpp"
#include "actors/gathered_reports.hpp"
#include "site/node_sums.hpp"
#include "site/report_writer.hpp"
#include "site/station_facts.hpp"
#include "site/table_inputs.hpp"

#include <algorithm>
#include <atomic>

namespace busbar::actors {

namespace {

/// REQUIRES: the branch has one.
bay_index bay_of(const branch_config& config) {
  return *config.context->layout->branches[config.branch].bay;
}

/// What its table noticed.
void say(const branch_config& from, const domain::event& event) {
  from.context->recording.effect(site::bay_source{bay_of(from)}, event);
  static_cast<void>(from.context->out->send(event));
}

} // namespace

feeder_actor::behavior_type feeder_shell::make_behavior(branch_config config) {
  config_ = std::move(config);
  auto& context = *config_.context;
  const auto& own = context.layout->branches.at(config_.branch);
  if (own.bay) table_ = context.tables.at(*own.bay).borrow();
  if (own.bay && !table_) self_->quit(caf::exit_reason::unknown);
  if (table_) context.recording.step(site::step::bay_begun{*own.bay});
  if (table_) context.routes->place(context.layout->site->id, *own.bay, feeder_actor{self_});
  if constexpr (has_test_doors)
    context.supervision->doors.place(branch_name(*context.layout, config_.branch),
                                     feeder_actor{self_});
  panels_.open(self_, config_.context, own.children, branch_parent{self_}, config_.site);
  stations_.open(self_, config_.context, own.bay, feeder_actor{self_});
  self_->set_down_handler([this](const caf::down_msg& down) { handle_down(down); });
  stations_.spawn_missing();
  panels_.spawn_missing(tick_.now);
  return {
      [this](const tick& tick) { handle(tick); },
      [this](const plan_message& plan) { handle(plan); },
      [this](const branch_report& report) { handle(report); },
      [this](const last_mail& mail) { handle(mail); },
      [](const test_fault& fault) { fail_as_told(fault); },
      [this](const bay_readings& part) { handle(part); },
      [this](const bay_results& answers) { handle(answers); },
      [this](const driver_request_message& request) { handle(request); },
      [this](const station_outcome& outcome) {
        handle(outcome);
        report_if_complete();
        finish_if_answered();
      },
      [this](const direct_order& order) {
        config_.context->recording.step(site::step::direct{&order});
        stations_.pass(order);
      },
      [this](const profile_errand& errand) {
        config_.context->recording.step(site::step::errand{&errand});
        stations_.pass(errand);
      },
  };
}

void feeder_shell::handle(const tick& tick) {
  config_.context->counters->supervision.mailbox_samples.add(self_->mailbox().size());
  if (panels_.round().is_open()) {
    stations_.awaited().go_on();
    report_up();
  }
  if (orders_.is_open()) commands_up();
  tick_ = tick;
  escalate_if(panels_.watch(tick_.now));
  panels_.spawn_missing(tick_.now);
  stations_.spawn_missing();
  if (table_) check_table();
  tell_stations();
  panels_.pass(tick);
  report_if_complete();
}

void feeder_shell::report_if_complete() {
  const auto& round = panels_.round();
  if (round.is_open() && round.is_complete() && stations_.awaited().are_in()) report_up();
}

void feeder_shell::check_table() {
  stations_.watch(tick_.now, *table_);
  config_.context->recording.step(site::step::check{bay_of(config_), tick_.now});
  table_->check(tick_.now, notices_);
}

void feeder_shell::handle(const branch_report& report) {
  append(gathered_, report);
  static_cast<void>(panels_.reported(report, tick_.now));
  report_if_complete();
}

const std::shared_ptr<bay_report>& feeder_shell::unused_report() {
  for (auto& report : reports_) {
    if (report.use_count() > 1) continue;
    // The last reader let go with a release; what it read happened before what is written now.
    std::atomic_thread_fence(std::memory_order_acquire);
    if (!report) report = std::make_shared<bay_report>();
    return report;
  }
  return reports_.front() = std::make_shared<bay_report>();
}

void feeder_shell::report_up() {
  gathered_.branch = config_.branch;
  gathered_.tick = panels_.round().tick();
  gathered_.is_complete = gathered_.is_complete && panels_.round().is_complete();
  for (const auto& watch : panels_.watches()) gathered_.watches.push_back(watch);
  if (table_) {
    const auto& report = unused_report();
    config_.context->recording.step(
        site::step::report{bay_of(config_), gathered_.tick, tick_.now, !commands_.empty()});
    const auto answers = tick_.with_view ? stations_.answers() : decltype(stations_.answers()){};
    site::write_report(*report, *table_,
                       {gathered_.tick, tick_.now, tick_.with_view, tick_.sampled_at, answers});
    report->awaits_plan = report->awaits_plan || !commands_.empty();
    gathered_.bays.push_back(report);
  }
  site::add_own_sum(gathered_.sums, gathered_.bays, *config_.context->layout, config_.branch);
  panels_.close_round();
  self_->send(config_.parent, std::exchange(gathered_, {}));
}

void feeder_shell::handle(const last_mail& mail) {
  panels_.pass(mail);
  last_mail_ = mail.ticket;
  finish_if_answered();
}

void feeder_shell::finish_if_answered() {
  if (!last_mail_ || !stations_.have_answered()) return;
  auto ticket = std::exchange(last_mail_, nullptr);
  if (table_) commands_up(std::move(ticket));
}

void feeder_shell::handle(const plan_message& plan) {
  panels_.pass(plan);
  if (!table_ || !plan.orders->is_for(bay_of(config_))) return;
  config_.context->recording.step(site::step::order{bay_of(config_), plan.orders->tick});
  std::vector<station_order> orders;
  table_->order(*plan.orders, orders);
  orders_.begin(plan.orders->tick, config_.context->layout->bays[bay_of(config_)].stations.size());
  const auto given = stations_.give(plan.orders->tick, std::move(orders), *table_);
  for (const auto& outcome : given.done) take(outcome);
  for (const auto place : given.places) orders_.expect(place);
  for (const auto connector : given.undelivered) table_->not_issued(connector);
  if (orders_.is_complete()) commands_up();
}

void feeder_shell::commands_up(std::shared_ptr<void> ticket) {
  bay_commands message;
  message.bay = bay_of(config_);
  message.tick = orders_.tick();
  message.commands = std::exchange(commands_, {});
  message.ticket = std::move(ticket);
  orders_.close();
  self_->send(config_.site, std::move(message));
}

void feeder_shell::handle(const bay_readings& part) {
  const auto& arrived = *part.arrived;
  const std::span readings{arrived.batch.readings};
  const std::span health{arrived.batch.health};
  const auto& context = *config_.context;
  context.recording.step(site::step::readings{bay_of(config_), arrived.received_at,
                                      readings.subspan(part.first_reading, part.readings),
                                      health.subspan(part.first_health, part.health)});
  table_->apply(readings.subspan(part.first_reading, part.readings), arrived.received_at,
                notices_);
  for (const auto& news : table_->take_clock_news())
    say(config_, site::clock_event(*context.layout, news, arrived.received_at));
  for (const auto& verdict : health.subspan(part.first_health, part.health))
    if (table_->apply(verdict))
      say(config_, site::health_event(table_->rows(), verdict.station, arrived.received_at));
  tell_stations();
}

void feeder_shell::handle(const bay_results& answers) {
  auto& context = *config_.context;
  context.recording.step(site::step::results{bay_of(config_), answers.received_at, answers.results,
                                             answers.are_of_before});
  const auto is_to_another = [this](const auto& answer) {
    return site::is_to_another(table_->rows(), answer);
  };
  if (!answers.are_of_before && std::ranges::any_of(answers.results, is_to_another))
    context.signals.obeys_another.store(true, std::memory_order_relaxed);
  site::take_answers(*table_, {answers.results, answers.received_at, answers.are_of_before},
                     notices_);
  tell_stations();
}

void feeder_shell::tell_stations() {
  for (auto& notice : notices_) stations_.tell(std::move(notice), *table_);
  notices_.clear();
}

void feeder_shell::handle(const driver_request_message& request) {
  const auto station = stations_.find(request.request.station);
  const auto& context = *config_.context;
  if (!station || !stations_.runs(*station)) {
    auto fact = denied(request.request, request.received_at, "station is restarting");
    // Before the log has it: its driver may ask anew as soon as it reads this.
    if (const auto node = context.routes->node()) self_->send(node, driver_notice{fact});
    static_cast<void>(context.out->send(fact));
    return;
  }
  context.recording.step(site::step::request{*station, request.received_at, &request.request});
  stations_.ask(*station, {request.request, request.received_at,
                           site::facts_of(table_->rows(), *station, request.received_at)});
}

void feeder_shell::handle(const station_outcome& outcome) {
  stations_.answered(outcome.station, *table_);
  take(outcome);
  const auto place = config_.context->layout->stations[outcome.station.value()].row;
  if (orders_.answered(outcome.tick, place)) return commands_up();
  if (site::is_news(outcome)) self_->send(config_.site, tick_wanted{outcome.now, reported()});
}

void feeder_shell::take(const station_outcome& outcome) {
  const auto& context = *config_.context;
  // A sign of life comes of no work.
  if (outcome.breaker) context.recording.step(site::step::outcome{outcome.station});
  if (context.counters)
    for (const auto& command : outcome.commands)
      count_grant(*context.counters, command,
                  site::row_of(table_->rows(), command.connector).ledger.told());
  site::take_outcome(*table_, outcome);
  commands_.insert(commands_.end(), outcome.commands.begin(), outcome.commands.end());
}

void feeder_shell::handle_down(const caf::down_msg& down) {
  const auto lost = stations_.took_down(down, tick_.now);
  if (!lost.station) return escalate_if(panels_.took_down(down, tick_.now));
  const auto place = config_.context->layout->stations[lost.station->value()].row;
  table_->restarted(*lost.station);
  const bool was_last = orders_.answered(orders_.tick(), place);
  if (was_last) commands_up();
  report_if_complete();
  escalate_if(lost.is_used_up);
}

std::uint64_t feeder_shell::reported() const {
  if (tick_.number == 0) return tick_wanted{}.reported;
  return panels_.round().is_open() ? tick_.number - 1 : tick_.number;
}

void feeder_shell::escalate_if(bool is_used_up) {
  if (is_used_up) self_->quit(caf::exit_reason::unhandled_exception);
}

feeder_actor::behavior_type run_feeder(feeder_actor::stateful_pointer<feeder_shell> self,
                                       branch_config config) {
  return self->state.make_behavior(std::move(config));
}

} // namespace busbar::actors
