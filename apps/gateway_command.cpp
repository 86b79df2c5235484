// busbar gateway SITE.toml... --log kafka://... --listen ADDR:PORT: real stations for an engine
// elsewhere.

#include "adapters/config/site_file.hpp"
#include "apps/commands.hpp"
#include "apps/console_options.hpp"
#include "apps/gateway/ocpp_gateway.hpp"
#include "apps/gateway/ocpp_options.hpp"
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
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace busbar::apps {

namespace {

constexpr const char* footer = R"(
Stations connect to ws://ADDR:PORT/ocpp/IDENTITY with the subprotocol ocpp1.6; an identity is that
of [[station]] ocpp = { identity = "..." }, or the station's id. What they report and ask for goes
into the log, what the engine orders comes out of it. Any number of gateways may run, each with a
--name of its own. With --ocpp-tls they connect to wss://ADDR:PORT/ocpp/IDENTITY (security profiles
2 and 3); --listen beside it is a listener without TLS, 127.0.0.1:9000 where neither is stated.
SIGHUP reads the certificates again, as a change of their files does. Ends on Ctrl-C or SIGTERM,
within 5 s. Exit 1: the log or the port fails. Exit 2: bad input, one line a fault. Exit 3: another
process runs under this name.

Example:
  busbar gateway examples/garage.toml --log kafka://127.0.0.1:9092 --listen 127.0.0.1:9000)";

constexpr const char* usual_address = "127.0.0.1:9000";

struct gateway_options {
  std::vector<std::string> site_paths;
  log_options log;
  ocpp_place stations;
  std::string name = "busbar-gateway";
  console_options lines;
};

int refuse(const std::string& why, int code = 2) {
  print_line(domain::severity::critical, "not_started", why);
  return code;
}

void print_counters(const ocpp_gateway& gateway) {
  auto counts = gateway.statistics();
  std::ostringstream text;
  text << "gateway: " << counts["handshakes_total"] << " connections, "
       << counts["frames_received_total"] << " frames received, " << counts["frames_sent_total"]
       << " sent, " << counts["commands_total"] << " commands, "
       << gateway.counters().unreadable << " records unreadable, "
       << gateway.counters().unfenced << " batches of commands under no fence";
  print_line(domain::severity::info, "counts", text.str());
}

int run(ocpp_gateway_settings settings, const std::shared_ptr<ports::event_log>& log) {
  stop_signal stop{stop_signal::hang_up::reloads};
  // Made before whatever it is to end in time.
  std::optional<shutdown_limit> limit;
  settings.on_lost = [] { ::kill(::getpid(), SIGTERM); };
  ocpp_gateway running;
  const auto started = start_unless_stopped(
      stop, [&] { return running.start(log, std::move(settings)); },
      [] { end_in_start("gateway"); });
  if (!started) {
    const int code = started.failure().code == domain::errc::out_of_range ? 2 : 1;
    limit.emplace(code);
    running.stop();
    return refuse(started.failure().message, code);
  }
  for (const auto& address : running.addresses()) std::cout << address << std::endl;
  stop.wait([&] { running.reload_certificates(); });
  limit.emplace();
  running.stop();
  print_counters(running);
  if (!running.lost()) return 0;
  print_line(domain::severity::critical, "lost",
             "gateway: " + running.lost()->message + "; this one ends");
  return exit_when_lost;
}

int run_gateway(const gateway_options& options) {
  write_lines_as(line_format_of(options.lines));
  auto stations = options.stations;
  if (!stations.is_wanted()) stations.address = usual_address;
  auto listeners = listeners_of(stations, "--listen");
  if (!listeners) return refuse(listeners.failure().message);
  auto loaded = load_ocpp_sites(options.site_paths);
  if (!loaded.faults.empty()) return print_faults(loaded.faults);
  if (options.log.address.starts_with("embedded"))
    return refuse("--log embedded: lives inside one process; allowed here is kafka://host:port "
                  "(busbar engine --ocpp runs engine and gateway in one)");
  domain::fault_list faults;
  const auto log = open_log(options.log, faults);
  if (!log) return print_faults(faults);
  for (const auto& warning : listeners.value().warnings)
    print_line(domain::severity::warning, "open_address", "busbar: warning: " + warning);
  ocpp_gateway_settings settings;
  settings.listen = std::move(listeners.value().listen);
  settings.keys = std::move(listeners.value().keys);
  settings.tags = std::move(listeners.value().tags);
  settings.urls = std::move(listeners.value().urls);
  settings.authority = std::move(listeners.value().authority);
  settings.group = options.name;
  settings.shards = options.log.shards;
  settings.sites = std::move(loaded.sites);
  settings.read_site = loaded.reader();
  settings.tell = print_notice;
  return run(std::move(settings), log);
}

} // namespace

void add_gateway_command(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("gateway", "Connect real stations (OCPP) to an engine");
  command->footer(footer);
  auto options = std::make_shared<gateway_options>();
  command->add_option("site", options->site_paths, "Sites' TOML files")->required();
  command->add_option("--log", options->log.address, "The log: kafka://host:port[,host:port]")
      ->required();
  add_kafka_config_option(*command, options->log);
  add_shards_option(*command, options->log);
  add_ocpp_options(*command, options->stations, "--listen");
  command->add_option("--name", options->name, "Name of this gateway in the log")
      ->capture_default_str();
  add_format_option(*command, options->lines);
  command->callback([options, &exit_code] { exit_code = run_gateway(*options); });
}

} // namespace busbar::apps
