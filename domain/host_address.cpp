#include "domain/host_address.hpp"

#include <algorithm>
#include <charconv>

namespace busbar::domain {

namespace {

error malformed(std::string_view text, const char* allowed) {
  constexpr std::size_t shown = 300;
  return {errc::malformed, "'" + std::string{text.substr(0, shown)} + "': allowed is " + allowed};
}

bool is_host(std::string_view host, bool is_in_brackets) {
  const auto fits = [&](char each) {
    const bool is_letter = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z');
    const bool is_digit = each >= '0' && each <= '9';
    return is_letter || is_digit || each == '.' || each == '-' || each == '_' ||
           (is_in_brackets && each == ':');
  };
  return !host.empty() && host.size() <= host_address::host_bytes_max &&
         std::ranges::all_of(host, fits);
}

} // namespace

result<host_address> host_address_from(std::string_view text) {
  constexpr const char* allowed = "host:port, with a port from 1 to 65535";
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return malformed(text, allowed);
  auto host = text.substr(0, colon);
  const bool is_in_brackets = host.starts_with('[') && host.ends_with(']');
  if (is_in_brackets) host = host.substr(1, host.size() - 2);
  if (!is_host(host, is_in_brackets)) return malformed(text, allowed);
  const auto port = text.substr(colon + 1);
  std::uint16_t number = 0;
  const char* end = port.data() + port.size();
  const auto [stop, failure] = std::from_chars(port.data(), end, number);
  if (failure != std::errc{} || stop != end || number == 0) return malformed(text, allowed);
  return host_address{std::string{host}, number};
}

result<host_address> host_address_of_url(std::string_view url) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!url.starts_with(scheme)) continue;
    auto rest = url.substr(scheme.size());
    if (rest.ends_with('/')) rest.remove_suffix(1);
    if (auto found = host_address_from(rest)) return found;
  }
  return malformed(url, "http://host:port or https://host:port, with a port from 1 to 65535");
}

std::string text_of(const host_address& address) {
  const bool is_ipv6 = address.host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

} // namespace busbar::domain
