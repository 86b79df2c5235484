#pragma once
// The first byte of an entry, and how an effect's source is a number.

#include "site/step_recorder.hpp"

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <variant>

namespace busbar::recording {

/// Plus the place of the step in `site::site_step`.
inline constexpr std::uint8_t first_step_kind = 1;
/// The place of a step's kind in `site::site_step`.
template <class Step>
inline constexpr std::size_t place_of = []<class... Steps>(std::variant<Steps...>*) {
  std::size_t at = 0;
  static_cast<void>(((std::is_same_v<Step, Steps> || (++at, false)) || ...));
  return at;
}(static_cast<site::site_step*>(nullptr));
/// Plus the `effect_kind`.
inline constexpr std::uint8_t first_effect_kind = 64;

[[nodiscard]] inline std::uint64_t number_of_source(site::effect_source source) {
  if (const auto* bay = std::get_if<site::bay_source>(&source))
    return 1 + 2 * std::uint64_t{bay->bay};
  if (const auto* station = std::get_if<domain::station_index>(&source))
    return 2 + 2 * std::uint64_t{station->value()};
  return 0;
}

} // namespace busbar::recording
