// The one binary. Parses the subcommand; everything else is in apps/<name>_command.cpp.

#include "apps/choice.hpp"
#include "apps/commands.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

int main(int argc, char** argv) {
  CLI::App app{"busbar: safe, fair and fast control of EV charging sites"};
  app.set_version_flag("--version", "busbar " BUSBAR_VERSION);
  app.require_subcommand(1);
  int exit_code = 0;
  busbar::apps::add_check_command(app, exit_code);
  busbar::apps::add_ocpp_command(app, exit_code);
  busbar::apps::add_engine_command(app, exit_code);
  busbar::apps::add_demo_command(app, exit_code);
  busbar::apps::add_fleet_command(app, exit_code);
  busbar::apps::add_gateway_command(app, exit_code);
  busbar::apps::add_tail_command(app, exit_code);
  busbar::apps::add_plan_command(app, exit_code);
  busbar::apps::add_evaluate_command(app, exit_code);
  busbar::apps::add_replay_command(app, exit_code);
  busbar::apps::add_load_command(app, exit_code);
  busbar::apps::add_user_command(app, exit_code);
  busbar::apps::add_audit_command(app, exit_code);
  busbar::apps::add_store_command(app, exit_code);
  busbar::apps::add_cluster_command(app, exit_code);
  busbar::apps::add_tls_command(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& refusal) {
    // Help and version are answers; everything else is bad input, whatever CLI11 numbers it.
    if (app.exit(refusal) == 0) return 0;
    const auto meant = busbar::apps::meant_word(app, {argv + 1, argv + argc});
    if (!meant.empty()) std::cerr << meant.substr(1) << '\n';
    return 2;
  }
  return exit_code;
}
