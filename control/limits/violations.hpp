#pragma once
// LIM-1 watched: a node whose reserves and unmanaged load are more than a bound allows. It stands
// only while that is so; how long it lasts counts over short times in which the bound is kept.

#include "control/distribution/split.hpp"
#include "control/limits/node_limits.hpp"
#include "control/plan_state.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "domain/violation.hpp"

#include <span>
#include <vector>

namespace busbar::control::limits {

struct violation_settings {
  /// Kept this long, the next one begins anew.
  domain::seconds clear_after{10};
  /// Critical from this part of the allowed value ...
  domain::permille critical_from{1100};
  /// ... or when it lasts this long; info up to `info_up_to`, otherwise a warning.
  domain::seconds critical_after{30};
  /// Below `critical_from` it is info for this long: meter, plan, command and vehicle take that
  /// time to follow a rise of the unmanaged load. What exceeds an order alone is info as long.
  domain::seconds followed_within{15};
  domain::permille info_up_to{1010};
  /// Where a meter says that no more flows than is allowed, what is only reserved above that is
  /// said after so long: its samples and the connectors' readings are not of one instant.
  domain::seconds reserved_for{2};
};

/// By node, in the topology's order.
struct watched_loads {
  /// What is reserved.
  std::span<const distribution::node_load> reserved;
  /// What of that is not drawn. Empty, or: where a meter is heard, what it measures and this count
  /// at most. What a silent connector drew last is in its reserve and, not being read any more, in
  /// the unmanaged load: so it counts once.
  std::span<const distribution::node_load> undrawn;
  /// Where a meter is heard, no more counts than it measures, or than is reserved beside the
  /// unmanaged load that is sure, whichever is more.
  std::span<const node_image> nodes;
  /// Of `reserved` what does not rest on readings that are older than what is told, nor on what is
  /// assumed of stations that are not heard. Empty: all of it. A violation begins with this alone;
  /// one that stands stays while `reserved` exceeds.
  std::span<const distribution::node_load> known = {};
};

/// Whether anything is above its bound by `reserved` alone, so that `undrawn` matters.
[[nodiscard]] bool is_any_above(std::span<const node_limits> limits,
                                std::span<const distribution::node_load> reserved);

/// Appends at most one violation a node, its worst bound, in node order. What a lost meter may hide
/// exceeds nothing.
void watch_nodes(const violation_settings& settings, const domain::site& site,
                 std::span<const node_limits> limits, const watched_loads& loads,
                 domain::instant now, std::span<node_memory> memory,
                 std::vector<domain::violation>& violations);

/// SAFE-2: a connector that acknowledged `told` and draws `drawn`.
[[nodiscard]] domain::violation disobedience(const violation_settings& settings,
                                                  const std::string& connector,
                                                  domain::milliamperes told,
                                                  domain::milliamperes drawn,
                                                  domain::instant since, domain::instant now);

} // namespace busbar::control::limits
