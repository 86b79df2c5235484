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

void bound_table::drop_slack(std::span<const std::int64_t> fine_caps) {
  for (std::uint32_t p = 0; p < net_.nodes.size(); ++p) {
    for (auto left = matters_[p]; left != 0; left &= static_cast<gauge_mask>(left - 1)) {
      const std::uint32_t g =
          net_.nodes[p].first_gauge + static_cast<std::uint32_t>(std::countr_zero(left));
      const auto fine_of = [&](std::uint32_t slot) { return fine_caps[slot]; };
      if (holds(net_, net_.gauges[g], limits_[g], fine_of)) {
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
    : net_(net), bounds_(bounds), sums_(net.slot_parent.size()), refusals_(sums_.size()) {}

void load_sums::undo(std::uint32_t row, std::int64_t milliamperes) {
  for (std::uint32_t slot = bounds_.entry(net_.row_slot[row]); slot != none;
       slot = bounds_.above(slot)) {
    sums_[slot] -= milliamperes;
  }
}

void load_sums::lower(std::uint32_t row, std::int64_t milliamperes) {
  undo(row, milliamperes);
  ++epoch_;
}

bool load_sums::is_within_limit(std::uint32_t gauge) const {
  const auto& of = net_.gauges[gauge];
  const wide limit = bounds_.limit(gauge);
  if (of.is_linear && !of.is_power()) {
    std::int64_t sum = 0;
    for (std::uint32_t t = of.first_term; t < of.end_term; ++t) sum += sums_[net_.terms[t].slot];
    return sum <= static_cast<std::int64_t>(limit >> fine_bits);
  }
  return holds(net_, of, limit, [this](std::uint32_t slot) { return fine(slot); });
}

std::uint32_t load_sums::first_broken(std::uint32_t slot) const {
  const std::uint32_t position = net_.slot_position[slot];
  const unsigned asked = bounds_.at(position) & net_.slot_gauges[slot];
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
  for (std::uint32_t slot = entry; slot != none; slot = bounds_.above(slot)) {
    sums_[slot] += milliamperes;
    const std::uint32_t broken = first_broken(slot);
    if (broken == none) continue;
    refusals_[slot] = {epoch_, milliamperes, broken};
    for (std::uint32_t undone = entry;; undone = bounds_.above(undone)) {
      sums_[undone] -= milliamperes;
      if (undone == slot) return broken;
    }
  }
  return none;
}

} // namespace busbar::control::distribution
