#include "control/planner.hpp"

#include "control/fairness/phase_switching.hpp"
#include "control/fairness/reclaim.hpp"
#include "control/fairness/shares.hpp"
#include "control/fairness/steps.hpp"
#include "control/fairness/turns.hpp"
#include "control/limits/imbalance.hpp"
#include "control/limits/node_summary.hpp"
#include "control/limits/order_bounds.hpp"
#include "control/limits/violations.hpp"
#include "control/plan_state.hpp"
#include "control/safety/load_shedding.hpp"
#include "control/transition/grants.hpp"
#include "control/transition/reserve.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace busbar::control {

using domain::milliamperes;
using domain::rule;
using fairness::in_steps_ceil;
using fairness::in_steps_floor;

/// Everything that a plan needs room for, sized once by the topology.
struct planner::workspace {
  explicit workspace(std::shared_ptr<const domain::site> site);

  void update_limits(const image& image);
  void update_asks(const image& image);
  void ask_for(const image& image, std::size_t connector);
  void choose_direction(const connector_image& connector, std::size_t place);
  void arrange_charging(const image& image);
  void shed(int level, std::size_t connector);
  void take_off_excesses();
  void restore_bounds();
  void arrange(const image& image);
  void decide_targets(const image& image);
  void lower_late(const image& image);
  std::span<const fairness::share> share_out(std::span<const fairness::turn_row> turn_rows);
  void explain(const image& image, std::span<const fairness::turn_row> turns,
               std::span<const fairness::share> shares);
  void decide_grants(const image& image);
  void follow_phases(const image& image);
  void choose_phases(const image& image, std::span<const fairness::turn_row> turn_rows);
  void report_effects(const image& image);
  void report_nodes(const image& image);
  void remember(const image& image);
  [[nodiscard]] fairness::turn_input turn_input_of(const image& image) const {
    return {image, fixed, bounds, policy.lets_wait};
  }
  [[nodiscard]] domain::reason limited_by(const distribution::excess& excess) const;
  [[nodiscard]] const domain::station& station_of(std::size_t connector) const {
    return topology->stations[topology->connectors[connector].station.value()];
  }

  std::shared_ptr<const domain::site> topology;
  const fairness::policy_entry& policy;
  std::vector<limits::node_voltage> voltages;
  std::vector<limits::node_limits> stated;
  limits::unmanaged_count unmanaged;
  std::vector<std::int64_t> milliwatts_per_ampere;
  /// On one line and on all of them.
  std::vector<std::array<std::int64_t, 2>> milliwatts_by_lines;

  fairness::reclaim_settings reclaim;
  transition::reserve_settings reserving;
  limits::violation_settings violating;

  distribution::splitter splitter;
  fairness::phase_keeper phases;
  fairness::turn_keeper turns{fairness::turn_settings{}};
  fairness::share_keeper shares;
  fairness::policy_scratch scratch;
  transition::grant_keeper grants;

  std::vector<distribution::node_bounds> bounds;
  std::vector<fairness::ask> asks;
  std::vector<milliamperes> excesses;
  std::vector<milliamperes> reserves;
  std::vector<milliamperes> fixed;
  std::vector<milliamperes> targets;
  /// By connector: its grant flows out of the vehicle. And those of them that compete.
  std::vector<bool> is_export;
  std::vector<std::uint32_t> exporters;
  /// Those that owe the answer to a decrease, and what is asked of the split for them.
  std::vector<std::uint32_t> late;
  std::vector<distribution::demand> late_demands;
  std::vector<std::uint32_t> late_weights;
  std::vector<bool> disobeys;
  plan_state memory;
  plan made;
};

