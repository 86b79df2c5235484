#include "control/distribution/filling.hpp"
#include "control/distribution/radix.hpp"

#include <algorithm>
#include <cassert>

namespace busbar::control::distribution {

namespace {

std::uint64_t level_floor(std::int64_t milliamperes, std::uint32_t weight) {
  const auto scaled = static_cast<std::uint64_t>(milliamperes) << level_bits;
  return weight == 1 ? scaled : scaled / weight;
}

std::uint64_t level_ceil(std::int64_t milliamperes, std::uint32_t weight) {
  const auto scaled = static_cast<std::uint64_t>(milliamperes) << level_bits;
  return weight == 1 ? scaled : (scaled + weight - 1) / weight;
}

/// Whether `row`, below the gauge's node, loads the line of that gauge with its current.
bool is_line_of(const network& net, std::uint32_t gauge, std::uint32_t row) {
  const auto& of = net.gauges[gauge];
  auto slot = net.row_slot[row];
  while (net.slot_position[slot] != of.position) slot = net.slot_parent[slot];
  const auto place = gauge - net.nodes[of.position].first_gauge;
  return !of.is_power() && (net.slot_gauges[slot] >> place & 1U) != 0;
}

/// The first that is due is on top.
constexpr auto is_later = [](const auto& x, const auto& y) {
  return x.at != y.at ? x.at > y.at : x.gauge > y.gauge;
};

} // namespace

filling::filling(const network& net, bound_table& bounds)
    : net_(net), bounds_(bounds), slots_(net.slot_parent.size()),
      fine_caps_(net.slot_parent.size()), row_caps_(net.row_slot.size()),
      marked_(net.slot_parent.size()),
      phase_(net.row_slot.size()), fine_(net.row_slot.size()), frozen_by_(net.row_slot.size()),
      rank_(net.row_slot.size()) {
  floors_.reserve(phase_.size());
  caps_.reserve(phase_.size());
  sorted_.reserve(phase_.size());
  heap_.reserve(net.gauges.size() + 1);
}

void filling::run(std::span<const row_demand> demands) {
  assert(demands.size() == phase_.size());
  demands_ = demands;
  drop_slack();
  start_rows();
  start_gauges();
  while (!heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end(), is_later);
    const prediction due = heap_.back();
    heap_.pop_back();
    pass_events(due.at);
    const level until = predict(due.gauge, due.at);
    if (until > due.at) {
      push(until, due.gauge);
    } else {
      saturate(due.gauge, due.at);
    }
  }
}

void filling::push(level at, std::uint32_t gauge) {
  if (at >= never) return;
  heap_.push_back({at, gauge});
  std::push_heap(heap_.begin(), heap_.end(), is_later);
}

void filling::drop_slack() {
  std::fill(fine_caps_.begin(), fine_caps_.end(), 0);
  for (std::uint32_t row = 0; row < demands_.size(); ++row) {
    assert(demands_[row].cap_ma < std::int64_t{1} << 31);
    fine_caps_[net_.row_slot[row]] += std::max(demands_[row].floor_ma, demands_[row].cap_ma)
                                      << fine_bits;
  }
  for (std::size_t slot = fine_caps_.size(); slot-- > 0;) {
    const std::uint32_t parent = net_.slot_parent[slot];
    if (parent != none) fine_caps_[parent] += fine_caps_[slot];
  }
  for (const auto row : net_.sparing_rows)
    row_caps_[row] = std::max(demands_[row].floor_ma, demands_[row].cap_ma) << fine_bits;
  bounds_.drop_slack(fine_caps_, row_caps_);
}

