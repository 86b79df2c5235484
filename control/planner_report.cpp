// What a plan says beside its targets: effects, the summaries of nodes, violations.
#include "control/planner_workspace.hpp"

#include "control/limits/node_summary.hpp"

#include <algorithm>

namespace busbar::control {

namespace {

/// Whether its newest reading shows how it follows what it is told, by this plan.
bool shows_grant(const connector_image& connector, domain::milliamperes granted,
                 domain::instant now) {
  if (!connector.is_reachable || connector.is_read_before_told) return false;
  return granted == connector.told || transition::measured_at(connector, now) >= now;
}

} // namespace

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
    made.limits[i] = limits::summary_of(made.bounds[i], holding[i], voltages[i]);
    made.limits[i].node = domain::node_index{i};
    made.limits[i].reserved = loads[i].line;
    made.allowed[i] = limits::allowed_by(made.bounds[i], voltages[i]);
  }
  report_violations(image, loads);
}

void planner::workspace::report_violations(const image& image,
                                           std::span<const distribution::node_load> loads) {
  made.violations.clear();
  limits::watched_loads watched{loads, {}, image.nodes};
  if (limits::is_any_above(made.bounds, loads)) {
    reserved_loads.assign(loads.begin(), loads.end());
    known.resize(reserves.size());
    undrawn.resize(reserves.size());
    for (std::size_t i = 0; i < reserves.size(); ++i) {
      const auto& connector = image.connectors[i];
      // Export is no load that is drawn: it may end.
      const auto drawn = connector.is_export ? domain::milliamperes{} : connector.drawn;
      undrawn[i] = std::max(reserves[i] - drawn, domain::milliamperes{});
      const bool is_shown = shows_grant(connector, made.grants[i].granted, image.now);
      known[i] = is_shown ? reserves[i] : transition::promised(connector);
    }
    const auto& of_known = splitter.reserved(known);
    known_loads.assign(of_known.begin(), of_known.end());
    watched.reserved = reserved_loads;
    watched.known = known_loads;
    watched.undrawn = splitter.reserved(undrawn);
  }
  limits::watch_nodes(violating, *topology, made.bounds, watched, image.now, memory.nodes,
                      made.violations);
  for (std::size_t i = 0; i < asks.size(); ++i) {
    const auto& connector = image.connectors[i];
    const auto& since = connector.overdraws_since;
    const auto read_at = transition::measured_at(connector, image.now);
    if (!made.is_fixed[i] || !connector.is_disobeying || !since) continue;
    made.violations.push_back(limits::disobedience(
        violating, topology->connectors[i].id.text(), connector.told, connector.drawn,
        *since, std::max(read_at, *since)));
  }
}

} // namespace busbar::control
