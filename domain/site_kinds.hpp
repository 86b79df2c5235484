#pragma once
// The kinds of things that stand in a site file.

#include <cstdint>
#include <optional>
#include <string>

namespace busbar::domain {

enum class node_kind : std::uint8_t { unspecified = 0, service, transformer, feeder, panel };

/// Who imposed a limit (LIM-2). Text forms: `name_of`, e.g. "demand_response".
enum class limit_source : std::uint8_t {
  unspecified = 0,
  rating,
  continuous_factor,
  breaker,
  cable,
  transformer,
  thermal,
  service_power,
  service_current,
  phase_imbalance,
  power_factor,
  voltage,
  frequency,
  site_operator,
  demand_response,
  peak_demand,
  /// What the declared maximum of unmanaged load leaves while a meter is lost (LIM-3).
  meter_lost,
};

enum class winding : std::uint8_t { unspecified = 0, wye_wye, delta_wye };
enum class current_kind : std::uint8_t { unspecified = 0, ac, dc };
/// wye: line to neutral. delta: one load between the two lines named.
enum class connection : std::uint8_t { unspecified = 0, wye, delta };
enum class fallback_action : std::uint8_t { unspecified = 0, maintain, reduce, stop };

/// FAIR-3 and docs/control/policies.md.
enum class policy : std::uint8_t {
  unspecified = 0,
  equal,
  priority,
  soc_deficit,
  earliest_deadline,
  least_laxity,
  first_come,
  greatest_total,
  plan_ahead,
};

/// How the policy `priority` counts: as a weight, or a higher one before a lower one gets anything
/// above its minimum.
enum class priority_order : std::uint8_t { unspecified = 0, weighted, strict };

/// What is believed of a connector whose readings are stale (SAFE-1): it is told zero; its last
/// reading holds for a while; it is left out of the split and reserved at its fallback.
enum class stale_input_policy : std::uint8_t { unspecified = 0, safe_zero, hold_last, exclude };

[[nodiscard]] const char* name_of(node_kind kind);
[[nodiscard]] const char* name_of(limit_source source);
[[nodiscard]] const char* name_of(policy which);
[[nodiscard]] const char* name_of(fallback_action action);
[[nodiscard]] const char* name_of(stale_input_policy which);
[[nodiscard]] const char* name_of(priority_order which);
[[nodiscard]] std::optional<limit_source> limit_source_from(const std::string& name);
[[nodiscard]] std::optional<policy> policy_from(const std::string& name);

} // namespace busbar::domain