planner::workspace::workspace(std::shared_ptr<const domain::site> site)
    : topology(std::move(site)), policy(fairness::policy_for(topology->split)),
      voltages(limits::voltages_of(*topology)), unmanaged(*topology), splitter(*topology),
      phases(*topology), grants(*topology, reserving) {
  for (const auto& node : topology->nodes) stated.push_back(limits::stated_limits(node));
  const std::size_t nodes = topology->nodes.size();
  const std::size_t connectors = topology->connectors.size();
  milliwatts_per_ampere.reserve(connectors);
  milliwatts_by_lines.reserve(connectors);
  for (std::size_t i = 0; i < connectors; ++i) {
    const auto& voltage = voltages[station_of(i).parent.value()];
    auto on_one_line = topology->connectors[i];
    on_one_line.line_count = 1;
    const auto on_all = limits::milliwatts_per_ampere(topology->connectors[i], voltage);
    milliwatts_per_ampere.push_back(on_all);
    milliwatts_by_lines.push_back({limits::milliwatts_per_ampere(on_one_line, voltage), on_all});
  }
  bounds.resize(nodes);
  asks.resize(connectors);
  reserves.resize(connectors);
  fixed.resize(connectors);
  excesses.resize(connectors);
  targets.resize(connectors);
  made.is_fixed.resize(connectors);
  is_export.resize(connectors);
  late_demands.resize(connectors);
  exporters.reserve(connectors);
  late.reserve(connectors);
  late_weights.reserve(connectors);
  disobeys.resize(connectors);
  memory.connectors.resize(connectors);
  memory.nodes.resize(nodes);
  made.grants.resize(connectors);
  made.limits.resize(nodes);
  made.allowed.resize(nodes);
  made.bounds.resize(nodes);
  made.unmanaged.resize(nodes);
  made.effects.reserve(connectors);
}

void planner::workspace::update_limits(const image& image) {
  const auto uses = unmanaged.of(image.nodes);
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    auto& limits = made.bounds[i];
    limits = stated[i];
    for (const auto& live : image.nodes[i].live_limits) limits::tighten(limits, live);
    limits::subtract_unmanaged(limits, topology->nodes[i], uses[i]);
    for (const auto& order : image.nodes[i].orders)
      limits::tighten_to_order(limits, order, uses[i], voltages[i]);
    limits::bound_balance(limits, image.nodes[i]);
    made.unmanaged[i] = limits::used_by(limits, uses[i]);
    bounds[i] = limits::bounds_of(limits);
  }
}

void planner::workspace::update_asks(const image& image) {
  made.connectors_shed = 0;
  made.shed = milliamperes{};
  exporters.clear();
  late.clear();
  for (std::size_t i = 0; i < asks.size(); ++i) {
    const auto& connector = image.connectors[i];
    auto& past = memory.connectors[i];
    transition::note_arrivals(reserving, connector, image.now, past);
    reserves[i] = transition::reserve_of(connector, station_of(i).when_lost, past);
    // What cannot be told or does not listen is a load like any other that nobody decides about.
    // One that is silent is no more known to disobey.
    disobeys[i] = (transition::is_disobeying(reserving, connector, image.now, past) ||
                   connector.is_disobeying) &&
                  connector.is_reachable;
    const bool is_late = transition::is_behind(reserving, connector, image.now, past);
    const bool is_deaf = disobeys[i] || !connector.is_reachable;
    made.is_fixed[i] = is_deaf || is_late;
    if (is_late && !is_deaf && !connector.is_zeroed) late.push_back(static_cast<std::uint32_t>(i));
    fixed[i] = made.is_fixed[i] ? reserves[i] : milliamperes{};
    const auto excess = transition::excess_of(reserving, connector, image.now, past);
    excesses[i] = made.is_fixed[i] ? milliamperes{} : excess; // or it counts already
    ask_for(image, i);
  }
  take_off_excesses();
  follow_phases(image);
}

