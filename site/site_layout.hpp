#pragma once
// How a site's electrical tree becomes a tree of actors. Every node below the service is a branch:
// a transformer actor or a feeder actor (feeders and panels). A bay is the table of one feeder: a
// row for each connector of the stations that hang directly on its node. Stations that hang on the
// service or on a transformer get a feeder of their own below it, for the same node.
// Immutable, shared by all actors of the site and by the ingest thread.

#include "control/limits/node_limits.hpp"
#include "domain/site.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::site {

using branch_index = std::uint32_t;
using bay_index = std::uint32_t;

struct branch_layout {
  domain::node_index node;
  bool is_transformer = false;
  /// Absent: the site itself is the parent.
  std::optional<branch_index> parent;
  std::vector<branch_index> children;
  /// Set where stations hang directly on it.
  std::optional<bay_index> bay;
};

struct bay_layout {
  branch_index branch = 0;
  std::vector<domain::station_index> stations;
  /// The connector of each row.
  std::vector<domain::connector_index> connectors;
};

struct row_place {
  bay_index bay = 0;
  std::uint32_t row = 0;
};

/// What every tick asks about a connector, side by side: reading it of the site would touch much
/// more memory.
struct connector_facts {
  /// Place of its station among those of its bay.
  std::uint32_t station_row = 0;
  std::array<domain::line, 3> lines{};
  std::uint8_t line_count = 0;
  bool can_switch_phases = false;
  bool is_dc = false;
  /// Three-phase AC whose station does not switch lines: its vehicle may use fewer (LIM-8).
  bool may_use_fewer_lines = false;
};

struct site_layout {
  std::shared_ptr<const domain::site> site;
  /// Parents before children.
  std::vector<branch_layout> branches;
  /// Branches directly below the site.
  std::vector<branch_index> roots;
  std::vector<bay_layout> bays;
  /// By connector.
  std::vector<row_place> rows;
  std::vector<connector_facts> facts;
  /// By station: its bay and its place among the bay's stations.
  std::vector<row_place> stations;
  /// All stations in the order of their ids: `find_station` reads it.
  std::vector<domain::station_index> stations_by_id;
  /// By station: its capability profile, the site's own before the built-in ones; null where it
  /// names none. DC: its power is at most the connectors' nameplate.
  std::vector<std::shared_ptr<const domain::capability>> capabilities;
  /// By node.
  std::vector<control::limits::node_voltage> voltages;
  /// By node: line to neutral.
  std::vector<domain::millivolts> neutral_voltages;
  /// What its places mean, for the changelog (control/carry_over).
  std::shared_ptr<const std::vector<std::uint8_t>> outline;
};

/// REQUIRES: a valid site (parents before children, stations' connectors adjacent).
[[nodiscard]] std::shared_ptr<const site_layout>
lay_out(std::shared_ptr<const domain::site> site);

/// The station of that id, found in as many steps as the number of stations has binary digits.
[[nodiscard]] std::optional<domain::station_index> find_station(const site_layout& layout,
                                                                const domain::station_id& id);

/// The branch's name, for events, breakers, watchdogs: "transformer:t1", "feeder:f1", "panel:p1".
[[nodiscard]] std::string branch_name(const site_layout& layout, branch_index branch);

} // namespace busbar::site
