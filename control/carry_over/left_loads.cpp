#include "control/carry_over/left_loads.hpp"

#include "control/carry_over/place_match.hpp"
#include "control/limits/node_voltage.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <tuple>
#include <utility>

namespace busbar::control::carry_over {

namespace {

using domain::left_load;
using domain::milliamperes;
using domain::node_index;

constexpr std::size_t owners_listed_max = 5;

milliamperes highest_of(const left_load& load) {
  return std::max({load.line[0], load.line[1], load.line[2]});
}

/// Those of one owner together, the largest one first.
bool is_before(const left_load& one, const left_load& other) {
  if (!one.of || !other.of) return !one.of && other.of;
  return std::tuple{one.of->station, one.of->connector, highest_of(other), other.of->until,
                    one.node} <
         std::tuple{other.of->station, other.of->connector, highest_of(one), one.of->until,
                    other.node};
}

bool is_of_same(const left_load& one, const left_load& other) {
  return one.of && other.of && one.of->station == other.of->station &&
         one.of->connector == other.of->connector;
}

bool counts_at(const domain::site& site, const left_load& load, node_index node) {
  for (std::optional at{load.node}; at; at = site.nodes[at->value()].parent) {
    if (load.of->ends_below == at) return false;
    if (*at == node) return true;
  }
  return false;
}

class settler {
public:
  explicit settler(const domain::site& site) : site_(site) {
    for (const auto& each : limits::voltages_of(site))
      voltages_.push_back(limits::to_neutral(each));
    for (const auto& each : site.connectors)
      by_id_.emplace(std::pair{site.stations[each.station.value()].id, each.id}, &each);
  }

  /// `settled`: of the same owner. Where it ends is kept from none of the times before.
  void settle(left_load& load, std::span<const left_load> settled) const {
    load.of->ends_below.reset();
    const auto own = place_of(*load.of);
    for (std::optional at{load.node}; at; at = site_.nodes[at->value()].parent) {
      const auto is_enough = [&](const left_load& other) {
        return is_no_smaller(other, load) && counts_at(site_, other, *at);
      };
      const bool ends = (own && is_at_or_above(site_, *at, *own)) ||
                        std::ranges::any_of(settled, is_enough);
      if (ends) load.of->ends_below = at;
      if (ends) return;
    }
  }

  /// Its owner counts itself at its node.
  [[nodiscard]] bool is_counted(const left_load& load) const {
    const auto own = load.of ? place_of(*load.of) : std::nullopt;
    return own && is_at_or_above(site_, load.node, *own);
  }

private:
  [[nodiscard]] std::optional<node_index> place_of(const domain::left_owner& owner) const {
    const auto found = by_id_.find({owner.station, owner.connector});
    if (found == by_id_.end() || wiring_of(*found->second) != owner.wiring) return std::nullopt;
    return site_.stations[found->second->station.value()].parent;
  }

  /// And so above both, too: what flows there depends on the voltage.
  [[nodiscard]] bool is_no_smaller(const left_load& other, const left_load& load) const {
    for (std::size_t line = 0; line < 3; ++line)
      if (other.line[line] < load.line[line]) return false;
    return voltages_[other.node.value()] == voltages_[load.node.value()];
  }

  const domain::site& site_;
  /// By node, line to neutral.
  std::vector<domain::millivolts> voltages_;
  std::map<std::pair<domain::station_id, domain::connector_id>, const domain::connector*> by_id_;
};

/// By node, without owners.
void merge(std::vector<left_load>& loads) {
  std::map<node_index, domain::per_line<milliamperes>> sums;
  for (const auto& load : loads)
    for (std::size_t line = 0; line < 3; ++line) sums[load.node][line] += load.line[line];
  loads.clear();
  for (const auto& [node, line] : sums) loads.push_back({node, line, std::nullopt});
}

} // namespace

void settle(const domain::site& site, std::vector<left_load>& loads) {
  if (loads.empty()) return;
  if (loads.size() > named_loads_max) return merge(loads);
  std::ranges::stable_sort(loads, is_before);
  const settler each{site};
  std::size_t first = 0;
  for (std::size_t i = 0; i < loads.size(); ++i) {
    if (!loads[i].of) continue;
    if (!is_of_same(loads[first], loads[i])) first = i;
    each.settle(loads[i], std::span{loads}.subspan(first, i - first));
  }
  std::erase_if(loads, [&](const auto& load) { return each.is_counted(load); });
  std::ranges::stable_sort(loads, {}, &left_load::node);
}

std::string owners_of(const std::vector<left_load>& loads) {
  std::set<std::string> names;
  for (const auto& load : loads)
    if (load.of) names.insert(load.of->station.text() + "/" + load.of->connector.text());
  std::string text;
  std::size_t count = 0;
  for (const auto& name : names)
    if (++count <= owners_listed_max) text += (text.empty() ? "" : ", ") + name;
  if (count > owners_listed_max)
    text += " and " + std::to_string(count - owners_listed_max) + " more";
  return text;
}

} // namespace busbar::control::carry_over
