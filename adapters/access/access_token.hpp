#pragma once
// Access tokens: JSON Web Tokens (RFC 7519), signed by EdDSA with a key of this node's folder.

#include "adapters/access/signing_key.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace busbar::adapters::access {

struct token_claims {
  /// The user's id.
  std::string subject;
  /// The login.
  std::string family;
  /// Of the user.
  std::int64_t version = 0;
  domain::instant issued_at{};
  domain::instant expires_at{};
};

/// The claims where they hold at `now`: not expired, and not issued later than clocks of nodes
/// differ.
[[nodiscard]] std::optional<token_claims> in_time(const token_claims& claims, domain::instant now);

[[nodiscard]] std::string access_token(const token_claims& claims, const key_ring& ring);

/// Nothing where it is not signed by a key of `ring`, by that key's own algorithm, has expired, was
/// issued later than now, has no expiry, or demands what is not known here (`crit`).
[[nodiscard]] std::optional<token_claims> claims_of(std::string_view token, const key_ring& ring,
                                                    domain::instant now);

} // namespace busbar::adapters::access
