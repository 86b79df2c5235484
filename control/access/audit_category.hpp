#pragma once
// What an operation of the API is about, for its audit.

#include <array>
#include <string_view>
#include <utility>

namespace busbar::control::access {

/// Of "POST /api/v1/sites/{site}/reload": the first of these that is a part of it counts.
[[nodiscard]] constexpr std::string_view audit_category(std::string_view operation) {
  using part = std::pair<std::string_view, std::string_view>;
  constexpr std::array parts{
      part{"/access/users", "access"},          part{"/access/tokens", "access"},
      part{"/access", "authentication"},        part{"/audit", "data"},
      part{"/load-shedding", "load_management"}, part{"/site-constraints", "load_management"},
      part{"/phase-currents", "load_management"}, part{"/dc-power/taper", "configuration"},
      part{"/dc-power", "load_management"},     part{"/reload", "configuration"},
      part{"/fail-safe", "configuration"},      part{"/capabilities", "configuration"},
      part{"/configuration", "configuration"},
  };
  for (const auto& [word, category] : parts)
    if (operation.find(word) != std::string_view::npos) return category;
  return operation.starts_with("GET ") ? "data" : "station_control";
}

} // namespace busbar::control::access
