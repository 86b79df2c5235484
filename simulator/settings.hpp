#pragma once
// What a world is made of beside its site, with the defaults of a quiet yard. `validate` holds the
// ranges. All times are those of the world, which runs by the `now` it is given.

#include "domain/ids.hpp"
#include "domain/simulated_fault.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "simulator/local_policy.hpp"
#include "simulator/monitor.hpp"
#include "simulator/vehicle.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace busbar::simulator {

/// A driver that comes again and again.
struct driver_profile {
  domain::driver_id name;
  /// Asks for a point this often, by its own clock, as long as one of its vehicles is free.
  domain::microseconds asks_every{std::chrono::seconds{60}};
  vehicle_model car;
  /// Vehicles of this model that it may have at points at once. 1..100.
  std::size_t cars = 1;
  /// After the world's first step; absent: after a tenth of `asks_every`.
  std::optional<domain::microseconds> asks_first_after{};
};

/// A driver who comes once, at a time, to stay for a time.
struct arrival {
  domain::driver_id name;
  /// After the world's first step.
  domain::microseconds comes_after{};
  domain::microseconds stays{std::chrono::minutes{30}};
  vehicle_model car;
  domain::permille soc{300};
  std::optional<domain::watt_hours> energy_wanted;
  /// Goes there first when set and known; anywhere that is free otherwise.
  domain::station_id prefers;
  /// Of `prefers`, that one alone; empty: whichever is free.
  domain::connector_id connector;
};

struct fault_settings {
  /// Mean time between seeded faults of one station; absent: none.
  std::optional<domain::microseconds> every;
  /// Kinds drawn from, evenly.
  std::vector<domain::fault_kind> kinds;
  domain::microseconds lasts_min{std::chrono::seconds{6}};
  domain::microseconds lasts_max{std::chrono::seconds{12}};
  /// Of so many of the points that disobey the contactor is welded: a stop, too, is acknowledged
  /// and not done, and the plug stays locked while current flows. 0..1000.
  domain::permille welded{0};
  /// A fault by command ends by itself after this; absent: when it is cleared.
  std::optional<domain::microseconds> by_command_lasts;
};

struct base_load_settings {
  /// Of the metered node's own smallest current limit, per line; moves between the two.
  domain::permille low{40};
  domain::permille high{80};
  /// A new level this often.
  domain::microseconds moves_every{std::chrono::seconds{10}};
};

/// What one station does wrong all the time.
struct station_quirk {
  domain::station_id station;
  /// Its readings show the first line alone, and power to match.
  bool hides_lines = false;
  /// Its clock is so far ahead; behind: negative.
  domain::microseconds clock_ahead{};
};

struct world_settings {
  domain::microseconds reading_every{std::chrono::seconds{1}};
  /// Readings of a connector where nothing flows.
  domain::microseconds idle_reading_every{std::chrono::seconds{5}};
  domain::microseconds meter_every{std::chrono::seconds{1}};
  monitor_settings monitor;
  /// Time in which a vehicle follows a new current. At most 5 s (IEC 61851-1).
  domain::microseconds response{std::chrono::seconds{3}};
  /// How long a coming-back driver charges, give or take a tenth.
  domain::microseconds session_lasts{std::chrono::minutes{20}};
  /// How long a driver waits for an answer.
  domain::microseconds patience{std::chrono::seconds{5}};
  /// A visit with a departure that was denied everywhere asks again this often until then.
  domain::microseconds asks_again{std::chrono::minutes{1}};
  std::vector<driver_profile> drivers;
  /// By rising `comes_after`.
  std::vector<arrival> arrivals;
  fault_settings faults;
  base_load_settings base_load;
  /// What every charge point decides by itself where no charging profile speaks.
  local_policy local;
  /// At most one for each station.
  std::vector<station_quirk> quirks;
  /// Stations of the site that are not simulated here: real ones, that come by OCPP.
  std::set<domain::station_id> elsewhere;
};

/// Empty when usable; else the setting, its value and what is allowed.
[[nodiscard]] std::string validate(const world_settings& settings);

} // namespace busbar::simulator
