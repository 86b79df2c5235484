#include "actors/station_actor.hpp"

#include "actors/fact_counters.hpp"
#include "actors/site_parts.hpp"
#include "site/stepped_stations.hpp"

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

void station_shell::handle(const test_fault& fault) { fail_as_told(fault); }

void station_shell::count_notices(const station_notices& work) const {
  if (!config_.context->counters) return;
  for (const auto& notice : work.notices) count(*config_.context->counters, notice);
}

site::station_part station_shell::part() {
  auto& context = *config_.context;
  return {*context.layout, context.terms, config_.station, *book_,
          context.notes_of(config_.station)};
}

void station_shell::publish_profiles() {
  const auto& context = *config_.context;
  if (!context.views) return;
  auto snapshot = std::make_shared<const control::smart_charging::profile_book>(*book_->profiles);
  context.views->publish(context.layout->site->id, config_.station, std::move(snapshot));
}

void station_shell::carry(site::station_result result) {
  auto& context = *config_.context;
  // A sign of life comes of no work.
  if (result.outcome.breaker) ++book_->pieces_done;
  if (context.recording.to) site::tell_effects(*context.recording.to, result);
  for (const auto& event : result.events) static_cast<void>(context.out->send(event));
  for (auto& fact : result.facts) carry(std::move(fact));
  if (result.are_profiles_changed) publish_profiles();
  if (result.has_breaker_opened && context.counters)
    context.counters->supervision.breakers_opened.add();
  self_->send(config_.feeder, std::move(result.outcome));
}

void station_shell::carry(domain::session_fact fact) {
  auto& context = *config_.context;
  static_cast<void>(context.out->send(fact));
  if (context.counters) count(*context.counters, fact);
  if (fact.kind == domain::session_fact_kind::in_progress) return;
  if (const auto node = context.routes->node()) self_->send(node, driver_notice{std::move(fact)});
}

station_actor::behavior_type run_station(station_actor::pointer self, station_config config) {
  station_shell shell{self, std::move(config)};
  if (!shell.has_book()) self->quit(caf::exit_reason::unknown);
  return {std::move(shell)};
}

} // namespace busbar::actors
