#pragma once
// What a planner remembers from plan to plan. A value: `busbar plan` writes it as JSON, the site's
// changelog keeps its canonical bytes. An empty memory is a cold start.

#include "domain/maybe.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace busbar::control {

struct connector_memory {
  /// Waits for its turn since (FAIR-2). Cleared once it was on for the minimum on time, and when it
  /// has been away for longer than a blink.
  domain::maybe<domain::instant> waiting_since;
  /// Was told at least its minimum then, and has been since: a turn begins when it is told.
  domain::maybe<domain::instant> on_since;
  /// Its last turn was taken away then.
  domain::maybe<domain::instant> off_since;
  /// Takes no part in turns since: it wants nothing, cannot be reached, or may not charge.
  domain::maybe<domain::instant> away_since;
  /// Its turn is not taken away before.
  domain::maybe<domain::instant> held_until;
  /// Is offered its minimum and draws nothing since (fairness/sleepers).
  domain::maybe<domain::instant> unused_since;
  /// Sleeps: it is not asked again before that time. Absent: awake.
  domain::maybe<domain::instant> probe_at;
  /// Turns that it slept through one after the other.
  std::int64_t naps = 0;
  /// What its driver asked for when it fell asleep, as a number: another number wakes it.
  std::int64_t asleep_as = 0;
  /// Draws less than it may since.
  domain::maybe<domain::instant> idle_since;
  /// What is left to a connector that draws less than it may (reclaim).
  domain::maybe<domain::milliamperes> reclaimed_to;
  /// Last told a higher current then (RAMP-1).
  domain::maybe<domain::instant> raised_at;
  /// Is to switch to that many lines (1 or 3), decided then; kept after it for the dwell.
  std::optional<std::uint8_t> lines_wanted;
  domain::maybe<domain::instant> lines_decided_at;
  /// Its station is told so since then (fairness/phase_switching).
  domain::maybe<domain::instant> lines_ordered_at;
  /// What its policy owes it, in mA seconds (soc-deficit).
  std::int64_t deficit_ma_s = 0;
  bool operator==(const connector_memory&) const = default;
};

struct node_memory {
  /// A bound is exceeded since; stays until it has been kept for the clearing time.
  std::optional<domain::instant> exceeded_since;
  /// Kept again since, while `exceeded_since` is set.
  std::optional<domain::instant> kept_since;
  bool operator==(const node_memory&) const = default;
};

/// Rows stand in the topology's order.
struct plan_state {
  /// When the last plan was made; absent: none yet.
  std::optional<domain::instant> at;
  std::vector<connector_memory> connectors;
  std::vector<node_memory> nodes;
  bool operator==(const plan_state&) const = default;
};

/// The clock was set back, to `now`: every instant goes back with it, so that what has elapsed of a
/// turn, a rest or a wait stays what it is. Does nothing where `now` is not before the last plan.
void follow_clock(plan_state& state, domain::instant now);

/// What the longest of its promises may reach into the future.
struct promises_max {
  domain::seconds turn{};
  domain::seconds nap{};
};
/// Memory from elsewhere: an instant in the future is now, a promise is as long as a new one.
void clip_to(plan_state& state, domain::instant now, const promises_max& promises);

/// Canonical bytes: equal states give equal bytes, on every machine.
[[nodiscard]] std::vector<std::uint8_t> encode(const plan_state& state);
/// Absent where `bytes` are not the encoding of a state with that many rows. Those of the version
/// before are read, less what the grant ledger owns by now.
[[nodiscard]] std::optional<plan_state> decode(std::span<const std::uint8_t> bytes,
                                               std::size_t connectors, std::size_t nodes);

} // namespace busbar::control
