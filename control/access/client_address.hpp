#pragma once
// The address of a client that comes through proxies.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace busbar::control::access {

/// `forwarded`: X-Forwarded-For as it came. Read from the right for as long as the one that has
/// added an entry is trusted; whatever stands left of that may have been made up.
[[nodiscard]] inline std::string client_address(const std::string& peer, std::string_view forwarded,
                                                const std::vector<std::string>& trusted) {
  std::string client = peer;
  const auto is_trusted = [&] {
    return std::find(trusted.begin(), trusted.end(), client) != trusted.end();
  };
  while (is_trusted() && !forwarded.empty()) {
    const auto comma = forwarded.rfind(',');
    auto last = comma == std::string_view::npos ? forwarded : forwarded.substr(comma + 1);
    forwarded = comma == std::string_view::npos ? std::string_view{} : forwarded.substr(0, comma);
    while (!last.empty() && last.front() == ' ') last.remove_prefix(1);
    while (!last.empty() && last.back() == ' ') last.remove_suffix(1);
    if (last.empty()) return client;
    client = std::string{last};
  }
  return client;
}

} // namespace busbar::control::access
