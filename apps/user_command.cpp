// busbar user add|password|role|disable|enable|remove|list --access FOLDER: users of the API.

#include "adapters/access/access_store.hpp"
#include "adapters/access/audit_chain.hpp"
#include "adapters/access/user_keeping.hpp"
#include "apps/access/password_input.hpp"
#include "apps/commands.hpp"
#include "apps/process_lines.hpp"
#include "domain/time_text.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace busbar::apps {

namespace {

namespace access = adapters::access;

constexpr const char* footer = R"(
Passwords are typed at a prompt, or come as the first line of standard input. A running engine
follows within a second. Exit 1: the store cannot be written. Exit 2: bad input, one line a fault.

Example:
  busbar user add anna --role admin --access /var/lib/busbar/access
  busbar user add meter-board --role viewer --site garage --access /var/lib/busbar/access
  busbar user disable ben --access /var/lib/busbar/access)";

struct user_order {
  std::string folder;
  std::string name;
  std::string role;
  std::vector<std::string> sites;
  bool has_all_sites = false;
};

using shared_order = std::shared_ptr<user_order>;
using store_work = std::function<access::access_outcome<ports::access_done>(
    const access::user_keeping&, const user_order&)>;

int refuse(const std::string& why, int code) {
  print_line(domain::severity::critical, "bad_input", "user: " + why);
  return code;
}

int refuse(const ports::access_failure& failure) {
  for (const auto& each : failure.faults) refuse(each.field + ": " + each.text, 2);
  if (!failure.faults.empty()) return 2;
  const bool is_store = failure.fault == ports::access_fault::unavailable;
  return refuse(failure.text, is_store ? 1 : 2);
}

int with_store(const user_order& order,
               const std::function<int(const access::user_keeping&)>& work) {
  auto store = access::access_store::open(order.folder);
  if (!store) return refuse(store.failure().message, 1);
  const auto now = std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now());
  return work({*store.value(), {}, now});
}

/// Recorded as any other change of users; the shell's user is not known to Busbar.
int record(const user_order& order, const std::string& operation, domain::instant now) {
  auto store = access::database::open(order.folder + "/access.db");
  if (!store) return refuse(store.failure().message, 1);
  const domain::cause actor{domain::cause_kind::program, "busbar user"};
  const auto kept = access::append(
      *store.value(), {{now, actor, "", "", "access", operation, order.name, order.role, 0}});
  return kept ? 0 : refuse(kept.failure().message, 1);
}

int change(const user_order& order, const store_work& work, const char* done_text) {
  return with_store(order, [&](const access::user_keeping& keep) {
    const auto done = work(keep, order);
    if (const auto* failure = std::get_if<ports::access_failure>(&done)) return refuse(*failure);
    if (const int lost = record(order, std::string{"busbar user: "} + done_text, keep.now))
      return lost;
    std::cout << order.folder << ": user " << order.name << ": " << done_text << std::endl;
    return 0;
  });
}

domain::site_binding binding_of(const user_order& order) {
  if (order.sites.empty()) return std::nullopt;
  std::vector<domain::site_id> sites;
  for (const auto& each : order.sites) sites.emplace_back(each);
  return sites;
}

access::access_outcome<ports::access_done> no_password(const domain::error& why) {
  return ports::access_failure{ports::access_fault::not_allowed, why.message, {}, {}};
}

access::access_outcome<ports::access_done> add(const access::user_keeping& keep,
                                               const user_order& order) {
  const auto password = read_password("password of " + order.name);
  if (!password) return no_password(password.failure());
  return access::take_new_user(keep, {order.name, password.value(),
                                      *domain::role_from(order.role), binding_of(order)});
}

access::access_outcome<ports::access_done> set_password(const access::user_keeping& keep,
                                                        const user_order& order) {
  const auto password = read_password("new password of " + order.name);
  if (!password) return no_password(password.failure());
  ports::user_change wanted;
  wanted.password = password.value();
  return access::take_change(keep, order.name, wanted);
}

