// Recorded sessions and distributions of arrivals from CSV, and what is drawn from them.

#include "apps/fleet/input_files.hpp"
#include "apps/input_file.hpp"
#include "apps/sessions/csv_table.hpp"
#include "apps/sessions/recorded_file.hpp"
#include "simulator/random.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace busbar::apps {

namespace {

using domain::microseconds;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t bytes_max = 64 * 1'048'576;

/// Empty where there is a fault, which then stands in `faults`.
std::string content_of(const std::string& path, domain::fault_list& faults) {
  auto read = read_input(path, bytes_max);
  if (read) return std::move(read.value());
  faults.add(path + ": " + read.failure().message);
  return {};
}

/// Above what one line carries a vehicle charges on three (32 A at 230 V: 7 360 W).
constexpr std::int64_t one_line_max_w = 7'400;

/// The largest battery that a fleet takes.
constexpr std::int64_t battery_max_wh = 2'000'000;

simulator::arrival arrival_of(const recorded_visit& visit, std::size_t number) {
  simulator::arrival made;
  made.name = domain::driver_id{"visit-" + std::to_string(number)};
  made.comes_after = visit.arrives.time_since_epoch();
  made.stays = visit.departs - visit.arrives;
  made.energy_wanted = domain::watt_hours{visit.requested_wh};
  const domain::watts most{visit.power_max_w.value_or(made.car.ac_power.count())};
  made.car.ac_phases = most.count() > one_line_max_w ? 3 : 1;
  if (visit.is_dc) made.car.dc_curve = {{domain::permille{0}, most}};
  else made.car.ac_power = most;
  // The battery is not what ends the session: the energy asked for is.
  const auto battery_wh = std::clamp<std::int64_t>(visit.requested_wh * 2, 40'000, battery_max_wh);
  made.car.battery = domain::watt_hours{battery_wh};
  made.soc = domain::permille{std::min<std::int64_t>(
      200, (battery_wh - visit.requested_wh) * 1'000 / battery_wh)};
  if (visit.battery && visit.soc) {
    made.car.battery = *visit.battery;
    made.soc = *visit.soc;
  }
  return made;
}

std::optional<microseconds> time_of_day(const std::string& text) {
  const bool is_shaped = text.size() == 5 && text[2] == ':';
  const auto hour = is_shaped ? thousandths_of(text.substr(0, 2)) : std::nullopt;
  const auto minute = is_shaped ? thousandths_of(text.substr(3)) : std::nullopt;
  if (!hour || !minute || *hour < 0 || *hour > 23'000 || *minute < 0 || *minute > 59'000)
    return std::nullopt;
  return hours{*hour / 1000} + minutes{*minute / 1000};
}

bool comes_before(const simulator::arrival& a, const simulator::arrival& b) {
  return a.comes_after < b.comes_after;
}

void first_comes_at_once(std::vector<simulator::arrival>& visits) {
  std::stable_sort(visits.begin(), visits.end(), comes_before);
  const microseconds first = visits.empty() ? microseconds{} : visits.front().comes_after;
  for (auto& visit : visits) visit.comes_after -= first;
}

void bring_to(simulator::arrival& visit, const domain::site& site,
              domain::connector_index place) {
  const auto& connector = site.connectors[place.value()];
  visit.prefers = site.stations[connector.station.value()].id;
  visit.connector = connector.id;
}

std::string unknown_places(const std::string& path, const std::set<std::string>& places) {
  return path + ": " + std::to_string(places.size()) + " of its places, as '" + *places.begin() +
         "', are no station or connector of the site: their sessions go to any free point (--map " +
         *places.begin() + "=ID says which)";
}

/// The first from `begin` on that charges where the visit does: with direct current, or without.
void take_fitting(simulator::arrival& visit, const std::vector<simulator::vehicle_model>& vehicles,
                  std::size_t begin) {
  const bool is_anywhere = visit.connector.is_empty();
  const bool is_dc = !visit.car.dc_curve.empty();
  for (std::size_t i = 0; i < vehicles.size(); ++i) {
    const auto& each = vehicles[(begin + i) % vehicles.size()];
    const bool has_ac = each.ac_phases > 0 && !each.ac_power.is_zero();
    if (!is_anywhere && !(is_dc ? !each.dc_curve.empty() : has_ac)) continue;
    visit.car = each;
    return;
  }
}

} // namespace

session_visits read_sessions(const std::string& path, const domain::site& site,
                             const place_names& renamed) {
  session_visits made;
  auto file = read_recorded_file(path);
  made.faults = std::move(file.faults);
  const session_places known(site, renamed);
  std::vector<recorded_visit> placed;
  std::vector<std::size_t> connectors;
  std::set<std::string> unknown;
  for (auto& visit : file.visits) {
    const auto place = known.connector_of(visit);
    if (place) {
      visit.is_dc = site.connectors[place->value()].kind == domain::current_kind::dc;
      placed.push_back(visit);
      connectors.push_back(place->value());
    } else unknown.insert(visit.places.front());
    made.values.push_back(arrival_of(visit, made.values.size() + 1));
    if (place) bring_to(made.values.back(), site, *place);
  }
  add_overlaps(placed, connectors, made.faults);
  if (!unknown.empty()) made.said = unknown_places(path, unknown);
  first_comes_at_once(made.values);
  return made;
}

read_file<arrival_share> read_distribution(const std::string& path, const std::string& column) {
  read_file<arrival_share> made;
  const auto text = content_of(path, made.faults);
  if (!made.faults.empty()) return made;
  csv_table table{path, text};
  std::int64_t sum = 0;
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    const auto when = table.text(row, "Arrival time");
    const auto at = when ? time_of_day(*when) : std::nullopt;
    if (when && !at) table.fail(row, "Arrival time", *when, "HH:MM, 00:00..23:59");
    const auto share = table.thousandths(row, column, 0, 1'000'000'000);
    if (at && share) made.values.push_back({*at, *share});
    sum += share.value_or(0);
  }
  made.faults = table.faults();
  if (made.faults.empty() && sum == 0)
    made.faults.add(path + ": column '" + column + "' sums to 0: no vehicle ever comes");
  return made;
}

std::vector<simulator::arrival> draw_arrivals(const std::vector<arrival_share>& distribution,
                                              std::size_t count, domain::watt_hours mean_wh,
                                              std::uint64_t seed) {
  simulator::random_source random{seed};
  std::int64_t sum = 0;
  for (const auto& part : distribution) sum += part.share;
  std::vector<simulator::arrival> visits;
  for (std::size_t n = 0; n < count && sum > 0; ++n) {
    std::int64_t place = random.between(0, sum - 1);
    auto part = distribution.begin();
    while (place >= part->share) place -= (part++)->share;
    simulator::arrival visit;
    visit.name = domain::driver_id{"visit-" + std::to_string(n + 1)};
    visit.comes_after = part->at + seconds{random.between(0, 15 * 60 - 1)};
    visit.stays = minutes{random.between(45, 8 * 60)};
    visit.energy_wanted =
        domain::watt_hours{random.between(mean_wh.count() / 2, mean_wh.count() * 3 / 2)};
    visit.soc = domain::permille{random.between(100, 500)};
    visits.push_back(std::move(visit));
  }
  first_comes_at_once(visits);
  return visits;
}

void hand_out_vehicles(std::vector<simulator::arrival>& visits,
                       const std::vector<simulator::vehicle_model>& vehicles, std::uint64_t seed) {
  simulator::random_source random{seed};
  for (auto& visit : visits)
    if (!vehicles.empty())
      take_fitting(visit, vehicles, random.below(vehicles.size()));
}

void speed_up(simulator::world_settings& settings, std::int64_t speed) {
  const microseconds least{seconds{5}};
  const auto shrink = [&](domain::watt_hours energy) {
    return domain::watt_hours{std::max<std::int64_t>(1, energy.count() / speed)};
  };
  settings.session_lasts = std::max(least, settings.session_lasts / speed);
  settings.asks_again = std::max(microseconds{seconds{1}}, settings.asks_again / speed);
  settings.local.day /= speed;
  if (settings.local.session_max) settings.local.session_max = shrink(*settings.local.session_max);
  for (auto& driver : settings.drivers) {
    driver.asks_every = std::max(microseconds{seconds{1}}, driver.asks_every / speed);
    if (driver.asks_first_after) *driver.asks_first_after /= speed;
    driver.car.battery = shrink(driver.car.battery);
  }
  for (auto& visit : settings.arrivals) {
    visit.comes_after /= speed;
    visit.stays = std::max(least, visit.stays / speed);
    visit.car.battery = shrink(visit.car.battery);
    if (visit.energy_wanted) visit.energy_wanted = shrink(*visit.energy_wanted);
  }
}

} // namespace busbar::apps
