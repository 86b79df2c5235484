#pragma once
// Members of a payload as values. What is absent or of another type is absent.

#include <simdjson.h>

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace busbar::adapters::ocpp::station {

using json_element = simdjson::dom::element;

[[nodiscard]] inline std::optional<json_element> member_of(const json_element& object,
                                                           std::string_view name) {
  json_element found;
  if (object[name].get(found) != simdjson::SUCCESS) return std::nullopt;
  return found;
}

[[nodiscard]] inline std::optional<std::string_view> text_in(const json_element& object,
                                                             std::string_view name) {
  std::string_view text;
  const auto found = member_of(object, name);
  if (!found || found->get(text) != simdjson::SUCCESS) return std::nullopt;
  return text;
}

/// A number, in quotes or not, its fraction cut off (OCPP-5: `value_as_text`,
/// `fractional_number`).
[[nodiscard]] inline std::optional<std::int64_t> integer_in(const json_element& object,
                                                            std::string_view name) {
  const auto found = member_of(object, name);
  if (!found) return std::nullopt;
  std::int64_t whole = 0;
  if (found->get(whole) == simdjson::SUCCESS) return whole;
  double real = 0;
  if (found->get(real) == simdjson::SUCCESS && real > -9e15 && real < 9e15)
    return static_cast<std::int64_t>(real);
  std::string_view text;
  if (found->get(text) != simdjson::SUCCESS || text.empty()) return std::nullopt;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), whole);
  return read.ec == std::errc{} ? std::optional{whole} : std::nullopt;
}

[[nodiscard]] inline std::optional<simdjson::dom::array> list_in(const json_element& object,
                                                                 std::string_view name) {
  simdjson::dom::array list;
  const auto found = member_of(object, name);
  if (!found || found->get(list) != simdjson::SUCCESS) return std::nullopt;
  return list;
}

} // namespace busbar::adapters::ocpp::station
