#pragma once
// Every subcommand of `busbar`, one file each (apps/<name>_command.cpp). A function adds its
// subcommand with its options to the parser and sets `exit_code` when it ran.
// Exit codes: 0 done, 1 failed, 2 bad input, 3 another process has taken this one's name.

namespace CLI {
class App;
}

namespace busbar::apps {

/// Of `engine`, `fleet` and `gateway`: another process has joined their group under their name
/// (OWN-1).
inline constexpr int exit_when_lost = 3;

void add_check_command(CLI::App& app, int& exit_code);
void add_plan_command(CLI::App& app, int& exit_code);
void add_ocpp_command(CLI::App& app, int& exit_code);
void add_evaluate_command(CLI::App& app, int& exit_code);
void add_replay_command(CLI::App& app, int& exit_code);
void add_demo_command(CLI::App& app, int& exit_code);
void add_engine_command(CLI::App& app, int& exit_code);
void add_fleet_command(CLI::App& app, int& exit_code);
void add_gateway_command(CLI::App& app, int& exit_code);
void add_tail_command(CLI::App& app, int& exit_code);
void add_load_command(CLI::App& app, int& exit_code);
void add_user_command(CLI::App& app, int& exit_code);
void add_audit_command(CLI::App& app, int& exit_code);
void add_store_command(CLI::App& app, int& exit_code);
void add_cluster_command(CLI::App& app, int& exit_code);
void add_tls_command(CLI::App& app, int& exit_code);

} // namespace busbar::apps
