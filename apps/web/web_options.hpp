#pragma once
// Where the API and the page listen, as stated on the command line.

#include "apps/web/tls_options.hpp"

#include <cstdint>
#include <string>

namespace CLI {
class App;
}

namespace busbar::apps {

struct web_options {
  /// An IPv4 or IPv6 address.
  std::string host = "127.0.0.1";
  /// 0: a free one.
  std::uint16_t port = 8000;
  /// Where other engine nodes reach the API, "http://host:port"; empty: as `host` and `port` say.
  std::string advertise;
  tls_options tls;
};

/// --host, --port and those of TLS.
void add_web_options(CLI::App& command, web_options& options);

/// --advertise and --peer-ca, of programs that other engine nodes ask.
void add_advertise_option(CLI::App& command, web_options& options);

/// "host:port" for other engine nodes, where the server listens on `port`; empty where it listens
/// on all addresses, and none is stated.
[[nodiscard]] std::string address_for_others(const web_options& options, std::uint16_t port);
/// What an operator must know where it is empty.
inline constexpr const char* no_address_text =
    "busbar: warning: the API listens on all addresses, and other engine nodes are not told which: "
    "state --advertise URL";

/// Other machines reach the address.
[[nodiscard]] bool is_beyond_this_machine(const web_options& options);
/// What an operator must know about an address that other machines reach; empty for a loopback
/// address.
[[nodiscard]] std::string warning_about(const web_options& options);

} // namespace busbar::apps
