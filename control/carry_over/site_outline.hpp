#pragma once
// The part of a site file that gives a state's places their meaning: ids, what hangs on what, and
// each connector's own wiring. Kept with the state (topic busbar.sites.v1), so that an engine that
// starts under a changed file knows which connector a place was.

#include "domain/site.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace busbar::control::carry_over {

struct outline_node {
  domain::node_id id;
  std::optional<domain::node_index> parent;
  /// Line to neutral, rounded down; 0 where it is not known.
  domain::millivolts voltage{};
  bool operator==(const outline_node&) const = default;
};

struct outline_station {
  domain::station_id id;
  domain::node_index parent;
  domain::connector_index first_connector;
  std::uint32_t connector_count = 1;
  /// What it draws on each connector once nothing commands it, and after how long a silence: the
  /// lease, or its own time-out where that is longer.
  domain::milliamperes fallback{};
  domain::seconds falls_back_after{};
  /// Of a kWh there, the site's own where the station has none.
  domain::micro_currency price{};
  bool operator==(const outline_station&) const = default;
};

struct outline_connector {
  domain::connector_id id;
  domain::station_index station;
  domain::current_kind kind = domain::current_kind::ac;
  std::array<domain::line, 3> lines{};
  std::uint8_t line_count = 3;
  domain::connection wiring = domain::connection::wye;
  /// The most that it delivers: bounds a bill (LIFE-1).
  domain::watts rating{};
  bool operator==(const outline_connector&) const = default;
};

/// Rows stand in the places' order; parents stand before children.
struct site_outline {
  std::uint64_t topology_hash = 0;
  std::vector<outline_node> nodes;
  std::vector<outline_station> stations;
  std::vector<outline_connector> connectors;
  bool operator==(const site_outline&) const = default;
};

[[nodiscard]] site_outline outline_of(const domain::site& site);

/// Canonical bytes. Ids state what is new against the one before, and stations that are alike state
/// the rest once: 7 bytes a station whose ids count up, so that 100,000 of them fit what the
/// changelog keeps (domain::site_state::outline_bytes_max); 70 where ids have nothing in common.
[[nodiscard]] std::vector<std::uint8_t> encode(const site_outline& outline);
/// Absent where `bytes` are not the encoding of an outline: another version, cut off, too long, an
/// id that is empty or above 64 bytes, a place that the outline does not have.
[[nodiscard]] std::optional<site_outline> decode(std::span<const std::uint8_t> bytes);

} // namespace busbar::control::carry_over
