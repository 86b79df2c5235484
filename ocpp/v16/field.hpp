#pragma once
// How a field of a message is described: one row. The tables of `forms/` are made of these rows.

#include <cstdint>
#include <span>
#include <string_view>

namespace busbar::ocpp::v16 {

enum class value_type : std::uint8_t {
  /// with a longest length in characters, 0 where the protocol sets none
  text,
  integer,
  /// a number with at most one decimal
  tenths,
  boolean,
  /// RFC 3339, with a zone
  time,
  uri,
  /// one text of an enumeration
  choice,
  object,
  text_list,
  object_list,
};

enum class presence : std::uint8_t {
  optional,
  required,
  /// Required, though the fact that the message reports can be read without it (OCPP-5).
  spared,
};

using choices = std::span<const std::string_view>;

struct field {
  std::string_view name;
  value_type type = value_type::text;
  presence need = presence::optional;
  /// Of a text, and of each text of a list, in characters; 0: any.
  std::uint16_t length_max = 0;
  /// Of a list.
  std::uint8_t items_min = 0;
  choices allowed;
  /// Of an object, and of each object of a list.
  std::span<const field> parts;

  [[nodiscard]] constexpr field needed() const {
    field changed = *this;
    changed.need = presence::required;
    return changed;
  }
  [[nodiscard]] constexpr field spared() const {
    field changed = *this;
    changed.need = presence::spared;
    return changed;
  }
  [[nodiscard]] constexpr field of_at_least(std::uint8_t items) const {
    field changed = *this;
    changed.items_min = items;
    return changed;
  }
};

using fields_of_object = std::span<const field>;

/// What the tables are written with.
namespace forms {

[[nodiscard]] constexpr field text(std::string_view name, std::uint16_t length_max = 0) {
  return {name, value_type::text, presence::optional, length_max, 0, {}, {}};
}
[[nodiscard]] constexpr field integer(std::string_view name) {
  return {name, value_type::integer, presence::optional, 0, 0, {}, {}};
}
[[nodiscard]] constexpr field tenths(std::string_view name) {
  return {name, value_type::tenths, presence::optional, 0, 0, {}, {}};
}
[[nodiscard]] constexpr field boolean(std::string_view name) {
  return {name, value_type::boolean, presence::optional, 0, 0, {}, {}};
}
[[nodiscard]] constexpr field time(std::string_view name) {
  return {name, value_type::time, presence::optional, 0, 0, {}, {}};
}
[[nodiscard]] constexpr field uri(std::string_view name) {
  return {name, value_type::uri, presence::optional, 0, 0, {}, {}};
}
[[nodiscard]] constexpr field choice(std::string_view name, choices allowed) {
  return {name, value_type::choice, presence::optional, 0, 0, allowed, {}};
}
[[nodiscard]] constexpr field object(std::string_view name, fields_of_object parts) {
  return {name, value_type::object, presence::optional, 0, 0, {}, parts};
}
[[nodiscard]] constexpr field list(std::string_view name, fields_of_object parts) {
  return {name, value_type::object_list, presence::optional, 0, 0, {}, parts};
}
[[nodiscard]] constexpr field text_list(std::string_view name, std::uint16_t length_max) {
  return {name, value_type::text_list, presence::optional, length_max, 0, {}, {}};
}

} // namespace forms

} // namespace busbar::ocpp::v16
