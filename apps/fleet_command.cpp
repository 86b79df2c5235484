// busbar fleet SITE... --log kafka://... | --ocpp ws://...: a simulated fleet for engines
// elsewhere.

#include "apps/commands.hpp"
#include "apps/console_options.hpp"
#include "apps/fleet/fleet.hpp"
#include "apps/fleet/audit_report.hpp"
#include "apps/fleet/fleet_options.hpp"
#include "apps/fleet/fleet_sites.hpp"
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
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

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
With --ocpp each charge point of one site is an OCPP 1.6 station on a WebSocket of its own, under
the identity of the site's file: it knows nothing of an engine, and charges by charging profiles
alone. With wss:// under TLS, held to --ocpp-ca.
Several sites, or a folder of them, are simulated by one process or by several, each with its own
part of the files. With --audit every site is under an auditor that knows its file and physics and
nothing of plans; its verdict is printed at the end, --verdict FILE keeps it as JSON.
Ends on Ctrl-C or SIGTERM, within 5 s, also while it starts. Exit 1: the log fails, or the audit
has findings. Exit 2: bad input, one line a fault. Exit 3: another fleet runs here. Exit 70: it had
to leave behind what did not end.

Example:
  busbar fleet examples/autonomous.toml --preset autonomous --log kafka://127.0.0.1:9092
  busbar fleet examples/autonomous.toml --preset autonomous --ocpp ws://127.0.0.1:9000/ocpp)";

/// Where the stations of the fleet are heard: on a log, or by OCPP.
struct fleet_place : log_options {
  access_options access;
};