void filling::start_rows() {
  std::fill(slots_.begin(), slots_.end(), slot_state{});
  floors_.clear();
  caps_.clear();
  next_floor_ = next_cap_ = 0;
  for (std::uint32_t row = 0; row < demands_.size(); ++row) {
    const auto& wanted = demands_[row];
    auto& slot = slots_[net_.row_slot[row]];
    const bool is_fixed = wanted.floor_ma >= wanted.cap_ma;
    slot.settled += wanted.floor_ma << fine_bits;
    // A row that is never frozen ends at the cap.
    fine_[row] = std::max(wanted.cap_ma, wanted.floor_ma) << fine_bits;
    frozen_by_[row] = none;
    if (is_fixed || bounds_.entry(net_.row_slot[row]) == none) {
      phase_[row] = row_phase::done;
      continue;
    }
    const bool is_rising = wanted.floor_ma == 0;
    phase_[row] = is_rising ? row_phase::rising : row_phase::waiting;
    (is_rising ? slot.rising : slot.waiting) += wanted.weight;
    if (!is_rising) floors_.push_back({level_floor(wanted.floor_ma, wanted.weight), row});
    caps_.push_back({level_ceil(wanted.cap_ma, wanted.weight), row});
  }
  for (std::size_t slot = slots_.size(); slot-- > 0;) {
    const std::uint32_t parent = net_.slot_parent[slot];
    if (parent == none) continue;
    slots_[parent].settled += slots_[slot].settled;
    slots_[parent].rising += slots_[slot].rising;
    slots_[parent].waiting += slots_[slot].waiting;
  }
  const auto level_of = [](const event& each) { return each.at; };
  sort_by_key(floors_, sorted_, level_of);
  sort_by_key(caps_, sorted_, level_of);
}

void filling::start_gauges() {
  heap_.clear();
  last_saturation_ = 0;
  current_rank_ = 0;
  for (std::uint32_t g = 0; g < net_.gauges.size(); ++g) {
    if (!bounds_.matters(g)) continue;
    if (!holds_at(g, 0)) {
      // Fixed loads alone are too much: no row that adds to it leaves the floor.
      heap_.push_back({0, g});
      continue;
    }
    const level at = predict(g, 0);
    if (at < never) heap_.push_back({at, g});
  }
  std::make_heap(heap_.begin(), heap_.end(), is_later);
}

filling::level filling::next_floor() const {
  return next_floor_ < floors_.size() ? floors_[next_floor_].at : never;
}

void filling::pass_events(level now) {
  while (next_floor_ < floors_.size() && floors_[next_floor_].at <= now) {
    pass_floor(floors_[next_floor_++]);
  }
  while (next_cap_ < caps_.size() && caps_[next_cap_].at <= now) pass_cap(caps_[next_cap_++]);
}

void filling::pass_floor(const event& passed) {
  if (phase_[passed.row] != row_phase::waiting) return;
  phase_[passed.row] = row_phase::rising;
  const auto& wanted = demands_[passed.row];
  for (std::uint32_t s = bounds_.entry(net_.row_slot[passed.row]); s != none;
       s = bounds_.above(s)) {
    slots_[s].settled -= wanted.floor_ma << fine_bits;
    slots_[s].waiting -= wanted.weight;
    slots_[s].rising += wanted.weight;
  }
}

void filling::pass_cap(const event& passed) {
  if (phase_[passed.row] == row_phase::done) return;
  // Floor events at or below this level are past, since floor < cap.
  assert(phase_[passed.row] == row_phase::rising);
  phase_[passed.row] = row_phase::done;
  const auto& wanted = demands_[passed.row];
  for (std::uint32_t s = bounds_.entry(net_.row_slot[passed.row]); s != none;
       s = bounds_.above(s)) {
    slots_[s].settled += wanted.cap_ma << fine_bits;
    slots_[s].rising -= wanted.weight;
  }
}

void filling::saturate(std::uint32_t gauge, level now) {
  if (now > last_saturation_) ++current_rank_;
  last_saturation_ = now;
  const auto& node = net_.nodes[net_.gauges[gauge].position];
  std::fill(marked_.begin() + node.first_slot, marked_.begin() + node.end_slot_below, 0);
  const bool is_overloaded = !holds_at(gauge, now);
  mark_blocked(gauge, now);
  if (!net_.sparing_rows.empty()) freeze_sparing(gauge, now, is_overloaded);
  freeze_marked(gauge, now);
  const level until = predict(gauge, now);
  // Those that still rise may reach the same gauge again, at this level or later.
  push(until, gauge);
}

void filling::mark_blocked(std::uint32_t gauge, level now) {
  const auto& of = net_.gauges[gauge];
  const bool is_overloaded = !holds_at(gauge, now);
  if (!of.is_power() && !of.is_linear && !is_overloaded) return mark_blocked_angles(gauge, now);
  for (std::uint32_t t = of.first_term; t < of.end_term; ++t) marked_[net_.terms[t].slot] = 1;
}

