#pragma once
// The stable texts of an enumeration: an array in the order of its values.

#include <array>
#include <cstddef>
#include <optional>
#include <string>

namespace busbar::domain {

/// "unspecified" for a value without a text.
template <class Enum, std::size_t Size>
[[nodiscard]] const char* text_of(const std::array<const char*, Size>& texts, Enum value) {
  const auto place = static_cast<std::size_t>(value);
  return place < Size ? texts[place] : "unspecified";
}

/// Absent: no value has that text. The first one, `unspecified`, is none that can be named.
template <class Enum, std::size_t Size>
[[nodiscard]] std::optional<Enum> value_of(const std::array<const char*, Size>& texts,
                                           const std::string& text) {
  for (std::size_t place = 1; place < Size; ++place)
    if (text == texts[place]) return static_cast<Enum>(place);
  return std::nullopt;
}

} // namespace busbar::domain
