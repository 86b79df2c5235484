#include "adapters/access/user_directory.hpp"

#include "control/access/decision.hpp"
#include "control/access/password_policy.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace busbar::adapters::access {

std::string folded(std::string_view name) {
  std::string low{name};
  std::transform(low.begin(), low.end(), low.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return low;
}

user_directory::user_directory(access_rows rows) {
  for (auto& login : rows.logins) {
    if (!login.digest.empty()) refreshes_.emplace(login.digest, login.family);
    logins_.emplace(login.family, std::move(login));
  }
  for (auto& user : rows.users) {
    ids_.emplace(folded(user.about.name), user.id);
    by_id_.emplace(user.id, std::move(user));
  }
  for (auto& token : rows.tokens) {
    digests_.emplace(token.about.id, token.digest);
    tokens_.emplace(token.digest, std::move(token));
  }
}

const user_row* user_directory::user_named(std::string_view name) const {
  const auto found = ids_.find(folded(name));
  return found == ids_.end() ? nullptr : &by_id_.at(found->second);
}

std::optional<domain::principal> user_directory::user_of(const std::string& id,
                                                         const std::string& family,
                                                         std::optional<std::int64_t> version,
                                                         domain::instant now) const {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return std::nullopt;
  const auto& user = found->second;
  const bool is_another = version && user.version != *version;
  const auto login = logins_.find(family);
  const bool has_ended = login != logins_.end() && login->second.is_revoked;
  if (user.about.is_disabled || is_another || has_ended) return std::nullopt;
  domain::principal who;
  who.user = user.about.name;
  who.user_id = id;
  who.granted = user.about.granted;
  who.sites = user.about.sites;
  who.family = family;
  who.version = user.version;
  who.must_change_password = control::access::age_of(user.about.password_at, now) ==
                             control::access::password_age::expired;
  return who;
}

std::optional<domain::principal> user_directory::program_of(const std::string& digest,
                                                            domain::instant now) const {
  const auto found = tokens_.find(digest);
  if (found == tokens_.end() || now >= found->second.about.expires_at) return std::nullopt;
  const auto owner = by_id_.find(found->second.owner_id);
  if (owner == by_id_.end() || owner->second.about.is_disabled) return std::nullopt;
  const auto& token = found->second.about;
  const auto& user = owner->second.about;
  domain::principal who;
  who.user = user.name;
  who.user_id = owner->first;
  who.token = token.name;
  who.token_id = token.id;
  // What its owner may less by now, it may less, too.
  who.granted = std::min(token.granted, user.granted);
  who.sites = control::access::narrowed(token.sites, user.sites);
  return who;
}

bool user_directory::is_current(const domain::principal& who, domain::instant now) const {
  std::optional<domain::principal> seen;
  if (who.is_program()) {
    const auto digest = digests_.find(who.token_id);
    if (digest != digests_.end()) seen = program_of(digest->second, now);
  } else {
    const auto login = logins_.find(who.family);
    const auto ends_at = login == logins_.end() ? who.known_until : login->second.ends_at;
    if (now < ends_at) seen = user_of(who.user_id, who.family, who.version, now);
  }
  return seen && seen->granted == who.granted && seen->sites == who.sites &&
         seen->must_change_password == who.must_change_password;
}

const login_row* user_directory::login_of(const std::string& digest) const {
  const auto found = refreshes_.find(digest);
  return found == refreshes_.end() ? nullptr : &logins_.at(found->second);
}

std::vector<ports::user_view> user_directory::users() const {
  std::vector<ports::user_view> all;
  for (const auto& [name, id] : ids_) all.push_back(by_id_.at(id).about);
  return all;
}

std::vector<ports::token_view> user_directory::tokens() const {
  std::vector<ports::token_view> all;
  for (const auto& [digest, token] : tokens_) all.push_back(token.about);
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::tie(a.owner, a.name) < std::tie(b.owner, b.name);
  });
  return all;
}

} // namespace busbar::adapters::access
