#pragma once
// Where stations connect, as stated on the command line: --ocpp or --listen ADDR:PORT, and the
// listener with TLS beside it or in its place.

#include "adapters/ocpp/gateway/key_book.hpp"
#include "adapters/ocpp/gateway/tag_book.hpp"
#include "ports/tag_authority.hpp"
#include "adapters/ocpp/gateway/url_list.hpp"
#include "adapters/ocpp/server/ocpp_server.hpp"
#include "domain/result.hpp"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace busbar::apps {

/// What is stated on the command line.
struct ocpp_place {
  /// Empty: no listener without TLS.
  std::string address;
  /// Empty: no listener with TLS.
  std::string secure_address;
  /// One key for each certificate, in their order.
  std::vector<std::string> certificates;
  std::vector<std::string> certificate_keys;
  /// Files; empty: none.
  std::string authorities;
  std::string revoked;
  bool takes_rsa_key_exchange = false;
  std::string keys;
  std::string tags;
  /// URL; empty: none.
  std::string authority;
  /// URLs that stations may be given, "https://files.example".
  std::vector<std::string> urls;
  std::uint32_t handshakes_per_s = adapters::ocpp::server::ocpp_settings{}.handshakes_per_s;

  [[nodiscard]] bool is_wanted() const { return !address.empty() || !secure_address.empty(); }
  /// Of a listener with TLS, beside its address.
  [[nodiscard]] bool states_certificates() const {
    return !certificates.empty() || !certificate_keys.empty() || !authorities.empty() ||
           !revoked.empty() || takes_rsa_key_exchange;
  }
};

/// `plain`: the option of the listener without TLS, "--ocpp" or "--listen".
void add_ocpp_options(CLI::App& command, ocpp_place& place, const char* plain = "--ocpp");

/// What the options come to.
struct ocpp_listeners {
  adapters::ocpp::server::ocpp_settings listen;
  adapters::ocpp::gateway::key_book keys;
  adapters::ocpp::gateway::tag_book tags;
  adapters::ocpp::gateway::url_list urls;
  /// Null: none.
  std::shared_ptr<ports::tag_authority> authority;
  /// Warnings for the operator.
  std::vector<std::string> warnings;
};

/// errc::out_of_range, or the errors of `key_book::read`, with the option at fault first. Notices
/// about certificates go to standard error.
[[nodiscard]] domain::result<ocpp_listeners> listeners_of(const ocpp_place& place,
                                                          const char* plain = "--ocpp");

/// "127.0.0.1:9000", "[::1]:9000", "9000" (loopback), ":9000" (loopback); 0 is a free port.
[[nodiscard]] domain::result<adapters::ocpp::server::listen_place>
listen_place_of(const std::string& text);

/// A warning of the gateway, on standard error.
void print_notice(const std::string& text);

[[nodiscard]] bool is_loopback(const adapters::ocpp::server::listen_place& listen);

} // namespace busbar::apps
