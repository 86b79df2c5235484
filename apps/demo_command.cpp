// busbar demo: a whole charging site in one process, which runs by itself.

#include "apps/commands.hpp"
#include "apps/console_options.hpp"
#include "apps/demo/demo.hpp"
#include "apps/environment_settings.hpp"
#include "apps/print_faults.hpp"
#include "apps/process_lines.hpp"
#include "apps/shutdown.hpp"
#include "apps/stop_signal.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <optional>

namespace busbar::apps {

namespace {

constexpr const char* footer = R"(
Ten charge points, five drivers, an engine and its page in one process; no broker is needed.
Any site can be tried: --site names its file, and the options of `busbar fleet` say who charges
there. With --ocpp the stations that state `ocpp` in the site's file (all, where none does) are real
ones and not simulated.
Prints the page's address. Ends on Ctrl-C or SIGTERM. Exit 2: bad input, one line a fault.

Examples:
  busbar demo --port 8000
  busbar demo --site examples/garage.toml --drivers 12 --speed 10)";

int run_demo(demo_options options) {
  write_lines_as(options.form);
  const auto surroundings = read_environment();
  if (!are_right(surroundings)) return 2;
  options.surroundings = surroundings.read;
  auto prepared = prepare_demo(options);
  demo running;
  if (prepared.faults.empty() && !running.admit_stations(prepared, options)) return 2;
  for (const auto& line : prepared.said)
    print_line(domain::severity::info, "settings", line);
  if (!prepared.faults.empty()) return print_faults(prepared.faults);
  if (const auto warning = warning_about(options.web); !warning.empty())
    print_line(domain::severity::warning, "open_address", "busbar: warning: " + warning);
  stop_signal stop;
  // Made before whatever it is to end in time.
  std::optional<shutdown_limit> limit;
  const auto started = running.start(std::move(prepared), options);
  if (!started) {
    print_line(domain::severity::critical, "not_started", "demo: " + started.failure().message);
    running.stop();
    return 1;
  }
  std::cout << "busbar: the page is at " << running.address() << std::endl;
  stop.wait();
  limit.emplace();
  running.stop();
  if (const auto stuck = running.node().left_behind(); !stuck.empty()) end_now(stuck);
  return 0;
}

} // namespace

void add_demo_command(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("demo", "A whole charging site in one process");
  command->footer(footer);
  auto options = std::make_shared<demo_options>();
  command->add_option("--site", options->fleet.site_path, "Another site's TOML file");
  add_web_options(*command, options->web);
  add_people_options(*command, options->fleet);
  add_ocpp_options(*command, options->ocpp);
  add_record_options(*command, options->record);
  add_history_options(*command, options->history);
  auto lines = std::make_shared<console_options>();
  add_console_options(*command, *lines);
  command->callback([options, lines, &exit_code] {
    options->console = make_console(*lines);
    options->form = line_format_of(*lines);
    exit_code = run_demo(*options);
  });
}

} // namespace busbar::apps
