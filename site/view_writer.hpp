#pragma once
// What people see of a connector table: connectors, stations, sessions, breakers and watchdogs of
// its bay.

#include "domain/time.hpp"
#include "site/bay_report.hpp"
#include "site/table_rows.hpp"

#include <span>

namespace busbar::site {

/// `answers`: in the bay's order of stations; empty where they have no actors.
[[nodiscard]] bay_view view_of(const table_rows& table, std::span<const station_answers> answers,
                               domain::instant now);

} // namespace busbar::site
