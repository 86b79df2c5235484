#pragma once
// What connectors that hung elsewhere may still draw, so that each counts once at every node
// (LIM-9).

#include "domain/site_state.hpp"
#include "domain/site.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace busbar::control::carry_over {

/// Loads beyond this many are kept by node, without their owners, and end together.
inline constexpr std::size_t named_loads_max = 1'000;

/// A connector's kind, wiring and lines in one number; equal where all of them are.
template <class Connector> std::uint32_t wiring_of(const Connector& connector) {
  auto code = static_cast<std::uint32_t>(connector.kind) * 16 +
              static_cast<std::uint32_t>(connector.wiring);
  for (std::size_t i = 0; i < connector.line_count; ++i)
    code = code * 8 + static_cast<std::uint32_t>(connector.lines[i]);
  return code;
}

/// Says where each load ends, and puts them in the order of their nodes. It ends where its owner
/// counts itself on the same lines, and where a larger load of the same owner counts; what ends at
/// its own node is dropped where the owner counts there, and stays where that is for a larger one.
void settle(const domain::site& site, std::vector<domain::left_load>& loads);

/// "A/A-1, B/B-1", the first few of them.
[[nodiscard]] std::string owners_of(const std::vector<domain::left_load>& loads);

} // namespace busbar::control::carry_over
