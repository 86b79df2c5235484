// busbar engine --site FILE... --log kafka://...: an engine node with its API and page.

#include "adapters/config/site_file.hpp"
#include "apps/access/access_options.hpp"
#include "apps/commands.hpp"
#include "apps/console_options.hpp"
#include "apps/environment_settings.hpp"
#include "apps/gateway/ocpp_host.hpp"
#include "apps/history/history_host.hpp"
#include "apps/log_address.hpp"
#include "apps/print_faults.hpp"
#include "apps/process_lines.hpp"
#include "apps/recorder/record_options.hpp"
#include "apps/service_manager.hpp"
#include "apps/shutdown.hpp"
#include "apps/site_places.hpp"
#include "apps/start.hpp"
#include "apps/stop_signal.hpp"
#include "apps/web/web_options.hpp"
#include "apps/web/web_server.hpp"
#include "node/engine.hpp"
#include "node/owner_book.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::apps {

namespace {

constexpr const char* footer = R"(
Takes back what the log knows of its sites (told currents, open sessions), then plans each of them
every second. SIGHUP (or POST /api/v1/sites/{site}/reload) reads the site files again: limits,
policy and settings change while sessions go on; SIGHUP also the certificates. Ends on Ctrl-C or
SIGTERM, within 5 s, also while it starts. Exit 1: the log or the port fails. Exit 2:
bad input, one line a fault. Exit 3: another process runs under this name. Exit
70: it had to leave behind what did not end.

Its doors (all of them: GET /openapi.json; the orders: docs/operations.md):
  GET  /api/v1/sites/{site}/plan                    what each connector may draw, and why
  GET  /api/v1/stations/{station}/capabilities?current_ma=18000
                                                    the recommended setpoint for 18 A
  POST /api/v1/sites/{site}/site-constraints        lower a node's limit for a time
  POST /api/v1/stations/{station}/phase-currents    hold a station down (DC: .../dc-power)
  POST /api/v1/sites/{site}/load-shedding           shed load by hand

Example:
  busbar engine --site examples/autonomous.toml --log kafka://127.0.0.1:9092 --port 8000)";

struct engine_options {
  std::vector<std::string> site_paths;
  log_options log;
  std::string name = "engine-1";
  web_options web;
  access_options access;
  std::size_t threads = 0;
  bool allows_faults = false;
  console_options lines;
  /// Absent: as the environment states, or 30 s.
  std::optional<std::int64_t> health_check_ms;
  /// Absent: 1, or 1000 with --ocpp.
  std::optional<std::size_t> sessions_per_driver;
  record_options record;
  std::string test_hang;
  ocpp_place ocpp;
  history_options history;
};

using sites = std::vector<std::shared_ptr<const domain::site>>;

/// False, and every fault on standard error, where a file is not a site, or not with `over` on it.
bool load_sites(const engine_options& options, const environment& over, ocpp_host& host,
                sites& out) {
  bool is_good = host.prepare(options.ocpp);
  std::vector<std::string> said;
  for (const auto& path : options.site_paths) {
    auto loaded = adapters::config::load_site(path);
    if (!loaded.site) print_faults(lines_of(loaded));
    is_good = is_good && loaded.site;
    if (!loaded.site) continue;
    auto site = with_environment(loaded.site, over, said);
    if (site) out.push_back(host.take(std::move(site.value()), loaded.ocpp, said));
    else
      print_line(domain::severity::critical, "bad_input",
                 "environment: " + path + ": " + site.failure().message);
    is_good = is_good && site;
  }
  for (const auto& line : said)
    print_line(domain::severity::info, "settings", "environment: " + line);
  return is_good && host.is_right();
}

int fail(const std::string& what, const domain::error& why) {
  print_line(domain::severity::critical, "not_started", what + ": " + why.message);
  const bool is_bad_input = why.code == domain::errc::duplicate ||
                            why.code == domain::errc::out_of_range ||
                            why.code == domain::errc::forbidden;
  return is_bad_input ? 2 : 1;
}

/// A certificate that is not right is bad input, whatever is wrong with it.
int fail_to_serve(const domain::error& why) {
  if (why.code == domain::errc::unavailable) return fail("--port", why);
  fail("TLS", why);
  return 2;
}

/// Reads the file of a site again; which file it is was known at the start.
auto reader_of(const std::vector<std::string>& paths, const sites& loaded,
               const environment& over, const ocpp_host& host) {
  std::map<domain::site_id, std::string> files;
  for (std::size_t i = 0; i < loaded.size(); ++i) files.emplace(loaded[i]->id, paths[i]);
  return host.reader([files, over](const domain::site_id& id) {
    return read_again(files.at(id), over);
  });
}

/// The text of a site's file as it is now, for its recording.
auto texts_of(const std::vector<std::string>& paths, const sites& loaded) {
  std::map<domain::site_id, std::string> files;
  for (std::size_t i = 0; i < loaded.size(); ++i) files.emplace(loaded[i]->id, paths[i]);
  return [files](const domain::site_id& id) { return text_of_file(files.at(id)); };
}

/// Of a site that another process holds the file is kept for when it comes here. Certificates are
/// read too.
void reload_all(node::engine& node, const std::vector<domain::site_id>& ids, ocpp_host& host,
                web_server& page) {
  host.reload_certificates();
  page.reload_certificates();
  for (const auto& id : ids) {
    const auto done = node.reload(id);
    const auto text = "reload of " + id.text();
    if (done) print_line(domain::severity::info, "reload", text + ": done");
    else
      print_line(domain::severity::warning, "reload", text + " refused: " + done.failure().message);
  }
}

std::vector<domain::site_id> ids_of(const sites& all) {
  std::vector<domain::site_id> ids;
  for (const auto& site : all) ids.push_back(site->id);
  return ids;
}

/// As /health/ready: every critical check passes, so that the sites of this node tick.
bool is_ready(const node::engine& node) {
  return std::ranges::none_of(node.health_checks(), [](const ports::health_check& check) {
    return check.is_critical && !check.is_passing;
  });
}

/// Returns as soon as the node is ready, or is asked to stop.
void report_when_ready(const service_manager& manager, const node::engine& node,
                       stop_signal& stop) {
  if (!manager.is_there()) return;
  while (!is_ready(node))
    if (stop.wait_for(std::chrono::milliseconds{100})) return;
  manager.report_ready();
}

node::engine_settings settings_of(const engine_options& options, const environment& over) {
  node::engine_settings settings;
  // What the command line states comes over the environment.
  apply(over, settings);
  settings.name = options.name;
  settings.shards = options.log.shards;
  settings.threads = options.threads;
  settings.allows_faults = options.allows_faults;
  settings.sinks = sinks_of(make_console(options.lines));
  settings.test_hang = options.test_hang;
  if (options.health_check_ms)
    settings.health_check_every = std::chrono::milliseconds{*options.health_check_ms};
  return settings;
}

web_settings web_settings_of(const engine_options& options, const shared_access& access,
                             const history_host& history,
                             std::shared_ptr<node::owner_book> cluster) {
  web_settings web;
  auto security = security_of(options.web.tls).value();
  web.http.address = options.web.host;
  web.http.port = options.web.port;
  web.http.secure = std::move(security.port);
  web.peers = std::move(security.peers);
  web.cluster = cluster;
  web.drain = [cluster](bool is_drained, const ports::caller& by) {
    cluster->drain({is_drained,
                    by.who.value_or(domain::caused_by_program(domain::http_program))});
  };
  web.access = access.desk;
  web.audit = access.audit;
  web.archive = history.archive();
  web.guarding.trusted_proxies = options.access.trusted_proxies;
  return web;
}

/// For other engine nodes; empty, and a warning, where it is not known.
std::string stated_address(const web_options& options, std::uint16_t port) {
  auto address = address_for_others(options, port);
  if (address.empty()) print_line(domain::severity::warning, "no_address", no_address_text);
  return address;
}

void warn_about_access(const engine_options& options) {
  auto warning = warning_about(options.web);
  if (!options.access.folder.empty() && !options.web.tls.certificate.empty()) return;
  if (!warning.empty() && !options.access.folder.empty())
    warning = "the API on " + options.web.host +
              " speaks plain HTTP: passwords and tokens can be read on their way. State "
              "--http-certificate and --http-key, or put a proxy with TLS in front of it";
  if (!warning.empty())
    print_line(domain::severity::warning, "open_address", "busbar: warning: " + warning);
}

/// With a warning, or the fault, on standard error.
bool is_security_right(const engine_options& options) {
  const auto security = security_of(options.web.tls);
  if (security) warn_about_access(options);
  else fail("TLS", security.failure());
  return security.has_value();
}

void show_address(const web_server& page, const shared_access& access) {
  std::cout << page.address() << std::endl;
  if (const auto text = set_up_text(access, page.address()); !text.empty())
    print_line(domain::severity::warning, "set_up", "busbar: " + text);
}

/// Where steps and history are kept. False, and why on standard error.
bool open_records(const engine_options& options, const sites& loaded, history_host& history,
                  node::engine_settings& settings) {
  auto recorders = make_recorders(options.record, texts_of(options.site_paths, loaded));
  if (!recorders) fail("--record", recorders.failure());
  else settings.recorder_of = std::move(recorders.value());
  const auto opened = history.open(options.history, settings.sinks.line);
  if (!opened) fail("--store", opened.failure());
  settings.history = history.memory();
  return recorders && opened;
}

int run_engine(const engine_options& options) {
  write_lines_as(line_format_of(options.lines));
  const auto surroundings = read_environment();
  if (!are_right(surroundings)) return 2;
  sites loaded;
  ocpp_host host;
  if (!load_sites(options, surroundings.read, host, loaded)) return 2;
  if (!is_security_right(options)) return 2;
  const auto access = open_access(options.access, options.web);
  if (!access) return fail("--access", access.failure());
  stop_signal stop{stop_signal::hang_up::reloads};
  // Made before whatever it is to end in time.
  std::optional<shutdown_limit> limit;
  domain::fault_list faults;
  const auto log = open_log(options.log, faults);
  if (!log) return print_faults(faults);
  auto settings = settings_of(options, surroundings.read);
  settings.node.driver.sessions_max =
      options.sessions_per_driver.value_or(host.sessions_per_driver());
  node::engine node;
  history_host history;
  if (!open_records(options, loaded, history, settings)) return 2;
  settings.read_site = reader_of(options.site_paths, loaded, surroundings.read, host);
  settings.on_lost = [] { ::kill(::getpid(), SIGTERM); };
  service_manager manager;
  settings.on_pulse = [&manager] { manager.report_alive(); };
  settings.owners = std::make_shared<node::owner_book>();
  web_server page{web_settings_of(options, access.value(), history, settings.owners), node};
  host.add_statistics(page);
  history.add_statistics(page);
  // Before the group is joined: a process that ends because its port is taken must not take the
  // place of the one that holds it.
  if (const auto served = page.start(); !served) return fail_to_serve(served.failure());
  settings.address = stated_address(options.web, page.port());
  const auto ids = ids_of(loaded);
  const auto started = start_unless_stopped(
      stop, [&] { return node.start(std::move(loaded), log, settings); },
      [] { end_in_start("engine"); });
  if (!started) {
    const int code = fail("engine", started.failure());
    limit.emplace(code);
    page.stop();
    return code;
  }
  static_cast<void>(node.watch_health(page.health_probe()));
  history.start(log, options.name, node);
  const auto hosted = host.start(log, options.name, settings.read_site, page);
  if (!hosted) {
    limit.emplace(fail("engine", hosted.failure()));
    page.stop();
    node.stop();
    return 1;
  }
  show_address(page, access.value());
  report_when_ready(manager, node, stop);
  stop.wait([&] { reload_all(node, ids, host, page); });
  manager.report_stopping();
  // Said before anything is waited for: a broker that is away can make the rest last too long.
  const auto lost = node.lost();
  if (lost)
    print_line(domain::severity::critical, "lost", "engine: " + lost->message + "; this one ends");
  limit.emplace(lost ? exit_when_lost : exit_left_behind);
  page.stop();
  host.stop();
  node.stop();
  history.stop();
  if (const auto stuck = node.left_behind(); !stuck.empty()) end_now(stuck);
  return lost ? exit_when_lost : 0;
}

} // namespace

