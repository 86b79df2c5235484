#pragma once
// Where the API and the page listen, as stated on the command line.

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
};

/// --host and --port.
void add_web_options(CLI::App& command, web_options& options);

/// What an operator must know about an address that other machines reach; empty for a loopback
/// address.
[[nodiscard]] std::string warning_about(const web_options& options);

} // namespace busbar::apps
