// Looking ahead with announced departures. What is scarce is the balance of the phases now, and
// vehicles to charge in each phase group later. So each group gets what it needs to stay useful,
// as much as fits goes out in every plan, and inside a group it goes by targets that are fair over
// the whole stay, the least time to spare first.
//  1. need: the current with which a group loses nothing until its last departure.
//  2. room: the most it can get while the others have their need.
//  3. targets over the stay, max-min fair under what the room delivers until each departure.
//  4. totals now: groups raised together by need, as far as the exact split lets them.
//  5. inside: by laxity up to the targets; then to the least served.

#include "control/fairness/fair_targets.hpp"
#include "control/fairness/phase_groups.hpp"
#include "control/fairness/policies/entries.hpp"
#include "control/limits/integer_math.hpp"

#include <algorithm>

namespace busbar::control::fairness::policies {

namespace {

/// What a plan decides about, however often plans are made.
constexpr std::int64_t slot_s = 300;
/// A typical request; anything from 5 to 12 kWh does.
constexpr domain::watt_hours typical{9'300};
/// A vehicle that announced no departure counts as staying long: never first, never forgotten.
constexpr std::int64_t unannounced_s = 12 * 3600;
constexpr std::int64_t stay_max_s = 7 * 24 * 3600;
/// One that announced when it leaves may be put off until then, or for a working day's larger part.
constexpr domain::seconds lets_wait{6 * 3600};
/// Weights of groups: need over balance, within 20..1000 permille.
constexpr std::int64_t group_weight_min = 20'000;
constexpr std::int64_t group_weight_max = 1'000'000;
/// As much as a site file lets any connector take: the balance is asked of the limits alone.
constexpr std::int64_t unlimited_ma = 10'000'000;

std::int64_t stay_of(const connector_image& vehicle, domain::instant now) {
  if (!vehicle.departs_at) return unannounced_s;
  const auto stays = std::chrono::floor<domain::seconds>(*vehicle.departs_at - now).count();
  return std::clamp(stays, slot_s, stay_max_s);
}

class stay_plan {
public:
  stay_plan(const policy_input& input) : input_(input), scratch_(*input.scratch) {}

  void make(std::span<ask> asks) {
    gather(input_, asks, scratch_);
    if (scratch_.groups.empty()) return;
    sort_by_departure();
    find_balance();
    find_rooms();
    for (const auto& group : scratch_.groups)
      set_fair_targets(members_of(group, scratch_), group.room, typical_charge(group), scratch_);
    find_totals();
    for (const auto& group : scratch_.groups) hand_out(group);
    weigh_by_current(scratch_, asks);
  }

private:
  void sort_by_departure() {
    for (auto& row : scratch_.contenders)
      row.stays_s = stay_of(input_.image.connectors[row.connector], input_.image.now);
    for (auto& group : scratch_.groups) {
      const auto members = members_of(group, scratch_);
      std::ranges::sort(members, [](const contender& a, const contender& b) {
        return a.stays_s != b.stays_s ? a.stays_s < b.stays_s : a.connector < b.connector;
      });
      group.need = need_of(members);
    }
  }

  [[nodiscard]] std::int64_t typical_charge(const phase_group& group) const {
    const auto connector = scratch_.contenders[group.first].connector;
    return charge_of(typical, input_.milliwatts_per_ampere[connector]);
  }

  /// The largest total that every group can have at once, by the limits alone.
  void find_balance() {
    for (const auto& group : scratch_.groups)
      for (auto& member : members_of(group, scratch_)) {
        member.pinned = 0;
        member.limit = unlimited_ma;
        member.weight = group_weight_max / (group.last - group.first);
      }
    split_among(input_, scratch_);
    balance_ = scratch_.groups.front().total;
    for (const auto& group : scratch_.groups) balance_ = std::min(balance_, group.total);
    balance_ = std::max<std::int64_t>(balance_, 1);
  }

  /// One group of every transformer at a time: how much it gets while the others have their need.
  void find_rooms() {
    std::uint32_t places = 0;
    for (const auto& group : scratch_.groups) places = std::max(places, group.place + 1);
    for (std::uint32_t place = 0; place < places; ++place) {
      for (const auto& group : scratch_.groups) pin(group, group.place == place);
      split_among(input_, scratch_);
      for (auto& group : scratch_.groups)
        if (group.place == place)
          group.room = std::max(group.total, std::min(balance_, group.caps));
    }
  }

  void pin(const phase_group& group, bool is_free) {
    const auto kept = std::min({group.need, balance_, group.caps});
    for (auto& member : members_of(group, scratch_)) {
      const auto share = static_cast<std::int64_t>(
          limits::floor_of(limits::wide{kept} * member.cap, group.caps));
      member.pinned = is_free ? 0 : share;
      member.limit = is_free ? member.cap : share;
      member.weight = 1;
    }
  }

  /// What each group gets in this plan, while all are raised together by their need.
  void find_totals() {
    for (const auto& group : scratch_.groups) {
      const auto weight = std::clamp(
          static_cast<std::int64_t>(
              limits::floor_of(limits::wide{group.need} * group_weight_max, balance_)),
          group_weight_min, group_weight_max);
      for (auto& member : members_of(group, scratch_)) {
        member.pinned = 0;
        member.limit = member.cap;
        member.weight = std::max<std::int64_t>(
            1, static_cast<std::int64_t>(
                   limits::floor_of(limits::wide{weight} * member.cap, group.caps)));
      }
    }
    split_among(input_, scratch_);
  }

  [[nodiscard]] static std::int64_t up_to_target(const contender& member) {
    return std::min(member.cap, member.target / slot_s);
  }

  /// Current of a member when all with less than `spare` charge to spare catches up.
  [[nodiscard]] static std::int64_t draw_at(const contender& member, std::int64_t spare) {
    const auto laxity = member.cap * member.stays_s - member.target;
    return std::clamp<std::int64_t>((spare - laxity) / slot_s, 0, up_to_target(member));
  }

  void hand_out(const phase_group& group) {
    const auto members = members_of(group, scratch_);
    std::int64_t most = 0;
    for (const auto& member : members) most += up_to_target(member);
    if (most <= group.total)
      for (auto& member : members) member.current = up_to_target(member);
    else draw_by_laxity(members, group.total);
    std::int64_t left = group.total;
    for (const auto& member : members) left -= member.current;
    fill_least_served(members, left, scratch_);
    give_minima(group, scratch_);
  }

  static void draw_by_laxity(std::span<contender> members, std::int64_t total) {
    const auto sum_at = [&](std::int64_t spare) {
      std::int64_t sum = 0;
      for (const auto& member : members) sum += draw_at(member, spare);
      return sum;
    };
    std::int64_t low = 0;
    std::int64_t high = 0;
    for (const auto& member : members)
      high = std::max(high, member.cap * (member.stays_s + slot_s));
    while (high - low > slot_s) {
      const auto middle = low + (high - low) / 2;
      (sum_at(middle) <= total ? low : high) = middle;
    }
    for (auto& member : members) member.current = draw_at(member, low);
  }

  const policy_input& input_;
  policy_scratch& scratch_;
  std::int64_t balance_ = 1;
};

void arrange(const policy_input& input, std::span<ask> asks) {
  const bool is_announced = std::ranges::any_of(
      input.image.connectors, [](const auto& each) { return each.wants && each.departs_at; });
  // Without any departure there is nothing to look ahead to: never guess them.
  if (!is_announced) return greatest_total().arrange(input, asks);
  stay_plan(input).make(asks);
}

} // namespace

policy_entry plan_ahead() {
  return {domain::policy::plan_ahead, false, lets_wait, arrange, nullptr};
}

} // namespace busbar::control::fairness::policies
