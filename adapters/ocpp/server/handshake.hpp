#pragma once
// What a station asks for when it connects, and what is answered: pure, no socket. OCPP-J 1.6,
// chapter 3 (path, identity, subprotocol) and the security white paper (Basic).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace busbar::adapters::ocpp::server {

inline constexpr std::size_t identity_bytes_max = 64;

/// The head of a request as it came.
struct handshake_head {
  std::string target;
  /// Sec-WebSocket-Protocol, all its lines joined by ','; empty where absent.
  std::string protocols;
  /// Authorization; empty where absent.
  std::string authorization;
};

/// "/ocpp/CP%2F1?x=1" with the prefix "/ocpp" is "CP/1". Absent: another path, no identity, an
/// escape that is wrong, more than `identity_bytes_max` bytes, a control character.
[[nodiscard]] std::optional<std::string> identity_of(std::string_view target,
                                                     std::string_view prefix);

/// The station's spelling of the best protocol that is spoken here, by the order of `spoken`;
/// empty: none is.
[[nodiscard]] std::string chosen_protocol(std::string_view offered,
                                          const std::vector<std::string>& spoken);

/// The password of "Basic ..." where its user is `identity`, which may hold colons, as the password
/// may hold any byte. Absent: another scheme, another user, or no such text.
[[nodiscard]] std::optional<std::string> basic_password(std::string_view authorization,
                                                        std::string_view identity);

} // namespace busbar::adapters::ocpp::server
