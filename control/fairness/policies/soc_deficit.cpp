// Weight = priority x gap in state of charge: below the reserve the gap to the reserve, above it
// the gap to the target. What a connector did not get of its share by weight is carried on as
// deficit.

#include "control/fairness/policies/entries.hpp"
#include "control/limits/integer_math.hpp"

#include <algorithm>

namespace busbar::control::fairness::policies {

namespace {

constexpr std::int64_t default_reserve = 200;
constexpr std::int64_t default_target = 800;
constexpr std::int64_t full = 1000;
/// Four hours at 32 A: what is owed from longer ago is forgotten.
constexpr std::int64_t deficit_max = 4 * 3600 * std::int64_t{32'000};

enum class need : std::uint8_t { below_reserve = 0, below_target = 1, beyond_target = 2 };

struct standing {
  need which = need::below_target;
  std::int64_t gap = 1;
};

/// An unknown state of charge counts as standing at the reserve: neither first nor last.
standing standing_of(const connector_image& vehicle) {
  const auto or_default = [](const auto& value, std::int64_t otherwise) {
    return value ? value->count() : otherwise;
  };
  const std::int64_t reserve = or_default(vehicle.soc_reserve, default_reserve);
  const std::int64_t target = or_default(vehicle.soc_target, default_target);
  const std::int64_t soc = or_default(vehicle.soc, reserve);
  if (soc < reserve) return {need::below_reserve, reserve - soc};
  if (soc < target) return {need::below_target, target - soc};
  return {need::beyond_target, std::max<std::int64_t>(1, full - soc)};
}

void arrange(const policy_input& input, std::span<ask> asks) {
  bool is_anybody_under_target = false;
  for (std::size_t i = 0; i < asks.size(); ++i) {
    if (!asks[i].is_competing) continue;
    const auto standing = standing_of(input.image.connectors[i]);
    const auto weight = static_cast<std::uint32_t>(standing.gap) * asks[i].priority;
    asks[i].weight = weight * asks[i].weight;
    asks[i].rank = static_cast<std::int64_t>(standing.which);
    asks[i].turn_rank = static_cast<std::uint32_t>(standing.which);
    asks[i].deficit = input.memory.connectors[i].deficit_ma_s;
    is_anybody_under_target |= standing.which != need::beyond_target;
  }
  if (!is_anybody_under_target) return;
  for (auto& each : asks) {
    if (!each.is_competing || each.rank != static_cast<std::int64_t>(need::beyond_target)) continue;
    each.cap = domain::milliamperes{};
    each.capped_by = domain::rule::demand;
  }
}

void learn(const policy_result& result, std::span<connector_memory> memory) {
  const std::int64_t seconds = result.elapsed.count() / 1'000'000;
  limits::wide total = 0;
  limits::wide weights = 0;
  for (std::size_t i = 0; i < result.asks.size(); ++i) {
    if (!result.asks[i].is_competing) memory[i].deficit_ma_s = 0;
    else if (!result.asks[i].cap.is_zero()) {
      total += result.targets[i].count();
      weights += result.asks[i].weight;
    }
  }
  for (std::size_t i = 0; i < result.asks.size(); ++i) {
    const auto& ask = result.asks[i];
    if (!ask.is_competing || ask.cap.is_zero()) continue;
    const auto share = limits::floor_of(total * ask.weight, weights);
    const auto fair = std::min<limits::wide>(share, ask.cap.count());
    const auto owed = memory[i].deficit_ma_s + (fair - result.targets[i].count()) * seconds;
    memory[i].deficit_ma_s =
        static_cast<std::int64_t>(std::clamp<limits::wide>(owed, -deficit_max, deficit_max));
  }
}

} // namespace

policy_entry soc_deficit() { return {domain::policy::soc_deficit, false, {}, arrange, learn}; }

} // namespace busbar::control::fairness::policies
