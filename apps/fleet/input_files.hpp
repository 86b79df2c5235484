#pragma once
// The files that `busbar fleet` takes beside its site: vehicles, recorded sessions, distributions
// of arrivals. Either what they hold or its faults, each with file, place, value and
// what is allowed.

#include "apps/sessions/session_places.hpp"
#include "domain/fault_list.hpp"
#include "simulator/settings.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace busbar::apps {

template <class Value> struct read_file {
  std::vector<Value> values;
  domain::fault_list faults;
};

/// Vehicles from open-ev-data's JSON ({"data": [...]}) or from a table of specifications by name
/// ({"name": {"battery_capacity": kWh, ...}}). Two-wheelers and vehicles that charge nowhere are
/// left out. Faults carry JSON pointers.
[[nodiscard]] read_file<simulator::vehicle_model> read_vehicles(const std::string& path);

struct session_visits : read_file<simulator::arrival> {
  /// One line where places of the file are none of the site's: these visits go to any free point.
  std::string said;
};

/// Recorded sessions of any format that `apps/sessions/recorded_file.hpp` reads. The first to come
/// comes at once; a visit charges at the connector that its file names, as a vehicle that fits it.
/// Two visits at once at a connector are a fault.
[[nodiscard]] session_visits read_sessions(const std::string& path, const domain::site& site,
                                           const place_names& renamed);

/// What a distribution says about one stretch of the day.
struct arrival_share {
  /// Since midnight.
  domain::microseconds at{};
  /// Parts of all arrivals, any unit.
  std::int64_t share = 0;
};

/// A CSV with "Arrival time" (HH:MM) and a column of shares.
[[nodiscard]] read_file<arrival_share> read_distribution(const std::string& path,
                                                         const std::string& column);

/// A day's arrivals drawn from a distribution, each to take about `mean_wh`. Seeded.
[[nodiscard]] std::vector<simulator::arrival>
draw_arrivals(const std::vector<arrival_share>& distribution, std::size_t count,
              domain::watt_hours mean_wh, std::uint64_t seed);

/// Gives every visit a vehicle of the list, by the seed; at a named connector one that fits it, or
/// the visit's own where none does.
void hand_out_vehicles(std::vector<simulator::arrival>& visits,
                       const std::vector<simulator::vehicle_model>& vehicles, std::uint64_t seed);

/// An hour passes in an hour / speed: times, energies and batteries shrink alike, so that power
/// stays as it is and energy is still power times time. 1..3600.
void speed_up(simulator::world_settings& settings, std::int64_t speed);

} // namespace busbar::apps
