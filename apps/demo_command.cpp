// busbar demo: a whole charging site in one process, with nobody touching anything.

#include "apps/commands.hpp"
#include "apps/demo/demo.hpp"
#include "apps/fleet/local_policy_options.hpp"
#include "apps/stop_signal.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

namespace busbar::apps {

namespace {

int run_demo(demo_options options, const local_policy_options& local) {
  auto loaded = load_demo_site(options);
  options.local = read_local_policy(local, loaded.faults);
  if (const auto wrong = validate(options.local); !wrong.empty()) loaded.faults.push_back(wrong);
  for (const auto& fault : loaded.faults) std::cerr << fault << '\n';
  if (!loaded.faults.empty()) return 2;
  stop_signal stop;
  demo running;
  const auto started = running.start(std::move(loaded.site), options);
  if (!started) {
    std::cerr << "demo: " << started.failure().message << '\n';
    running.stop();
    return 1;
  }
  std::cout << "busbar: the page is at " << running.address() << std::endl;
  stop.wait();
  running.stop();
  return 0;
}

} // namespace

void add_demo_command(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("demo", "A whole charging site in one process");
  command->footer("Ten charge points, five drivers, an engine and its page; no broker needed.\n"
                  "Prints the page's address. Ends on Ctrl-C or SIGTERM.\n\n"
                  "Example:\n  busbar demo --port 8000");
  auto options = std::make_shared<demo_options>();
  command->add_option("--port", options->port, "Port of the page on this machine; 0: a free one")
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Seed of all chance")->capture_default_str();
  command->add_option("--site", options->site_path, "Another site's TOML file");
  auto local = std::make_shared<local_policy_options>();
  add_local_policy_options(*command, *local);
  command->callback([options, local, &exit_code] { exit_code = run_demo(*options, *local); });
}

} // namespace busbar::apps