void filling::mark_blocked_angles(std::uint32_t gauge, level now) {
  const auto& of = net_.gauges[gauge];
  const level step = grain(gauge);
  const auto limit = static_cast<std::int64_t>(left_at(gauge, now + step));
  angle_sums sums;
  sum_angles(
      net_, of, [&](std::uint32_t slot) { return fine_at(slot, now + step); }, sums);
  std::uint64_t blocked = 0;
  for (std::uint32_t s = of.first_subset; s < of.end_subset; ++s) {
    const auto subset = net_.subsets[s];
    const auto sum = sum_of_subset(of, sums, subset);
    if (sum.is_within(limit)) continue;
    // What stands against the sum lowers it by rising; all else in the subset must stop.
    for (std::uint32_t k = 0; k < of.end_angle - of.first_angle; ++k) {
      const std::uint64_t bit = std::uint64_t{1} << k;
      const bool is_in = (subset & bit) != 0;
      if (is_in && sign_of_dot(net_.angles[of.first_angle + k], sum) >= 0) blocked |= bit;
    }
  }
  for (std::uint32_t t = of.first_term; t < of.end_term; ++t) {
    const auto angle = net_.rays[of.first_ray + net_.terms[t].ray].angle;
    if ((blocked >> angle & 1U) != 0) marked_[net_.terms[t].slot] = 1;
  }
}

void filling::freeze_marked(std::uint32_t gauge, level now) {
  const auto& node = net_.nodes[net_.gauges[gauge].position];
  for (std::uint32_t slot = node.first_slot; slot < node.end_slot; ++slot) {
    const auto frozen = slots_[slot];
    if (marked_[slot] == 0 || (frozen.rising == 0 && frozen.waiting == 0)) continue;
    for (std::uint32_t s = bounds_.above(slot); s != none; s = bounds_.above(s)) {
      slots_[s].settled += rise(frozen.rising, now);
      slots_[s].rising -= frozen.rising;
      slots_[s].waiting -= frozen.waiting;
    }
  }
  for (std::uint32_t slot = node.first_slot; slot < node.end_slot_below; ++slot) {
    if (slot >= node.end_slot) marked_[slot] = marked_[net_.slot_parent[slot]];
    if (marked_[slot] == 0) continue;
    auto& state = slots_[slot];
    state.settled += rise(state.rising, now);
    state.rising = state.waiting = 0;
  }
  for (std::uint32_t row = node.first_row; row < node.end_row_below; ++row) {
    if (phase_[row] == row_phase::done || marked_[net_.row_slot[row]] == 0) continue;
    end_row(row, gauge, now);
  }
}

void filling::end_row(std::uint32_t row, std::uint32_t gauge, level now) {
  fine_[row] = row_fine_at(row, now);
  phase_[row] = row_phase::done;
  frozen_by_[row] = gauge;
  rank_[row] = current_rank_;
}

void filling::freeze_sparing(std::uint32_t gauge, level now, bool is_overloaded) {
  const auto& of = net_.gauges[gauge];
  const level step = grain(gauge);
  const auto last = room_at(gauge, now).largest.back();
  // One that the row itself loads, where that is used up, too (within a milliampere).
  const auto holder_of = [&](std::uint32_t row) {
    const auto& node = net_.nodes[of.position];
    for (std::uint32_t own = node.first_gauge; own < node.end_gauge; ++own)
      if (is_line_of(net_, own, row) && bounds_.matters(own) &&
          !holds_at(own, now + (grain(own) << 12)))
        return own;
    return gauge;
  };
  for_each_sparing(net_, of, [&](std::uint32_t row) {
    const auto factor = spared_factor(net_, of, row);
    if (factor == 0 || phase_[row] == row_phase::done) return;
    const bool takes_more = wide{row_fine_at(row, now + step)} * factor > last.load;
    if (is_overloaded || takes_more) freeze_row(row, holder_of(row), now);
  });
}

void filling::freeze_row(std::uint32_t row, std::uint32_t gauge, level now) {
  const bool is_rising = phase_[row] == row_phase::rising;
  const std::uint64_t weight = demands_[row].weight;
  for (std::uint32_t s = bounds_.entry(net_.row_slot[row]); s != none; s = bounds_.above(s)) {
    (is_rising ? slots_[s].rising : slots_[s].waiting) -= weight;
    if (is_rising) slots_[s].settled += rise(weight, now);
  }
  end_row(row, gauge, now);
}

} // namespace busbar::control::distribution
