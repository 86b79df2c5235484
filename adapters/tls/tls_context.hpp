#pragma once
// What either end presents, and what it trusts, made from PEM files: of stations (security profiles
// 2 and 3 of OCPP's white paper) and of the API. TLS 1.2 with AEAD suites and forward secrecy, and
// TLS 1.3; nothing older or weaker. Sessions are not resumed: each handshake is held to the
// certificates of its moment.

#include "domain/result.hpp"
#include "domain/time.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct ssl_ctx_st;

namespace busbar::adapters::tls {

/// An RSA and an ECDSA one may stand side by side.
inline constexpr std::size_t certificates_max = 4;

/// A certificate with the chain that leads to its authority, and its key.
struct certificate_files {
  std::string certificate;
  std::string key;
};

struct server_files {
  std::vector<certificate_files> own;
  /// Authorities of the other ends' certificates (of stations: security profile 3); empty: none is
  /// asked for.
  std::string authorities;
  /// One that presents no certificate is refused. REQUIRES: authorities.
  bool is_certificate_required = false;
  /// What each of these authorities has revoked; empty: nothing.
  std::string revoked;
  /// The suites without forward secrecy that the white paper names (RSA key exchange).
  bool takes_rsa_key_exchange = false;
};

struct client_files {
  /// Authorities of the servers; empty: those of the machine.
  std::string authorities;
  /// Absent: none is presented.
  std::optional<certificate_files> own;
};

/// Counted: connections keep the one under which they were made.
using shared_context = std::shared_ptr<ssl_ctx_st>;

struct server_context {
  shared_context context;
  /// The first certificate that ends, and when.
  std::string ends_first;
  domain::instant ends_at{};
  /// When the oldest list of revoked certificates is over; absent: there is none.
  std::optional<domain::instant> lists_end_at;
};

/// errc::unavailable with the file that cannot be read, errc::forbidden where others may read a
/// key, errc::malformed where a file does not hold what it should, errc::conflict where a key does
/// not belong to its certificate.
[[nodiscard]] domain::result<server_context> make_server_context(const server_files& files);
/// The same errors.
[[nodiscard]] domain::result<shared_context> make_client_context(const client_files& files);

} // namespace busbar::adapters::tls
