#include "actors/station_actor.hpp"

#include "actors/fact_counters.hpp"
#include "actors/site_parts.hpp"
#include "actors/station_results.hpp"

#include <cassert>
#include <utility>
#include <variant>

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
  if (auto outcome = outcome_of(work)) self_->send(config_.feeder, std::move(*outcome));
}

std::optional<station_outcome> station_shell::outcome_of(const station_work& work) {
  const auto turn = config_.context->notebooks[config_.station.value()].take_turn();
  // Its feeder takes one only while nothing that it has sent is unanswered.
  assert(turn || std::holds_alternative<test_fault>(work.what));
  return std::visit([this](const auto& part) { return handle(part); }, work.what);
}

std::optional<station_outcome> station_shell::handle(const test_fault& fault) {
  fail_as_told(fault);
  return std::nullopt;
}

void station_shell::count_notices(const station_notices& work) const {
  if (!config_.context->counters) return;
  for (const auto& notice : work.notices) count(*config_.context->counters, notice);
}

site::station_part station_shell::part() {
  return part_of(*config_.context, config_.station, *book_);
}

station_outcome station_shell::carry(site::station_result result) {
  publish(*config_.context, result, *book_);
  return std::move(result.outcome);
}

station_actor::behavior_type run_station(station_actor::pointer self, station_config config) {
  station_shell shell{self, std::move(config)};
  if (!shell.has_book()) self->quit(caf::exit_reason::unknown);
  return {std::move(shell)};
}

} // namespace busbar::actors
