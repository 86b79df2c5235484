#pragma once
// Refresh tokens are used once. All that come of one login are a family; one that is used twice was
// copied, and it is not known which of the two is the thief: the whole family is revoked.
//
//   made --used--> spent, its successor made --used again--> the family is revoked

#include "domain/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace busbar::control::access {

inline constexpr domain::microseconds access_token_life = std::chrono::minutes{15};
inline constexpr domain::microseconds refresh_token_life = std::chrono::hours{12};

/// What is kept of a refresh token.
struct kept_refresh_token {
  domain::instant expires_at{};
  std::optional<domain::instant> used_at;
  bool is_family_revoked = false;
};

enum class refresh_verdict : std::uint8_t {
  /// Spent now; a successor is made.
  renewed,
  /// 401.
  refused,
  /// 401, and the family is revoked.
  used_twice,
};

/// `found`: absent where no such token was ever made.
[[nodiscard]] constexpr refresh_verdict
verdict_of(const std::optional<kept_refresh_token>& found, domain::instant now) {
  if (!found || found->is_family_revoked) return refresh_verdict::refused;
  if (found->used_at) return refresh_verdict::used_twice;
  return now < found->expires_at ? refresh_verdict::renewed : refresh_verdict::refused;
}

} // namespace busbar::control::access
