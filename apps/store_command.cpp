// busbar store status|check|backup --store FOLDER: the history of an engine, also beside a running
// one.

#include "adapters/store/store_copy.hpp"
#include "apps/commands.hpp"
#include "apps/process_lines.hpp"
#include "domain/time_text.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <optional>
#include <string>

namespace busbar::apps {

namespace {

namespace store = adapters::store;

constexpr const char* footer = R"(
Works beside a running engine. `status` prints what is there, `check` looks the whole database
through, `backup` writes a copy that is whole; a copy is restored as history.db of an empty folder,
and reads what it lacks from the log.
Exit 0: done. Exit 1: it cannot be read, is damaged, or the copy could not be written.

Examples:
  busbar store status --store /var/lib/busbar/history
  busbar store backup --store /var/lib/busbar/history /backup/history-2026-05-01.db)";

int fail(const std::string& why) {
  print_line(domain::severity::critical, "store", "store: " + why);
  return 1;
}

std::string text_or_none(const std::optional<domain::instant>& at) {
  return at ? domain::text_of(*at) : "none";
}

int show_status(const std::string& folder) {
  const auto found = store::status_of(folder);
  if (!found) return fail(found.failure().message);
  const auto& now = found.value();
  std::cout << now.path << ": schema " << now.schema << ", " << now.bytes << " bytes\n"
            << "sessions: " << now.sessions << ", the oldest of "
            << text_or_none(now.oldest_session) << "\nevents: " << now.events
            << ", the oldest of " << text_or_none(now.oldest_event) << std::endl;
  return 0;
}

int check(const std::string& folder) {
  const auto whole = store::check(folder);
  if (!whole) return fail(folder + ": " + whole.failure().message);
  std::cout << folder << ": whole" << std::endl;
  return 0;
}

int back_up(const std::string& folder, const std::string& place) {
  const auto done = store::back_up(folder, place);
  if (!done) return fail(done.failure().message);
  std::cout << place << ": a copy of " << folder << std::endl;
  return 0;
}

CLI::App* add_order(CLI::App& group, const char* verb, const char* what,
                    const std::shared_ptr<std::string>& folder) {
  auto* command = group.add_subcommand(verb, what);
  command->add_option("--store", *folder, "The engine's folder of history")
      ->required()->envname("BUSBAR_STORE");
  return command;
}

} // namespace

void add_store_command(CLI::App& app, int& exit_code) {
  auto* group = app.add_subcommand("store", "The history of an engine on a disk");
  group->require_subcommand(1);
  group->footer(footer);
  const auto folder = std::make_shared<std::string>();
  const auto place = std::make_shared<std::string>();
  add_order(*group, "status", "Rows, bytes, and the oldest of them", folder)
      ->callback([folder, &exit_code] { exit_code = show_status(*folder); });
  add_order(*group, "check", "Look the whole database through", folder)
      ->callback([folder, &exit_code] { exit_code = check(*folder); });
  auto* copied = add_order(*group, "backup", "Write a copy that is whole", folder);
  copied->add_option("file", *place, "The copy, which is not there yet")->required();
  copied->callback([folder, place, &exit_code] { exit_code = back_up(*folder, *place); });
}

} // namespace busbar::apps
