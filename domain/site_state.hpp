#pragma once
// What an owner of a site leaves to the next one: topic busbar.sites.v1.

#include "domain/operator_order.hpp"
#include "domain/site.hpp"
#include "domain/site_configuration.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::domain {

/// In place of a command's number: it is owed, and was not sent. Commands are numbered from 1.
inline constexpr sequence never_sent = 0;

/// An open session as the changelog keeps it.
struct session_state {
  session_id id;
  request_id request;
  driver_id driver;
  connector_index connector;
  instant started_at{};
  std::int64_t register_start_wh = 0;
  std::int64_t register_now_wh = 0;
  std::optional<watt_hours> energy_wanted;
  std::optional<instant> departs_at;
  /// Numbers of its start and its stop that wait for an answer; of the stop, why it stops.
  std::optional<sequence> start_waits = {};
  std::optional<sequence> stop_waits = {};
  std::string stopping_because = {};
  /// Its station began it by itself: begin, end and registers are those that it states.
  bool is_reported = false;
  /// Of one whose bill waits: the register that its station has stated since for its start. The
  /// bill that was given began with `register_start_wh`.
  std::optional<std::int64_t> register_begun_wh = {};
  bool operator==(const session_state&) const = default;
};

/// A station that is kept for a driver.
struct reservation_state {
  station_index station;
  driver_id driver;
  instant until{};
  bool operator==(const reservation_state&) const = default;
};

/// What was last told to a connector.
struct told_state {
  connector_index connector;
  sequence number = 0;
  milliamperes told{};
  milliamperes acknowledged{};
  /// They flow out of the vehicle.
  bool is_export = false;
  bool operator==(const told_state&) const = default;
};

/// Load shedding as the changelog keeps it.
struct shedding_state {
  configure_shedding chosen;
  /// 0 to 5.
  int level = 0;
  instant changed_at{};
  bool operator==(const shedding_state&) const = default;
};

/// The charging profiles that a station has accepted, as the memory of its store
/// (control/smart_charging/profile_store.hpp).
struct station_profiles {
  station_index station;
  /// Shared by all that keep a copy. Never null.
  std::shared_ptr<const std::vector<std::uint8_t>> memory;
  bool operator==(const station_profiles& other) const {
    return station == other.station && *memory == *other.memory;
  }
};

/// Whose a left load is.
struct left_owner {
  station_id station;
  connector_id connector;
  /// Its kind, wiring and lines in one number (control/carry_over/left_loads.hpp).
  std::uint32_t wiring = 0;
  instant until{};
  /// The first node above that counts it otherwise: its owner hangs there too, or another load of
  /// its owner counts there. Absent: it counts up to the service.
  std::optional<node_index> ends_below;
  bool operator==(const left_owner&) const = default;
};

/// What a connector that hung on a node before the site's tree changed may still draw there and
/// above.
struct left_load {
  node_index node;
  per_line<milliamperes> line{};
  /// Absent: of several connectors, and it counts as long as any.
  std::optional<left_owner> of;
  bool operator==(const left_load&) const = default;
};

/// How warm the parts of a node are (control/limits/live_limits): none of it is measured.
struct node_warmth {
  struct temperatures {
    millidegrees_celsius oil{};
    /// Of the hot spot over the oil: what adds to it and what takes off it.
    millidegrees_celsius fast_rise{};
    millidegrees_celsius slow_rise{};
    bool operator==(const temperatures&) const = default;
  };
  node_index node;
  /// Of its breaker, by line: millionths of the heat at the non-tripping current.
  std::optional<per_line<std::int64_t>> breaker_ppm;
  std::optional<temperatures> transformer;
  /// The rules that both are of, in one number each; absent: not known.
  std::optional<std::uint64_t> breaker_rule;
  std::optional<std::uint64_t> transformer_rule;
  bool operator==(const node_warmth&) const = default;
};

/// Bytes that many copies of a state share; null: none. Equal where the bytes are.
struct kept_bytes {
  std::shared_ptr<const std::vector<std::uint8_t>> bytes;
  bool operator==(const kept_bytes& other) const {
    return bytes == other.bytes || (bytes && other.bytes && *bytes == *other.bytes);
  }
};

/// What a state includes of the site's partition of each topic: all records before these offsets;
/// absent: not known.
struct log_positions {
  std::optional<std::int64_t> commands;
  std::optional<std::int64_t> results;
  std::optional<std::int64_t> sessions;
  std::optional<std::int64_t> requests;
  bool operator==(const log_positions&) const = default;
};

/// The compacted changelog of one site: enough to go on after the owner is gone.
struct site_state {
  /// Bytes of all `profiles` together.
  static constexpr std::size_t profile_bytes_max = 1'048'576;
  static constexpr std::size_t profile_stations_max = 16'384;

  site_id site;
  std::uint64_t topology_hash = 0;
  epoch owner = 0;
  instant at{};
  std::uint64_t plan_number = 0;
  std::vector<told_state> told;
  std::vector<session_state> sessions;
  /// Completed while the station did not answer, at most one a connector: the bill waits for the
  /// register, `register_now_wh` is what was billed.
  std::vector<session_state> unsettled;
  /// The planner's memory (control/plan_state.hpp), as its own canonical bytes.
  std::vector<std::uint8_t> planner_memory;
  /// What operators have set: limits outlive an engine.
  std::vector<node_constraint> node_constraints;
  std::vector<connector_constraint> connector_constraints;
  std::optional<shedding_state> shedding;
  /// Of the stations that have, or had, any.
  std::vector<station_profiles> profiles;
  /// On top of the site's file.
  site_configuration configured;
  /// What the places mean (control/carry_over/site_outline.hpp), as its canonical bytes; null in
  /// states of engines that did not write it, and above `outline_bytes_max`.
  static constexpr std::size_t outline_bytes_max = 1'048'576;
  kept_bytes outline;
  /// By node, in their order, and until when any of it counts.
  std::vector<left_load> left_behind;
  instant left_until{};
  /// Of nodes that have a thermal model.
  std::vector<node_warmth> warmth;
  log_positions positions;
  /// What the parts of the site remember beside, in their own format (site/part_memory.hpp).
  static constexpr std::size_t part_memory_bytes_max = 1'048'576;
  std::vector<std::uint8_t> part_memory = {};
  /// At most one a station.
  std::vector<reservation_state> reservations = {};
  bool operator==(const site_state&) const = default;
};

} // namespace busbar::domain
