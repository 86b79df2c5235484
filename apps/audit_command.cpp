// busbar audit verify|export: whether the record of changes is as it was written; the record as a
// file of its own.

#include "adapters/access/access_store.hpp"
#include "adapters/access/audit_chain.hpp"
#include "adapters/access/audit_export.hpp"
#include "apps/commands.hpp"
#include "apps/process_lines.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>

namespace busbar::apps {

namespace {

namespace access = adapters::access;

constexpr const char* footer = R"(
Reads every entry, also beside a running engine: numbers without gaps, each hash over the one before
and the entry, and the newest entry that the signed file audit-head of the folder states.
Exit 0: all of it is as it was written. Exit 1: it is not, and the first entry that is wrong is
named; or it cannot be read.
A file of `busbar audit export` is read the same way, without the folder; whether its end was cut
off shows only by the number and the head that are printed.

Examples:
  busbar audit verify --access /var/lib/busbar/access
  busbar audit verify audit-2026-05-01.jsonl)";
constexpr const char* export_footer = R"(
Works beside a running engine: one JSON object a line, the oldest entry first, with the names of
GET /api/audit/logs.
Exit 0: written. Exit 1: the audit cannot be read, or the file is there already or not writable.

Example:
  busbar audit export --access /var/lib/busbar/access audit-2026-05-01.jsonl)";

int fail(const std::string& why) {
  print_line(domain::severity::critical, "audit", "audit: " + why);
  return 1;
}

/// Opening a store would make one: an audit of nothing, where the folder is misspelt.
bool has_store(const std::string& folder) {
  std::error_code failure;
  return std::filesystem::is_regular_file(folder + "/access.db", failure);
}

int fail_without(const std::string& folder) {
  return fail(folder + ": there is no audit in it (access.db)");
}

int verify(const std::string& folder) {
  if (!has_store(folder)) return fail_without(folder);
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

int verify_file(const std::string& path) {
  std::ifstream lines{path};
  if (!lines) return fail(path + ": cannot be read");
  const auto chain = access::verify_export(lines);
  if (!lines.eof() && chain.fault.empty()) return fail(path + ": cannot be read");
  if (!chain.fault.empty()) return fail(path + ": " + chain.fault);
  std::cout << path << ": " << chain.whole << " entries as they were written; head "
            << (chain.whole == 0 ? "none" : chain.head.hash) << std::endl;
  return 0;
}

int export_all(const std::string& folder, const std::string& path) {
  if (!has_store(folder)) return fail_without(folder);
  if (auto whole = access::access_store::open(folder); !whole)
    return fail(whole.failure().message);
  auto store = access::database::open(folder + "/access.db");
  if (!store) return fail(store.failure().message);
  const auto done = access::export_to(path, *store.value());
  if (!done) return fail(done.failure().message);
  std::cout << path << ": the audit of " << folder << std::endl;
  return 0;
}

void add_verify(CLI::App& audit, int& exit_code) {
  auto* command = audit.add_subcommand("verify", "Whether the record is as it was written");
  command->footer(footer);
  auto folder = std::make_shared<std::string>();
  auto path = std::make_shared<std::string>();
  command->add_option("--access", *folder, "The engine's folder of users")
      ->envname("BUSBAR_ACCESS");
  command->add_option("export", *path, "A file of `busbar audit export`, in place of the folder");
  command->callback([folder, path, &exit_code] {
    if (!path->empty()) exit_code = verify_file(*path);
    else if (!folder->empty()) exit_code = verify(*folder);
    else throw CLI::RequiredError{"--access or a file"};
  });
}

} // namespace

void add_audit_command(CLI::App& app, int& exit_code) {
  auto* audit = app.add_subcommand("audit", "The record of who changed what (docs/access.md)");
  audit->require_subcommand(1);
  add_verify(*audit, exit_code);
  auto* command = audit->add_subcommand("export", "Write every entry as JSON lines");
  command->footer(export_footer);
  auto folder = std::make_shared<std::string>();
  auto path = std::make_shared<std::string>();
  command->add_option("--access", *folder, "The engine's folder of users")
      ->required()->envname("BUSBAR_ACCESS");
  command->add_option("file", *path, "The file, which is not there yet")->required();
  command->callback([folder, path, &exit_code] { exit_code = export_all(*folder, *path); });
}

} // namespace busbar::apps
