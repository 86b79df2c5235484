#pragma once
// Where a process answers: a host and a port, "10.0.0.7:8000" or "[::1]:8000".

#include "domain/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace busbar::domain {

struct host_address {
  static constexpr std::size_t host_bytes_max = 253;

  /// A name or an IPv4 or IPv6 address, without brackets; letters, digits and -._: of 1 to
  /// `host_bytes_max` bytes.
  std::string host;
  /// 1..65535.
  std::uint16_t port = 0;
  bool operator==(const host_address&) const = default;
};

/// "host:port"; an IPv6 address stands in brackets. errc::malformed.
[[nodiscard]] result<host_address> host_address_from(std::string_view text);
/// "http://host:port" or "https://host:port", also with a slash at the end. errc::malformed.
[[nodiscard]] result<host_address> host_address_of_url(std::string_view url);
/// As `host_address_from` reads it.
[[nodiscard]] std::string text_of(const host_address& address);

} // namespace busbar::domain
