#pragma once
// Whether a principal may do what an operation of the API does (docs/access.md).

#include "domain/ids.hpp"
#include "domain/principal.hpp"

#include <cstdint>
#include <optional>

namespace busbar::control::access {

/// How often an operation may be asked for.
enum class rate_class : std::uint8_t {
  /// Without a limit: health, page files, open streams.
  none,
  /// 10 in 15 minutes: what tries a secret.
  strict,
  /// 100 a minute: what changes something.
  standard,
  /// 300 a minute: what reads.
  relaxed,
};

/// Of one operation, as adapters/http/openapi.json states them.
struct operation_terms {
  /// Absent: open to nobody in particular, too.
  std::optional<domain::role> least;
  rate_class rate = rate_class::relaxed;
  /// Shows all sites together: of no use to a principal that is bound to some.
  bool is_of_all_sites = false;
  /// Allowed while the password is too old.
  bool is_for_expired = false;
  /// For people alone, whatever an API token's role is.
  bool is_for_people = false;
};

enum class verdict : std::uint8_t {
  allowed,
  /// 401: it is not known who asks.
  unknown_principal,
  /// 403: known, and not allowed.
  forbidden,
  /// 403: the password has to be changed before.
  password_expired,
  /// 404: what a site outside its own is to a principal.
  not_found,
};

/// Whether `site` is one of the principal's own.
[[nodiscard]] bool is_within(const domain::site_binding& bound, const domain::site_id& site);
/// Both bindings hold.
[[nodiscard]] domain::site_binding narrowed(const domain::site_binding& one,
                                            const domain::site_binding& other);

/// `who`: null where nobody has shown who it is. `site`: absent where none is named.
[[nodiscard]] verdict may(const domain::principal* who, const operation_terms& operation,
                          const std::optional<domain::site_id>& site = std::nullopt);

} // namespace busbar::control::access
