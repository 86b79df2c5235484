// busbar ocpp profiles [FILE|-]: what a station does with its charging profiles.

#include "apps/commands.hpp"
#include "apps/doors/profiles_run.hpp"
#include "apps/print_answer.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace busbar::apps {
namespace {

constexpr const char* profiles_footer = R"(
Reads a script (JSON) of OCPP 1.6 requests against one station's profile store and prints
{"answers": [one for each step, in order]}.
Steps: SetChargingProfile, ClearChargingProfile, GetCompositeSchedule (payloads of OCPP 1.6),
start, stop (a transaction), limit, profiles, periods; see docs/formats/ocpp-profiles-*.json.
Exit 0: answered. Exit 2: the script is malformed, one line a fault:
file: JSON pointer: value: what is allowed.

Example:
  echo '{"station": {"connectors": 1, "supply_v": 230, "phases": 3, "limit_a": 32},
   "steps": [
    {"at": "2026-05-01T12:00:00Z", "SetChargingProfile": {"connectorId": 1, "csChargingProfiles":
      {"chargingProfileId": 1, "stackLevel": 0, "chargingProfilePurpose": "TxDefaultProfile",
       "chargingProfileKind": "Relative", "chargingSchedule": {"duration": 1800,
        "chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16}]}}}},
    {"at": "2026-05-01T12:00:00Z", "start": {"connectorId": 1, "transactionId": 7}},
    {"at": "2026-05-01T12:10:00Z", "GetCompositeSchedule":
      {"connectorId": 1, "duration": 3600, "chargingRateUnit": "W"}}]}' |
  busbar ocpp profiles -)";

} // namespace

void add_ocpp_command(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("ocpp", "Questions about the charging protocol OCPP");
  command->require_subcommand(1);
  auto* profiles = command->add_subcommand(
      "profiles", "What a station does with its charging profiles (OCPP 1.6)");
  profiles->footer(profiles_footer);
  auto path = std::make_shared<std::string>("-");
  profiles->add_option("script", *path, "The script's JSON file, or - for standard input");
  profiles->callback([path, &exit_code] {
    exit_code = print_answer(*path, doors::script_bytes_max, doors::read_profiles_script,
                             doors::run_profiles_script);
  });
}

} // namespace busbar::apps
