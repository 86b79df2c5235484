#pragma once
// What must be remembered of a connector table: the changelog's part of its bay.

#include "domain/ids.hpp"
#include "domain/time.hpp"
#include "site/bay_report.hpp"
#include "site/table_rows.hpp"

#include <cstdint>
#include <span>

namespace busbar::site {

[[nodiscard]] bay_memory memory_of(const table_rows& table, domain::instant now);
/// KEEP-3: takes back `bay_memory::parts` of the same bay. `owner`: the epoch of now. REQUIRES: the
/// rest is restored.
void read_parts(std::span<const std::uint8_t> parts, table_rows& table, domain::epoch owner);

} // namespace busbar::site
