#include "simulator/settings.hpp"

#include <set>

namespace busbar::simulator {

namespace {

using domain::microseconds;
using std::chrono::hours;

std::string check_time(const char* name, microseconds value, microseconds low, microseconds high) {
  if (value >= low && value <= high) return {};
  return std::string{name} + " " + std::to_string(value.count()) + " us: allowed is " +
         std::to_string(low.count()) + ".." + std::to_string(high.count()) + " us";
}

std::string check_times(const world_settings& settings) {
  const microseconds tick{std::chrono::milliseconds{10}};
  const microseconds response_max{std::chrono::seconds{5}};
  for (const auto& wrong : {
           check_time("reading_every", settings.reading_every, tick, hours{1}),
           check_time("idle_reading_every", settings.idle_reading_every, tick, hours{1}),
           check_time("meter_every", settings.meter_every, tick, hours{1}),
           check_time("monitor.every", settings.monitor.every, tick, hours{1}),
           check_time("response", settings.response, microseconds{1}, response_max),
           check_time("session_lasts", settings.session_lasts, tick, hours{48}),
           check_time("patience", settings.patience, tick, hours{1}),
           check_time("asks_again", settings.asks_again, tick, hours{1}),
           check_time("faults.lasts_min", settings.faults.lasts_min, tick, hours{24}),
           check_time("faults.lasts_max", settings.faults.lasts_max, settings.faults.lasts_min,
                      hours{24}),
           check_time("base_load.moves_every", settings.base_load.moves_every, tick, hours{24}),
       })
    if (!wrong.empty()) return wrong;
  return {};
}

std::string check_people(const world_settings& settings) {
  std::set<domain::driver_id> names;
  for (const auto& one : settings.drivers) {
    if (const auto wrong = validate(one.car); !wrong.empty()) return one.name.text() + ": " + wrong;
    if (one.cars < 1 || one.cars > 100)
      return "driver " + one.name.text() + ": cars " + std::to_string(one.cars) +
             ": allowed is 1..100";
    if (!names.insert(one.name).second) return "driver " + one.name.text() + ": is there twice";
  }
  microseconds before{};
  for (const auto& one : settings.arrivals) {
    if (const auto wrong = validate(one.car); !wrong.empty()) return one.name.text() + ": " + wrong;
    if (one.comes_after < before) return "arrival " + one.name.text() + ": comes before the last";
    before = one.comes_after;
  }
  return {};
}

} // namespace

std::string validate(const world_settings& settings) {
  if (auto wrong = check_times(settings); !wrong.empty()) return wrong;
  const auto welded = settings.faults.welded.count();
  if (welded < 0 || welded > 1000)
    return "faults.welded " + std::to_string(welded) + " permille: allowed is 0..1000";
  const auto& load = settings.base_load;
  if (load.low.count() < 0 || load.high < load.low || load.high.count() > 1000)
    return "base_load " + std::to_string(load.low.count()) + ".." +
           std::to_string(load.high.count()) + " permille: allowed is rising within 0..1000";
  if (auto wrong = validate(settings.local); !wrong.empty()) return "local: " + wrong;
  return check_people(settings);
}

} // namespace busbar::simulator