/// LIM-1: the targets leave room for what is drawn above the grants.
void planner::workspace::take_off_excesses() {
  if (std::none_of(excesses.begin(), excesses.end(), [](auto ma) { return ma.count() > 0; }))
    return;
  const auto& loads = splitter.reserved(excesses);
  const auto lower = [](auto& left, auto by) { left = std::max(left - by, decltype(by){}); };
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    for (std::size_t line = 0; line < 3; ++line) {
      if (bounds[i].line) lower((*bounds[i].line)[line], loads[i].line[line]);
      if (bounds[i].primary_line)
        lower((*bounds[i].primary_line)[line], loads[i].primary_line[line]);
      if (bounds[i].balance) lower((*bounds[i].balance)[line], loads[i].unbalanced[line]);
    }
    if (bounds[i].power) lower(*bounds[i].power, loads[i].power);
  }
}

/// The reserves, which the grants are held to, have the excesses in them.
void planner::workspace::restore_bounds() {
  for (std::size_t i = 0; i < bounds.size(); ++i) bounds[i] = limits::bounds_of(made.bounds[i]);
}

void planner::workspace::follow_phases(const image& image) {
  phases.follow({image, reserves, fixed, bounds}, asks, splitter, memory);
  for (std::size_t i = 0; i < asks.size(); ++i)
    if (topology->connectors[i].can_switch_phases)
      milliwatts_per_ampere[i] = milliwatts_by_lines[i][asks[i].line_count == 1 ? 0 : 1];
}

void planner::workspace::choose_phases(const image& image,
                                       std::span<const fairness::turn_row> turn_rows) {
  phases.choose({image, reserves, fixed, bounds}, asks, turn_rows, targets, splitter, memory);
  made.phase_choices.assign(phases.choices().begin(), phases.choices().end());
}

void planner::workspace::ask_for(const image& image, std::size_t i) {
  const auto& connector = image.connectors[i];
  const auto& facts = topology->connectors[i];
  const auto& station = station_of(i);
  auto& past = memory.connectors[i];
  auto& ask = asks[i];
  ask = fairness::ask{};
  ask.step = facts.step;
  ask.line_count = facts.line_count;
  ask.floor = in_steps_ceil(facts.current_min, facts.step);
  ask.cap = facts.current_max;
  ask.weight = station.weight;
  ask.priority = station.priority;
  ask.is_competing = connector.wants && !made.is_fixed[i] && !connector.is_zeroed;
  const auto lower_cap = [&](milliamperes most, rule why) {
    if (most >= ask.cap) return;
    ask.cap = most;
    ask.capped_by = why;
  };
  choose_direction(connector, i);
  const bool gives_back = connector.gives_back;
  // What flows the other way ends first.
  if (gives_back != is_export[i]) lower_cap(milliamperes{}, rule::site_operator);
  if (gives_back) lower_cap(*connector.export_max, rule::site_operator);
  if (connector.vehicle_max) lower_cap(*connector.vehicle_max, rule::demand);
  if (connector.energy_needed && *connector.energy_needed <= domain::watt_hours{} && !gives_back)
    lower_cap(milliamperes{}, rule::demand);
  if (connector.operator_max) lower_cap(*connector.operator_max, rule::site_operator);
  if (connector.derated_max && !gives_back) lower_cap(*connector.derated_max, rule::derating);
  if (!connector.is_available) lower_cap(connector.told, rule::fallback);
  shed(image.shedding_level, i);
  fairness::reclaim(reclaim, connector, image.now, past, ask);
  if (past.on_since) ask.deficit = -(image.now - *past.on_since).count();
  else if (past.waiting_since) ask.deficit = (image.now - *past.waiting_since).count();
}

/// Through zero: the way that it flows stays until nothing is told, acknowledged or flows.
void planner::workspace::choose_direction(const connector_image& connector, std::size_t place) {
  is_export[place] = transition::is_at_rest(reserving, connector) ? connector.gives_back
                                                                   : connector.is_export;
  if (is_export[place] && asks[place].is_competing)
    exporters.push_back(static_cast<std::uint32_t>(place));
}

