#pragma once
// FAIR-3: what a policy sees and what it may choose. A policy never hands out power: it sets
// weights, ranks and caps, and the exact split does the rest.

#include "control/distribution/split.hpp"
#include "control/image.hpp"
#include "control/plan_state.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace busbar::control::fairness {

/// What one connector asks for in this plan. The planner fills it, the policy changes it.
struct ask {
  /// 0, or the least that it charges with, in whole steps.
  domain::milliamperes floor{};
  /// A policy may only lower it, and then says why (`capped_by`).
  domain::milliamperes cap{};
  domain::milliamperes step{1};
  /// Lower ranks are filled before higher ones.
  std::int64_t rank = 0;
  /// Above the floors, power of one rank goes by weight. >= 1; scaled down when above 65 535.
  std::uint32_t weight = 1;
  /// When the minima do not all fit, lower ones go first, before priority.
  std::uint32_t turn_rank = 0;
  /// Then those owed most: by default the microseconds waited, less those served.
  std::int64_t deficit = 0;
  /// 1 (least) to 10 (most).
  std::uint8_t priority = 5;
  /// On which lines of the site it counts.
  domain::line_set lines = domain::line_set::all();
  domain::rule capped_by = domain::rule::maximum;
  /// A vehicle wants energy and may be told: only such rows are a policy's business.
  bool is_competing = false;
  /// Of policies that let wait: no turn for now, although its minimum may fit, because others put
  /// the room to better use. Never longer than FAIR-2's bound.
  bool may_wait = false;
  /// Set before the policy is asked: it has a turn that is not taken away yet, or it is the first
  /// in the line of those that waited too long. It charges whatever the policy says.
  bool is_due = false;
  /// Draws nothing of what it is offered (sleepers.hpp): it has its minimum only while no other
  /// can use that room.
  bool is_asleep = false;
  /// Load shedding stops it in this plan: its turn is over, and its room goes to no other.
  bool is_stopped = false;
  /// Pauses to switch phases: no turn in this plan, and none is lost.
  bool is_switching = false;
  /// Then: by when it goes on at the latest.
  domain::maybe<domain::instant> switches_until;
};

/// One that competes, as policies that balance phases or look ahead see it (phase_groups.hpp).
/// Currents in mA, charge in mA s.
struct contender {
  /// Equal keys load the same thing.
  std::uint64_t key = 0;
  std::uint32_t connector = 0;
  /// The least that it charges with, and whether it charges in any case (`ask::is_due`).
  std::int64_t floor = 0;
  bool is_due = false;
  std::int64_t cap = 0;
  std::int64_t needed = 0;
  std::int64_t got = 0;
  /// Until it leaves.
  std::int64_t stays_s = 0;
  /// Charge that it is to get over its stay.
  std::int64_t target = 0;
  /// For `split_among`: at least `pinned`, at most `limit`, above that by weight.
  std::int64_t pinned = 0;
  std::int64_t limit = 0;
  std::int64_t weight = 1;
  std::int64_t current = 0;
};

/// contenders[first..last) share what they load; `place`: its number among the groups there.
struct phase_group {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::uint32_t place = 0;
  std::int64_t caps = 0;
  /// Current that it needs to lose nothing, and the most that it could get.
  std::int64_t need = 0;
  std::int64_t room = 0;
  std::int64_t total = 0;
};

/// A run of contenders, in the order of leaving, that share one level (fair_targets.hpp).
struct target_block {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::int64_t charge = 0;
  std::int64_t level = 0;
};

/// Working memory of policies, kept by the planner so that a steady plan allocates nothing.
struct policy_scratch {
  std::vector<contender> contenders;
  std::vector<phase_group> groups;
  std::vector<target_block> blocks;
  std::vector<std::uint32_t> order;
  std::vector<distribution::demand> demands;
};

struct policy_input {
  const control::image& image;
  const plan_state& memory;
  /// Power at one ampere on each of the connector's lines, in mW, rounded down.
  std::span<const std::int64_t> milliwatts_per_ampere;
  /// Fixed loads: currents that this plan cannot change; and what all have to fit in.
  std::span<const domain::milliamperes> fixed;
  std::span<const distribution::node_bounds> bounds;
  /// To ask how much could be had; handing out is the planner's.
  distribution::splitter* splitter = nullptr;
  policy_scratch* scratch = nullptr;
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
  /// Above zero: sets `ask::may_wait`; one that announced when it leaves may wait that
  /// long (others for the usual patience). Zero: every minimum that fits is given.
  domain::seconds lets_wait{};
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
