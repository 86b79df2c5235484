#include "ocpp/v16/value_text.hpp"

#include "domain/fault_list.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace busbar::ocpp::v16 {

namespace {

char small(char each) {
  return each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
}

bool is_letter(char each) { return small(each) >= 'a' && small(each) <= 'z'; }
bool is_digit(char each) { return each >= '0' && each <= '9'; }
bool is_hex(char each) { return is_digit(each) || (small(each) >= 'a' && small(each) <= 'f'); }

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view spaces = " \t\r\n";
  const auto start = text.find_first_not_of(spaces);
  if (start == text.npos) return {};
  return text.substr(start, text.find_last_not_of(spaces) - start + 1);
}

bool is_same(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, {}, small, small);
}

template <class Number> std::optional<Number> all_of(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string quoted(std::string_view text) {
  const auto cut = domain::shortened(std::string(text), shown_bytes);
  return domain::shortened('"' + domain::one_line(cut) + '"', shown_bytes);
}

} // namespace

std::string shown(const simdjson::dom::element& value) {
  std::string_view text;
  if (!value.get(text)) return quoted(text);
  if (value.is_object()) return "an object";
  if (value.is_array()) return "a list";
  return simdjson::minify(value);
}

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char each) { return (static_cast<unsigned char>(each) & 0xC0U) != 0x80U; }));
}

std::optional<std::int64_t> integer_from(std::string_view text) {
  return all_of<std::int64_t>(text);
}

std::optional<double> number_from(std::string_view text) {
  const auto number = all_of<double>(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<bool> truth_from(std::string_view text) {
  if (is_same(trimmed(text), "true")) return true;
  if (is_same(trimmed(text), "false")) return false;
  return std::nullopt;
}

std::string_view meant_choice(choices allowed, std::string_view text) {
  text = trimmed(text);
  for (const auto each : allowed)
    if (is_same(each, text)) return each;
  return {};
}

bool is_uri(std::string_view text) {
  constexpr std::string_view others = "-._~:/?#[]@!$&'()*+,;=%";
  const auto colon = text.find(':');
  if (colon == text.npos || colon == 0 || !is_letter(text[0])) return false;
  for (const char each : text.substr(1, colon - 1))
    if (!is_letter(each) && !is_digit(each) && each != '+' && each != '-' && each != '.')
      return false;
  const auto rest = text.substr(colon + 1);
  for (std::size_t at = 0; at < rest.size(); ++at) {
    const char each = rest[at];
    if (!is_letter(each) && !is_digit(each) && others.find(each) == others.npos) return false;
    const bool is_escape = at + 2 < rest.size() && is_hex(rest[at + 1]) && is_hex(rest[at + 2]);
    if (each == '%' && !is_escape) return false;
  }
  return true;
}

} // namespace busbar::ocpp::v16
