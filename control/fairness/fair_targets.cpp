#include "control/fairness/fair_targets.hpp"

#include "control/limits/integer_math.hpp"

#include <algorithm>

namespace busbar::control::fairness {
namespace {

/// Levels are in 2^-20; no connector is entitled to more than four times its measure.
constexpr int level_bits = 20;
constexpr std::int64_t level_max = std::int64_t{4} << level_bits;

std::int64_t target_at(const contender& member, std::int64_t entitlement, std::int64_t level) {
  const auto due = static_cast<std::int64_t>((limits::wide{entitlement} * level) >> level_bits);
  return std::clamp<std::int64_t>(due - member.got, 0, takeable(member));
}

/// The members in the order of leaving, and what they are entitled to.
class stay_planner {
public:
  stay_planner(std::span<contender> members, std::int64_t typical)
      : members_(members), typical_(typical) {}

  [[nodiscard]] limits::wide sum_at(const target_block& block, std::int64_t level) const {
    limits::wide sum = 0;
    for (auto i = block.first; i < block.last; ++i)
      sum += target_at(members_[i], entitlement_of(members_[i], typical_), level);
    return sum;
  }

  /// The highest level whose targets the block's charge pays for.
  [[nodiscard]] std::int64_t level_of(const target_block& block) const {
    std::int64_t paid = 0;
    std::int64_t unpaid = level_max + 1;
    if (sum_at(block, level_max) <= block.charge) return level_max;
    while (unpaid - paid > 1) {
      const auto middle = paid + (unpaid - paid) / 2;
      (sum_at(block, middle) <= block.charge ? paid : unpaid) = middle;
    }
    return paid;
  }

  void write(const target_block& block) {
    for (auto i = block.first; i < block.last; ++i)
      members_[i].target =
          target_at(members_[i], entitlement_of(members_[i], typical_), block.level);
  }

private:
  std::span<contender> members_;
  std::int64_t typical_;
};

} // namespace

std::int64_t entitlement_of(const contender& member, std::int64_t typical_charge) {
  return (3 * (member.got + member.needed) + typical_charge) / 4;
}

std::int64_t takeable(const contender& member) {
  return static_cast<std::int64_t>(
      std::min<limits::wide>(member.needed, limits::wide{member.cap} * member.stays_s));
}

std::int64_t need_of(std::span<const contender> members) {
  limits::wide sum = 0;
  limits::wide most = 0;
  for (const auto& member : members) {
    sum += takeable(member);
    most = std::max(most, limits::ceil_of(sum, member.stays_s));
  }
  return static_cast<std::int64_t>(most);
}

void set_fair_targets(std::span<contender> members, std::int64_t room_ma,
                      std::int64_t typical_charge, policy_scratch& scratch) {
  stay_planner planner(members, typical_charge);
  auto& blocks = scratch.blocks;
  blocks.clear();
  std::int64_t before_s = 0;
  for (std::uint32_t i = 0; i < members.size(); ++i) {
    // A block's charge is what the room delivers between the departures around it.
    const auto stays = members[i].stays_s;
    blocks.push_back({i, i + 1, room_ma * (stays - before_s), 0});
    before_s = stays;
    blocks.back().level = planner.level_of(blocks.back());
    while (blocks.size() > 1 && blocks[blocks.size() - 2].level > blocks.back().level) {
      const auto later = blocks.back();
      blocks.pop_back();
      blocks.back().last = later.last;
      blocks.back().charge += later.charge;
      blocks.back().level = planner.level_of(blocks.back());
    }
  }
  for (const auto& block : blocks) planner.write(block);
}

} // namespace busbar::control::fairness
