#pragma once
// Addresses of clients: which are the same one, and which is the client's behind proxies.

#include <string>
#include <string_view>
#include <vector>

namespace busbar::control::access {

/// One text for all that mean the same address: IPv4 within IPv6 (`::ffff:192.0.2.7`, also in
/// hexadecimal digits) as IPv4, IPv6 with all of its eight groups, both without zone and port. What
/// is no address stays as it is.
[[nodiscard]] std::string plain_address(std::string_view address);

/// The key by which an address is counted: IPv4 as it is, IPv6 by its first 64 bits.
[[nodiscard]] std::string address_key(std::string_view address);

/// `forwarded`: X-Forwarded-For as it came. Read from the right for as long as the one that has
/// added an entry is trusted; whatever stands left of that may have been made up.
[[nodiscard]] std::string client_address(const std::string& peer, std::string_view forwarded,
                                         const std::vector<std::string>& trusted);

} // namespace busbar::control::access
