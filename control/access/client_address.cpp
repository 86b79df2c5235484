#include "control/access/client_address.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

namespace busbar::control::access {

namespace {

constexpr std::size_t all_groups = 8;
constexpr std::size_t kept_groups = 4;
using groups = std::array<std::uint16_t, all_groups>;

std::optional<std::uint16_t> number_of(std::string_view text, int base, std::size_t digits_max) {
  std::uint16_t number = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number, base);
  const bool is_right = !text.empty() && text.size() <= digits_max && read.ec == std::errc{} &&
                        read.ptr == end;
  return is_right ? std::optional{number} : std::nullopt;
}

/// What stands before the next `mark`, which is taken off `text` with it.
std::string_view taken(std::string_view& text, char mark) {
  const auto end = text.find(mark);
  const auto part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return part;
}

/// "192.0.2.7" as two groups.
std::optional<std::array<std::uint16_t, 2>> ipv4_groups(std::string_view text) {
  if (std::count(text.begin(), text.end(), '.') != 3) return std::nullopt;
  std::array<std::uint16_t, 2> made{};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto number = number_of(taken(text, '.'), 10, 3);
    if (!number || *number > 255) return std::nullopt;
    made[i / 2] = static_cast<std::uint16_t>(made[i / 2] << 8U | *number);
  }
  return made;
}

/// Groups on one side of "::". False where they are no groups, or too many.
bool read_groups(std::string_view text, std::vector<std::uint16_t>& into) {
  while (!text.empty()) {
    const bool is_last = text.find(':') == std::string_view::npos;
    const auto part = taken(text, ':');
    if (const auto ipv4 = is_last ? ipv4_groups(part) : std::nullopt) {
      into.insert(into.end(), ipv4->begin(), ipv4->end());
    } else {
      const auto number = number_of(part, 16, 4);
      if (!number) return false;
      into.push_back(*number);
    }
  }
  return into.size() <= all_groups;
}

std::optional<groups> ipv6_groups(std::string_view text) {
  const auto gap = text.find("::");
  std::vector<std::uint16_t> before, after;
  if (!read_groups(text.substr(0, gap), before)) return std::nullopt;
  const bool has_gap = gap != std::string_view::npos;
  if (has_gap && !read_groups(text.substr(gap + 2), after)) return std::nullopt;
  const auto stated = before.size() + after.size();
  if (has_gap ? stated >= all_groups : stated != all_groups) return std::nullopt;
  groups made{};
  std::copy(before.begin(), before.end(), made.begin());
  std::copy_backward(after.begin(), after.end(), made.end());
  return made;
}

bool is_ipv4_within(const groups& address) {
  return std::all_of(address.begin(), address.begin() + 5, [](auto each) { return each == 0; }) &&
         address[5] == 0xffff;
}

std::string ipv4_text(std::uint16_t high, std::uint16_t low) {
  return std::to_string(high >> 8U) + "." + std::to_string(high & 0xffU) + "." +
         std::to_string(low >> 8U) + "." + std::to_string(low & 0xffU);
}

std::string hexadecimal(std::uint16_t number) {
  std::array<char, 4> text{};
  const auto made = std::to_chars(text.data(), text.data() + text.size(), number, 16);
  return {text.data(), made.ptr};
}

/// Without the zone of "fe80::1%eth0" and the port of "[::1]:443" and "192.0.2.7:443".
std::string_view bare(std::string_view address) {
  if (address.starts_with('[')) {
    address = address.substr(1, address.find(']') - 1);
    return address.substr(0, address.find('%'));
  }
  const auto colon = address.find(':');
  const bool has_port = colon != std::string_view::npos && colon == address.rfind(':') &&
                        address.find('.') < colon;
  return address.substr(0, has_port ? colon : address.find('%'));
}

/// The groups of an IPv6 address, or the text of anything else.
std::pair<std::optional<groups>, std::string> read(std::string_view address) {
  const auto text = bare(address);
  if (const auto ipv4 = ipv4_groups(text)) return {std::nullopt, ipv4_text((*ipv4)[0], (*ipv4)[1])};
  const auto ipv6 = ipv6_groups(text);
  if (!ipv6) return {std::nullopt, std::string{address}};
  if (is_ipv4_within(*ipv6)) return {std::nullopt, ipv4_text((*ipv6)[6], (*ipv6)[7])};
  return {ipv6, {}};
}

std::string joined(const groups& address, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ":") + hexadecimal(address[i]);
  return text;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

} // namespace

std::string plain_address(std::string_view address) {
  const auto [ipv6, text] = read(address);
  return ipv6 ? joined(*ipv6, all_groups) : text;
}

std::string address_key(std::string_view address) {
  const auto [ipv6, text] = read(address);
  return ipv6 ? joined(*ipv6, kept_groups) + "::/64" : text;
}

std::string client_address(const std::string& peer, std::string_view forwarded,
                           const std::vector<std::string>& trusted) {
  std::string client = peer;
  const auto is_trusted = [&] {
    const auto plain = plain_address(client);
    return std::any_of(trusted.begin(), trusted.end(),
                       [&](const auto& each) { return plain_address(each) == plain; });
  };
  while (!trusted.empty() && !forwarded.empty() && is_trusted()) {
    const auto comma = forwarded.rfind(',');
    const auto last =
        trimmed(comma == std::string_view::npos ? forwarded : forwarded.substr(comma + 1));
    forwarded = comma == std::string_view::npos ? std::string_view{} : forwarded.substr(0, comma);
    if (last.empty()) return client;
    client = std::string{last};
  }
  return client;
}

} // namespace busbar::control::access
