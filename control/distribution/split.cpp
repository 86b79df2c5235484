#include "control/distribution/split.hpp"
#include "control/distribution/filling.hpp"
#include "control/distribution/loads.hpp"
#include "control/distribution/network.hpp"
#include "control/distribution/stepping.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace busbar::control::distribution {

namespace {

using domain::milliamperes;

/// Its load sums refer to their neighbours: lives behind a pointer and never moves.
struct admission {
  explicit admission(const network& net) : bounds(net), sums(net, bounds) {}
  bound_table bounds;
  load_sums sums;
  std::vector<std::int64_t> given;
};

} // namespace

struct splitter::workspace {
  explicit workspace(const domain::site& site)
      : net(compile(site)), bounds(net), filled(net, bounds), steps(net, bounds), admitted(net),
        all(net), every_sum(net, all), demands(net.row_slot.size()), step_ma(demands.size()) {
    admitted.given.resize(demands.size());
    outcome.exact.resize(demands.size());
    outcome.stepped.resize(demands.size());
    outcome.bindings.resize(demands.size());
    loads.resize(net.nodes.size());
  }

  [[nodiscard]] excess excess_of(std::uint32_t gauge) const {
    const auto& of = net.gauges[gauge];
    return {domain::node_index{net.nodes[of.position].node}, of.line};
  }
  void take(std::span<const demand> wanted);
  void tell_exact();
  void measure(std::uint32_t gauge);

  network net;
  bound_table bounds;
  filling filled;
  stepping steps;
  admission admitted;
  bound_table all;
  load_sums every_sum;
  std::vector<row_demand> demands;
  std::vector<std::int64_t> step_ma;
  split_outcome outcome;
  std::vector<node_load> loads;
};

namespace {

/// `kept` is in the unit of a gauge's sums; rounded up.
void add_kept(node_load& load, domain::binding_line which, wide kept) {
  const auto up = [kept](wide unit) { return static_cast<std::int64_t>((kept + unit - 1) / unit); };
  const auto line = static_cast<std::size_t>(which);
  constexpr auto own = static_cast<std::size_t>(domain::binding_line::l1);
  constexpr auto primary = static_cast<std::size_t>(domain::binding_line::primary_l1);
  if (which == domain::binding_line::power) load.power += domain::watts{up(fine_power_per_watt)};
  else if (line < primary) load.line[line - own] += milliamperes{up(fine_per_milliampere)};
  else load.primary_line[line - primary] += milliamperes{up(fine_per_milliampere)};
}

} // namespace

splitter::splitter(const domain::site& topology) : work_(std::make_unique<workspace>(topology)) {}
splitter::~splitter() = default;
splitter::splitter(splitter&&) noexcept = default;
splitter& splitter::operator=(splitter&&) noexcept = default;

