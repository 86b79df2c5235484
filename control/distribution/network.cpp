#include "control/distribution/network.hpp"
#include "control/distribution/worst_draw.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <tuple>
#include <utility>

namespace busbar::control::distribution {

namespace {

using domain::binding_line;

/// Voltages of the part of a site between two transformers, rounded up.
struct voltage_level {
  std::uint64_t microvolts_to_neutral = 0;
  std::uint64_t microvolts_between_lines = 0;
  std::uint64_t microvolts_three_phase = 0;
};

std::uint64_t root_ceil(unsigned_wide square) {
  const std::uint64_t root = root_floor(square);
  return unsigned_wide{root} * root == square ? root : root + 1;
}

voltage_level service_level(domain::millivolts nominal) {
  const auto volts = static_cast<unsigned_wide>(nominal.count()) * 1000;
  return {static_cast<std::uint64_t>(volts), root_ceil(3 * volts * volts),
          static_cast<std::uint64_t>(3 * volts)};
}

voltage_level secondary_level(domain::millivolts secondary) {
  const auto volts = static_cast<unsigned_wide>(secondary.count()) * 1000;
  return {root_ceil((volts * volts + 2) / 3), static_cast<std::uint64_t>(volts),
          root_ceil(3 * volts * volts)};
}

/// Angles of the lines to neutral, in steps of 30 degrees: 0, 240, 120.
phasor line_direction(std::size_t line) { return unit_at(line == 0 ? 0 : (line == 1 ? 8 : 4)); }

/// How one milliampere of `connector` loads the lines where it hangs.
load_class class_of(const domain::connector& connector, const voltage_level& level) {
  load_class result;
  const bool is_three_phase = connector.line_count >= 3;
  if (connector.wiring == domain::connection::delta && !is_three_phase) {
    // From line `first` to its successor (1 -> 2 -> 3 -> 1): the order of the two does not matter.
    assert(connector.line_count == 2);
    std::size_t first = domain::index_of(connector.lines[0]);
    const std::size_t other = domain::index_of(connector.lines[1]);
    if ((first + 1) % 3 != other) first = other;
    const phasor between = first == 0 ? unit_at(1) : (first == 1 ? unit_at(9) : unit_at(5));
    result.lines[first] = between;
    result.lines[(first + 1) % 3] = -between;
    result.microvolts = level.microvolts_between_lines;
    return result;
  }
  const std::size_t count = std::min<std::size_t>(connector.line_count, 3);
  for (std::size_t k = 0; k < count; ++k) {
    const auto line = domain::index_of(connector.lines[k]);
    result.lines[line] = line_direction(line);
  }
  result.microvolts =
      is_three_phase ? level.microvolts_three_phase : count * level.microvolts_to_neutral;
  return result;
}

class compiler {
public:
  explicit compiler(const domain::site& site) : site_(site) { out_.ratios.push_back({}); }

  network compile() {
    place_nodes();
    place_rows();
    collect_classes();
    flatten_slots();
    for (std::uint32_t p = 0; p < out_.nodes.size(); ++p) add_gauges(p);
    return std::move(out_);
  }

private:
  void place_nodes();
  void place_rows();
  void add_classes_of_lines(std::uint32_t position, const domain::connector& facts);
  void collect_classes();
  void flatten_slots();
  void add_gauges(std::uint32_t position);
  void add_line_gauge(std::uint32_t position, binding_line which, std::size_t line,
                      const std::vector<load_class>& seen);
  void take_rays(gauge& added, std::vector<load_ray> rays);
  void add_power_gauge(std::uint32_t position);
  void add_balance_gauges(std::uint32_t position);
  void add_gauge(const gauge& added);
  std::uint32_t add_class(std::uint32_t position, const load_class& added);
  std::uint32_t index_of_ratio(ratio wanted);
  load_class through(const domain::transformer_data& transformer, load_class below);

