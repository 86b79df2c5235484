#pragma once
// Why a TLS handshake ended, as far as this end can see. The metrics count by these names.

#include <cstddef>
#include <cstdint>

namespace busbar::adapters::tls {

enum class handshake_failure : std::uint8_t {
  none,
  /// HTTP without TLS.
  plain_request,
  /// Bytes that are no TLS.
  no_tls,
  old_protocol,
  no_common_suite,
  unknown_authority,
  expired_certificate,
  revoked_certificate,
  /// No list of revoked certificates of that authority is there, or it is over.
  no_revocation_list,
  /// One is required, and none was presented.
  no_certificate,
  /// Any other fault of the peer's certificate.
  bad_certificate,
  /// The peer's alert: it does not take what is presented to it.
  refused_by_peer,
  /// The connection ended.
  closed,
  /// No end in time.
  slow,
  other,
};
inline constexpr std::size_t handshake_failures = 15;
[[nodiscard]] const char* name_of(handshake_failure which);

/// From OpenSSL's first error of this thread (0: none) and its verdict on the peer's certificate.
[[nodiscard]] handshake_failure failure_of(unsigned long error, long verdict);

} // namespace busbar::adapters::tls
