#include "control/limits/fallback_check.hpp"

#include "control/limits/lasting_limits.hpp"

#include <algorithm>

namespace busbar::control::limits {

using domain::binding_line;

namespace {

/// A meter that has yet to speak is not held against the site file: what it will measure is
/// unmanaged load of that moment, seen by the planner.
node_image declared(const domain::node& node) {
  node_image image;
  if (!node.unmanaged) return image;
  image.knowledge = unmanaged_knowledge::known;
  image.unmanaged = *node.unmanaged;
  return image;
}

} // namespace

std::vector<domain::milliamperes> fallback_currents(const domain::site& site) {
  std::vector<domain::milliamperes> currents;
  currents.reserve(site.connectors.size());
  for (const auto& connector : site.connectors) {
    const auto& fallback = site.stations[connector.station.value()].when_lost;
    currents.push_back(std::min(fallback.current, connector.current_max));
  }
  return currents;
}

std::vector<fallback_fault> check_fallbacks(const domain::site& site) {
  std::vector<fallback_fault> faults;
  distribution::splitter splitter{site};
  const auto& loads = splitter.reserved(fallback_currents(site));
  const auto voltages = voltages_of(site);
  for (std::size_t i = 0; i < site.nodes.size(); ++i) {
    const auto& node = site.nodes[i];
    node_limits limits = lasting_limits(node);
    subtract_unmanaged(limits, node, declared(node), voltages[i]);
    for (const auto which : every_line) {
      const bound* bound = limits.find(which);
      const std::int64_t sum = load_on(loads[i], which);
      if (bound && sum > bound->left)
        faults.push_back({domain::node_index{i}, which, bound->source, sum, bound->left});
    }
  }
  return faults;
}

std::string text_of(const fallback_fault& fault, const domain::site& site) {
  const std::string unit = fault.line == binding_line::power ? " W" : " mA";
  return site.nodes[fault.node.value()].id.text() + " " + name_of(fault.line) + ": fallbacks " +
         std::to_string(fault.sum) + unit + ", " + name_of(fault.source) + " allows " +
         std::to_string(fault.allowed) + unit;
}

} // namespace busbar::control::limits
