#include "adapters/http/server/message.hpp"

#include <algorithm>
#include <atomic>

namespace busbar::adapters::http::server {

namespace {

constexpr std::size_t parameters_max = 32;
constexpr std::size_t request_id_bytes_max = 64;

/// Letters, digits and -._~ (RFC 3986).
bool is_unreserved(char each) {
  constexpr std::string_view plain = "-._~";
  const bool is_letter = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z');
  const bool is_digit = each >= '0' && each <= '9';
  return is_letter || is_digit || plain.find(each) != std::string_view::npos;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Percent-decodes; in a query a plus is a space. Nothing at a wrong escape or a NUL.
std::optional<std::string> decode(std::string_view text, bool is_query) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += is_query && text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int code = hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]);
    if (hex_digit(text[i + 1]) < 0 || hex_digit(text[i + 2]) < 0 || code == 0) return std::nullopt;
    plain += static_cast<char>(code);
    i += 2;
  }
  return plain;
}

bool add_parameter(std::string_view part, request& into) {
  const auto equals = part.find('=');
  const auto name = decode(part.substr(0, equals), true);
  const auto value =
      equals == std::string_view::npos ? std::string{} : decode(part.substr(equals + 1), true);
  if (!name || !value || into.query.size() == parameters_max) return false;
  into.query.push_back({*name, *value});
  return true;
}

} // namespace

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto end = path.find('/');
    segments.emplace_back(path.substr(0, end));
    path = end == std::string_view::npos ? std::string_view{} : path.substr(end);
  }
  return segments;
}

response json_response(std::string json, unsigned status) {
  response answer;
  answer.status = status;
  answer.text = std::move(json);
  answer.headers.push_back({"Cache-Control", "no-store"});
  return answer;
}

bool split_target(std::string_view target, request& into) {
  if (!target.starts_with('/')) return false;
  target = target.substr(0, target.find('#'));
  const auto question = target.find('?');
  const auto path = decode(target.substr(0, question), false);
  if (!path) return false;
  into.path = *path;
  // No escape is wrong: the whole path has been read.
  into.segments.clear();
  for (const auto& segment : segments_of(target.substr(0, question)))
    into.segments.push_back(*decode(segment, false));
  if (question == std::string_view::npos) return true;
  std::string_view rest = target.substr(question + 1);
  while (!rest.empty()) {
    const auto end = rest.find('&');
    const std::string_view part = rest.substr(0, end);
    if (!part.empty() && !add_parameter(part, into)) return false;
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  }
  return true;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string encoded;
  for (const char each : text) {
    const auto byte = static_cast<unsigned char>(each);
    if (is_unreserved(each)) encoded += each;
    else encoded += {'%', hex[byte >> 4U], hex[byte & 0xFU]};
  }
  return encoded;
}

bool is_request_name(std::string_view text) {
  return !text.empty() && text.size() <= request_id_bytes_max &&
         std::ranges::all_of(text, is_unreserved);
}

std::string request_id_of(std::string_view stated, domain::instant received_at) {
  if (is_request_name(stated)) return std::string{stated};
  // Unique within this process and, by its time, among its restarts.
  static std::atomic<std::uint64_t> made{0};
  return "http-" + std::to_string(received_at.time_since_epoch().count()) + "-" +
         std::to_string(++made);
}

} // namespace busbar::adapters::http::server
