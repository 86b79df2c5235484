#include "simulator/wiring.hpp"

#include <cassert>
#include <cmath>

namespace busbar::simulator {

namespace {

using domain::milliamperes;
using domain::millivolts;

constexpr double sqrt3 = 1.7320508075688772;
constexpr double half_sqrt3 = sqrt3 / 2;

/// Line to neutral at 0, -120, 120 degrees.
constexpr std::array<phasor, 3> wye_angle{{{1, 0}, {-0.5, -half_sqrt3}, {-0.5, half_sqrt3}}};
/// L1 to L2, L2 to L3, L3 to L1 at 30, -90, 150 degrees.
constexpr std::array<phasor, 3> delta_angle{{{half_sqrt3, 0.5}, {0, -1}, {-half_sqrt3, 0.5}}};

phasor operator+(phasor a, phasor b) { return {a.x + b.x, a.y + b.y}; }
phasor operator-(phasor a, phasor b) { return {a.x - b.x, a.y - b.y}; }
phasor operator*(double k, phasor a) { return {k * a.x, k * a.y}; }

millivolts to_neutral(millivolts line_to_line) {
  return millivolts{std::llround(static_cast<double>(line_to_line.count()) / sqrt3)};
}

/// The pair of neighbours (L1-L2: 0, L2-L3: 1, L3-L1: 2) that two lines make.
std::size_t pair_of(std::size_t a, std::size_t b) {
  const std::size_t sum = a + b;
  return sum == 1 ? 0 : sum == 3 ? 1 : 2;
}

void add_load(node_flow& into, const domain::connector& at, const load& what) {
  const auto size = static_cast<double>(what.is_export ? -what.current.count()
                                                       : what.current.count());
  if (at.wiring == domain::connection::delta) {
    const std::size_t pair = pair_of(index_of(at.lines[0]), index_of(at.lines[1]));
    const phasor through = size * delta_angle[pair];
    into.lines[pair] = into.lines[pair] + through;
    into.lines[(pair + 1) % 3] = into.lines[(pair + 1) % 3] - through;
    return;
  }
  for (std::uint8_t phase = 0; phase < what.phases; ++phase) {
    const std::size_t line = index_of(at.lines[phase]);
    into.lines[line] = into.lines[line] + size * wye_angle[line];
  }
}

/// Into the primary winding's own angles: V(L1-L2) of a delta primary stands over V(L1-N) of its
/// wye secondary, so that the primary's neutral lies 30 degrees behind.
phasor turned_30(phasor a) {
  return {half_sqrt3 * a.x - 0.5 * a.y, 0.5 * a.x + half_sqrt3 * a.y};
}

void pass_up(node_flow& flow, const domain::node& node) {
  flow.upstream = flow.lines;
  if (!node.transformer) return;
  const auto& data = *node.transformer;
  const auto secondary = static_cast<double>(data.secondary.count());
  const auto primary = static_cast<double>(data.primary.value_or(data.secondary).count());
  const double ratio = secondary / primary;
  for (std::size_t line = 0; line < 3; ++line) {
    if (data.connection == domain::winding::delta_wye)
      flow.upstream[line] =
          (ratio / sqrt3) * turned_30(flow.lines[line] - flow.lines[(line + 2) % 3]);
    else
      flow.upstream[line] = ratio * flow.lines[line];
  }
}

} // namespace

millivolts voltage_at(const domain::site& site, domain::node_index node) {
  for (std::optional<domain::node_index> at = node; at; at = site.nodes[at->value()].parent)
    if (const auto& transformer = site.nodes[at->value()].transformer)
      return to_neutral(transformer->secondary);
  return site.nominal;
}

supply supply_of(const domain::site& site, domain::connector_index connector) {
  const auto& at = site.connectors[connector.value()];
  const auto voltage = voltage_at(site, site.stations[at.station.value()].parent);
  supply offered;
  offered.is_dc = at.kind == domain::current_kind::dc;
  offered.is_delta = at.wiring == domain::connection::delta;
  offered.phases = offered.is_delta ? std::uint8_t{1} : at.line_count;
  offered.current_min = at.current_min;
  offered.voltage = voltage;
  if (offered.is_delta)
    offered.voltage = millivolts{std::llround(static_cast<double>(voltage.count()) * sqrt3)};
  return offered;
}

std::int64_t milliwatts(const supply& from, std::uint8_t phases, milliamperes current) {
  return current.count() * from.voltage.count() / 1000 * phases;
}

milliamperes magnitude(const phasor& current) {
  const double size = std::sqrt(current.x * current.x + current.y * current.y);
  return milliamperes{static_cast<std::int64_t>(std::ceil(size - 1e-3))};
}

milliamperes metered(const phasor& current, domain::line which) {
  const auto& voltage = wye_angle[domain::index_of(which)];
  const double active = current.x * voltage.x + current.y * voltage.y;
  return active < 0 ? -magnitude(current) : magnitude(current);
}

std::vector<node_flow>
flow_of(const domain::site& site, const std::vector<load>& loads,
        const std::vector<domain::per_line<milliamperes>>& base) {
  assert(base.size() == site.nodes.size());
  std::vector<node_flow> flows(site.nodes.size());
  for (const auto& what : loads) {
    const auto& at = site.connectors[what.connector.value()];
    auto& flow = flows[site.stations[at.station.value()].parent.value()];
    add_load(flow, at, what);
    const auto power = milliwatts(supply_of(site, what.connector), what.phases, what.current);
    flow.power_mw += what.is_export ? -power : power;
  }
  // Parents stand before their children: from the last to the first, every node is complete when
  // its turn comes.
  for (std::size_t n = site.nodes.size(); n-- > 0;) {
    const auto& node = site.nodes[n];
    const auto volts = voltage_at(site, domain::node_index{n}).count();
    for (std::size_t line = 0; line < 3; ++line) {
      const auto& unmanaged = base[n][line];
      flows[n].lines[line] =
          flows[n].lines[line] + static_cast<double>(unmanaged.count()) * wye_angle[line];
      flows[n].power_mw += unmanaged.count() * volts / 1000;
    }
    pass_up(flows[n], node);
    if (!node.parent) continue;
    auto& parent = flows[node.parent->value()];
    for (std::size_t line = 0; line < 3; ++line)
      parent.lines[line] = parent.lines[line] + flows[n].upstream[line];
    parent.power_mw += flows[n].power_mw;
  }
  return flows;
}

} // namespace busbar::simulator
