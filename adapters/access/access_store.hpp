#pragma once
// The rows of users, logins and tokens: FOLDER/access.db. Thread-safe; every call may wait for the
// disk, and for another process that writes (`busbar user` beside a running engine).

#include "adapters/sqlite/sqlite.hpp"
#include "control/access/token_family.hpp"
#include "domain/principal.hpp"
#include "domain/time.hpp"
#include "ports/access.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::access {

using sqlite::database;
using sqlite::statement;

struct user_row {
  std::string id;
  ports::user_view about;
  std::int64_t version = 1;
  /// As `password_hash` makes it.
  std::string password;
  /// From which the user has last logged in.
  std::string last_address;
};

struct token_row {
  std::string digest;
  std::string owner_id;
  ports::token_view about;
};

/// A login whose tokens have not all expired.
struct login_row {
  std::string family;
  /// Without another refresh.
  domain::instant ends_at{};
  bool is_revoked = false;
  /// Of the refresh token that has not been used yet.
  std::string digest;
};

/// All that is asked for with every request.
struct access_rows {
  std::vector<user_row> users;
  std::vector<token_row> tokens;
  std::vector<login_row> logins;
};

/// Of a login that begins, or goes on.
struct family_row {
  std::string id;
  std::string user_id;
  /// Of its newest refresh token.
  std::string digest;
  /// Of the user whose password was looked at.
  std::int64_t version = 1;
};

struct spent_token {
  control::access::refresh_verdict verdict = control::access::refresh_verdict::refused;
  std::string family;
  std::string user_id;
};

class access_store {
public:
  static constexpr std::size_t users_max = 10'000;
  static constexpr std::size_t tokens_of_user_max = 100;
  /// Logins of one user; the oldest is revoked.
  static constexpr std::size_t families_of_user_max = 50;

  /// Makes the folder and the file where they are not there, and brings the schema up to date.
  [[nodiscard]] static domain::result<std::unique_ptr<access_store>>
  open(const std::string& folder);

  [[nodiscard]] domain::result<access_rows> load(domain::instant now);
  /// Whether another connection has written since this was asked last.
  [[nodiscard]] bool has_news();

  /// errc::duplicate: the name is taken. `is_first`: errc::conflict where there is a user already.
  [[nodiscard]] domain::result<void> add_user(const user_row& user, bool is_first = false);
  /// Reads the row, changes and writes it, in one transaction. errc::unknown_reference;
  /// errc::conflict where no enabled administrator of all sites would be left; errc::stale where
  /// the user has another version than `version` (absent: any). A password that is replaced is
  /// remembered, and one that is replaced or disabled ends the user's logins.
  [[nodiscard]] domain::result<void>
  change_user(const std::string& name, const std::function<void(user_row&)>& change,
              std::optional<std::int64_t> version = std::nullopt);
  [[nodiscard]] domain::result<void> remove_user(const std::string& name);
  [[nodiscard]] domain::result<std::optional<user_row>> find_user(const std::string& name);
  /// Newest first, the one in force not included.
  [[nodiscard]] domain::result<std::vector<std::string>> old_passwords(const std::string& user_id);

  /// The same password under a stronger hash.
  [[nodiscard]] domain::result<void> rehash(const std::string& user_id, const std::string& before,
                                            const std::string& after);

  /// A login: the user is seen at `address`, and a family begins. errc::stale where the user is
  /// disabled, gone or of another version by now.
  [[nodiscard]] domain::result<void> begin_login(const family_row& family,
                                                 const std::string& address, domain::instant now);
  /// Spends the refresh token and makes its successor; a second use revokes the family.
  [[nodiscard]] domain::result<spent_token> spend(const std::string& digest,
                                                  const std::string& successor,
                                                  domain::instant now);
  /// The family that the refresh token is of.
  [[nodiscard]] domain::result<void> revoke(const std::string& digest);

  /// errc::duplicate: the owner has one of that name; errc::full.
  [[nodiscard]] domain::result<void> add_token(const token_row& token);
  /// `owner`: its user's name; absent: anybody. errc::unknown_reference.
  [[nodiscard]] domain::result<void> remove_token(const std::string& id,
                                                  const std::optional<std::string>& owner);
  [[nodiscard]] domain::result<void> note_uses(const std::map<std::string, domain::instant>& used);
  /// Forgets logins that have ended.
  [[nodiscard]] domain::result<void> forget_ended(domain::instant now);

private:
  explicit access_store(std::unique_ptr<database> opened) : database_(std::move(opened)) {}

  std::mutex guard_;
  std::unique_ptr<database> database_;
  std::int64_t seen_version_ = 0;
};

} // namespace busbar::adapters::access
