#pragma once
// Security profiles 2 and 3 of the white paper: what a listener or a station presents, and what it
// trusts, made from PEM files. TLS 1.2 with AEAD suites and forward secrecy, and TLS 1.3; nothing
// older or weaker. Sessions are not resumed: each handshake is held to the certificates of its
// moment.

#include "domain/result.hpp"
#include "domain/time.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct ssl_ctx_st;

namespace busbar::adapters::ocpp::tls {

/// An RSA and an ECDSA one may stand side by side.
inline constexpr std::size_t certificates_max = 4;

/// A certificate with the chain that leads to its authority, and its key.
struct certificate_files {
  std::string certificate;
  std::string key;
};

struct server_files {
  std::vector<certificate_files> own;
  /// Authorities of stations' certificates (security profile 3); empty: none is asked for.
  std::string authorities;
  /// What each of these authorities has revoked; empty: nothing.
  std::string revoked;
  /// The suites without forward secrecy that the white paper names (RSA key exchange).
  bool takes_rsa_key_exchange = false;
};

struct client_files {
  /// Authorities of central systems; empty: those of the machine.
  std::string authorities;
  /// Security profile 3; absent: none is presented.
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

} // namespace busbar::adapters::ocpp::tls
