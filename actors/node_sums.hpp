#pragma once
// How reports of branches are put together on their way up, with the sum of what flows through each
// node. Sums are for people and for meters; limits are held by the planner's own arithmetic.

#include "actors/interfaces.hpp"

#include <vector>

namespace busbar::actors {

/// Everything of `child` beside what `gathered` holds already; of the same bay or node the later
/// report counts.
void append(branch_report& gathered, const branch_report& child);

/// A later sum of the same node replaces the earlier one.
void put(std::vector<node_sum>& sums, const node_sum& sum);

/// Adds the sum of `branch`'s own node: the sums of its children's nodes and its bay. Currents of a
/// transformer's children are its secondary's.
void add_own_sum(branch_report& gathered, const site_layout& layout, branch_index branch);

/// The sum of all `roots` (the service).
[[nodiscard]] node_sum sum_of_roots(const std::vector<node_sum>& sums, const site_layout& layout);

} // namespace busbar::actors
