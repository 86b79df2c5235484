#include "control/planner_workspace.hpp"

#include "control/fairness/sleepers.hpp"
#include "control/fairness/steps.hpp"
#include "control/limits/imbalance.hpp"
#include "control/limits/order_bounds.hpp"

#include <algorithm>
#include <cassert>

namespace busbar::control {

using domain::milliamperes;
using domain::rule;
using fairness::in_steps_floor;

namespace {

/// Power is every vehicle's.
bool is_among(domain::line_set lines, domain::binding_line bound) {
  if (bound < domain::binding_line::l1 || bound > domain::binding_line::primary_l3) return true;
  const auto first = static_cast<std::size_t>(domain::binding_line::l1);
  return lines.contains(domain::all_lines[(static_cast<std::size_t>(bound) - first) % 3]);
}

} // namespace

planner::workspace::workspace(std::shared_ptr<const domain::site> site)
    : topology(std::move(site)), policy(fairness::policy_for(topology->split)),
      voltages(limits::voltages_of(*topology)), unmanaged(*topology), splitter(*topology),
      phases(*topology), grants(*topology) {
  for (const auto& node : topology->nodes) stated.push_back(limits::stated_limits(node));
  const std::size_t nodes = topology->nodes.size();
  const std::size_t connectors = topology->connectors.size();
  milliwatts_per_ampere.reserve(connectors);
  milliwatts_by_lines.reserve(connectors);
  for (std::size_t i = 0; i < connectors; ++i) {
    const auto& voltage = voltages[station_of(i).parent.value()];
    milliwatts_per_ampere.push_back(
        limits::milliwatts_per_ampere(topology->connectors[i], voltage));
    auto& by_lines = milliwatts_by_lines.emplace_back();
    auto on_fewer = topology->connectors[i];
    for (on_fewer.line_count = 1; on_fewer.line_count <= 3; ++on_fewer.line_count)
      by_lines[on_fewer.line_count - 1U] = limits::milliwatts_per_ampere(on_fewer, voltage);
  }
  for (std::uint32_t i = 0; i < connectors; ++i)
    if (splitter.can_spare_lines(domain::connector_index{i})) able_to_spare.push_back(i);
  bounds.resize(nodes);
  asks.resize(connectors);
  reserves.resize(connectors);
  fixed.resize(connectors);
  fixed_now.resize(connectors);
  turn_rows.resize(connectors);
  share_rows.resize(connectors);
  excesses.resize(connectors);
  targets.resize(connectors);
  made.is_fixed.resize(connectors);
  is_export.resize(connectors);
  exporters.reserve(connectors);
  late.reserve(connectors);
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

/// Turns, rests and waits go by what has elapsed, whatever is done to the clock.
void planner::workspace::follow_clock(domain::instant now) {
  control::follow_clock(memory, now);
  if (is_memory_restored)
    clip_to(memory, now, {topology->turns.on_min, fairness::longest_nap(topology->turns)});
  is_memory_restored = false;
}

void planner::workspace::update_limits(const image& image) {
  uses = unmanaged.of(image.nodes);
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    auto& limits = made.bounds[i];
    limits = stated[i];
    for (const auto& live : image.nodes[i].live_limits) limits::tighten(limits, live);
    limits::take_off(limits, topology->nodes[i], image.nodes[i], uses[i], voltages[i]);
    made.unmanaged[i] = limits::used_by(limits, uses[i]);
    bounds[i] = limits::bounds_of(limits);
  }
}

/// LIM-1: the targets leave room for what is drawn above the grants.
void planner::workspace::take_off_excesses() {
  if (std::none_of(excesses.begin(), excesses.end(), [](auto ma) { return ma.count() > 0; }))
    return;
  const auto& loads = splitter.reserved_and_kept(excesses);
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
      milliwatts_per_ampere[i] = milliwatts_by_lines[i][asks[i].lines.count() - 1];
}

void planner::workspace::follow_lines(const image& image) {
  for (const auto i : able_to_spare) {
    const auto lines = transition::lines_counted(image.connectors[i], disobeys[i]);
    splitter.use_lines(domain::connector_index{i}, lines);
    asks[i].lines = lines;
    milliwatts_per_ampere[i] = milliwatts_by_lines[i][lines.count() - 1];
  }
}

void planner::workspace::choose_phases(const image& image) {
  phases.choose({image, reserves, fixed, bounds}, asks, turn_rows, targets, splitter, memory);
  made.phase_choices.assign(phases.choices().begin(), phases.choices().end());
}

void planner::workspace::arrange(const image& image) {
  turns.call_due(turn_input_of(image), asks, splitter, memory);
  arrange_charging(image);
  for (auto& ask : asks) {
    // A sleeper's minimum is a way to see it wake, not a share.
    if (ask.is_asleep) ask.cap = std::min(ask.cap, ask.floor);
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
  const auto rows = turns.decide(input, asks, splitter, memory);
  share_out(rows);
  if (turns.use_spare_room(input, asks, targets, splitter, memory)) share_out(rows);
  turn_rows.assign(rows.begin(), rows.end());
  choose_phases(image);
  make_room_for_late(image);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    // One that does not listen, or cannot be reached, is told what it was told.
    const bool is_told_as_before = made.is_fixed[i] && !image.connectors[i].is_zeroed &&
                                   !fixed[i].is_zero();
    if (is_told_as_before) targets[i] = image.connectors[i].told;
  }
  shed_targets(image.shedding_level);
  explain(image);
}

void planner::workspace::share_out(std::span<const fairness::turn_row> rows) {
  const auto shares_made =
      shares.decide({asks, rows, fixed, bounds, policy.is_strict_order}, splitter);
  share_rows.assign(shares_made.begin(), shares_made.end());
  for (std::size_t i = 0; i < targets.size(); ++i) targets[i] = share_rows[i].target;
}

/// LIM-1: so far all were given what fits once the answers that are owed have come: that is
/// what the late are told, and what keeps the others' places. Until then all that the late may draw
/// counts, and the others get no more than fits beside that.
void planner::workspace::make_room_for_late(const image& image) {
  if (late.empty()) return;
  const auto held = turns.hold_to(turn_input_of(image), asks, fixed_now, late, splitter);
  const auto now =
      shares.decide({asks, held, fixed_now, bounds, policy.is_strict_order}, splitter);
  // While a place is kept, no connector is raised into it: taking a raise back takes an answer
  // again. Otherwise the others use all that is left.
  const auto is_kept_waiting = [&](std::size_t i) {
    return !made.is_fixed[i] && held[i].verdict != turn_rows[i].verdict;
  };
  bool are_places_kept = false;
  for (std::size_t i = 0; i < targets.size(); ++i) are_places_kept |= is_kept_waiting(i);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (made.is_fixed[i] || (are_places_kept && now[i].target >= targets[i])) continue;
    targets[i] = now[i].target;
    share_rows[i] = now[i];
    turn_rows[i] = held[i];
  }
}

