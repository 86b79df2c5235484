// busbar fleet SITE.toml --log kafka://... | --ocpp ws://...: a simulated fleet for an engine
// elsewhere.

#include "apps/commands.hpp"
#include "apps/console_options.hpp"
#include "apps/fleet/fleet.hpp"
#include "apps/fleet/fleet_options.hpp"
#include "apps/fleet/ocpp_fleet.hpp"
#include "apps/gateway/ocpp_sites.hpp"
#include "apps/log_address.hpp"
#include "apps/print_faults.hpp"
#include "apps/process_lines.hpp"
#include "apps/shutdown.hpp"
#include "apps/start.hpp"
#include "apps/stop_signal.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

namespace busbar::apps {

namespace {

constexpr const char* footer = R"(
Drivers come again and again (--drivers, --preset), as a recorded file of sessions says
(--sessions), or as a distribution over the day does (--arrivals). With --speed 60 an hour of
arrivals passes in a minute; batteries and wishes shrink alike, power stays as it is.
Where no charging profile speaks a charge point decides by price, peak hours and energy
(--prices and --price-max, --peak and --in-peak, --session-wh), and says so in the log. Where it
stops it ends the session, and it begins none. The drivers of --preset autonomous have several
vehicles: the engine needs --sessions-per-driver 10.
With --ocpp each charge point is an OCPP 1.6 station on a WebSocket of its own, under the identity
of the site's file: it knows nothing of an engine, and charges by charging profiles alone.
Ends on Ctrl-C or SIGTERM, within 5 s, also while it starts. Exit 1: the log fails. Exit 2: bad
input, one line a fault. Exit 3: another fleet runs here. Exit 70: it had to leave behind what did
not end.

Example:
  busbar fleet examples/autonomous.toml --preset autonomous --log kafka://127.0.0.1:9092
  busbar fleet examples/autonomous.toml --preset autonomous --ocpp ws://127.0.0.1:9000/ocpp)";

/// Where the stations of the fleet are heard: on a log, or by OCPP.
struct fleet_place : log_options {
  /// "ws://127.0.0.1:9000/ocpp"; empty: none.
  std::string central;
};

void print_counters(const fleet_counters& counters) {
  std::ostringstream text;
  text << "fleet: " << counters.readings << " readings, " << counters.requests << " requests, "
       << counters.commands << " commands obeyed or refused, " << counters.unreadable
       << " records unreadable, " << counters.dropped << " dropped";
  print_line(domain::severity::info, "counts", text.str());
}

/// Stations that do not come by OCPP are none of this fleet.
void leave_others(const domain::site& site, ocpp_fleet_settings& settings) {
  auto& elsewhere = settings.fleet.world.elsewhere;
  for (const auto& each : site.stations) elsewhere.insert(each.id);
  for (const auto& each : settings.stations) elsewhere.erase(each.station);
}

int refuse(const std::string& why) {
  print_line(domain::severity::critical, "not_started", why);
  return 2;
}

void print_counters(const ocpp_fleet_counters& counters) {
  std::ostringstream text;
  text << "fleet: " << counters.connections << " connections, " << counters.frames_received
       << " frames received, " << counters.frames_sent << " sent, " << counters.begun
       << " transactions begun by drivers, " << counters.denied << " drivers denied";
  print_line(domain::severity::info, "counts", text.str());
}

int run_stations(const fleet_options& options, const std::string& central,
                 prepared_fleet prepared) {
  const auto address = adapters::ocpp::client::central_address_of(central);
  if (!address) return refuse("--ocpp: " + address.failure().message);
  auto known = load_ocpp_sites({options.site_path});
  if (!known.faults.empty()) return print_faults(known.faults);
  ocpp_fleet_settings settings{prepared.settings, address.value(), known.sites.front().stations};
  const auto count = settings.stations.size();
  leave_others(*prepared.site, settings);
  stop_signal stop;
  std::optional<shutdown_limit> limit;
  ocpp_fleet running;
  if (const auto started = running.start(prepared.site, std::move(settings)); !started)
    return refuse("fleet: " + started.failure().message);
  print_line(domain::severity::info, "started",
             "fleet: " + std::to_string(count) + " stations of " + prepared.site->id.text() +
                 " to " + central + ", seed " + std::to_string(options.seed));
  stop.wait();
  limit.emplace();
  running.stop();
  print_counters(running.counters());
  return 0;
}

int run_fleet(const fleet_options& options, const fleet_place& where,
              const console_options& lines) {
  write_lines_as(line_format_of(lines));
  auto prepared = prepare_fleet(options);
  for (const auto& line : prepared.said)
    print_line(domain::severity::info, "settings", line);
  if (!prepared.faults.empty()) return print_faults(prepared.faults);
  if (!where.central.empty()) return run_stations(options, where.central, std::move(prepared));
  if (where.address == "embedded")
    return refuse("--log embedded: lives inside one process; allowed here is kafka://host:port "
                  "(busbar demo runs fleet and engine in one)");
  stop_signal stop;
  // Made before whatever it is to end in time.
  std::optional<shutdown_limit> limit;
  domain::fault_list faults;
  const auto log = open_log(where, faults);
  if (!log) return print_faults(faults);
  prepared.settings.on_lost = [] { ::kill(::getpid(), SIGTERM); };
  fleet running;
  const auto started = start_unless_stopped(
      stop, [&] { return running.start({prepared.site}, log, prepared.settings); },
      [] { end_in_start("fleet"); });
  if (!started) {
    refuse("fleet: " + started.failure().message);
    limit.emplace(1);
    return 1;
  }
  print_line(domain::severity::info, "started",
             "fleet: " + std::to_string(prepared.site->stations.size()) + " stations of " +
                 prepared.site->id.text() + " on " + where.address + ", seed " +
                 std::to_string(options.seed));
  stop.wait();
  limit.emplace();
  running.stop();
  print_counters(running.counters());
  if (!running.lost()) return 0;
  print_line(domain::severity::critical, "lost",
             "fleet: " + running.lost()->message + "; this one ends");
  return exit_when_lost;
}

void add_options(CLI::App& command, fleet_options& options, fleet_place& where) {
  command.add_option("site", options.site_path, "The site's TOML file")->required();
  auto* log = command.add_option("--log", where.address, "The log: kafka://host:port[,host:port]");
  auto* central = command.add_option("--ocpp", where.central,
                                     "A central system: ws://host:port/path, before the identity");
  log->excludes(central);
  add_kafka_config_option(command, where);
  add_people_options(command, options);
}

} // namespace

void add_fleet_command(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("fleet", "Simulate a site's charge points and drivers");
  command->footer(footer);
  auto options = std::make_shared<fleet_options>();
  auto where = std::make_shared<fleet_place>();
  auto lines = std::make_shared<console_options>();
  add_options(*command, *options, *where);
  add_format_option(*command, *lines);
  command->callback([command, options, where, lines, &exit_code] {
    if (command->count("--log") == 0 && where->central.empty())
      throw CLI::RequiredError("--log or --ocpp");
    exit_code = run_fleet(*options, *where, *lines);
  });
}

} // namespace busbar::apps
