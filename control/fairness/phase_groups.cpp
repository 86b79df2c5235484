#include "control/fairness/phase_groups.hpp"

#include "control/limits/integer_math.hpp"

#include <algorithm>
#include <tuple>

namespace busbar::control::fairness {
namespace {

using domain::milliamperes;

/// More than any battery: 10 000 Ah on a line.
constexpr std::int64_t charge_max = std::int64_t{10'000'000} * 3600;
constexpr std::uint32_t weight_max = 65'535;

/// The transformer above a connector, or the service: where phases meet.
std::uint32_t meeting_point(const domain::site& site, const domain::connector& connector) {
  auto node = site.stations[connector.station.value()].parent.value();
  while (!site.nodes[node].transformer && site.nodes[node].parent)
    node = site.nodes[node].parent->value();
  return node;
}

std::uint64_t key_of(const domain::site& site, const domain::connector& connector,
                     domain::line_set lines) {
  const std::uint64_t wiring = connector.wiring == domain::connection::delta ? 8 : 0;
  return std::uint64_t{meeting_point(site, connector)} << 4 | wiring | lines.bits();
}

contender contender_of(const policy_input& input, std::span<const ask> asks, std::uint32_t i) {
  const auto& vehicle = input.image.connectors[i];
  const auto power = input.milliwatts_per_ampere[i];
  contender made;
  const auto& site = *input.image.topology;
  made.key = key_of(site, site.connectors[i], asks[i].lines);
  made.connector = i;
  made.floor = asks[i].floor.count();
  made.is_due = asks[i].is_due;
  made.cap = asks[i].cap.count();
  made.needed = vehicle.energy_needed ? charge_of(*vehicle.energy_needed, power) : charge_max;
  made.got = vehicle.energy_delivered ? charge_of(*vehicle.energy_delivered, power) : 0;
  return made;
}

/// Those that charge in any case first; then, where all get what they want, those full within a
/// turn of the minimum; then those that are to get most.
void order_for_minima(const phase_group& group, policy_scratch& scratch) {
  constexpr std::int64_t last_turn_s = 300;
  const auto members = members_of(group, scratch);
  const bool is_plenty = group.need <= group.room;
  const auto key = [&](std::uint32_t i) {
    const auto& each = members[i];
    const bool is_last_turn = is_plenty && each.needed <= each.floor * last_turn_s;
    return std::tuple(!each.is_due, !is_last_turn, -each.current, i);
  };
  scratch.order.clear();
  for (std::uint32_t i = 0; i < members.size(); ++i) scratch.order.push_back(i);
  std::ranges::sort(scratch.order, [&](auto a, auto b) { return key(a) < key(b); });
}

} // namespace

std::int64_t charge_of(domain::watt_hours energy, std::int64_t milliwatts_per_ampere) {
  if (milliwatts_per_ampere <= 0) return charge_max;
  constexpr limits::wide milliwatt_seconds = 3'600'000;
  const auto charge = limits::ceil_of(limits::wide{energy.count()} * milliwatt_seconds * 1000,
                                      limits::wide{milliwatts_per_ampere});
  return static_cast<std::int64_t>(std::clamp<limits::wide>(charge, 0, charge_max));
}

void gather(const policy_input& input, std::span<const ask> asks, policy_scratch& scratch) {
  scratch.contenders.clear();
  scratch.groups.clear();
  for (std::uint32_t i = 0; i < asks.size(); ++i)
    if (asks[i].is_competing && asks[i].cap > milliamperes{})
      scratch.contenders.push_back(contender_of(input, asks, i));
  auto& rows = scratch.contenders;
  std::ranges::sort(rows, [](const contender& a, const contender& b) {
    return std::tuple(a.key, a.connector) < std::tuple(b.key, b.connector);
  });
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    if (i == 0 || rows[i].key != rows[i - 1].key) {
      const bool is_same_place = i > 0 && rows[i].key >> 4 == rows[i - 1].key >> 4;
      const auto place = is_same_place ? scratch.groups.back().place + 1 : 0;
      scratch.groups.push_back({.first = i, .last = i, .place = place});
    }
    ++scratch.groups.back().last;
    scratch.groups.back().caps += rows[i].cap;
  }
}

void split_among(const policy_input& input, policy_scratch& scratch) {
  auto& demands = scratch.demands;
  demands.resize(input.fixed.size());
  for (std::size_t i = 0; i < demands.size(); ++i)
    demands[i] = {input.fixed[i], input.fixed[i], milliamperes{1}, 1};
  std::int64_t largest = 1;
  for (const auto& row : scratch.contenders) largest = std::max(largest, row.weight);
  for (const auto& row : scratch.contenders) {
    const auto weight = largest > weight_max
                            ? limits::floor_of(limits::wide{row.weight} * weight_max, largest)
                            : limits::wide{row.weight};
    demands[row.connector] = {milliamperes{row.pinned}, milliamperes{row.limit}, milliamperes{1},
                              static_cast<std::uint32_t>(std::max<limits::wide>(weight, 1))};
  }
  const auto& outcome = input.splitter->split(demands, input.bounds);
  for (auto& group : scratch.groups) {
    group.total = 0;
    for (auto& row : members_of(group, scratch)) {
      row.current = outcome.exact[row.connector].count();
      group.total += row.current;
    }
  }
}

void fill_least_served(std::span<contender> members, std::int64_t total, policy_scratch& scratch) {
  auto& order = scratch.order;
  order.clear();
  for (std::uint32_t i = 0; i < members.size(); ++i) order.push_back(i);
  std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
    return members[a].got != members[b].got ? members[a].got < members[b].got : a < b;
  });
  for (const auto i : order) {
    auto& member = members[i];
    const auto more = std::clamp<std::int64_t>(member.cap - member.current, 0, total);
    member.current += more;
    total -= more;
  }
}

void give_minima(const phase_group& group, policy_scratch& scratch) {
  const auto members = members_of(group, scratch);
  if (std::ranges::all_of(members, [](const contender& each) { return each.floor == 0; })) return;
  order_for_minima(group, scratch);
  auto left = group.total;
  for (const auto i : scratch.order) {
    auto& member = members[i];
    const auto least = left == group.total ? member.floor / 2 : member.floor - member.floor / 8;
    const bool is_served = member.is_due || (left > 0 && left >= least);
    const auto most = std::max(left, member.floor);
    member.current = is_served ? std::clamp(member.current, member.floor, most) : 0;
    left -= member.current;
  }
  for (const auto i : scratch.order) {
    auto& member = members[i];
    if (left <= 0 || member.current == 0) continue;
    const auto more = std::clamp<std::int64_t>(member.cap - member.current, 0, left);
    member.current += more;
    left -= more;
  }
}

void weigh_by_current(const policy_scratch& scratch, std::span<ask> asks) {
  for (const auto& row : scratch.contenders) {
    auto& ask = asks[row.connector];
    ask.weight = static_cast<std::uint32_t>(std::max<std::int64_t>(1, row.current));
    ask.turn_rank = static_cast<std::uint32_t>(row.cap - std::min(row.cap, row.current));
    ask.may_wait = row.current < row.floor;
  }
}

} // namespace busbar::control::fairness