access::access_outcome<ports::access_done> set_role(const access::user_keeping& keep,
                                                    const user_order& order) {
  ports::user_change wanted;
  wanted.granted = domain::role_from(order.role);
  if (!order.sites.empty()) wanted.sites = binding_of(order);
  if (order.has_all_sites) wanted.sites = domain::site_binding{};
  return access::take_change(keep, order.name, wanted);
}

store_work set_disabled(bool is_disabled) {
  return [is_disabled](const access::user_keeping& keep, const user_order& order) {
    ports::user_change wanted;
    wanted.is_disabled = is_disabled;
    return access::take_change(keep, order.name, wanted);
  };
}

access::access_outcome<ports::access_done> remove(const access::user_keeping& keep,
                                                  const user_order& order) {
  return access::take_removal(keep, order.name);
}

std::string sites_text(const domain::site_binding& sites) {
  if (!sites) return "all sites";
  std::string text;
  for (const auto& each : *sites) text += (text.empty() ? "" : ",") + each.text();
  return text;
}

int list(const user_order& order) {
  return with_store(order, [&](const access::user_keeping& keep) {
    const auto rows = keep.store.load(keep.now);
    if (!rows) return refuse(rows.failure().message, 1);
    for (const auto& each : rows.value().users) {
      const auto& user = each.about;
      std::cout << user.name << '\t' << name_of(user.granted) << '\t' << sites_text(user.sites)
                << '\t' << (user.is_disabled ? "disabled" : "enabled") << '\t'
                << (user.last_login_at ? domain::text_of(*user.last_login_at) : "never") << '\n';
    }
    return 0;
  });
}

CLI::App* add_order(CLI::App& user, const char* verb, const char* what,
                    const shared_order& order) {
  auto* command = user.add_subcommand(verb, what);
  command->add_option("--access", order->folder, "The engine's folder of users")
      ->required()->envname("BUSBAR_ACCESS");
  return command;
}

CLI::App* add_change(CLI::App& user, const char* verb, const char* what,
                     const shared_order& order) {
  auto* command = add_order(user, verb, what, order);
  command->add_option("name", order->name, "The user's name")->required();
  return command;
}

void add_role(CLI::App& command, const shared_order& order) {
  const std::vector<std::string> names{domain::roles::names.begin(), domain::roles::names.end()};
  command.add_option("--role", order->role, "viewer, operator or admin")
      ->required()->check(CLI::IsMember(names));
  command.add_option("--site", order->sites,
                     "A site that the user is bound to; may be repeated (default: all sites)");
}

} // namespace

void add_user_command(CLI::App& app, int& exit_code) {
  auto* user = app.add_subcommand("user", "Users of an engine's API (docs/access.md)");
  user->require_subcommand(1);
  user->footer(footer);
  const auto order = std::make_shared<user_order>();
  const auto runs = [&exit_code, order](CLI::App* command, store_work work, const char* done) {
    command->callback([=, &exit_code] { exit_code = change(*order, work, done); });
  };
  auto* added = add_change(*user, "add", "Add a user; the password is asked for", order);
  add_role(*added, order);
  runs(added, add, "added");
  runs(add_change(*user, "password", "A new password; all logins of the user end", order),
       set_password, "new password");
  auto* roles = add_change(*user, "role", "Another role, or other sites", order);
  add_role(*roles, order);
  roles->add_flag("--all-sites", order->has_all_sites, "Bound to no sites any more");
  runs(roles, set_role, "changed");
  runs(add_change(*user, "disable", "Nothing is allowed to the user any more", order),
       set_disabled(true), "disabled");
  runs(add_change(*user, "enable", "Allowed again", order), set_disabled(false), "enabled");
  runs(add_change(*user, "remove", "Remove a user, with all tokens", order), remove, "removed");
  add_order(*user, "list", "Name, role, sites, state and last login of each", order)
      ->callback([order, &exit_code] { exit_code = list(*order); });
}

} // namespace busbar::apps
