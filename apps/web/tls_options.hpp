#pragma once
// TLS of the API, as stated on the command line.

#include "adapters/http/server/http_server.hpp"
#include "adapters/tls/certificate_watch.hpp"
#include "adapters/tls/tls_context.hpp"
#include "domain/result.hpp"

#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace busbar::apps {

/// PEM files; empty: not stated.
struct tls_options {
  std::string certificate;
  std::string key;
  /// Authorities of clients' certificates.
  std::string authorities;
  /// Authorities of other engine nodes' certificates.
  std::string peer_authorities;
};

/// --http-certificate, --http-key and --http-ca.
void add_tls_options(CLI::App& command, tls_options& options);
/// --peer-ca, of programs that ask other engine nodes.
void add_peer_authority_option(CLI::App& command, tls_options& options);

/// What the options come to; both absent: TLS is not spoken.
struct web_security {
  std::optional<adapters::http::server::secure_port> port;
  /// What is presented to other engine nodes, and by what they are known.
  std::optional<adapters::tls::client_files> peers;
};

/// errc::out_of_range where a part of them is missing. Notices go to standard error.
[[nodiscard]] domain::result<web_security> security_of(const tls_options& options);

/// A notice about certificates, on standard error.
void print_notice_of(const adapters::tls::certificate_notice& notice);

} // namespace busbar::apps