void splitter::workspace::take(std::span<const demand> wanted) {
  assert(wanted.size() == demands.size());
  for (std::uint32_t row = 0; row < demands.size(); ++row) {
    const auto& from = wanted[net.row_connector[row]];
    assert(from.floor.count() >= 0 && from.step.count() >= 1);
    assert(from.weight >= 1 && from.weight <= 65'535);
    demands[row] = {from.floor.count(), std::max(from.floor, from.cap).count(), from.weight};
    step_ma[row] = from.step.count();
  }
}

void splitter::workspace::tell_exact() {
  for (std::uint32_t row = 0; row < demands.size(); ++row) {
    const std::uint32_t connector = net.row_connector[row];
    outcome.exact[connector] = milliamperes{filled.fine(row) >> fine_bits};
    const std::uint32_t gauge = filled.frozen_by(row);
    auto& holder = outcome.bindings[connector];
    holder = {};
    if (gauge == none) continue;
    const auto what = excess_of(gauge);
    holder = {what.node, what.line};
  }
}

void splitter::use_one_line(domain::connector_index connector, bool is_one) {
  auto& net = work_->net;
  const std::uint32_t row = net.row_of_connector[connector.value()];
  assert(net.row_slot_one[row] != none);
  net.row_slot[row] = is_one ? net.row_slot_one[row] : net.row_slot_all[row];
}

bool splitter::can_spare_lines(domain::connector_index connector) const {
  return work_->net.row_can_spare[work_->net.row_of_connector[connector.value()]];
}

void splitter::use_lines(domain::connector_index connector, domain::line_set lines) {
  auto& net = work_->net;
  const std::uint32_t row = net.row_of_connector[connector.value()];
  assert(net.row_can_spare[row] && !lines.is_empty());
  const auto spared = static_cast<line_mask>(every_line_bit & ~lines.bits());
  const auto before = std::exchange(net.row_spared[row], spared);
  if (before == spared) return;
  auto& rows = net.sparing_rows;
  const auto place = std::lower_bound(rows.begin(), rows.end(), row);
  if (spared == 0) rows.erase(place);
  else if (before == 0) rows.insert(place, row);
  net.row_slot[row] =
      net.slot_of_lines[net.slot_position[net.row_slot[row]]][every_line_bit & ~spared];
}

const split_outcome& splitter::split(std::span<const demand> wanted,
                                     std::span<const node_bounds> bounds) {
  auto& work = *work_;
  work.take(wanted);
  work.bounds.set(bounds);
  work.filled.run(work.demands);
  work.tell_exact();
  while (!work.steps.run(work.filled, work.demands, work.step_ma)) work.filled.run(work.demands);
  for (std::uint32_t row = 0; row < work.demands.size(); ++row) {
    work.outcome.stepped[work.net.row_connector[row]] = milliamperes{work.steps.milliamperes(row)};
  }
  return work.outcome;
}

void splitter::workspace::measure(std::uint32_t gauge) {
  const auto& of = net.gauges[gauge];
  auto& load = loads[net.nodes[of.position].node];
  const auto fine_of = [this](std::uint32_t slot) { return every_sum.fine(slot); };
  if (of.is_power()) {
    const wide power = power_sum(net, of, fine_of);
    load.power = domain::watts{
        static_cast<std::int64_t>((power + fine_power_per_watt - 1) / fine_power_per_watt)};
    return;
  }
  std::int64_t current = 0;
  if (of.is_linear) {
    const std::int64_t sum = std::min(linear_sum(net, of, fine_of), fine_max) >> fine_bits;
    current = through_ratio(sum, net.ratios[of.ratio_index]);
  } else {
    angle_sums sums;
    sum_angles(net, of, fine_of, sums);
    current = worst_current_ma(net, of, sums);
  }
  const auto line = static_cast<std::size_t>(of.line);
  constexpr auto own = static_cast<std::size_t>(domain::binding_line::l1);
  constexpr auto primary = static_cast<std::size_t>(domain::binding_line::primary_l1);
  constexpr auto balance = static_cast<std::size_t>(domain::binding_line::balance_l1);
  if (line >= balance) load.unbalanced[line - balance] = milliamperes{current};
  else if (line >= primary) load.primary_line[line - primary] = milliamperes{current};
  else load.line[line - own] = milliamperes{current};
}

const std::vector<node_load>& splitter::reserved(std::span<const milliamperes> currents) {
  auto& work = *work_;
  assert(currents.size() == work.demands.size());
  work.every_sum.begin(
      [&](std::uint32_t row) { return currents[work.net.row_connector[row]].count(); });
  std::fill(work.loads.begin(), work.loads.end(), node_load{});
  for (std::uint32_t gauge = 0; gauge < work.net.gauges.size(); ++gauge) work.measure(gauge);
  return work.loads;
}

const std::vector<node_load>&
splitter::reserved_and_kept(std::span<const milliamperes> currents) {
  reserved(currents);
  auto& work = *work_;
  const auto row_fine_of = [&](std::uint32_t row) {
    return currents[work.net.row_connector[row]].count() << fine_bits;
  };
  for (const auto& of : work.net.gauges) {
    const wide kept = room_kept(work.net, of, row_fine_of).sum();
    if (kept > 0) add_kept(work.loads[work.net.nodes[of.position].node], of.line, kept);
  }
  return work.loads;
}

std::optional<excess> splitter::first_excess(std::span<const milliamperes> currents,
                                             std::span<const node_bounds> bounds) {
  auto& work = *work_;
  assert(currents.size() == work.demands.size());
  work.all.set(bounds);
  work.every_sum.begin(
      [&](std::uint32_t row) { return currents[work.net.row_connector[row]].count(); });
  const auto fine_of = [&](std::uint32_t slot) { return work.every_sum.fine(slot); };
  const auto row_fine_of = [&](std::uint32_t row) {
    return currents[work.net.row_connector[row]].count() << fine_bits;
  };
  for (const std::uint32_t position : work.net.position_of_node) {
    const auto& node = work.net.nodes[position];
    for (std::uint32_t g = node.first_gauge; g < node.end_gauge; ++g) {
      if (!work.all.matters(g)) continue;
      const auto& of = work.net.gauges[g];
      const wide kept = room_kept(work.net, of, row_fine_of).sum();
      if (!holds(work.net, of, work.all.limit(g) - kept, fine_of)) return work.excess_of(g);
    }
  }
  return std::nullopt;
}

void splitter::begin_admission(std::span<const milliamperes> currents,
                               std::span<const node_bounds> bounds) {
  auto& work = *work_;
  assert(currents.size() == work.demands.size());
  work.admitted.bounds.set(bounds);
  for (std::uint32_t row = 0; row < work.demands.size(); ++row) {
    work.admitted.given[row] = currents[work.net.row_connector[row]].count();
  }
  work.admitted.sums.begin_with_room([&](std::uint32_t row) { return work.admitted.given[row]; });
}

std::optional<excess> splitter::try_raise(domain::connector_index connector, milliamperes to) {
  auto& work = *work_;
  const std::uint32_t row = work.net.row_of_connector[connector.value()];
  const std::int64_t more = to.count() - work.admitted.given[row];
  assert(more >= 0);
  if (more == 0) return std::nullopt;
  const std::uint32_t broken = work.admitted.sums.try_add(row, more);
  if (broken != none) return work.excess_of(broken);
  work.admitted.given[row] = to.count();
  return std::nullopt;
}

excess splitter::tightest(domain::connector_index connector, milliamperes to,
                          const excess& found) {
  auto& work = *work_;
  const std::uint32_t row = work.net.row_of_connector[connector.value()];
  const auto& node = work.net.nodes[work.net.position_of_node[found.node.value()]];
  auto gauge = node.first_gauge;
  while (work.net.gauges[gauge].line != found.line) ++gauge;
  const std::int64_t more = to.count() - work.admitted.given[row];
  return work.excess_of(work.admitted.sums.tightest(row, more, gauge));
}

void splitter::lower(domain::connector_index connector, milliamperes to) {
  auto& work = *work_;
  const std::uint32_t row = work.net.row_of_connector[connector.value()];
  const std::int64_t more = to.count() - work.admitted.given[row];
  assert(more <= 0 && to.count() >= 0);
  work.admitted.sums.lower(row, -more);
  work.admitted.given[row] = to.count();
}

milliamperes splitter::admitted(domain::connector_index connector) const {
  return milliamperes{work_->admitted.given[work_->net.row_of_connector[connector.value()]]};
}

} // namespace busbar::control::distribution
