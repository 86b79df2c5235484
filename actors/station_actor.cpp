#include "actors/station_actor.hpp"

#include "actors/fact_counters.hpp"
#include "actors/site_parts.hpp"

#include <caf/send.hpp>

namespace busbar::actors {

domain::result<void> validate(const station_config& config) {
  const auto stations = config.context->layout->site->stations.size();
  if (config.station.value() < stations) return {};
  return domain::error{domain::errc::unknown_reference,
                       "station " + std::to_string(config.station.value()) + " is not 0.." +
                           std::to_string(stations - 1)};
}

station_shell::station_shell(station_actor::pointer self, station_config config)
    : self_(self), config_(std::move(config)),
      book_(config_.context->notebooks.at(config_.station.value()).borrow()) {}

void station_shell::operator()(const station_work& work) {
  std::visit([this](const auto& part) { handle(part); }, work.what);
}

conversation station_shell::talk() {
  auto& context = *config_.context;
  return {context.terms, config_.station, *book_, context.notes_of(config_.station)};
}

void station_shell::handle(const station_orders& orders) {
  station_outcome outcome;
  outcome.tick = orders.tick;
  if (!orders.orders.empty())
    carry(talk().routine_answers(orders.routine, orders.orders.front().now), outcome);
  for (const auto& order : orders.orders) {
    auto effects = talk().order(order);
    if (effects.commands.empty()) outcome.not_issued.push_back(order.connector);
    outcome.now = order.now;
    carry(std::move(effects), outcome);
  }
  answer(std::move(outcome));
}

void station_shell::handle(const station_notices& notices) {
  station_outcome outcome;
  if (!notices.notices.empty())
    carry(talk().routine_answers(notices.routine, notices.notices.front().now), outcome);
  for (const auto& notice : notices.notices) {
    outcome.now = notice.now;
    if (config_.context->counters) count(*config_.context->counters, notice);
    carry(talk().notice(notice), outcome);
  }
  answer(std::move(outcome));
}

void station_shell::handle(const station_request& request) {
  station_outcome outcome;
  outcome.now = request.received_at;
  carry(talk().request(request.request, request.facts, request.received_at), outcome);
  answer(std::move(outcome));
}

void station_shell::handle(const direct_order& order) {
  station_outcome outcome;
  outcome.now = order.now;
  carry(talk().direct(order.kind, order.fault), outcome);
  answer(std::move(outcome));
}

void station_shell::handle(const profile_errand& errand) {
  station_outcome outcome;
  outcome.now = errand.now;
  const auto settings = profile_settings_of(*config_.context->layout, config_.station);
  carry(talk().manage(errand, settings), outcome);
  answer(std::move(outcome));
}

void station_shell::handle(const test_fault& fault) { fail_as_told(fault); }

void station_shell::publish_profiles() {
  const auto& context = *config_.context;
  if (!context.views) return;
  auto snapshot = std::make_shared<const control::smart_charging::profile_book>(*book_->profiles);
  context.views->publish(context.layout->site->id, config_.station, std::move(snapshot));
}

void station_shell::carry(station_effects effects, station_outcome& outcome) {
  auto& context = *config_.context;
  for (auto& command : effects.commands) outcome.commands.push_back(std::move(command));
  for (auto& change : effects.sessions) outcome.sessions.push_back(std::move(change));
  for (const auto& event : effects.events) static_cast<void>(context.out->send(event));
  for (auto& fact : effects.facts) {
    static_cast<void>(context.out->send(fact));
    if (context.counters) count(*context.counters, fact);
    if (fact.kind == domain::session_fact_kind::in_progress) continue;
    if (const auto node = context.routes->node())
      self_->send(node, driver_notice{std::move(fact)});
  }
  if (effects.are_profiles_changed) publish_profiles();
  if (effects.are_profiles_kept)
    outcome.profiles =
        std::make_shared<const std::vector<std::uint8_t>>(book_->profiles->store().memory());
  outcome.breaker = book_->commands;
  if (effects.is_breaker_changed && context.counters &&
      book_->commands.position() == domain::breaker_position::open)
    context.counters->supervision.breakers_opened.add();
}

void station_shell::answer(station_outcome outcome) {
  outcome.station = config_.station;
  self_->send(config_.feeder, std::move(outcome));
}

station_actor::behavior_type run_station(station_actor::pointer self, station_config config) {
  station_shell shell{self, std::move(config)};
  if (!shell.has_book()) self->quit(caf::exit_reason::unknown);
  return {std::move(shell)};
}

} // namespace busbar::actors
