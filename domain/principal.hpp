#pragma once
// A user or a program that has shown who it is, and what it may at most.

#include "domain/cause.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace busbar::domain {

/// Each may what the one before it may.
enum class role : std::uint8_t {
  /// reads
  viewer,
  /// starts, stops, limits and sheds, too
  site_operator,
  /// users, tokens, settings, too
  admin,
};

namespace roles {
inline constexpr std::array names{"viewer", "operator", "admin"};
} // namespace roles

/// "viewer", "operator", "admin".
[[nodiscard]] constexpr const char* name_of(role which) {
  return roles::names[static_cast<std::size_t>(which)];
}
[[nodiscard]] constexpr std::optional<role> role_from(std::string_view name) {
  for (std::size_t i = 0; i < roles::names.size(); ++i)
    if (name == roles::names[i]) return static_cast<role>(i);
  return std::nullopt;
}

/// Sites that a user or a token is bound to, in order; absent: to none, all sites are its own.
using site_binding = std::optional<std::vector<site_id>>;

struct principal {
  static constexpr std::size_t bound_sites_max = 64;

  /// Of the user, or of the token's owner.
  std::string user;
  /// Does not change with the name.
  std::string user_id;
  /// Of an API token, its name; empty: the user itself.
  std::string token;
  /// Of an API token.
  std::string token_id;
  role granted = role::viewer;
  site_binding sites;
  /// The login that an access token belongs to; empty for an API token.
  std::string family;
  /// When the access token expires by which it was known.
  instant known_until{};
  /// The version of the user that was seen; another one ends what was granted.
  std::int64_t version = 0;
  /// The password is too old: nothing else may be done before it is changed.
  bool must_change_password = false;

  [[nodiscard]] bool is_program() const { return !token_id.empty(); }
  /// As the cause of what it does.
  [[nodiscard]] cause as_cause() const {
    if (is_program()) return caused_by_program(token + " of " + user);
    return {cause_kind::user, user};
  }
};

} // namespace busbar::domain