void add_engine_command(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("engine", "Control sites: an engine node");
  command->footer(footer);
  auto options = std::make_shared<engine_options>();
  command->add_option("--site", options->site_paths,
                      "A site's TOML file, or a folder of them; may be repeated")
      ->required();
  command->add_option("--log", options->log.address,
                      "embedded (all is gone with the process), embedded:FOLDER (kept there), or\n"
                      "kafka://host:port[,host:port]")
      ->capture_default_str();
  add_kafka_config_option(*command, options->log);
  add_shards_option(*command, options->log);
  command->add_option("--name", options->name, "Name of this engine node in its group")
      ->capture_default_str();
  add_web_options(*command, options->web);
  add_advertise_option(*command, options->web);
  add_access_options(*command, options->access);
  command->add_option("--threads", options->threads, "Workers; 0: one for each core")
      ->check(CLI::Range(0, 256))->capture_default_str();
  command->add_flag("--allow-faults", options->allows_faults,
                    "Allow fault injection for simulated stations (POST /api/v1/faults)");
  add_console_options(*command, options->lines);
  add_ocpp_options(*command, options->ocpp);
  add_record_options(*command, options->record);
  add_history_options(*command, options->history);
  command->add_option("--health-check-interval", options->health_check_ms,
                      "Between two runs of a health check that names no period, in ms (default:\n"
                      "HEALTH_CHECK_INTERVAL, or 30000)")
      ->check(CLI::Range(100, 3'600'000));
  command->add_option("--sessions-per-driver", options->sessions_per_driver,
                      "Sessions that one driver may have at once (default: 1; with --ocpp 1000)")
      ->check(CLI::Range(1, 1'000));
  if constexpr (actors::has_test_doors)
    command->add_option("--test-hang", options->test_hang,
                        "Tests only, not in a release: an actor that never returns, by its name");
  command->callback([options, &exit_code] {
    domain::fault_list unfound;
    options->site_paths = site_files_of(options->site_paths, unfound);
    exit_code = unfound.empty() ? run_engine(*options) : print_faults(unfound);
  });
}

} // namespace busbar::apps
