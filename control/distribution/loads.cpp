#include "control/distribution/loads.hpp"

#include <bit>
#include <cassert>

namespace busbar::control::distribution {

namespace {

/// The gauge's limit for `holds`. Below zero everything is too much; above the bound of currents
/// (split.hpp) nothing is.
std::optional<wide> limit_of(const network& net, const gauge& of, const node_bounds& bounds) {
  using domain::binding_line;
  const binding_line line = of.line;
  const auto at = [&](const auto& lines, binding_line first) -> std::optional<wide> {
    if (!lines) return std::nullopt;
    const auto k = static_cast<std::size_t>(line) - static_cast<std::size_t>(first);
    return limit_before_ratio(net, of, (*lines)[k].count());
  };
  if (line == binding_line::power) {
    if (!bounds.power) return std::nullopt;
    return bounds.power->count() < 0 ? wide{-1} : bounds.power->count() * fine_power_per_watt;
  }
  if (line >= binding_line::balance_l1) return at(bounds.balance, binding_line::balance_l1);
  return line >= binding_line::primary_l1 ? at(bounds.primary_line, binding_line::primary_l1)
                                          : at(bounds.line, binding_line::l1);
}

} // namespace

bound_table::bound_table(const network& net)
    : net_(net), limits_(net.gauges.size()), matters_(net.nodes.size()),
      entry_(net.slot_parent.size()) {}

void bound_table::set(std::span<const node_bounds> bounds) {
  assert(bounds.size() == net_.nodes.size());
  std::fill(matters_.begin(), matters_.end(), gauge_mask{0});
  for (std::uint32_t p = 0; p < net_.nodes.size(); ++p) {
    const auto& node = net_.nodes[p];
    for (std::uint32_t g = node.first_gauge; g < node.end_gauge; ++g) {
      const auto& gauge = net_.gauges[g];
      const auto limit = limit_of(net_, gauge, bounds[node.node]);
      if (!limit || gauge.first_term == gauge.end_term) continue;
      limits_[g] = *limit;
      matters_[p] |= static_cast<gauge_mask>(1U << (g - node.first_gauge));
    }
  }
  link();
}

void bound_table::drop_slack(std::span<const std::int64_t> fine_caps,
                             std::span<const std::int64_t> row_caps) {
  for (std::uint32_t p = 0; p < net_.nodes.size(); ++p) {
    for (auto left = matters_[p]; left != 0; left &= static_cast<gauge_mask>(left - 1)) {
      const std::uint32_t g =
          net_.nodes[p].first_gauge + static_cast<std::uint32_t>(std::countr_zero(left));
      const auto fine_of = [&](std::uint32_t slot) { return fine_caps[slot]; };
      const auto row_of = [&](std::uint32_t row) { return row_caps[row]; };
      const wide kept = room_kept(net_, net_.gauges[g], row_of).sum();
      if (holds(net_, net_.gauges[g], limits_[g] - kept, fine_of)) {
        matters_[p] &= static_cast<gauge_mask>(~(left & -left));
      }
    }
  }
  link();
}

void bound_table::link() {
  for (std::uint32_t slot = 0; slot < entry_.size(); ++slot) {
    const bool is_bounded = matters_[net_.slot_position[slot]] != 0;
    const std::uint32_t parent = net_.slot_parent[slot];
    entry_[slot] = is_bounded ? slot : (parent == none ? none : entry_[parent]);
  }
}

bool bound_table::matters(std::uint32_t gauge) const {
  const std::uint32_t position = net_.gauges[gauge].position;
  return (matters_[position] >> (gauge - net_.nodes[position].first_gauge) & 1U) != 0;
}

load_sums::load_sums(const network& net, const bound_table& bounds)
    : net_(net), bounds_(bounds), sums_(net.slot_parent.size()), refusals_(sums_.size()),
      rooms_(net.gauges.size()), sparing_ma_(net.row_slot.size()) {
  grown_.reserve(net.gauges.size());
}

void load_sums::undo(std::uint32_t row, std::int64_t milliamperes) {
  for (std::uint32_t slot = bounds_.entry(net_.row_slot[row]); slot != none;
       slot = bounds_.above(slot)) {
    sums_[slot] -= milliamperes;
  }
  if (net_.row_spared[row] != 0) restore_rooms(row, milliamperes);
}

void load_sums::lower(std::uint32_t row, std::int64_t milliamperes) {
  grown_.clear();
  undo(row, milliamperes);
  ++epoch_;
  if (net_.row_spared[row] == 0) return;
  for (std::uint32_t slot = net_.row_slot[row]; slot != none; slot = net_.slot_parent[slot]) {
    const auto& node = net_.nodes[net_.slot_position[slot]];
    measure_rooms(node.first_gauge, node.end_gauge);
  }
}

void load_sums::measure_rooms(std::uint32_t first_gauge, std::uint32_t end_gauge) {
  for (std::uint32_t g = first_gauge; g < end_gauge; ++g)
    rooms_[g] = room_kept(net_, net_.gauges[g],
                          [&](std::uint32_t row) { return sparing_ma_[row] << fine_bits; });
}

void load_sums::raise_rooms(std::uint32_t row, std::int64_t milliamperes) {
  grown_.clear();
  sparing_ma_[row] += milliamperes;
  for (std::uint32_t slot = bounds_.entry(net_.row_slot[row]); slot != none;
       slot = bounds_.above(slot)) {
    const auto& node = net_.nodes[net_.slot_position[slot]];
    for (std::uint32_t g = node.first_gauge; g < node.end_gauge; ++g) {
      const auto factor = spared_factor(net_, net_.gauges[g], row);
      if (factor == 0) continue;
      const auto before = rooms_[g];
      if (rooms_[g].raise(row, wide{sparing_ma_[row] << fine_bits} * factor))
        grown_.emplace_back(g, before);
    }
  }
}

void load_sums::restore_rooms(std::uint32_t row, std::int64_t milliamperes) {
  sparing_ma_[row] -= milliamperes;
  for (const auto& [gauge, before] : grown_) rooms_[gauge] = before;
  grown_.clear();
}

gauge_mask load_sums::grown_at(std::uint32_t position) const {
  const auto& node = net_.nodes[position];
  unsigned mask = 0;
  for (const auto& [gauge, before] : grown_)
    if (gauge >= node.first_gauge && gauge < node.end_gauge)
      mask |= 1U << (gauge - node.first_gauge);
  return static_cast<gauge_mask>(mask);
}

bool load_sums::is_within_limit(std::uint32_t gauge) const {
  const auto& of = net_.gauges[gauge];
  const wide limit = bounds_.limit(gauge) - (keeps_room_ ? rooms_[gauge].sum() : 0);
  if (of.is_linear && !of.is_power()) {
    std::int64_t sum = 0;
    for (std::uint32_t t = of.first_term; t < of.end_term; ++t) sum += sums_[net_.terms[t].slot];
    return sum <= static_cast<std::int64_t>(limit >> fine_bits);
  }
  return holds(net_, of, limit, [this](std::uint32_t slot) { return fine(slot); });
}

std::uint32_t load_sums::first_broken(std::uint32_t slot, gauge_mask also) const {
  const std::uint32_t position = net_.slot_position[slot];
  const unsigned own = bounds_.at(position) & net_.slot_gauges[slot];
  const auto broken = first_broken_of(position, own);
  if (broken != none) return broken;
  return first_broken_of(position, bounds_.at(position) & also & ~own);
}

std::int64_t load_sums::lack_at(std::uint32_t gauge) const {
  const auto& of = net_.gauges[gauge];
  const wide limit = bounds_.limit(gauge) - (keeps_room_ ? rooms_[gauge].sum() : 0);
  const auto fine_of = [this](std::uint32_t slot) { return fine(slot); };
  if (of.is_linear)
    return static_cast<std::int64_t>((linear_sum(net_, of, fine_of) - limit) >> fine_bits);
  angle_sums sums;
  sum_angles(net_, of, fine_of, sums);
  const auto allowed = limit < 0 ? 0 : through_ratio(static_cast<std::int64_t>(limit),
                                                     net_.ratios[of.ratio_index]);
  return worst_current_ma(net_, of, sums) - (allowed >> fine_bits);
}

std::uint32_t load_sums::tightest(std::uint32_t row, std::int64_t milliamperes,
                                  std::uint32_t gauge) {
  const auto& of = net_.gauges[gauge];
  auto slot = net_.row_slot[row];
  while (net_.slot_position[slot] != of.position) slot = net_.slot_parent[slot];
  // One that only keeps room for the row stands alone.
  const auto place = gauge - net_.nodes[of.position].first_gauge;
  if ((net_.slot_gauges[slot] >> place & 1U) == 0) return gauge;
  sums_[slot] += milliamperes;
  const auto most = tightest_of(slot, gauge);
  sums_[slot] -= milliamperes;
  return most;
}

std::uint32_t load_sums::tightest_of(std::uint32_t slot, std::uint32_t gauge) const {
  const auto kind_of = [this](std::uint32_t each) -> int {
    const auto line = net_.gauges[each].line;
    if (line >= domain::binding_line::balance_l1) return 3;
    return (static_cast<int>(line) - static_cast<int>(domain::binding_line::l1)) / 3;
  };
  const std::uint32_t position = net_.slot_position[slot];
  auto most = gauge;
  for (unsigned left = bounds_.at(position) & net_.slot_gauges[slot]; left != 0; left &= left - 1) {
    const std::uint32_t each =
        net_.nodes[position].first_gauge + static_cast<std::uint32_t>(std::countr_zero(left));
    const bool is_other = each != most && kind_of(each) == kind_of(gauge);
    if (is_other && lack_at(each) > lack_at(most)) most = each;
  }
  return most;
}

std::uint32_t load_sums::first_broken_of(std::uint32_t position, unsigned asked) const {
  for (unsigned left = asked; left != 0; left &= left - 1) {
    const std::uint32_t gauge =
        net_.nodes[position].first_gauge + static_cast<std::uint32_t>(std::countr_zero(left));
    if (!is_within_limit(gauge)) return gauge;
  }
  return none;
}

std::uint32_t load_sums::try_add(std::uint32_t row, std::int64_t milliamperes) {
  const std::uint32_t entry = bounds_.entry(net_.row_slot[row]);
  for (std::uint32_t slot = entry; slot != none; slot = bounds_.above(slot)) {
    if (is_refused(slot, milliamperes)) return refusals_[slot].gauge;
  }
  // What such a row is refused for may be what it has already.
  const bool spares = net_.row_spared[row] != 0;
  if (spares) raise_rooms(row, milliamperes);
  const auto broken = add_along(row, milliamperes, !spares);
  if (spares && broken != none) restore_rooms(row, milliamperes);
  return broken;
}

std::uint32_t load_sums::add_along(std::uint32_t row, std::int64_t milliamperes,
                                   bool may_remember) {
  const std::uint32_t entry = bounds_.entry(net_.row_slot[row]);
  for (std::uint32_t slot = entry; slot != none; slot = bounds_.above(slot)) {
    sums_[slot] += milliamperes;
    const auto grown = may_remember ? gauge_mask{0} : grown_at(net_.slot_position[slot]);
    const std::uint32_t broken = first_broken(slot, grown);
    if (broken == none) continue;
    if (may_remember) refusals_[slot] = {epoch_, milliamperes, broken};
    for (std::uint32_t undone = entry;; undone = bounds_.above(undone)) {
      sums_[undone] -= milliamperes;
      if (undone == slot) return broken;
    }
  }
  return none;
}

} // namespace busbar::control::distribution
