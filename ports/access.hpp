#pragma once
// Who may use a node's API: users, logins and API tokens. Thread-safe. What answers by a listener
// takes its time (it hashes and writes) and never holds up its caller; the rest answers at once,
// from memory.

#include "domain/principal.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace busbar::ports {

enum class access_fault : std::uint8_t {
  /// Wrong name, password, token or code, or a user that is disabled: which of them is not stated.
  unknown_principal,
  /// A wrong password of a user that has shown who it is.
  wrong_password,
  /// Too many failures before this one.
  too_early,
  /// Too much is being hashed or written.
  busy,
  /// A password, name, role or time that is not allowed; `faults` states why.
  not_allowed,
  /// No such user or token.
  unknown_reference,
  /// The name is taken; the last administrator would go.
  conflict,
  /// The store cannot be read or written.
  unavailable,
};

struct access_failure {
  access_fault fault = access_fault::unavailable;
  std::string text;
  /// Of too_early and busy.
  domain::seconds retry_after{};
  /// Of not_allowed: field and what is wrong with it.
  struct input {
    std::string field;
    std::string text;
  };
  std::vector<input> faults = {};
};

template <class Value> using access_outcome = std::variant<Value, access_failure>;
template <class Value> using access_listener = std::function<void(access_outcome<Value>)>;
struct access_done {};

/// What a login or a refresh gives.
struct access_grant {
  domain::principal who;
  std::string access_token;
  domain::microseconds access_life{};
  std::string refresh_token;
  domain::microseconds refresh_life{};
};

struct user_view {
  std::string name;
  domain::role granted = domain::role::viewer;
  domain::site_binding sites;
  bool is_disabled = false;
  domain::instant made_at{};
  domain::instant password_at{};
  std::optional<domain::instant> last_login_at;
};

struct new_user {
  std::string name;
  std::string password;
  domain::role granted = domain::role::viewer;
  domain::site_binding sites;
};

/// What is absent stays as it is.
struct user_change {
  std::optional<domain::role> granted;
  /// The outer one absent: as it is; the inner one absent: all sites.
  std::optional<domain::site_binding> sites;
  std::optional<bool> is_disabled;
  std::optional<std::string> password;
};

struct token_view {
  std::string id;
  std::string name;
  /// Its user.
  std::string owner;
  /// The last 8 characters of the token.
  std::string tail;
  domain::role granted = domain::role::viewer;
  domain::site_binding sites;
  domain::instant made_at{};
  domain::instant expires_at{};
  std::optional<domain::instant> last_used_at;
};

struct new_token {
  std::string name;
  domain::role granted = domain::role::viewer;
  domain::site_binding sites;
  domain::instant expires_at{};
};

struct made_token {
  token_view about;
  /// Shown this once.
  std::string token;
};

/// A password that is tried, and the address that tries it.
struct login {
  std::string name;
  std::string password;
  std::string address;
};

class access {
public:
  static constexpr domain::microseconds token_life_max = std::chrono::hours{366 * 24};
  static constexpr std::size_t token_name_bytes_max = 64;
  static constexpr std::size_t credential_bytes_max = 4'096;

  virtual ~access() = default;

  /// The principal of an access token or an API token. Absent: it is none, or not any more.
  [[nodiscard]] virtual std::optional<domain::principal>
  principal_of(std::string_view credential, domain::instant now) = 0;
  /// Whether what was granted to `who` stands still, and its login goes on; not whether its access
  /// token has expired.
  [[nodiscard]] virtual bool is_current(const domain::principal& who,
                                        domain::instant now) const = 0;
  /// The login that the refresh token would renew; nothing: it would renew none.
  [[nodiscard]] virtual std::optional<std::string>
  login_of(std::string_view refresh_token) const = 0;
  /// Whether the user `name` has last logged in from `address`.
  [[nodiscard]] virtual bool has_logged_in_from(std::string_view name,
                                                const std::string& address) const = 0;
  [[nodiscard]] virtual bool has_users() const = 0;
  [[nodiscard]] virtual std::vector<user_view> users() const = 0;
  /// Of all users.
  [[nodiscard]] virtual std::vector<token_view> tokens() const = 0;

  /// The first administrator, by the code that was written at the start.
  virtual void set_up(const std::string& code, const login& first,
                      access_listener<access_grant> then) = 0;
  virtual void log_in(const login& tried, access_listener<access_grant> then) = 0;
  virtual void refresh(const std::string& refresh_token, access_listener<access_grant> then) = 0;
  /// Ends the login that the token is of; of an unknown one nothing is done.
  virtual void log_out(const std::string& refresh_token, access_listener<access_done> then) = 0;
  /// `login::name` is of `who`; every other login of the user ends.
  virtual void change_password(const domain::principal& who, const login& now,
                               const std::string& next,
                               access_listener<access_grant> then) = 0;

  virtual void add_user(const new_user& made, access_listener<access_done> then) = 0;
  virtual void change_user(const std::string& name, const user_change& change,
                           access_listener<access_done> then) = 0;
  virtual void remove_user(const std::string& name, access_listener<access_done> then) = 0;
  virtual void add_token(const domain::principal& owner, const new_token& made,
                         access_listener<made_token> then) = 0;
  /// `owner`: of the token; absent: anybody.
  virtual void remove_token(const std::string& id, const std::optional<std::string>& owner,
                            access_listener<access_done> then) = 0;
};

} // namespace busbar::ports
