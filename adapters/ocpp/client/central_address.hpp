#pragma once
// Where a central system is: "ws://127.0.0.1:9000/ocpp", "wss://csms.example/ocpp".

#include "domain/result.hpp"

#include <string>
#include <string_view>

namespace busbar::adapters::ocpp::client {

struct central_address {
  std::string host;
  std::string port;
  /// "/ocpp": the identity follows after a slash.
  std::string path;
  /// TLS: "wss".
  bool is_secure = false;
};

/// errc::out_of_range with the text and what is allowed. Without a port it is 80,
/// with TLS 443.
[[nodiscard]] domain::result<central_address> central_address_of(const std::string& text);

/// "/ocpp/CP%201".
[[nodiscard]] std::string target_of(const central_address& central, std::string_view identity);

} // namespace busbar::adapters::ocpp::client
