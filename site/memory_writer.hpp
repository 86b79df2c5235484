#pragma once
// What must be remembered of a connector table: the changelog's part of its bay.

#include "site/bay_report.hpp"
#include "site/table_rows.hpp"

namespace busbar::site {

[[nodiscard]] bay_memory memory_of(const table_rows& table);

} // namespace busbar::site