void print_counters(const fleet_counters& counters) {
  std::ostringstream text;
  text << "fleet: " << counters.readings << " readings, " << counters.requests << " requests, "
       << counters.commands << " commands obeyed or refused, " << counters.unreadable
       << " records unreadable, " << counters.unfenced << " batches of commands under no fence, "
       << counters.dropped << " dropped";
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

struct audit_options {
  bool is_wanted = false;
  std::string verdict_path;
};

std::string text_of(const prepared_fleets& prepared) {
  std::size_t stations = 0;
  for (const auto& each : prepared.sites) stations += each.site->stations.size();
  const auto& first = prepared.sites.front().site->id.text();
  const auto others = prepared.sites.size() - 1;
  return std::to_string(stations) + " stations of " + first +
         (others > 0 ? " and " + std::to_string(others) + " sites more" : "");
}

/// The exit code of the audit: 1 where it has findings, or its file cannot be written.
int report(const audit_options& audit, const std::vector<site_verdict>& verdicts) {
  if (!audit.is_wanted) return 0;
  std::cout << audit_text(verdicts) << std::flush;
  const bool is_kept = audit.verdict_path.empty() ||
                       (std::ofstream{audit.verdict_path} << audit_json(verdicts)).flush().good();
  if (!is_kept)
    print_line(domain::severity::critical, "not_written",
               audit.verdict_path + ": the verdict cannot be written");
  return is_kept && findings_of(verdicts) == 0 ? 0 : 1;
}

int end_of(fleet& running, const audit_options& audit) {
  running.stop();
  print_counters(running.counters());
  const int judged = report(audit, running.verdicts());
  if (!running.lost()) return judged;
  print_line(domain::severity::critical, "lost",
             "fleet: " + running.lost()->message + "; this one ends");
  return exit_when_lost;
}

void print_counters(const ocpp_fleet_counters& counters) {
  std::ostringstream text;
  text << "fleet: " << counters.connections << " connections, " << counters.frames_received
       << " frames received, " << counters.frames_sent << " sent, " << counters.begun
       << " transactions begun by drivers, " << counters.denied << " drivers denied";
  print_line(domain::severity::info, "counts", text.str());
}

int run_stations(const fleet_options& options, const access_options& where,
                 prepared_fleet prepared) {
  auto access = access_of(where);
  if (!access) return refuse(access.failure().message);
  auto known = load_ocpp_sites({options.site_path});
  if (!known.faults.empty()) return print_faults(known.faults);
  ocpp_fleet_settings settings{prepared.settings, std::move(access.value()),
                               known.sites.front().stations};
  const auto count = settings.stations.size();
  leave_others(*prepared.site, settings);
  stop_signal stop;
  std::optional<shutdown_limit> limit;
  ocpp_fleet running;
  if (const auto started = running.start(prepared.site, std::move(settings)); !started)
    return refuse("fleet: " + started.failure().message);
  print_line(domain::severity::info, "started",
             "fleet: " + std::to_string(count) + " stations of " + prepared.site->id.text() +
                 " to " + where.central + ", seed " + std::to_string(options.seed));
  stop.wait();
  limit.emplace();
  running.stop();
  print_counters(running.counters());
  return 0;
}

int run_prepared(prepared_fleets prepared, const fleet_options& options, const log_options& where,
                 const audit_options& audit) {
  stop_signal stop;
  // Made before whatever it is to end in time.
  std::optional<shutdown_limit> limit;
  domain::fault_list faults;
  const auto log = open_log(where, faults);
  if (!log) return print_faults(faults);
  prepared.settings.on_lost = [] { ::kill(::getpid(), SIGTERM); };
  prepared.settings.is_audited = audit.is_wanted;
  prepared.settings.shards = where.shards;
  const auto what = text_of(prepared);
  fleet running;
  const auto started = start_unless_stopped(
      stop, [&] { return running.start(std::move(prepared.sites), log, prepared.settings); },
      [] { end_in_start("fleet"); });
  if (!started) {
    refuse("fleet: " + started.failure().message);
    const int code = started.failure().code == domain::errc::out_of_range ? 2 : 1;
    limit.emplace(code);
    return code;
  }
  print_line(domain::severity::info, "started",
             "fleet: " + what + " on " + where.address + ", seed " + std::to_string(options.seed));
  stop.wait();
  limit.emplace();
  return end_of(running, audit);
}

/// `options.site_path`: the one site.
int run_ocpp_fleet(const fleet_options& options, const access_options& where) {
  auto prepared = prepare_fleet(options);
  for (const auto& line : prepared.said)
    print_line(domain::severity::info, "settings", line);
  if (!prepared.faults.empty()) return print_faults(prepared.faults);
  return run_stations(options, where, std::move(prepared));
}

int run_fleet(const std::vector<std::string>& places, const fleet_options& options,
              const fleet_place& where, const audit_options& audit) {
  auto prepared = prepare_fleets(places, options);
  for (const auto& line : prepared.said)
    print_line(domain::severity::info, "settings", line);
  if (!prepared.faults.empty()) return print_faults(prepared.faults);
  if (where.address.starts_with("embedded"))
    return refuse("--log embedded: lives inside one process; allowed here is kafka://host:port "
                  "(busbar demo runs fleet and engine in one)");
  return run_prepared(std::move(prepared), options, where, audit);
}

struct fleet_arguments {
  std::vector<std::string> places;
  fleet_options options;
  fleet_place where;
  audit_options audit;
  console_options lines;
};

int run(fleet_arguments& given) {
  if (given.where.access.central.empty())
    return run_fleet(given.places, given.options, given.where, given.audit);
  given.options.site_path = given.places.front();
  return run_ocpp_fleet(given.options, given.where.access);
}

void add_access_options(CLI::App& command, access_options& access, CLI::Option& central) {
  command.add_option("--ocpp-ca", access.authorities,
                     "Authorities of the central system (PEM); default: those of this machine")
      ->needs(&central);
  command.add_option("--ocpp-certificate", access.certificate,
                     "The stations' certificate (PEM; security profile 3); it names each identity")
      ->needs(&central);
  command.add_option("--ocpp-key", access.key, "Its key (PEM, mode 0600)")->needs(&central);
  command.add_option("--ocpp-passwords", access.passwords,
                     "Passwords (security profiles 1 and 2): a line for each station, its identity "
                     "and its password")
      ->needs(&central);
}

void add_options(CLI::App& command, fleet_arguments& given) {
  command.add_option("site", given.places, "Sites' TOML files, or folders of them")->required();
  auto* log = command.add_option("--log", given.where.address,
                                 "The log: kafka://host:port[,host:port]");
  auto* central = command.add_option("--ocpp", given.where.access.central,
                                     "A central system: ws://host:port/path, before the identity; "
                                     "wss:// with TLS");
  log->excludes(central);
  add_access_options(command, given.where.access, *central);
  add_kafka_config_option(command, given.where);
  add_shards_option(command, given.where);
  add_people_options(command, given.options);
  auto* audit = command.add_flag("--audit", given.audit.is_wanted,
                                 "Judge every site; exit 1 where a rule was broken")
                    ->excludes(central);
  command.add_option("--verdict", given.audit.verdict_path, "File of the verdict (JSON)")
      ->needs(audit);
}

} // namespace

void add_fleet_command(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("fleet", "Simulate the charge points and drivers of sites");
  command->footer(footer);
  auto given = std::make_shared<fleet_arguments>();
  add_options(*command, *given);
  add_format_option(*command, given->lines);
  command->callback([command, given, &exit_code] {
    if (command->count("--log") == 0 && given->where.access.central.empty())
      throw CLI::RequiredError("--log or --ocpp");
    if (!given->where.access.central.empty() && given->places.size() != 1)
      throw CLI::ArgumentMismatch("--ocpp: one site's file, " +
                                  std::to_string(given->places.size()) + " are stated");
    write_lines_as(line_format_of(given->lines));
    exit_code = run(*given);
  });
}

} // namespace busbar::apps
