// What each connector asks for in a plan, and what counts for fixed loads.
#include "control/planner_workspace.hpp"

#include "control/fairness/sleepers.hpp"
#include "control/fairness/steps.hpp"
#include "control/safety/load_shedding.hpp"

#include <algorithm>

namespace busbar::control {

using domain::milliamperes;
using domain::rule;
using fairness::in_steps_ceil;
using fairness::in_steps_floor;

void planner::workspace::update_asks(const image& image) {
  made.connectors_shed = 0;
  made.shed = milliamperes{};
  sleepers = fairness::count_sleepers(memory.connectors);
  exporters.clear();
  late.clear();
  for (std::size_t i = 0; i < asks.size(); ++i) {
    const auto& connector = image.connectors[i];
    reserves[i] = transition::reserve_of(connector, station_of(i).when_lost);
    // A connector that cannot be told or does not obey is a fixed load. One that is silent is no
    // more known to disobey.
    disobeys[i] = connector.is_disobeying && connector.is_reachable;
    const bool is_late = connector.owes_answer;
    const bool is_deaf = disobeys[i] || !connector.is_reachable;
    made.is_fixed[i] = is_deaf || is_late;
    const bool is_asked = is_late && !is_deaf && !connector.is_zeroed;
    if (is_asked) late.push_back(static_cast<std::uint32_t>(i));
    fixed_now[i] = made.is_fixed[i] ? reserves[i] : milliamperes{};
    fixed[i] = is_asked ? milliamperes{} : fixed_now[i];
    excesses[i] = made.is_fixed[i] ? milliamperes{} : connector.excess; // or it counts already
    ask_for(image, i);
  }
  follow_lines(image);
  take_off_excesses();
  follow_phases(image);
}

void planner::workspace::ask_for(const image& image, std::size_t i) {
  const auto& connector = image.connectors[i];
  const auto& facts = topology->connectors[i];
  const auto& station = station_of(i);
  auto& past = memory.connectors[i];
  auto& ask = asks[i];
  ask = fairness::ask{};
  ask.step = facts.step;
  ask.lines = domain::first_lines(facts, facts.line_count);
  ask.floor = in_steps_ceil(facts.current_min, facts.step);
  ask.cap = facts.current_max;
  ask.weight = station.weight;
  ask.priority = station.priority;
  const bool is_late = !late.empty() && late.back() == i;
  ask.is_competing = connector.wants && (!made.is_fixed[i] || is_late) && !connector.is_zeroed;
  const auto lower_cap = [&](milliamperes most, rule why) {
    // Within one step it takes nothing away.
    if (in_steps_floor(most, ask.step) >= in_steps_floor(ask.cap, ask.step)) return;
    ask.cap = most;
    ask.capped_by = why;
  };
  choose_direction(connector, i);
  const bool gives_back = connector.gives_back;
  // What flows the other way ends first.
  if (gives_back != is_export[i]) lower_cap(milliamperes{}, rule::site_operator);
  if (gives_back) lower_cap(*connector.export_max, rule::site_operator);
  if (connector.vehicle_max) lower_cap(*connector.vehicle_max, rule::demand);
  if (fairness::takes_nothing(policy.name, connector) && !gives_back)
    lower_cap(milliamperes{}, rule::demand);
  if (connector.operator_max) lower_cap(*connector.operator_max, rule::site_operator);
  if (connector.derated_max && !gives_back)
    lower_cap(*connector.derated_max, connector.is_derated ? rule::derating : rule::maximum);
  if (!connector.is_available) lower_cap(connector.told, rule::fallback);
  // RAMP-1: until it has answered it is told nothing higher, and what is shed of its cap.
  if (is_late) {
    const auto kept = safety::shed_cap(image.shedding_level, ask.priority, ask.cap);
    lower_cap(kept.is_zero() ? kept : std::max(kept, ask.floor), rule::load_shedding);
    lower_cap(connector.told, rule::fallback);
  }
  fairness::reclaim(reclaim, connector, image.now, past, ask);
  // Without a minimum nothing is held that reclaim does not give to others.
  ask.is_asleep = fairness::is_asleep(topology->turns, connector, sleepers, image.now, past) &&
                  !ask.floor.is_zero();
  if (past.on_since) ask.deficit = -(image.now - *past.on_since).count();
  else if (past.waiting_since) ask.deficit = (image.now - *past.waiting_since).count();
}

/// Through zero: the way that it flows stays until nothing is told, acknowledged or flows.
void planner::workspace::choose_direction(const connector_image& connector, std::size_t place) {
  is_export[place] = transition::is_at_rest(connector) ? connector.gives_back
                                                                   : connector.is_export;
  if (is_export[place] && asks[place].is_competing)
    exporters.push_back(static_cast<std::uint32_t>(place));
}

/// What a level takes away goes to no other connector: all were given their targets before. One
/// that gives back takes load off. The late follow their told currents (`ask_for`): a part of these
/// in every plan would not end.
void planner::workspace::shed_targets(int level) {
  for (std::size_t i = 0; i < targets.size(); ++i) {
    auto& ask = asks[i];
    const auto kept = safety::shed_cap(level, ask.priority, targets[i]);
    if (!ask.is_competing || made.is_fixed[i] || is_export[i]) continue;
    // Half of a minimum charges no vehicle: the level keeps the minimum, or stops.
    const auto most = kept.is_zero() ? kept : in_steps_floor(std::max(kept, ask.floor), ask.step);
    if (most >= targets[i]) continue;
    ++made.connectors_shed;
    made.shed += targets[i] - most;
    targets[i] = most;
    ask.is_stopped = most.is_zero();
    ask.capped_by = rule::load_shedding;
    share_rows[i].held_by.reset();
  }
}

} // namespace busbar::control
