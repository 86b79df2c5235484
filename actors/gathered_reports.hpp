#pragma once
// What a branch gathers of the reports from below until all have come.

#include "actors/interfaces.hpp"

namespace busbar::actors {

/// Of each bay and node the newest report counts.
void append(branch_report& gathered, const branch_report& child);

} // namespace busbar::actors
