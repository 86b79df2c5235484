#pragma once
// What is asked for with every request, in memory: users, API tokens, logins that were ended. One
// value, made anew when the store has changed.

#include "adapters/access/access_store.hpp"
#include "domain/principal.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace busbar::adapters::access {

/// Letters of ASCII of both cases are the same in users' names.
[[nodiscard]] std::string folded(std::string_view name);

class user_directory {
public:
  user_directory() = default;
  explicit user_directory(access_rows rows);

  [[nodiscard]] bool is_empty() const { return by_id_.empty(); }
  /// Null where there is none.
  [[nodiscard]] const user_row* user_named(std::string_view name) const;
  /// The user as a principal; nothing where it is disabled, the login has ended, or the user has
  /// another version (absent: any).
  [[nodiscard]] std::optional<domain::principal> user_of(const std::string& id,
                                                         const std::string& family,
                                                         std::optional<std::int64_t> version,
                                                         domain::instant now) const;
  /// The principal of an API token, by its digest.
  [[nodiscard]] std::optional<domain::principal> program_of(const std::string& digest,
                                                            domain::instant now) const;
  /// Whether all that was granted stands, and the login goes on. One that this store does not know
  /// goes on for as long as the token by which it came.
  [[nodiscard]] bool is_current(const domain::principal& who, domain::instant now) const;
  /// The login of a refresh token that has not been used; null: there is none.
  [[nodiscard]] const login_row* login_of(const std::string& digest) const;

  [[nodiscard]] std::vector<ports::user_view> users() const;
  [[nodiscard]] std::vector<ports::token_view> tokens() const;

private:
  std::map<std::string, user_row> by_id_;
  /// By `folded` name.
  std::map<std::string, std::string, std::less<>> ids_;
  /// By digest.
  std::map<std::string, token_row> tokens_;
  std::map<std::string, std::string> digests_;
  /// By family.
  std::map<std::string, login_row> logins_;
  /// Families by digest of their refresh token.
  std::map<std::string, std::string> refreshes_;
};

} // namespace busbar::adapters::access