domain::reason planner::workspace::limited_by(std::size_t i, const distribution::excess& found) {
  const auto excess = limits::nearest_full(*topology, uses, i, asks[i].lines, found);
  held_by[i] = excess;
  holding[excess.node.value()].add(excess.line);
  const auto* bound = made.bounds[excess.node.value()].find(excess.line);
  domain::reason because{rule::limit, excess.node, limits::line_of(excess.line),
                         bound ? bound->binding() : domain::limit_source::unspecified};
  because.is_kept = splitter.can_spare_lines(domain::connector_index{i}) &&
                    !is_among(asks[i].lines, because.line);
  return because;
}

domain::reason planner::workspace::waits(std::size_t i, const fairness::turn_row& row) {
  auto because = row.is_refused ? limited_by(i, row.refused_by) : domain::reason{};
  because.which = rule::turn;
  because.place = row.place_in_line;
  because.turn_by = row.turn_by;
  because.rests_until = row.rests_until;
  because.switches_until = row.switches_until;
  return because;
}

void planner::workspace::explain(const image& image) {
  held_by.assign(asks.size(), std::nullopt);
  holding.assign(bounds.size(), limits::held_bounds{});
  for (std::size_t i = 0; i < asks.size(); ++i) {
    auto& because = made.grants[i].because;
    if (image.connectors[i].is_zeroed) because = {rule::input_lost};
    else if (disobeys[i]) because = {rule::disobedience};
    else if (made.is_fixed[i]) because = {rule::fallback};
    else if (!image.connectors[i].wants) because = {rule::not_wanted};
    else if (turn_rows[i].verdict == fairness::turn::waiting) because = waits(i, turn_rows[i]);
    else if (turn_rows[i].verdict == fairness::turn::no_room) {
      because = limited_by(i, turn_rows[i].refused_by);
      because.rests_until = turn_rows[i].rests_until;
    }
    else if (share_rows[i].held_by) because = limited_by(i, *share_rows[i].held_by);
    else because = {asks[i].capped_by};
  }
}

void planner::workspace::decide_grants(const image& image) {
  restore_bounds();
  const auto granted =
      grants.decide({image, asks, targets, reserves, bounds, milliwatts_per_ampere, turn_rows},
                    splitter, memory);
  for (std::size_t i = 0; i < granted.size(); ++i) {
    auto& row = made.grants[i];
    row.connector = domain::connector_index{i};
    row.target = targets[i];
    row.granted = granted[i];
    row.is_export = is_export[i];
    reserves[i] = std::max(reserves[i], granted[i]);
    row.reserved = reserves[i];
  }
  turns.remember(turn_input_of(image), asks, made.grants, memory);
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
  work_->follow_clock(image.now);
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
  work_->is_memory_restored = true;
  return true;
}

} // namespace busbar::control
