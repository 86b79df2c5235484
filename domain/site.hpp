#pragma once
// A site as its file describes it: one service entrance and the electrical tree below it.
// Built and validated by adapters/config; immutable afterwards and shared by everyone.
// Bounds: docs/architecture.md. Nodes stand parents first; connectors of one station are adjacent.

#include "domain/ids.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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
};

/// An upper bound on a node and who imposed it. An absent part bounds nothing; one is present.
struct limit {
  limit_source source = limit_source::unspecified;
  /// Per line, in that node's own voltage. >= 0.
  std::optional<per_line<milliamperes>> current;
  /// Total active power over all lines. >= 0.
  std::optional<watts> power;
  bool operator==(const limit&) const = default;
};

enum class winding : std::uint8_t { unspecified = 0, wye_wye, delta_wye };

/// Voltages are line to line. Rated per phase: rated_va / 3 / (voltage / sqrt 3).
struct transformer_data {
  volt_amperes rated{};
  winding connection = winding::unspecified;
  /// Absent: the same as `secondary` (ratio 1), primary lines are limited for delta_wye only.
  std::optional<millivolts> primary;
  millivolts secondary{};
  bool operator==(const transformer_data&) const = default;
};

struct node {
  node_id id;
  std::string name;
  node_kind kind = node_kind::unspecified;
  /// Absent for the service only.
  std::optional<node_index> parent;
  /// Sources that the site file states (rating, breaker, cable, operator...).
  std::vector<limit> limits;
  /// Factor on the `rating` source where load is continuous (NEC 625.41, 210.20). 1..1000.
  permille continuous{1000};
  std::optional<transformer_data> transformer;
  /// A meter measures this node's unmanaged load; without readings it counts as lost (LIM-3).
  bool has_meter = false;
  /// Unmanaged load that the file declares where there is no meter.
  std::optional<per_line<milliamperes>> unmanaged;
};

enum class current_kind : std::uint8_t { unspecified = 0, ac, dc };
/// wye: line to neutral. delta: one load between the two lines named.
enum class connection : std::uint8_t { unspecified = 0, wye, delta };
enum class fallback_action : std::uint8_t { unspecified = 0, maintain, reduce, stop };

/// What a station does without a valid grant (SAFE-1).
struct fallback {
  fallback_action action = fallback_action::reduce;
  /// Per connector and line: what it may draw in fallback. `stop`: 0. `maintain`: its maximum.
  milliamperes current{};
  /// Silence after which the station falls back by itself.
  seconds timeout{120};
};

struct connector {
  connector_id id;
  station_index station;
  current_kind kind = current_kind::ac;
  /// The site's lines on which the connector's L1, L2, L3 lie; 1 to 3 of them, `line_count` used.
  std::array<line, 3> lines{line::l1, line::l2, line::l3};
  std::uint8_t line_count = 3;
  connection wiring = connection::wye;
  /// Line current at the site's side (DC: input current of a balanced three-phase load).
  milliamperes current_min{6000};
  milliamperes current_max{32000};
  milliamperes step{1};
  /// Nameplate power, for people and for DC.
  watts power_max{};
};

struct station {
  station_id id;
  std::string name;
  /// The feeder or panel (or higher node) that it hangs on.
  node_index parent;
  connector_index first_connector;
  std::uint32_t connector_count = 1;
  fallback when_lost;
  /// 1 (least) to 10 (most).
  std::uint8_t priority = 5;
  /// Share of the split relative to others. 1..1000.
  std::uint32_t weight = 1;
  /// Price of a kWh; absent: the site's tariff.
  std::optional<micro_currency> price_per_kwh;
  /// Name of a capability profile (control/stations), may be empty.
  std::string capability;
};

/// FAIR-3 and docs/control.md.
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

/// RAMP-1: decreases are told at once, raises no faster than this. Absent in a site: no ramp.
struct ramp {
  /// A connector's grant grows by at most this much a second; its minimum is given at once. > 0.
  milliamperes up_per_second{2000};
  /// Raises by less than this are not worth a command.
  milliamperes dead_band{500};
};

enum class stale_input_policy : std::uint8_t { unspecified = 0, safe_zero, hold_last, exclude };

struct site {
  site_id id;
  std::string name;
  /// Line to neutral at the service.
  millivolts nominal{230'000};
  policy split = policy::equal;
  std::string currency = "EUR";
  micro_currency price_per_kwh{300'000};
  /// Parents before children; nodes[0] is the service.
  std::vector<node> nodes;
  std::vector<station> stations;
  std::vector<connector> connectors;
  /// Age beyond which telemetry is stale (LIM-3, SAFE-1).
  seconds stale_after{30};
  stale_input_policy when_stale = stale_input_policy::exclude;
  /// Validity of a grant from its sending.
  seconds lease{60};
  std::optional<ramp> ramping;
  /// Hash of everything above: batches and commands made for another topology are refused.
  std::uint64_t topology_hash = 0;
};

[[nodiscard]] const char* name_of(node_kind kind);
[[nodiscard]] const char* name_of(limit_source source);
[[nodiscard]] const char* name_of(policy which);
[[nodiscard]] const char* name_of(fallback_action action);
[[nodiscard]] const char* name_of(line which);
[[nodiscard]] std::optional<limit_source> limit_source_from(const std::string& name);
[[nodiscard]] std::optional<policy> policy_from(const std::string& name);

/// Deterministic 64-bit hash of everything but `topology_hash` itself (FNV-1a, canonical form).
[[nodiscard]] std::uint64_t hash_of(const site& site);

} // namespace busbar::domain
