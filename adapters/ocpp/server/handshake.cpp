#include "adapters/ocpp/server/handshake.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace busbar::adapters::ocpp::server {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded.push_back(text[i]);
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return decoded;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool is_same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

int base64_digit(char c) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto place = digits.find(c);
  return place == std::string_view::npos ? -1 : static_cast<int>(place);
}

std::optional<std::string> base64_decoded(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string decoded;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int digit = base64_digit(c);
    if (digit < 0) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    decoded.push_back(static_cast<char>(bits >> count & 0xff));
  }
  return decoded;
}

} // namespace

std::optional<std::string> identity_of(std::string_view target, std::string_view prefix) {
  target = target.substr(0, target.find('?'));
  while (!prefix.empty() && prefix.back() == '/') prefix.remove_suffix(1);
  if (!target.starts_with(prefix)) return std::nullopt;
  target.remove_prefix(prefix.size());
  if (target.empty() || target.front() != '/') return std::nullopt;
  target.remove_prefix(1);
  // A station whose address was typed with a slash at its end.
  if (target.ends_with('/')) target.remove_suffix(1);
  if (target.find('/') != std::string_view::npos) return std::nullopt;
  auto decoded = percent_decoded(target);
  if (!decoded || decoded->empty() || decoded->size() > identity_bytes_max) return std::nullopt;
  const bool is_printable = std::none_of(decoded->begin(), decoded->end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  return is_printable ? std::move(decoded) : std::nullopt;
}

std::string chosen_protocol(std::string_view offered, const std::vector<std::string>& spoken) {
  std::vector<std::string_view> names;
  while (!offered.empty()) {
    const auto comma = offered.find(',');
    names.push_back(trimmed(offered.substr(0, comma)));
    if (comma == std::string_view::npos) break;
    offered.remove_prefix(comma + 1);
  }
  for (const auto& own : spoken)
    for (const auto name : names)
      if (is_same_word(name, own)) return std::string{name};
  return {};
}

std::optional<std::string> basic_password(std::string_view authorization,
                                          std::string_view identity) {
  authorization = trimmed(authorization);
  const auto space = authorization.find(' ');
  if (space == std::string_view::npos || !is_same_word(authorization.substr(0, space), "basic"))
    return std::nullopt;
  auto decoded = base64_decoded(trimmed(authorization.substr(space + 1)));
  const bool is_own = decoded && decoded->starts_with(identity) &&
                      decoded->size() > identity.size() && (*decoded)[identity.size()] == ':';
  if (!is_own) return std::nullopt;
  return decoded->substr(identity.size() + 1);
}

} // namespace busbar::adapters::ocpp::server
