#pragma once
// Where stations connect, as stated on the command line: --ocpp or --listen ADDR:PORT.

#include "adapters/ocpp/server/ocpp_server.hpp"
#include "domain/result.hpp"

#include <string>

namespace busbar::apps {

/// "127.0.0.1:9000", "[::1]:9000", "9000" (loopback), ":9000" (loopback); 0 is a free port.
[[nodiscard]] domain::result<adapters::ocpp::server::ocpp_settings>
listen_settings_of(const std::string& text);

[[nodiscard]] bool is_loopback(const adapters::ocpp::server::ocpp_settings& listen);

/// What an operator must know about an address that other machines reach; empty for loopback.
[[nodiscard]] std::string warning_about(const adapters::ocpp::server::ocpp_settings& listen);

} // namespace busbar::apps
