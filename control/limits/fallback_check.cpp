#include "control/limits/fallback_check.hpp"

#include "control/limits/lasting_limits.hpp"
#include "control/limits/unmanaged_count.hpp"
#include "domain/current_text.hpp"

#include <algorithm>
#include <optional>

namespace busbar::control::limits {

using domain::binding_line;
using domain::milliamperes;

namespace {

/// The bound that `load` exceeds most.
std::optional<fallback_fault> worst_fault(const node_limits& limits,
                                          const distribution::node_load& load) {
  std::optional<fallback_fault> worst;
  for (const auto which : every_line) {
    const bound* bound = limits.find(which);
    const std::int64_t sum = load_on(load, which);
    if (!bound || sum <= bound->allowed - bound->used) continue;
    const bool is_power = which == binding_line::power;
    if (worst && (is_power || sum - bound->left <= worst->sum - worst->allowed)) continue;
    worst = {{}, which, bound->source, sum, bound->used, bound->allowed, bound->left,
             {}};
  }
  return worst;
}

/// A declared maximum that alone is more than a line of its node may carry. Where its meter is lost
/// no more counts than the node carries, so no sum shows it.
std::optional<fallback_fault> declared_fault(const domain::node& node, const node_limits& limits) {
  std::optional<fallback_fault> worst;
  if (!node.has_meter || !node.unmanaged_max || !limits.line) return worst;
  for (const auto line : domain::all_lines) {
    const auto i = domain::index_of(line);
    const auto& bound = (*limits.line)[i];
    const auto declared = (*node.unmanaged_max)[i].count();
    if (declared <= bound.allowed || (worst && declared <= worst->unmanaged)) continue;
    worst = {{}, static_cast<binding_line>(i + 1), bound.source, 0, declared, bound.allowed, 0, {}};
  }
  return worst;
}

bool is_below(const domain::site& site, std::size_t connector, domain::node_index node) {
  std::optional at{site.stations[site.connectors[connector].station.value()].parent};
  while (at && *at != node) at = site.nodes[at->value()].parent;
  return at.has_value();
}

/// What fits at one node, by its own bounds.
class fitting {
public:
  fitting(const domain::site& site, distribution::splitter& splitter, domain::node_index node,
          const node_limits& limits)
      : splitter_(splitter), bounds_(site.nodes.size()), currents_(fallback_currents(site)) {
    bounds_[node.value()] = bounds_of(limits);
    for (std::size_t i = 0; i < currents_.size(); ++i) {
      if (!is_below(site, i, node)) currents_[i] = milliamperes{};
      minima_.push_back(site.connectors[i].current_min);
    }
  }

  [[nodiscard]] fitting_fallbacks find() {
    fitting_fallbacks found;
    splitter_.begin_admission(std::vector<milliamperes>(currents_.size()), bounds_);
    for (std::size_t i = 0; i < currents_.size(); ++i) {
      if (currents_[i].is_zero()) continue;
      ++found.connectors;
      found.are_alike &= found.connectors == 1 || currents_[i] == found.largest;
      found.largest = std::max(found.largest, currents_[i]);
      found.least = std::max(found.least, minima_[i]);
      if (!splitter_.try_raise(domain::connector_index{i}, currents_[i])) ++found.fitting;
    }
    constexpr std::int64_t tenth = 100;
    std::int64_t low = 0;
    std::int64_t high = found.largest.count() / tenth + 1;
    while (high - low > 1) {
      const auto middle = (low + high) / 2;
      (fits_at(milliamperes{middle * tenth}) ? low : high) = middle;
    }
    found.each = milliamperes{low * tenth};
    return found;
  }

private:
  [[nodiscard]] bool fits_at(milliamperes most) {
    auto lowered = currents_;
    for (auto& each : lowered) each = std::min(each, most);
    return splitter_.fits(lowered, bounds_);
  }

  distribution::splitter& splitter_;
  std::vector<distribution::node_bounds> bounds_;
  std::vector<milliamperes> currents_;
  std::vector<milliamperes> minima_;
};

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

std::vector<node_image> declared_load(const domain::site& site) {
  std::vector<node_image> images(site.nodes.size());
  for (std::size_t i = 0; i < images.size(); ++i) {
    const auto& node = site.nodes[i];
    if (node.has_meter && node.unmanaged_max) images[i].knowledge = unmanaged_knowledge::lost;
    if (!node.unmanaged) continue;
    images[i].knowledge = unmanaged_knowledge::known;
    images[i].unmanaged = *node.unmanaged;
  }
  return images;
}

std::vector<fallback_fault> check_fallbacks(const domain::site& site) {
  std::vector<fallback_fault> faults;
  distribution::splitter splitter{site};
  unmanaged_count unmanaged{site};
  const auto loads = splitter.reserved(fallback_currents(site));
  const auto uses = unmanaged.of(declared_load(site));
  for (std::size_t i = 0; i < site.nodes.size(); ++i) {
    node_limits limits = lasting_limits(site.nodes[i]);
    subtract_unmanaged(limits, site.nodes[i], uses[i]);
    auto fault = worst_fault(limits, loads[i]);
    if (!fault) fault = declared_fault(site.nodes[i], limits);
    if (!fault) continue;
    fault->node = domain::node_index{i};
    fault->fits = fitting{site, splitter, fault->node, limits}.find();
    faults.push_back(*fault);
  }
  return faults;
}

std::string text_of(const fallback_fault& fault, const domain::site& site) {
  const bool is_power = fault.line == binding_line::power;
  const auto text = [is_power](std::int64_t value) {
    return is_power ? std::to_string(value) + " W" : domain::text_of(milliamperes{value});
  };
  std::string line = site.nodes[fault.node.value()].id.text() + " " + name_of(fault.line) + ": ";
  if (fault.sum == 0)
    return line + "unmanaged load " + text(fault.unmanaged) + ", " + name_of(fault.source) +
           " allows " + text(fault.limit) + "; it alone is more than that";
  line += "fallbacks " + text(fault.sum);
  if (fault.unmanaged > 0)
    line += " beside " + text(fault.unmanaged) + " of unmanaged load";
  line += std::string{", "} + name_of(fault.source) + " allows " + text(fault.limit);
  line += "; " + std::to_string(fault.fits.fitting) + " of " +
          std::to_string(fault.fits.connectors) + " connectors at " +
          (fault.fits.are_alike ? domain::text_of(fault.fits.largest) : "their fallbacks") +
          " would fit";
  if (fault.fits.each.is_zero()) return line;
  line += std::string{", or "} + (fault.fits.are_alike ? "" : "at most ");
  line += domain::text_of(fault.fits.each) + " each";
  if (fault.fits.each >= fault.fits.least) return line;
  return line + " (below a connector's minimum, " + domain::text_of(fault.fits.least) + ")";
}

} // namespace busbar::control::limits
