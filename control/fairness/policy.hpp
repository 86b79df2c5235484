#pragma once
// FAIR-3: what a policy sees and what it may choose. A policy never hands out power: it sets
// weights, ranks and caps, and the exact split does the rest.

#include "control/image.hpp"
#include "control/plan_state.hpp"
#include "domain/conversation.hpp"

#include <cstdint>
#include <span>

namespace busbar::control::fairness {

/// What one connector asks for in this plan. The planner fills it, the policy changes it.
struct ask {
  /// A vehicle wants energy and may be told: only such rows are a policy's business.
  bool is_competing = false;
  /// 0, or the least that it charges with, in whole steps.
  domain::milliamperes floor{};
  /// A policy may only lower it, and then says why.
  domain::milliamperes cap{};
  domain::rule capped_by = domain::rule::maximum;
  domain::milliamperes step{1};
  /// Above the floors, power of one rank goes by weight. >= 1; scaled down when above 65 535.
  std::uint32_t weight = 1;
  /// Lower ranks are filled before higher ones.
  std::int64_t rank = 0;
  /// When the minima do not all fit, lower ones go first, before priority.
  std::uint32_t turn_rank = 0;
  /// 1 (least) to 10 (most).
  std::uint8_t priority = 5;
  /// Then who is owed most: by default the microseconds waited, less those served.
  std::int64_t deficit = 0;
};

struct policy_input {
  const control::image& image;
  const plan_state& memory;
  /// Power at one ampere on each of the connector's lines, in mW, rounded down.
  std::span<const std::int64_t> milliwatts_per_ampere;
};

/// What was decided, for policies that carry something to the next plan.
struct policy_result {
  const control::image& image;
  std::span<const ask> asks;
  std::span<const domain::milliamperes> targets;
  /// Since the plan before; zero for the first.
  domain::microseconds elapsed{};
};

struct policy_entry {
  domain::policy name = domain::policy::unspecified;
  /// Ranks are a strict order: each connector in turn (ties: in the site's order) as much as it
  /// can. Otherwise connectors of equal rank share by weight.
  bool is_strict_order = false;
  void (*arrange)(const policy_input& input, std::span<ask> asks) = nullptr;
  /// May be null.
  void (*learn)(const policy_result& result, std::span<connector_memory> memory) = nullptr;
};

/// Every policy that there is, in the order of `domain::policy`.
[[nodiscard]] std::span<const policy_entry> every_policy();

/// The entry of `name`; `equal` where that policy is not built in (doors and site files ask
/// `every_policy()` first).
[[nodiscard]] const policy_entry& policy_for(domain::policy name);

} // namespace busbar::control::fairness
