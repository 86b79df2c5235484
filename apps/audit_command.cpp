// busbar audit verify --access FOLDER: whether the record of changes is as it was written.

#include "adapters/access/access_store.hpp"
#include "adapters/access/audit_chain.hpp"
#include "apps/commands.hpp"
#include "apps/process_lines.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <string>

namespace busbar::apps {

namespace {

namespace access = adapters::access;

constexpr const char* footer = R"(
Reads every entry, also beside a running engine: numbers without gaps, each hash over the one before
and the entry, and the newest entry that the signed file audit-head of the folder states.
Exit 0: all of it is as it was written. Exit 1: it is not, and the first entry that is wrong is
named; or it cannot be read.

Example:
  busbar audit verify --access /var/lib/busbar/access)";

int fail(const std::string& why) {
  print_line(domain::severity::critical, "audit", "audit: " + why);
  return 1;
}

int verify(const std::string& folder) {
  if (auto whole = access::access_store::open(folder); !whole)
    return fail(whole.failure().message);
  auto store = access::database::open(folder + "/access.db");
  if (!store) return fail(store.failure().message);
  const auto head = access::read_head(folder);
  if (!head) return fail(head.failure().message);
  const auto found = access::verify(*store.value(), head.value());
  if (!found) return fail(found.failure().message);
  const auto& chain = found.value();
  if (!chain.fault.empty()) return fail(folder + ": " + chain.fault);
  std::cout << folder << ": " << chain.whole << " entries as they were written; head "
            << (chain.whole == 0 ? "none" : chain.head.hash) << std::endl;
  return 0;
}

} // namespace

void add_audit_command(CLI::App& app, int& exit_code) {
  auto* audit = app.add_subcommand("audit", "The record of who changed what (docs/access.md)");
  audit->require_subcommand(1);
  auto* command = audit->add_subcommand("verify", "Whether the record is as it was written");
  command->footer(footer);
  auto folder = std::make_shared<std::string>();
  command->add_option("--access", *folder, "The engine's folder of users")
      ->required()->envname("BUSBAR_ACCESS");
  command->callback([folder, &exit_code] { exit_code = verify(*folder); });
}

} // namespace busbar::apps