void planner::workspace::shed(int level, std::size_t i) {
  auto& ask = asks[i];
  const auto most = safety::shed_cap(level, ask.priority, ask.cap);
  const bool is_late = !late.empty() && late.back() == i;
  // One that gives back takes load off.
  if ((!ask.is_competing && !is_late) || most >= ask.cap || is_export[i]) return;
  ++made.connectors_shed;
  made.shed += ask.cap - most;
  // Half of a minimum charges nobody: the level keeps the minimum, or stops.
  ask.cap = most.is_zero() ? most : std::max(most, ask.floor);
  ask.capped_by = rule::load_shedding;
}

void planner::workspace::arrange(const image& image) {
  turns.call_due(turn_input_of(image), asks, splitter, memory);
  arrange_charging(image);
  for (auto& ask : asks) {
    ask.cap = in_steps_floor(ask.cap, ask.step);
    if (ask.cap < ask.floor) ask.cap = ask.floor = milliamperes{};
  }
}

/// Policies weigh what vehicles want to take in. One that gives back asks with its cap, its
/// station's weight and the first rank.
void planner::workspace::arrange_charging(const image& image) {
  for (const auto i : exporters) asks[i].is_competing = false;
  policy.arrange({image, memory, milliwatts_per_ampere, fixed, bounds, &splitter, &scratch},
                 asks);
  for (const auto i : exporters) asks[i].is_competing = true;
}

void planner::workspace::decide_targets(const image& image) {
  const auto input = turn_input_of(image);
  const auto turn_rows = turns.decide(input, asks, splitter, memory);
  auto share_rows = share_out(turn_rows);
  if (policy.lets_wait > domain::seconds{} &&
      turns.use_spare_room(input, asks, targets, splitter, memory))
    share_rows = share_out(turn_rows);
  turns.remember(asks, memory, image.now);
  choose_phases(image, turn_rows);
  for (std::size_t i = 0; i < targets.size(); ++i)
    // One that does not listen, or cannot be reached, is told what it was told (but `lower_late`).
    if (made.is_fixed[i] && !image.connectors[i].is_zeroed)
      targets[i] = image.connectors[i].told;
  lower_late(image);
  explain(image, turn_rows, share_rows);
}

/// RAMP-1: down at once, also for who has not answered yet: a limit may have fallen since. What it
/// is told fits beside the others' targets once it listens; until then its reserve counts.
void planner::workspace::lower_late(const image& image) {
  if (late.empty()) return;
  fairness::scale_weights(asks, late_weights);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const auto stays = made.is_fixed[i] ? fixed[i] : targets[i];
    late_demands[i] = {stays, stays, asks[i].step, late_weights[i]};
  }
  for (const auto i : late) {
    const auto& connector = image.connectors[i];
    const auto most = connector.wants ? std::min(connector.told, asks[i].cap) : milliamperes{};
    late_demands[i] = {milliamperes{}, in_steps_floor(most, asks[i].step), asks[i].step,
                       late_weights[i]};
  }
  const auto& stepped = splitter.split(late_demands, bounds).stepped;
  for (const auto i : late)
    targets[i] = stepped[i] < asks[i].floor ? milliamperes{} : stepped[i];
}

std::span<const fairness::share> planner::workspace::share_out(
    std::span<const fairness::turn_row> turn_rows) {
  const auto rows =
      shares.decide({asks, turn_rows, fixed, bounds, policy.is_strict_order}, splitter);
  for (std::size_t i = 0; i < targets.size(); ++i) targets[i] = rows[i].target;
  return rows;
}

domain::reason planner::workspace::limited_by(const distribution::excess& excess) const {
  const auto* bound = made.bounds[excess.node.value()].find(excess.line);
  return {rule::limit, excess.node, limits::line_of(excess.line),
          bound ? bound->binding() : domain::limit_source::unspecified};
}