  const domain::site& site_;
  network out_;
  std::vector<voltage_level> levels_;
  /// By position: the classes seen there, and for each the index of its class at the parent.
  std::vector<std::vector<load_class>> classes_;
  std::vector<std::vector<std::uint32_t>> class_above_;
  /// By row: the connector's class at its own node.
  std::vector<std::uint32_t> row_class_;
  /// The same on its first line alone, where its station can switch phases; else none.
  std::vector<std::uint32_t> row_class_one_;
  /// By position and lines: the class that loads those lines alone; else none.
  std::vector<std::array<std::uint32_t, every_line_bit + 1>> class_of_lines_;
};

void compiler::place_nodes() {
  const std::size_t count = site_.nodes.size();
  std::vector<std::vector<std::uint32_t>> children(count);
  for (std::uint32_t n = 1; n < count; ++n) {
    assert(site_.nodes[n].parent && site_.nodes[n].parent->value() < n);
    children[site_.nodes[n].parent->value()].push_back(n);
  }
  out_.position_of_node.resize(count);
  levels_.resize(count);
  std::vector<std::uint32_t> open;
  if (count > 0) open.push_back(0);
  while (!open.empty()) {
    const std::uint32_t n = open.back();
    open.pop_back();
    const auto position = static_cast<std::uint32_t>(out_.nodes.size());
    out_.position_of_node[n] = position;
    network_node placed{.node = n, .end_position = position + 1};
    if (n != 0) placed.parent = out_.position_of_node[site_.nodes[n].parent->value()];
    const auto& transformer = site_.nodes[n].transformer;
    levels_[position] = transformer             ? secondary_level(transformer->secondary)
                        : placed.parent == none ? service_level(site_.nominal)
                                                : levels_[placed.parent];
    out_.nodes.push_back(placed);
    open.insert(open.end(), children[n].rbegin(), children[n].rend());
  }
  for (std::size_t p = count; p-- > 1;) {
    auto& parent = out_.nodes[out_.nodes[p].parent];
    parent.end_position = std::max(parent.end_position, out_.nodes[p].end_position);
  }
}

void compiler::place_rows() {
  const std::size_t count = site_.connectors.size();
  std::vector<std::uint32_t> position(count);
  for (std::size_t c = 0; c < count; ++c) {
    const auto& station = site_.stations[site_.connectors[c].station.value()];
    position[c] = out_.position_of_node[station.parent.value()];
  }
  out_.row_connector.resize(count);
  std::iota(out_.row_connector.begin(), out_.row_connector.end(), 0U);
  std::stable_sort(out_.row_connector.begin(), out_.row_connector.end(),
                   [&](std::uint32_t x, std::uint32_t y) { return position[x] < position[y]; });
  out_.row_of_connector.resize(count);
  out_.changes_at_once = site_.lines.changes_at_once;
  classes_.resize(out_.nodes.size());
  class_above_.resize(out_.nodes.size());
  class_of_lines_.resize(out_.nodes.size());
  for (auto& each : class_of_lines_) each.fill(none);
  std::uint32_t row = 0;
  for (std::uint32_t p = 0; p < out_.nodes.size(); ++p) {
    out_.nodes[p].first_row = row;
    for (; row < count && position[out_.row_connector[row]] == p; ++row) {
      const std::uint32_t connector = out_.row_connector[row];
      out_.row_of_connector[connector] = row;
      const auto& facts = site_.connectors[connector];
      row_class_.push_back(add_class(p, class_of(facts, levels_[p])));
      row_class_one_.push_back(none);
      out_.row_can_spare.push_back(domain::may_use_fewer_lines(site_, facts));
      if (out_.row_can_spare.back()) add_classes_of_lines(p, facts);
      if (!facts.can_switch_phases) continue;
      auto on_one_line = facts;
      on_one_line.line_count = 1;
      row_class_one_.back() = add_class(p, class_of(on_one_line, levels_[p]));
    }
    out_.nodes[p].end_row_below = row;
  }
  for (std::size_t p = out_.nodes.size(); p-- > 1;) {
    auto& parent = out_.nodes[out_.nodes[p].parent];
    parent.end_row_below = std::max(parent.end_row_below, out_.nodes[p].end_row_below);
  }
}

void compiler::add_classes_of_lines(std::uint32_t position, const domain::connector& facts) {
  auto& known = class_of_lines_[position];
  if (known[every_line_bit] != none) return;
  for (unsigned lines = 1; lines <= every_line_bit; ++lines) {
    auto on_those = facts;
    on_those.line_count = 0;
    for (std::size_t k = 0; k < 3; ++k)
      if ((lines >> k & 1U) != 0) on_those.lines[on_those.line_count++] = domain::all_lines[k];
    known[lines] = add_class(position, class_of(on_those, levels_[position]));
  }
}

std::uint32_t compiler::add_class(std::uint32_t position, const load_class& added) {
  auto& classes = classes_[position];
  const auto found = std::find(classes.begin(), classes.end(), added);
  if (found != classes.end()) return static_cast<std::uint32_t>(found - classes.begin());
  classes.push_back(added);
  return static_cast<std::uint32_t>(classes.size() - 1);
}

std::uint32_t compiler::index_of_ratio(ratio wanted) {
  const auto divisor = std::gcd(wanted.over, wanted.under);
  wanted = {wanted.over / divisor, wanted.under / divisor};
  const auto found = std::find(out_.ratios.begin(), out_.ratios.end(), wanted);
  if (found != out_.ratios.end()) {
    return static_cast<std::uint32_t>(found - out_.ratios.begin());
  }
  out_.ratios.push_back(wanted);
  return static_cast<std::uint32_t>(out_.ratios.size() - 1);
}

/// A product of ratios in lowest terms; rounded up where it needs more than 60 bits.
ratio times(ratio x, ratio y) {
  auto over = unsigned_wide{x.over} * y.over;
  auto under = unsigned_wide{x.under} * y.under;
  const auto divide = [&](std::uint64_t left, std::uint64_t right) {
    const auto divisor = std::gcd(left, right);
    over /= divisor;
    under /= divisor;
  };
  divide(x.over, y.under);
  divide(y.over, x.under);
  while ((over >> 60) != 0 || (under >> 60) != 0) {
    over = (over + 1) / 2;
    under = std::max<unsigned_wide>(under / 2, 1);
  }
  return {static_cast<std::uint64_t>(over), static_cast<std::uint64_t>(under)};
}

/// The same load as the primary side of `transformer` sees it.
load_class compiler::through(const domain::transformer_data& transformer, load_class below) {
  const auto secondary = static_cast<std::uint64_t>(transformer.secondary.count());
  const auto primary =
      transformer.primary ? static_cast<std::uint64_t>(transformer.primary->count()) : secondary;
  ratio step{secondary, primary};
  load_class above = below;
  if (transformer.connection == domain::winding::delta_wye) {
    // 1 / sqrt3 is sqrt3 / 3: the 3 goes into the ratio unless it divides the phasors.
    for (std::size_t k = 0; k < 3; ++k) {
      above.lines[k] = (below.lines[k] - below.lines[(k + 2) % 3]).turned().times_root3();
    }
    const bool divides = std::all_of(above.lines.begin(), above.lines.end(),
                                     [](phasor line) { return line.is_multiple_of_3(); });
    if (divides) {
      for (auto& line : above.lines) line = line.third();
    } else {
      step.under *= 3;
    }
  }
  above.ratio_index = index_of_ratio(times(out_.ratios[below.ratio_index], step));
  return above;
}

void compiler::collect_classes() {
  for (std::uint32_t p = static_cast<std::uint32_t>(out_.nodes.size()); p-- > 1;) {
    const auto& transformer = site_.nodes[out_.nodes[p].node].transformer;
    for (const auto& seen : classes_[p]) {
      const load_class above = transformer ? through(*transformer, seen) : seen;
      class_above_[p].push_back(add_class(out_.nodes[p].parent, above));
    }
  }
}

void compiler::flatten_slots() {
  for (std::uint32_t p = 0; p < out_.nodes.size(); ++p) {
    auto& node = out_.nodes[p];
    node.first_slot = static_cast<std::uint32_t>(out_.slot_parent.size());
    for (std::size_t k = 0; k < classes_[p].size(); ++k) {
      const bool is_root = node.parent == none;
      out_.slot_parent.push_back(is_root ? none
                                         : out_.nodes[node.parent].first_slot + class_above_[p][k]);
      out_.slot_position.push_back(p);
      out_.slot_microvolts.push_back(classes_[p][k].microvolts);
    }
    node.end_slot = static_cast<std::uint32_t>(out_.slot_parent.size());
  }
  for (auto& node : out_.nodes) {
    node.end_slot_below = out_.nodes[node.end_position - 1].end_slot;
  }
  for (std::uint32_t p = 0; p < out_.nodes.size(); ++p) {
    auto& slots = out_.slot_of_lines.emplace_back();
    for (std::size_t lines = 0; lines < slots.size(); ++lines) {
      const auto index = class_of_lines_[p][lines];
      slots[lines] = index == none ? none : out_.nodes[p].first_slot + index;
    }
  }
  out_.row_spared.resize(row_class_.size(), 0);
  out_.sparing_rows.reserve(row_class_.size());
  out_.slot_gauges.resize(out_.slot_parent.size(), 0);
  out_.row_slot.resize(row_class_.size());
  for (std::uint32_t row = 0; row < row_class_.size(); ++row) {
    const auto& station = site_.stations[site_.connectors[out_.row_connector[row]].station.value()];
    const auto position = out_.position_of_node[station.parent.value()];
    const auto first_slot = out_.nodes[position].first_slot;
    const bool switches = row_class_one_[row] != none;
    out_.row_slot[row] = first_slot + row_class_[row];
    out_.row_slot_one.push_back(switches ? first_slot + row_class_one_[row] : none);
    out_.row_slot_all.push_back(switches ? out_.row_slot[row] : none);
  }
}

void compiler::add_gauges(std::uint32_t position) {
  auto& node = out_.nodes[position];
  node.first_gauge = static_cast<std::uint32_t>(out_.gauges.size());
  constexpr std::array own{binding_line::l1, binding_line::l2, binding_line::l3};
  for (std::size_t k = 0; k < 3; ++k) add_line_gauge(position, own[k], k, classes_[position]);
  if (const auto& transformer = site_.nodes[node.node].transformer) {
    std::vector<load_class> seen;
    for (const auto& below : classes_[position]) seen.push_back(through(*transformer, below));
    constexpr std::array primary{binding_line::primary_l1, binding_line::primary_l2,
                                 binding_line::primary_l3};
    for (std::size_t k = 0; k < 3; ++k) add_line_gauge(position, primary[k], k, seen);
  }
  add_power_gauge(position);
  if (site_.nodes[node.node].protection.imbalance) add_balance_gauges(position);
  node.end_gauge = static_cast<std::uint32_t>(out_.gauges.size());
}

void compiler::add_line_gauge(std::uint32_t position, binding_line which, std::size_t line,
                              const std::vector<load_class>& seen) {
  gauge added{.position = position, .line = which};
  added.first_term = static_cast<std::uint32_t>(out_.terms.size());
  std::vector<load_ray> rays;
  for (std::uint32_t k = 0; k < seen.size(); ++k) {
    const phasor direction = seen[k].lines[line];
    if (direction.is_zero()) continue;
    auto found = std::find_if(rays.begin(), rays.end(), [&](const load_ray& known) {
      return known.direction == direction && known.ratio_index == seen[k].ratio_index;
    });
    if (found == rays.end()) found = rays.insert(found, {direction, seen[k].ratio_index, 0});
    out_.terms.push_back(
        {out_.nodes[position].first_slot + k, static_cast<std::uint32_t>(found - rays.begin())});
  }
  added.end_term = static_cast<std::uint32_t>(out_.terms.size());
  std::stable_sort(out_.terms.begin() + added.first_term, out_.terms.end(),
                   [](const term& x, const term& y) { return x.ray < y.ray; });
  take_rays(added, std::move(rays));
  add_gauge(added);
}

void compiler::take_rays(gauge& added, std::vector<load_ray> rays) {
  const bool is_same = std::all_of(rays.begin(), rays.end(), [&](const load_ray& each) {
    return each.ratio_index == rays.front().ratio_index;
  });
  if (is_same && !rays.empty()) {
    added.ratio_index = rays.front().ratio_index;
    for (auto& each : rays) each.ratio_index = 0;
  }
  added.is_linear = rays.empty() || (rays.size() == 1 && rays.front().direction.is_unit());
  std::vector<phasor> angles;
  for (auto& each : rays) {
    const auto found = std::find_if(angles.begin(), angles.end(), [&](phasor known) {
      return sign_of_cross(known, each.direction) == 0 && sign_of_dot(known, each.direction) > 0;
    });
    each.angle = static_cast<std::uint32_t>(found - angles.begin());
    if (found == angles.end()) angles.push_back(each.direction);
  }
  assert(angles.size() <= angles_max);
  const auto append = [](auto& all, const auto& some) {
    const auto from = static_cast<std::uint32_t>(all.size());
    all.insert(all.end(), some.begin(), some.end());
    return std::pair(from, static_cast<std::uint32_t>(all.size()));
  };
  const auto subsets = angles.size() == 1 ? std::vector<std::uint64_t>{1} : worst_subsets(angles);
  std::tie(added.first_ray, added.end_ray) = append(out_.rays, rays);
  std::tie(added.first_angle, added.end_angle) = append(out_.angles, angles);
  std::tie(added.first_subset, added.end_subset) = append(out_.subsets, subsets);
}

void compiler::add_power_gauge(std::uint32_t position) {
  const auto& node = out_.nodes[position];
  gauge added{.position = position, .line = binding_line::power};
  added.first_term = static_cast<std::uint32_t>(out_.terms.size());
  for (std::uint32_t slot = node.first_slot; slot < node.end_slot; ++slot) {
    out_.terms.push_back({slot, 0});
  }
  added.end_term = static_cast<std::uint32_t>(out_.terms.size());
  add_gauge(added);
}

/// The same on all three lines, 120 degrees apart: it changes no difference between them.
bool is_balanced(const load_class& load) {
  const auto [l1, l2, l3] = load.lines;
  const auto is_as_long = [](phasor x, phasor y) { return sign_of_dot(x + y, x - y) == 0; };
  return (l1 + l2 + l3).is_zero() && is_as_long(l1, l2) && is_as_long(l2, l3);
}

void compiler::add_balance_gauges(std::uint32_t position) {
  auto seen = classes_[position];
  for (auto& each : seen)
    if (is_balanced(each)) each.lines.fill({});
  constexpr std::array balance{binding_line::balance_l1, binding_line::balance_l2,
                               binding_line::balance_l3};
  for (std::size_t k = 0; k < 3; ++k) add_line_gauge(position, balance[k], k, seen);
}

void compiler::add_gauge(const gauge& added) {
  const auto place = out_.gauges.size() - out_.nodes[added.position].first_gauge;
  for (std::uint32_t t = added.first_term; t < added.end_term; ++t) {
    out_.slot_gauges[out_.terms[t].slot] |= static_cast<gauge_mask>(1U << place);
  }
  out_.gauges.push_back(added);
}

} // namespace

network compile(const domain::site& site) { return compiler(site).compile(); }

} // namespace busbar::control::distribution
