// busbar load: how much does this machine carry.

#include "apps/commands.hpp"
#include "apps/load/load_run.hpp"
#include "apps/stop_signal.hpp"

#include <CLI/CLI.hpp>

#include <fstream>
#include <iostream>
#include <memory>

namespace busbar::apps {

namespace {

struct load_arguments {
  load_options options;
  std::string json_file;
  bool is_engine_only = false;
  bool is_quiet = false;
};

bool write_json(const std::string& path, const loadtest::load_report& report) {
  if (path == "-") {
    std::cout << json_of(report) << '\n';
    return true;
  }
  std::ofstream file{path};
  file << json_of(report) << '\n';
  if (!file) std::cerr << path << ": cannot be written\n";
  return static_cast<bool>(file);
}

int run(const load_arguments& arguments) {
  if (arguments.is_engine_only) return run_engine_process(arguments.options.engine);
  stop_signal stop;
  const auto shall_stop = [&] { return stop.wait_for(std::chrono::microseconds{0}); };
  const auto say = [&](const std::string& line) {
    if (!arguments.is_quiet) std::cerr << line << '\n';
  };
  const auto report = run_load(arguments.options, shall_stop, say);
  if (!report) {
    std::cerr << "busbar load: " << report.failure().message << '\n';
    return 1;
  }
  if (!arguments.json_file.empty() && !write_json(arguments.json_file, report.value())) return 1;
  if (arguments.json_file != "-") std::cout << text_of(report.value());
  return report.value().failures().empty() ? 0 : 1;
}

} // namespace

void add_load_command(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("load", "Measure the load that this machine sustains");
  command->footer(
      "An open loop: latencies count from the time at which a reading was due. Exit 0: the rate\n"
      "was held and no limit exceeded. Exit 1: otherwise, with the reasons.\n\n"
      "Example:\n  busbar load --sites 100 --stations 100 --hz 1 --seconds 20");
  auto arguments = std::make_shared<load_arguments>();
  auto& options = arguments->options;
  options.engine.sites = 100;
  options.engine.stations = 100;
  command->add_option("--log", options.engine.log.address, "embedded, or kafka://host:port")
      ->capture_default_str();
  add_kafka_config_option(*command, options.engine.log);
  command->add_option("--sites", options.engine.sites, "Sites")
      ->check(CLI::Range(1, 100'000))->capture_default_str();
  command->add_option("--stations", options.engine.stations, "Stations of each site")
      ->check(CLI::Range(2, 1'000))->capture_default_str();
  command->add_option("--hz", options.hertz, "Readings of each station per second")
      ->check(CLI::Range(0.1, 10.0))->capture_default_str();
  command->add_option("--seconds", options.seconds, "Length of the measured window")
      ->check(CLI::Range(1, 86'400))->capture_default_str();
  command->add_option("--warm-up", options.warm_up_seconds,
                      "Seconds of warm-up before the measured window")
      ->check(CLI::Range(0, 3'600))->capture_default_str();
  command->add_option("--seed", options.seed, "Random seed of the vehicles' demand")
      ->capture_default_str();
  command->add_option("--record", options.engine.record,
                      "Also record every step in this folder: what recording costs");
  command->add_option("--json", arguments->json_file,
                      "Also write the report to this file (-: standard output)");
  command->add_flag("--quiet", arguments->is_quiet, "No progress lines");
  command->add_flag("--engine-only", arguments->is_engine_only)->group("");
  command->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

} // namespace busbar::apps
