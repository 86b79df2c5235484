#pragma once
// What people see of a connector table: connectors, stations, sessions, breakers and watchdogs of
// its bay.

#include "domain/time.hpp"
#include "site/bay_report.hpp"
#include "site/table_rows.hpp"

namespace busbar::site {

[[nodiscard]] bay_view view_of(const table_rows& table, domain::instant now);

} // namespace busbar::site
