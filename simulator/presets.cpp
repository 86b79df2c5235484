#include "simulator/presets.hpp"

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <utility>

namespace busbar::simulator {

namespace {

using domain::fault_kind;
using domain::permille;
using domain::watts;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::vector<curve_point> curve(std::initializer_list<std::pair<int, int>> points) {
  std::vector<curve_point> made;
  for (const auto& [soc, kilowatts] : points)
    made.push_back({permille{soc}, watts{std::int64_t{kilowatts} * 1000}});
  return made;
}

vehicle_model car(const char* name, int battery_kwh, std::uint8_t phases, int ac_w,
                  std::vector<curve_point> dc) {
  vehicle_model made;
  made.name = name;
  made.battery = domain::watt_hours{std::int64_t{battery_kwh} * 1000};
  made.ac_phases = phases;
  made.ac_power = watts{ac_w};
  made.dc_curve = std::move(dc);
  return made;
}

/// A driver of the preset asks by its own clock while its other vehicles charge.
constexpr std::size_t cars_of_each = 10;

} // namespace

std::vector<vehicle_model> everyday_vehicles() {
  std::vector<vehicle_model> made{
      car("city", 36, 1, 7'200, curve({{0, 50}, {600, 46}, {800, 25}, {1000, 5}})),
      car("compact", 58, 3, 11'000, curve({{0, 120}, {300, 110}, {600, 70}, {1000, 8}})),
      car("saloon", 77, 3, 11'000, curve({{0, 220}, {500, 170}, {800, 70}, {1000, 10}})),
      car("fast", 93, 3, 22'000, curve({{0, 260}, {450, 250}, {800, 90}, {1000, 12}})),
      car("van", 75, 3, 43'000, curve({{0, 90}, {700, 80}, {1000, 10}})),
      car("hyper", 105, 3, 22'000, curve({{0, 320}, {650, 300}, {800, 140}, {1000, 15}})),
  };
  for (auto& each : made)
    if (each.name == "saloon" || each.name == "fast" || each.name == "hyper")
      each.pack = domain::millivolts{800'000};
  return made;
}

world_settings autonomous() {
  world_settings made;
  made.idle_reading_every = seconds{2};
  made.response = seconds{1};
  made.session_lasts = seconds{10};
  made.patience = seconds{3};
  const auto cars = everyday_vehicles();
  const auto add = [&](const char* name, milliseconds every, std::size_t which) {
    made.drivers.push_back({domain::driver_id{name}, every, cars[which], cars_of_each});
  };
  add("Alice", seconds{5}, 5);
  add("Bob", seconds{6}, 1);
  add("Charlie", seconds{7}, 2);
  add("David", seconds{8}, 4);
  add("Eve", milliseconds{4500}, 5);
  // 14 A to 28 A of 700 A.
  made.base_load.low = permille{20};
  made.base_load.high = permille{40};
  made.faults.every = seconds{240};
  made.faults.kinds = {fault_kind::station_fault, fault_kind::monitor_failure,
                       fault_kind::monitor_failure, fault_kind::silence};
  made.faults.lasts_min = seconds{8};
  made.faults.lasts_max = seconds{16};
  made.faults.by_command_lasts = seconds{30};
  return made;
}

world_settings unruly() {
  auto made = autonomous();
  made.session_lasts = seconds{60};
  made.faults.every = seconds{120};
  made.faults.kinds = {fault_kind::disobey, fault_kind::disobey, fault_kind::silence,
                       fault_kind::meter_loss, fault_kind::station_fault,
                       fault_kind::monitor_failure};
  made.faults.welded = permille{300};
  made.faults.lasts_max = seconds{60};
  return made;
}

std::size_t cars_at_once(const world_settings& world) {
  std::size_t most = 1;
  for (const auto& driver : world.drivers) most = std::max(most, driver.cars);
  return most;
}

} // namespace busbar::simulator
