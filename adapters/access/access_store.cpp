#include "adapters/access/access_store.hpp"

#include "adapters/access/schema.hpp"
#include "adapters/access/secrets.hpp"
#include "control/access/password_policy.hpp"

#include <utility>

namespace busbar::adapters::access {

namespace {

constexpr const char* user_columns =
    "SELECT id, name, role, sites, is_disabled, version, password, password_at, made_at, "
    "last_login_at, last_address FROM users ";

std::int64_t number_of(domain::instant at) { return at.time_since_epoch().count(); }
domain::instant instant_of(std::int64_t number) {
  return domain::instant{domain::microseconds{number}};
}

std::optional<std::string> text_of(const domain::site_binding& sites) {
  if (!sites) return std::nullopt;
  std::string lines;
  for (const auto& site : *sites) lines += site.text() + "\n";
  return lines;
}

domain::site_binding binding_of(const statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  std::vector<domain::site_id> sites;
  std::string line;
  for (const char c : row.text(column)) {
    if (c != '\n') line += c;
    else sites.emplace_back(std::exchange(line, {}));
  }
  return sites;
}

std::optional<domain::instant> time_or_none(const statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return instant_of(row.number(column));
}

/// A row that another program has written may have any number.
domain::role role_of(const statement& row, int column) {
  const auto number = row.number(column);
  return number == 2 ? domain::role::admin
                     : number == 1 ? domain::role::site_operator : domain::role::viewer;
}

user_row user_of(const statement& row) {
  user_row user;
  user.id = row.text(0);
  user.about.name = row.text(1);
  user.about.granted = role_of(row, 2);
  user.about.sites = binding_of(row, 3);
  user.about.is_disabled = row.number(4) != 0;
  user.version = row.number(5);
  user.password = row.text(6);
  user.about.password_at = instant_of(row.number(7));
  user.about.made_at = instant_of(row.number(8));
  user.about.last_login_at = time_or_none(row, 9);
  user.last_address = row.text(10);
  return user;
}

domain::result<std::int64_t> counted(statement&& asked) {
  if (asked.step()) return asked.number(0);
  if (asked.failure()) return *asked.failure();
  return std::int64_t{0};
}

domain::result<std::optional<user_row>> user_named(database& store, const std::string& name) {
  statement asked{store, (std::string{user_columns} + "WHERE name = ?").c_str()};
  asked.bind(name);
  if (asked.step()) return std::optional{user_of(asked)};
  if (asked.failure()) return *asked.failure();
  return std::optional<user_row>{};
}

domain::error no_user(const std::string& name) {
  return {domain::errc::unknown_reference, "there is no user '" + name + "'"};
}

domain::error changed_meanwhile() {
  return {domain::errc::stale, "the user was changed at the same time"};
}

domain::result<void> keep_an_admin(database& store) {
  const auto left = counted(
      statement{store, "SELECT count(*) FROM users WHERE role = 2 AND is_disabled = 0 AND "
                       "sites IS NULL"});
  if (!left) return left.failure();
  if (left.value() > 0) return {};
  return domain::error{domain::errc::conflict,
                       "no enabled administrator of all sites would be left"};
}

domain::result<void> end_logins(database& store, const std::string& user_id) {
  return statement{store, "UPDATE families SET is_revoked = 1 WHERE user = ?"}.bind(user_id).run();
}

domain::result<void> write_user(database& store, const user_row& user) {
  return statement{store, "UPDATE users SET role = ?, sites = ?, is_disabled = ?, version = ?, "
                          "password = ?, password_at = ? WHERE id = ?"}
      .bind(static_cast<std::int64_t>(user.about.granted)).bind_maybe(text_of(user.about.sites))
      .bind(std::int64_t{user.about.is_disabled}).bind(user.version)
      .bind(user.password).bind(number_of(user.about.password_at)).bind(user.id).run();
}

/// Those that count, and no more: beside them there is the one in force.
domain::result<void> remember_password(database& store, const user_row& before) {
  auto kept =
      statement{store, "INSERT INTO old_passwords (user, set_at, password) VALUES (?, ?, ?)"}
          .bind(before.id).bind(number_of(before.about.password_at)).bind(before.password).run();
  if (!kept) return kept;
  return statement{store, "DELETE FROM old_passwords WHERE user = ?1 AND rowid NOT IN "
                          "(SELECT rowid FROM old_passwords WHERE user = ?1 "
                          "ORDER BY set_at DESC, rowid DESC LIMIT ?2)"}
      .bind(before.id)
      .bind(static_cast<std::int64_t>(control::access::remembered_passwords) - 1).run();
}

domain::result<void> add_refresh_token(database& store, const family_row& family,
                                       domain::instant now) {
  const auto ends_at = number_of(now + control::access::refresh_token_life);
  auto added =
      statement{store, "INSERT INTO refresh_tokens (digest, family, expires_at) VALUES (?, ?, ?)"}
          .bind(family.digest).bind(family.id).bind(ends_at).run();
  if (!added) return added;
  return statement{store, "UPDATE families SET ends_at = ? WHERE id = ?"}
      .bind(ends_at).bind(family.id).run();
}

domain::result<void> revoke_oldest(database& store, const std::string& user_id) {
  return statement{store, "UPDATE families SET is_revoked = 1 WHERE user = ? AND id NOT IN "
                          "(SELECT id FROM families WHERE user = ? AND is_revoked = 0 "
                          "ORDER BY made_at DESC, id LIMIT ?)"}
      .bind(user_id).bind(user_id)
      .bind(static_cast<std::int64_t>(access_store::families_of_user_max)).run();
}

} // namespace

domain::result<std::unique_ptr<access_store>> access_store::open(const std::string& folder) {
  if (auto there = secret_folder(folder); !there) return there.failure();
  const auto path = folder + "/access.db";
  auto opened = database::open(path);
  if (!opened) return opened.failure();
  if (auto whole = migrate(*opened.value(), migrations()); !whole)
    return domain::error{whole.failure().code, path + ": " + whole.failure().message};
  std::unique_ptr<access_store> made{new access_store{std::move(opened.value())}};
  static_cast<void>(made->has_news());
  return made;
}

domain::result<access_rows> access_store::load(domain::instant now) {
  const std::lock_guard lock{guard_};
  access_rows rows;
  statement users{*database_, (std::string{user_columns} + "ORDER BY name").c_str()};
  while (users.step()) rows.users.push_back(user_of(users));
  statement tokens{*database_,
                   "SELECT digest, owner, t.id, t.name, u.name, tail, t.role, t.sites, t.made_at, "
                   "expires_at, last_used_at FROM api_tokens t JOIN users u ON u.id = owner "
                   "ORDER BY u.name, t.name"};
  while (tokens.step())
    rows.tokens.push_back({tokens.text(0), tokens.text(1),
                           {tokens.text(2), tokens.text(3), tokens.text(4), tokens.text(5),
                            role_of(tokens, 6), binding_of(tokens, 7),
                            instant_of(tokens.number(8)), instant_of(tokens.number(9)),
                            time_or_none(tokens, 10)}});
  statement logins{*database_,
                   "SELECT id, ends_at, is_revoked, digest FROM families LEFT JOIN refresh_tokens "
                   "ON family = id AND used_at IS NULL WHERE ends_at > ?"};
  logins.bind(number_of(now - control::access::access_token_life));
  while (logins.step())
    rows.logins.push_back({logins.text(0), instant_of(logins.number(1)), logins.number(2) != 0,
                           logins.text(3)});
  for (const auto* each : {&users, &tokens, &logins})
    if (each->failure()) return *each->failure();
  return rows;
}

bool access_store::has_news() {
  const std::lock_guard lock{guard_};
  const auto now = database_->data_version();
  return std::exchange(seen_version_, now) != now;
}

domain::result<void> access_store::add_user(const user_row& user, bool is_first) {
  const std::lock_guard lock{guard_};
  return database_->in_transaction([&]() -> domain::result<void> {
    const auto there = counted(statement{*database_, "SELECT count(*) FROM users"});
    if (!there) return there.failure();
    if (is_first && there.value() > 0)
      return domain::error{domain::errc::conflict, "there are users already"};
    if (there.value() >= static_cast<std::int64_t>(users_max))
      return domain::error{domain::errc::full, "there are " + std::to_string(users_max) +
                                                   " users"};
    auto added =
        statement{*database_,
                  "INSERT INTO users (id, name, role, sites, password, password_at, made_at) "
                  "VALUES (?, ?, ?, ?, ?, ?, ?)"}
            .bind(user.id).bind(user.about.name)
            .bind(static_cast<std::int64_t>(user.about.granted))
            .bind_maybe(text_of(user.about.sites)).bind(user.password)
            .bind(number_of(user.about.password_at))
            .bind(number_of(user.about.made_at)).run();
    if (!added && added.failure().code == domain::errc::duplicate)
      return domain::error{domain::errc::duplicate,
                           "there is a user '" + user.about.name + "' already"};
    return added;
  });
}

domain::result<void>
access_store::change_user(const std::string& name, const std::function<void(user_row&)>& change,
                          std::optional<std::int64_t> version) {
  const std::lock_guard lock{guard_};
  return database_->in_transaction([&]() -> domain::result<void> {
    const auto found = user_named(*database_, name);
    if (!found) return found.failure();
    if (!found.value()) return no_user(name);
    const auto& before = *found.value();
    if (version && before.version != *version) return changed_meanwhile();
    auto after = before;
    change(after);
    const bool is_other_password = after.password != before.password;
    const bool is_now_disabled = after.about.is_disabled && !before.about.is_disabled;
    domain::result<void> done;
    if (is_other_password) done = remember_password(*database_, before);
    if (done && (is_other_password || is_now_disabled)) {
      ++after.version;
      done = end_logins(*database_, before.id);
    }
    if (done) done = write_user(*database_, after);
    return done ? keep_an_admin(*database_) : done;
  });
}

domain::result<void> access_store::remove_user(const std::string& name) {
  const std::lock_guard lock{guard_};
  return database_->in_transaction([&]() -> domain::result<void> {
    auto gone = statement{*database_, "DELETE FROM users WHERE name = ?"}.bind(name).run();
    if (!gone) return gone;
    if (database_->changed_rows() == 0) return no_user(name);
    return keep_an_admin(*database_);
  });
}

domain::result<std::optional<user_row>> access_store::find_user(const std::string& name) {
  const std::lock_guard lock{guard_};
  return user_named(*database_, name);
}

domain::result<std::vector<std::string>>
access_store::old_passwords(const std::string& user_id) {
  const std::lock_guard lock{guard_};
  std::vector<std::string> found;
  statement asked{*database_, "SELECT password FROM old_passwords WHERE user = ? "
                              "ORDER BY set_at DESC, rowid DESC"};
  asked.bind(user_id);
  while (asked.step()) found.push_back(asked.text(0));
  if (asked.failure()) return *asked.failure();
  return found;
}

domain::result<void> access_store::rehash(const std::string& user_id,
                                          const std::string& before,
                                          const std::string& after) {
  const std::lock_guard lock{guard_};
  return statement{*database_, "UPDATE users SET password = ? WHERE id = ? AND password = ?"}
      .bind(after).bind(user_id).bind(before).run();
}

domain::result<void> access_store::begin_login(const family_row& family,
                                               const std::string& address, domain::instant now) {
  const std::lock_guard lock{guard_};
  return database_->in_transaction([&]() -> domain::result<void> {
    auto done = statement{*database_, "UPDATE users SET last_login_at = ?, last_address = ? "
                                      "WHERE id = ? AND is_disabled = 0 AND version = ?"}
                    .bind(number_of(now)).bind(address).bind(family.user_id)
                    .bind(family.version).run();
    if (!done) return done;
    if (database_->changed_rows() == 0) return changed_meanwhile();
    done = statement{*database_,
                     "INSERT INTO families (id, user, made_at, ends_at) VALUES (?, ?, ?, ?)"}
               .bind(family.id).bind(family.user_id).bind(number_of(now)).bind(number_of(now))
               .run();
    if (done) done = add_refresh_token(*database_, family, now);
    return done ? revoke_oldest(*database_, family.user_id) : done;
  });
}

domain::result<spent_token> access_store::spend(const std::string& digest,
                                                const std::string& successor,
                                                domain::instant now) {
  using control::access::refresh_verdict;
  const std::lock_guard lock{guard_};
  spent_token spent;
  auto done = database_->in_transaction([&]() -> domain::result<void> {
    statement asked{*database_,
                    "SELECT family, f.user, expires_at, used_at, is_revoked FROM refresh_tokens "
                    "JOIN families f ON f.id = family WHERE digest = ?"};
    asked.bind(digest);
    std::optional<control::access::kept_refresh_token> found;
    if (asked.step()) {
      spent.family = asked.text(0);
      spent.user_id = asked.text(1);
      found = {instant_of(asked.number(2)), time_or_none(asked, 3), asked.number(4) != 0};
    }
    if (asked.failure()) return *asked.failure();
    spent.verdict = control::access::verdict_of(found, now);
    if (spent.verdict == refresh_verdict::used_twice)
      return statement{*database_, "UPDATE families SET is_revoked = 1 WHERE id = ?"}
          .bind(spent.family).run();
    if (spent.verdict != refresh_verdict::renewed) return {};
    auto used = statement{*database_, "UPDATE refresh_tokens SET used_at = ? WHERE digest = ?"}
                    .bind(number_of(now)).bind(digest).run();
    if (!used) return used;
    return add_refresh_token(*database_, {spent.family, spent.user_id, successor}, now);
  });
  if (!done) return done.failure();
  return spent;
}

domain::result<void> access_store::revoke(const std::string& digest) {
  const std::lock_guard lock{guard_};
  return statement{*database_, "UPDATE families SET is_revoked = 1 WHERE id = "
                               "(SELECT family FROM refresh_tokens WHERE digest = ?)"}
      .bind(digest).run();
}

domain::result<void> access_store::add_token(const token_row& token) {
  const std::lock_guard lock{guard_};
  return database_->in_transaction([&]() -> domain::result<void> {
    const auto there = counted(std::move(
        statement{*database_, "SELECT count(*) FROM api_tokens WHERE owner = ?"}
            .bind(token.owner_id)));
    if (!there) return there.failure();
    if (there.value() >= static_cast<std::int64_t>(tokens_of_user_max))
      return domain::error{domain::errc::full,
                           "a user has at most " + std::to_string(tokens_of_user_max) + " tokens"};
    const auto& about = token.about;
    auto added =
        statement{*database_,
                  "INSERT INTO api_tokens (digest, id, owner, name, tail, role, sites, made_at, "
                  "expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"}
            .bind(token.digest).bind(about.id).bind(token.owner_id).bind(about.name)
            .bind(about.tail).bind(static_cast<std::int64_t>(about.granted))
            .bind_maybe(text_of(about.sites)).bind(number_of(about.made_at))
            .bind(number_of(about.expires_at)).run();
    if (!added && added.failure().code == domain::errc::duplicate)
      return domain::error{domain::errc::duplicate,
                           "there is a token '" + about.name + "' of this user already"};
    return added;
  });
}

domain::result<void> access_store::remove_token(const std::string& id,
                                                const std::optional<std::string>& owner) {
  const std::lock_guard lock{guard_};
  auto gone = statement{*database_, "DELETE FROM api_tokens WHERE id = ?1 AND (?2 IS NULL OR "
                                    "owner = (SELECT id FROM users WHERE name = ?2))"}
                  .bind(id).bind_maybe(owner).run();
  if (gone && database_->changed_rows() == 0)
    return domain::error{domain::errc::unknown_reference, "there is no token '" + id + "'"};
  return gone;
}

domain::result<void>
access_store::note_uses(const std::map<std::string, domain::instant>& used) {
  const std::lock_guard lock{guard_};
  return database_->in_transaction([&]() -> domain::result<void> {
    for (const auto& [digest, at] : used) {
      auto noted = statement{*database_, "UPDATE api_tokens SET last_used_at = ? WHERE digest = ?"}
                       .bind(number_of(at)).bind(digest).run();
      if (!noted) return noted;
    }
    return {};
  });
}

domain::result<void> access_store::forget_ended(domain::instant now) {
  const std::lock_guard lock{guard_};
  return statement{*database_, "DELETE FROM families WHERE ends_at < ?"}
      .bind(number_of(now - control::access::access_token_life)).run();
}

} // namespace busbar::adapters::access
