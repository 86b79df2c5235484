#pragma once
// What a bay says upwards: at each tick the rows of the image and their sums, and now and then what
// people see and what must be remembered.

#include "control/image.hpp"
#include "domain/site.hpp"
#include "domain/site_state.hpp"
#include "domain/site_view.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "site/site_layout.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace busbar::site {

/// A station whose clock was found to be off, or to be right again.
struct clock_news {
  domain::station_index station;
  domain::microseconds ahead{};
};

/// What the parent of a station's actor knows of it.
struct station_answers {
  domain::microseconds patience{};
  /// When it last answered, or was last sent something while it owed nothing.
  domain::instant last{};
};

/// What people see of a bay; filled on ticks that publish.
struct bay_view {
  std::vector<domain::connector_view> connectors;
  std::vector<domain::station_view> stations;
  std::vector<domain::session_view> sessions;
  std::vector<domain::breaker_view> breakers;
  /// One for each station: its actor's, with its readings as the input.
  std::vector<domain::watchdog_view> watchdogs;
};

/// What must be remembered of a bay (the changelog's part).
struct bay_memory {
  std::vector<domain::told_state> told;
  std::vector<domain::session_state> sessions;
  std::vector<domain::session_state> unsettled;
  std::vector<domain::station_profiles> profiles;
  std::vector<domain::reservation_state> reservations = {};
  /// What its rows and stations remember beside (site/part_bytes.hpp).
  std::vector<std::uint8_t> parts = {};
};

/// A bay at one tick, as its feeder sends it up. Rows stand in the bay's order.
struct bay_report {
  bay_index bay = 0;
  std::uint64_t tick = 0;
  std::vector<control::connector_image> rows;
  /// Sums of what the rows draw.
  domain::per_line<domain::milliamperes> drawn{};
  domain::watts power{};
  /// Latest measuring time of any row.
  domain::instant measured_at{};
  /// What rows released within the last `stale_after` (control/metering), and when last.
  domain::per_line<domain::milliamperes> released{};
  domain::instant released_at{};
  std::uint32_t silent_rows = 0;
  /// At least one station is heard, and answers its commands.
  bool has_answering_station = false;
  /// A lease is to be renewed, or a command waits for its record.
  bool awaits_plan = false;
  std::optional<bay_memory> memory;
  /// Null on ticks that do not publish. Outlives the report, whose memory is used again.
  std::shared_ptr<const bay_view> view;
};

/// Sums of what is drawn below a node, as its branch reports them.
struct node_sum {
  domain::node_index node;
  domain::per_line<domain::milliamperes> drawn{};
  domain::watts power{};
  domain::instant measured_at{};
  domain::per_line<domain::milliamperes> released{};
  domain::instant released_at{};

  friend bool operator==(const node_sum&, const node_sum&) = default;
};

} // namespace busbar::site
