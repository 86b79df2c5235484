#pragma once
// A site as its file describes it: one service entrance and the electrical tree below it.
// Built and validated by adapters/config; immutable afterwards and shared by everyone.
// Bounds: docs/architecture.md. Nodes stand parents first; connectors of one station are adjacent.

#include "domain/capability.hpp"
#include "domain/ids.hpp"
#include "domain/line_set.hpp"
#include "domain/protection.hpp"
#include "domain/line_settings.hpp"
#include "domain/safety_settings.hpp"
#include "domain/site_configuration.hpp"
#include "domain/site_kinds.hpp"
#include "domain/supervision_settings.hpp"
#include "domain/time.hpp"
#include "domain/time_zone.hpp"
#include "domain/turn_settings.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::domain {

/// An upper bound on a node and who imposed it. An absent part bounds nothing; one is present.
struct limit {
  limit_source source = limit_source::unspecified;
  /// Per line, in that node's own voltage. >= 0.
  std::optional<per_line<milliamperes>> current;
  /// Total active power over all lines. >= 0.
  std::optional<watts> power;
  bool operator==(const limit&) const = default;
};

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
  /// Unmanaged load of this node's own that the file declares where there is no meter: beside what
  /// is measured or declared below it.
  std::optional<per_line<milliamperes>> unmanaged;
  /// The most that its unmanaged load can draw: what counts while its meter is lost (LIM-3), and
  /// beside the fallbacks (LIM-4). Absent: as much as the node carries.
  std::optional<per_line<milliamperes>> unmanaged_max;
  /// How much of measured export (unmanaged load below zero) is room for connectors. 0..1000.
  permille export_room{0};
  /// What its limits of the moment are computed from.
  node_protection protection;
};

/// What a station does without a valid grant (SAFE-1).
struct fallback {
  fallback_action action = fallback_action::reduce;
  /// Per connector and line: what it may draw in fallback. `stop`: 0. `maintain`: its maximum.
  milliamperes current{};
  /// Silence after which the station falls back by itself.
  seconds timeout{120};
  bool operator==(const fallback&) const = default;
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
  /// A three-phase vehicle may be told to charge on the first line alone (FAIR-2).
  bool can_switch_phases = false;
};

/// The site's lines of its first `count` own ones. REQUIRES: 1 <= count <= 3.
[[nodiscard]] constexpr line_set first_lines(const connector& of, std::size_t count) {
  line_set made;
  for (std::size_t i = 0; i < count; ++i) made.add(of.lines[i]);
  return made;
}

struct station {
  station_id id;
  std::string name;
  /// The feeder or panel (or higher node) that it hangs on.
  node_index parent;
  connector_index first_connector;
  std::uint32_t connector_count = 1;
  /// What counts: of the file's and the configured fallback the higher one.
  fallback when_lost;
  /// Configured by API: every grant tells it, and it holds when that grant's lease ends. Absent:
  /// the station does what the site file says.
  std::optional<fallback> told_when_lost;
  /// 1 (least) to 10 (most).
  std::uint8_t priority = 5;
  /// Share of the split relative to others. 1..1000.
  std::uint32_t weight = 1;
  /// Price of a kWh; absent: the site's tariff.
  std::optional<micro_currency> price_per_kwh;
  /// Name of a capability profile (control/stations), may be empty.
  std::string capability;
};

/// RAMP-1: decreases are told at once, raises no faster than this. Absent in a site: no ramp.
struct ramp {
  /// A connector's grant grows by at most this much a second; its minimum is given at once. > 0.
  milliamperes up_per_second{2000};
  /// The same in power, for DC stations; absent: `up_per_second` holds for them too. > 0.
  std::optional<watts> dc_up_per_second;
  /// Raises by less than this are not worth a command.
  milliamperes dead_band{500};
};

struct site {
  site_id id;
  std::string name;
  /// Line to neutral at the service.
  millivolts nominal{230'000};
  policy split = policy::equal;
  std::string currency = "EUR";
  micro_currency price_per_kwh{300'000};
  /// In which hours of the day are meant.
  time_zone zone;
  /// Parents before children; nodes[0] is the service.
  std::vector<node> nodes;
  std::vector<station> stations;
  std::vector<connector> connectors;
  /// What counts as lost input and what is done then (LIM-3, SAFE-1).
  input_settings input;
  shedding_settings shedding;
  /// Of the site's actors.
  supervision_settings supervision;
  turn_settings turns;
  line_settings lines;
  /// Validity of a grant from its sending.
  seconds lease{60};
  std::optional<ramp> ramping;
  priority_order by_priority = priority_order::weighted;
  /// Of vehicles that state none: what they should have, and what they must have first.
  permille soc_target{800};
  permille soc_reserve{200};
  /// Samples over which a station's tracking error is averaged. 1..3600.
  std::uint32_t tracking_window = 60;
  /// Capability profiles of its own, beside the built-in ones.
  std::vector<capability> capabilities;
  /// What has been configured on top of its file; null: nothing.
  std::shared_ptr<const site_configuration> configured;
  /// Hash of what places depend on: ids, the tree, the wiring. Batches and commands made for
  /// another topology are refused. Of the site file and the tree that has been configured on top of
  /// it, whatever else has been.
  std::uint64_t topology_hash = 0;
  /// Hash of everything: changes with any limit or setting.
  std::uint64_t revision = 0;
};

[[nodiscard]] const char* name_of(line which);

/// LIM-8: a three-phase AC connector whose station does not switch its lines, and between which and
/// the service no transformer changes them (on the other side of one, a vehicle that uses a further
/// line may load every line).
[[nodiscard]] bool may_use_fewer_lines(const site& site, const connector& connector);

/// Deterministic 64-bit hashes (FNV-1a, canonical form) of what places depend on, and of everything
/// but the hashes themselves.
[[nodiscard]] std::uint64_t topology_hash_of(const site& site);
[[nodiscard]] std::uint64_t revision_of(const site& site);
/// Sets both.
void seal(site& site);

} // namespace busbar::domain
