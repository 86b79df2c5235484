#pragma once
// A connector's line currents on the lines of its site.

#include "domain/site.hpp"
#include "domain/units.hpp"
#include "site/site_layout.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace busbar::site {

[[nodiscard]] inline domain::per_line<domain::milliamperes>
lines_of(const connector_facts& data, const std::array<std::int32_t, 3>& current_ma) {
  domain::per_line<domain::milliamperes> lines{};
  for (std::size_t i = 0; i < data.line_count; ++i)
    lines[domain::index_of(data.lines[i])] += domain::milliamperes{current_ma[i]};
  return lines;
}

} // namespace busbar::site
