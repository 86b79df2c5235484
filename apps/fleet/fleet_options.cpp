#include "apps/fleet/fleet_options.hpp"

#include "adapters/config/site_file.hpp"
#include "apps/choice.hpp"
#include "apps/environment.hpp"
#include "apps/fleet/input_files.hpp"
#include "simulator/presets.hpp"
#include "simulator/random.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace busbar::apps {

namespace {

using simulator::vehicle_model;
using simulator::world_settings;
using std::chrono::seconds;

constexpr std::size_t drivers_max = 5'000;

/// The file's content, its faults appended to `faults`.
template <class Value>
std::vector<Value> keep(read_file<Value> read, domain::fault_list& faults) {
  faults.add(read.faults);
  return std::move(read.values);
}

constexpr seconds first_visits_within{30};

std::vector<simulator::driver_profile> regulars(std::size_t count,
                                                const std::vector<vehicle_model>& cars,
                                                std::uint64_t seed) {
  simulator::random_source random{seed};
  std::vector<simulator::driver_profile> made;
  for (std::size_t n = 1; n <= count; ++n) {
    const seconds asks_every{random.between(600, 3'600)};
    auto& who = made.emplace_back();
    who.name = domain::driver_id{"driver-" + std::to_string(n)};
    who.asks_every = asks_every;
    who.car = cars[random.below(cars.size())];
    // Spread over the first half minute: whoever looks on sees sessions begin.
    const auto place = static_cast<std::int64_t>(n - 1);
    who.asks_first_after = domain::microseconds{first_visits_within} * place /
                           static_cast<std::int64_t>(count);
  }
  return made;
}

void add_visits(const fleet_options& options, prepared_fleet& made) {
  const auto names = place_names_from(options.map, made.faults);
  auto read = read_sessions(options.sessions_path, *made.site, names);
  if (!read.said.empty()) made.said.push_back(std::move(read.said));
  made.settings.world.arrivals = keep(std::move(read), made.faults);
}

void add_people(const fleet_options& options, const std::vector<vehicle_model>& cars,
                std::size_t connectors, prepared_fleet& made) {
  auto& world = made.settings.world;
  if (!options.sessions_path.empty())
    add_visits(options, made);
  else if (!options.arrivals_path.empty())
    world.arrivals = draw_arrivals(
        keep(read_distribution(options.arrivals_path, options.arrivals_place), made.faults),
        options.arrivals_per_day, domain::watt_hours{options.mean_kwh * 1'000}, options.seed);
  else {
    const auto count = options.drivers ? options.drivers : (connectors + 1) / 2;
    world.drivers = regulars(std::min(count, drivers_max),
                             cars.empty() ? simulator::everyday_vehicles() : cars, options.seed);
  }
  hand_out_vehicles(world.arrivals, cars, options.seed);
}

/// The engine reads the same variables: both are to mean the same site.
void put_surroundings_over(prepared_fleet& made) {
  auto surroundings = read_environment();
  for (const auto& fault : surroundings.faults) made.faults.add("environment: " + fault);
  if (!made.site || !surroundings.faults.empty()) return;
  std::vector<std::string> said;
  auto site = with_environment(made.site, surroundings.read, said);
  for (const auto& line : said) made.said.push_back("environment: " + line);
  if (site) made.site = site.value();
  else made.faults.add("environment: " + site.failure().message);
}

/// Its two largest units that are not 0.
std::string text_of(domain::microseconds time) {
  constexpr std::array<std::pair<std::int64_t, const char*>, 4> units{
      {{86'400, " d"}, {3'600, " h"}, {60, " min"}, {1, " s"}}};
  std::int64_t left = std::chrono::round<seconds>(time).count();
  std::string text;
  std::size_t count = 0;
  for (const auto& [size, name] : units) {
    if (left < size || count == 2) continue;
    text += (text.empty() ? "" : " ") + std::to_string(left / size) + name;
    left %= size;
    ++count;
  }
  return text.empty() ? "0 s" : text;
}

/// What there is to see, and when: recordings often begin with one vehicle and a long pause.
std::string expected_visits(const world_settings& world, std::int64_t speed) {
  const auto& all = world.arrivals;
  const auto later = std::find_if(all.begin(), all.end(),
                                  [](const auto& each) { return each.comes_after.count() > 0; });
  std::string text = "visits: " + std::to_string(all.size()) + " within " +
                     text_of(all.back().comes_after) + ": " +
                     std::to_string(later - all.begin()) + " at once";
  if (later != all.end()) text += ", the next after " + text_of(later->comes_after);
  if (speed > 1) text += ", at " + std::to_string(speed) + " times the speed of the clock";
  else if (later != all.end()) text += " (--speed N: N times as soon)";
  return text;
}

} // namespace

void add_people_options(CLI::App& command, fleet_options& options) {
  command.add_option("--preset", options.preset, "A ready-made world: autonomous, unruly")
      ->check(one_of({"autonomous", "unruly"}));
  command.add_option("--vehicles", options.vehicles_path, "Vehicles (JSON)");
  auto* sessions = command.add_option("--sessions", options.sessions_path, "Recorded sessions");
  command.add_option("--map", options.map,
                     "Comma-separated places of --sessions: CCS1=dc-1,CCS2=dc-2")
      ->delimiter(',')->needs(sessions);
  command.add_option("--arrivals", options.arrivals_path, "Distribution of arrivals (CSV)")
      ->excludes(sessions);
  command.add_option("--place", options.arrivals_place, "Column of --arrivals")
      ->capture_default_str();
  command.add_option("--per-day", options.arrivals_per_day, "Arrivals a day with --arrivals")
      ->check(CLI::Range(1, 100'000))->capture_default_str();
  command.add_option("--mean-kwh", options.mean_kwh, "Mean energy requested with --arrivals")
      ->check(CLI::Range(1, 500))->capture_default_str();
  command.add_option("--drivers", options.drivers,
                     "Drivers who come again and again: all for the first time within 30 s, then\n"
                     "each every 10 to 60 minutes")
      ->check(CLI::Range(1, 5'000));
  command.add_option("--speed", options.speed, "How many times faster than the clock time passes")
      ->check(CLI::Range(1, 3'600))->capture_default_str();
  command.add_option("--seed", options.seed, "Random seed")->capture_default_str();
  add_local_policy_options(command, options.local);
}

prepared_fleet prepare_fleet(std::shared_ptr<const domain::site> site,
                             const fleet_options& options) {
  prepared_fleet made;
  made.site = std::move(site);
  put_surroundings_over(made);
  std::vector<vehicle_model> cars;
  if (!options.vehicles_path.empty())
    cars = keep(read_vehicles(options.vehicles_path), made.faults);
  if (options.preset == "autonomous")
    made.settings.world = simulator::autonomous();
  else if (options.preset == "unruly")
    made.settings.world = simulator::unruly();
  else
    add_people(options, cars, made.site->connectors.size(), made);
  made.settings.world.local = read_local_policy(options.local, made.faults);
  made.settings.world.local.zone = made.site->zone;
  speed_up(made.settings.world, options.speed);
  if (!made.settings.world.arrivals.empty())
    made.said.push_back(expected_visits(made.settings.world, options.speed));
  made.settings.seed = options.seed;
  made.settings.group = "busbar-fleet-" + made.site->id.text();
  if (const auto wrong = validate(made.settings.world); !wrong.empty())
    made.faults.add(made.site->id.text() + ": " + wrong);
  return made;
}

prepared_fleet prepare_fleet(const fleet_options& options) {
  auto loaded = adapters::config::load_site(options.site_path);
  if (loaded.site) {
    auto made = prepare_fleet(std::move(loaded.site), options);
    made.settings.read_site = [path = options.site_path,
                               over = read_environment().read](const domain::site_id&) {
      return read_again(path, over);
    };
    return made;
  }
  prepared_fleet refused;
  refused.faults.add(lines_of(loaded));
  return refused;
}

} // namespace busbar::apps
