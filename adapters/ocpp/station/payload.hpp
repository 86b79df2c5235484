#pragma once
// Members of a payload as values. What is absent or of another type is absent.

#include <simdjson.h>

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

/// Of a number without a fraction: 7, 7.0.
[[nodiscard]] inline std::optional<std::int64_t> integer_in(const json_element& object,
                                                            std::string_view name) {
  const auto found = member_of(object, name);
  if (!found) return std::nullopt;
  std::int64_t whole = 0;
  if (found->get(whole) == simdjson::SUCCESS) return whole;
  double real = 0;
  if (found->get(real) != simdjson::SUCCESS || real < -9e15 || real > 9e15) return std::nullopt;
  whole = static_cast<std::int64_t>(real);
  return static_cast<double>(whole) == real ? std::optional{whole} : std::nullopt;
}

[[nodiscard]] inline std::optional<simdjson::dom::array> list_in(const json_element& object,
                                                                 std::string_view name) {
  simdjson::dom::array list;
  const auto found = member_of(object, name);
  if (!found || found->get(list) != simdjson::SUCCESS) return std::nullopt;
  return list;
}

} // namespace busbar::adapters::ocpp::station
