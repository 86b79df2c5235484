// busbar ocpp profiles [FILE|-]: what a station does with its charging profiles.
// busbar ocpp key set IDENTITY --file FILE: the key of a station.
// busbar ocpp frames [FILE|-]: holds frames to the protocol.

#include "adapters/ocpp/gateway/key_book.hpp"
#include "apps/commands.hpp"
#include "apps/doors/frames_check.hpp"
#include "apps/doors/profiles_run.hpp"
#include "apps/print_answer.hpp"
#include "apps/process_lines.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <string>

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

constexpr const char* key_footer = R"(
Draws a key of 20 bytes, or takes --hex (16 to 20 bytes), keeps its HMAC in the file (mode 0600) and
prints it as hex, once: it goes into the station. Engines and gateways read the file as they start.
Exit 1: the file cannot be written. Exit 2: bad input.

Example:
  busbar ocpp key set CP-1 --file keys.txt)";

struct key_order {
  std::string identity;
  std::string file;
  std::string hex;
};

int refuse(const std::string& why, int code) {
  print_line(domain::severity::critical, "bad_input", "key: " + why);
  return code;
}

int set_key(const key_order& order) {
  namespace gateway = adapters::ocpp::gateway;
  const auto hex = order.hex.empty() ? gateway::drawn_key_hex() : order.hex;
  const auto key = gateway::bytes_of_hex(hex);
  if (!key || key->size() < gateway::key_bytes_min || key->size() > gateway::key_bytes_max)
    return refuse("allowed are 16 to 20 bytes, 32 to 40 hex digits", 2);
  auto book = gateway::key_book::read(order.file);
  if (!book) return refuse(book.failure().message, 2);
  book.value().set(order.identity, *key);
  if (const auto done = book.value().write(order.file); !done)
    return refuse(done.failure().message, 1);
  std::cout << hex << std::endl;
  return 0;
}

void add_key_command(CLI::App& ocpp, int& exit_code) {
  auto* key = ocpp.add_subcommand("key", "Keys of stations (security profiles 1 and 2)");
  key->require_subcommand(1);
  auto* set = key->add_subcommand("set", "A new key of a station");
  set->footer(key_footer);
  auto order = std::make_shared<key_order>();
  set->add_option("identity", order->identity, "The station's identity")->required();
  set->add_option("--file", order->file, "The file of keys; made where there is none")->required();
  set->add_option("--hex", order->hex, "The key, where the station has one already");
  set->callback([order, &exit_code] { exit_code = set_key(*order); });
}

constexpr const char* frames_footer = R"(
Reads frames of OCPP 1.6 (JSON), one a line, and prints for each whether a central system accepts
it: {"frames": [{"line", "id", "type", "action", "verdict", "taken", "faults"}], "accepted": n,
"refused": n, "ignored": n}. A fault has the protocol's error code, the place as JSON pointer, what
stands there and what is allowed. "taken" names the tolerances that a frame needs (docs/ocpp.md);
with --strict there are none. An answer is held to the CALL that stands before it under its id.
Exit 0: every frame is accepted. Exit 1: some are refused. Exit 2: the file cannot be read.

Example:
  echo '[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"charging"}]' |
  busbar ocpp frames -)";

/// In which frames may come: 8 MiB, as a script of charging profiles.
constexpr std::size_t frames_bytes_max = 8'388'608;

int print_frames(const std::string& path, bool is_strict) {
  const auto text = read_input(path, frames_bytes_max);
  if (!text) {
    domain::fault_list faults;
    faults.add(text.failure().message);
    return print_faults(faults, path + ": ");
  }
  const auto tolerances =
      is_strict ? ocpp::v16::tolerance_set::none() : ocpp::v16::tolerance_set::all();
  const auto found = doors::check_frames(text.value(), tolerances);
  std::cout << found.json << '\n';
  return found.refused == 0 ? 0 : 1;
}

void add_frames(CLI::App& command, int& exit_code) {
  auto* frames = command.add_subcommand("frames", "Whether frames are of OCPP 1.6");
  frames->footer(frames_footer);
  auto path = std::make_shared<std::string>("-");
  auto is_strict = std::make_shared<bool>(false);
  frames->add_option("frames", *path, "A file with one frame a line, or - for standard input");
  frames->add_flag("--strict", *is_strict, "Refuse what is taken from stations otherwise");
  frames->callback([=, &exit_code] { exit_code = print_frames(*path, *is_strict); });
}

} // namespace

void add_ocpp_command(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("ocpp", "Questions about the charging protocol OCPP");
  command->require_subcommand(1);
  add_frames(*command, exit_code);
  auto* profiles = command->add_subcommand(
      "profiles", "What a station does with its charging profiles (OCPP 1.6)");
  profiles->footer(profiles_footer);
  auto path = std::make_shared<std::string>("-");
  profiles->add_option("script", *path, "The script's JSON file, or - for standard input");
  profiles->callback([path, &exit_code] {
    exit_code = print_answer(*path, doors::script_bytes_max, doors::read_profiles_script,
                             doors::run_profiles_script);
  });
  add_key_command(*command, exit_code);
}

} // namespace busbar::apps
