#include "adapters/access/user_keeping.hpp"

#include "adapters/access/secrets.hpp"
#include "control/access/password_policy.hpp"

#include <algorithm>

namespace busbar::adapters::access {

namespace {

using control::access::remembered_passwords;
using ports::access_failure;
using ports::access_fault;

constexpr std::size_t id_bytes = 12;
constexpr std::size_t site_bytes_max = 64;
constexpr domain::seconds memory_pause{1};

void check_sites(const domain::site_binding& sites, access_failure& faults) {
  if (!sites) return;
  const auto most = domain::principal::bound_sites_max;
  if (sites->empty())
    faults.faults.push_back({"sites", "names no site; left out, all sites are meant"});
  if (sites->size() > most)
    faults.faults.push_back({"sites", "names more than " + std::to_string(most) + " sites"});
  const bool is_wrong = std::ranges::any_of(*sites, [](const auto& each) {
    const auto& id = each.text();
    return id.empty() || id.size() > site_bytes_max || id.find('\n') != std::string::npos;
  });
  if (is_wrong) faults.faults.push_back({"sites", "an id of a site has 1 to 64 bytes"});
}

void check_password(const std::string& password, const std::string& name,
                    access_failure& faults) {
  for (const auto& fault : control::access::password_faults(password, name))
    faults.faults.push_back({"password", fault});
}

access_failure no_faults() { return {access_fault::not_allowed, "not taken", {}, {}}; }

/// The password in force and the ones before it.
domain::result<bool> is_remembered(const user_keeping& keep, const user_row& user,
                                   const std::string& password) {
  auto before = keep.store.old_passwords(user.id);
  if (!before) return before.failure();
  auto& hashes = before.value();
  hashes.insert(hashes.begin(), user.password);
  hashes.resize(std::min(hashes.size(), remembered_passwords));
  return std::ranges::any_of(
      hashes, [&](const auto& hash) { return is_password_of(hash, password); });
}

std::optional<access_failure> check_change(const user_keeping& keep, const user_row& user,
                                           const ports::user_change& change) {
  auto faults = no_faults();
  if (change.sites) check_sites(*change.sites, faults);
  if (change.password) check_password(*change.password, user.about.name, faults);
  if (!faults.faults.empty()) return faults;
  if (!change.password) return std::nullopt;
  const auto known = is_remembered(keep, user, *change.password);
  if (!known) return failure_of(known.failure());
  if (known.value()) faults.faults.push_back({"password", "it is none of the last 5"});
  return known.value() ? std::optional{faults} : std::nullopt;
}

} // namespace

ports::access_failure failure_of(const domain::error& why) {
  using domain::errc;
  switch (why.code) {
  case errc::unknown_reference: return {access_fault::unknown_reference, why.message, {}, {}};
  case errc::duplicate:
  case errc::full:
  case errc::conflict: return {access_fault::conflict, why.message, {}, {}};
  case errc::stale: return {access_fault::wrong_password, why.message, {}, {}};
  default: return {access_fault::unavailable, why.message, {}, {}};
  }
}

access_outcome<access_done> take_new_user(const user_keeping& keep, const ports::new_user& made,
                                     bool is_first) {
  auto faults = no_faults();
  if (const auto fault = control::access::user_name_fault(made.name))
    faults.faults.push_back({"name", *fault});
  check_sites(made.sites, faults);
  check_password(made.password, made.name, faults);
  if (!faults.faults.empty()) return faults;
  user_row user;
  user.id = base64url(random_bytes(id_bytes));
  user.about = {made.name, made.granted, made.sites, false, keep.now, keep.now, std::nullopt};
  user.password = password_hash(made.password, keep.cost);
  if (user.password.empty())
    return access_failure{access_fault::busy, "no memory to hash a password", memory_pause, {}};
  if (const auto added = keep.store.add_user(user, is_first); !added)
    return failure_of(added.failure());
  return access_done{};
}

access_outcome<access_done> take_change(const user_keeping& keep, const std::string& name,
                                        const ports::user_change& change,
                                        std::optional<std::int64_t> version) {
  const auto found = keep.store.find_user(name);
  if (!found) return failure_of(found.failure());
  if (!found.value())
    return access_failure{access_fault::unknown_reference, "there is no user '" + name + "'", {},
                          {}};
  if (auto refused = check_change(keep, *found.value(), change)) return *refused;
  std::string hash;
  if (change.password) hash = password_hash(*change.password, keep.cost);
  if (change.password && hash.empty())
    return access_failure{access_fault::busy, "no memory to hash a password", memory_pause, {}};
  const auto write = [&](user_row& user) {
    if (change.granted) user.about.granted = *change.granted;
    if (change.sites) user.about.sites = *change.sites;
    if (change.is_disabled) user.about.is_disabled = *change.is_disabled;
    if (!change.password) return;
    user.password = hash;
    user.about.password_at = keep.now;
  };
  const auto done = keep.store.change_user(name, write, version);
  if (!done) return failure_of(done.failure());
  return access_done{};
}

access_outcome<access_done> take_removal(const user_keeping& keep, const std::string& name) {
  if (const auto gone = keep.store.remove_user(name); !gone) return failure_of(gone.failure());
  return access_done{};
}

} // namespace busbar::adapters::access