void planner::workspace::explain(const image& image, std::span<const fairness::turn_row> turn_rows,
                                 std::span<const fairness::share> share_rows) {
  for (std::size_t i = 0; i < asks.size(); ++i) {
    auto& because = made.grants[i].because;
    if (image.connectors[i].is_zeroed) because = {rule::input_lost};
    else if (disobeys[i]) because = {rule::disobedience};
    else if (made.is_fixed[i]) because = {rule::fallback};
    else if (!image.connectors[i].wants) because = {rule::not_wanted};
    else if (turn_rows[i].verdict == fairness::turn::waiting) because = {rule::turn};
    else if (turn_rows[i].verdict == fairness::turn::no_room)
      because = limited_by(turn_rows[i].refused_by);
    else if (share_rows[i].held_by) because = limited_by(*share_rows[i].held_by);
    else because = {asks[i].capped_by};
  }
}

void planner::workspace::decide_grants(const image& image) {
  restore_bounds();
  const auto granted =
      grants.decide({image, asks, targets, reserves, bounds, milliwatts_per_ampere}, splitter,
                    memory);
  for (std::size_t i = 0; i < granted.size(); ++i) {
    auto& row = made.grants[i];
    row.connector = domain::connector_index{i};
    row.target = targets[i];
    row.granted = granted[i];
    row.is_export = is_export[i];
    reserves[i] = std::max(reserves[i], granted[i]);
    row.reserved = reserves[i];
  }
}

void planner::workspace::report_effects(const image& image) {
  made.effects.clear();
  const auto add = [&](effect_kind kind) {
    for (const auto& row : made.grants) {
      const auto told = image.connectors[row.connector.value()].told;
      const bool is_decrease = row.granted < told;
      if (row.granted == told || is_decrease != (kind == effect_kind::decrease)) continue;
      made.effects.push_back({row.connector, kind, row.granted, row.is_export});
    }
  };
  add(effect_kind::decrease);
  add(effect_kind::raise);
}

void planner::workspace::report_nodes(const image& image) {
  const auto& loads = splitter.reserved(reserves);
  for (std::size_t i = 0; i < loads.size(); ++i) {
    made.limits[i] = limits::summary_of(made.bounds[i], voltages[i]);
    made.limits[i].node = domain::node_index{i};
    made.limits[i].reserved = loads[i].line;
    made.allowed[i] = limits::allowed_by(made.bounds[i], voltages[i]);
  }
  made.violations.clear();
  limits::watch_nodes(violating, *topology, made.bounds, loads, image.now, memory.nodes,
                      made.violations);
  for (std::size_t i = 0; i < asks.size(); ++i) {
    const auto& connector = image.connectors[i];
    if (!made.is_fixed[i] || !memory.connectors[i].overdraws_since) continue;
    made.violations.push_back(limits::disobedience(
        violating, topology->connectors[i].id.text(), connector.told, connector.drawn,
        *memory.connectors[i].overdraws_since, image.now));
  }
}

void planner::workspace::remember(const image& image) {
  const auto elapsed = memory.at ? image.now - *memory.at : domain::microseconds{};
  for (const auto i : exporters) asks[i].is_competing = false;
  if (policy.learn)
    policy.learn({image, asks, targets, std::max(elapsed, domain::microseconds{})},
                 memory.connectors);
  memory.at = image.now;
  made.at = image.now;
}

planner::planner(std::shared_ptr<const domain::site> topology)
    : work_(std::make_unique<workspace>(std::move(topology))) {}
planner::~planner() = default;
planner::planner(planner&&) noexcept = default;
planner& planner::operator=(planner&&) noexcept = default;

const plan& planner::decide(const image& image) {
  assert(image.nodes.size() == work_->bounds.size());
  assert(image.connectors.size() == work_->asks.size());
  work_->update_limits(image);
  work_->update_asks(image);
  work_->arrange(image);
  work_->decide_targets(image);
  work_->decide_grants(image);
  work_->report_effects(image);
  work_->report_nodes(image);
  work_->remember(image);
  return work_->made;
}

std::vector<std::uint8_t> planner::memory() const { return encode(work_->memory); }

bool planner::restore(const std::vector<std::uint8_t>& memory) {
  auto state = decode(memory, work_->asks.size(), work_->bounds.size());
  if (!state) return false;
  work_->memory = std::move(*state);
  return true;
}

} // namespace busbar::control
