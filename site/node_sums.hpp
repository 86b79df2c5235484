#pragma once
// Sums of what is drawn below each node, from the bays' reports upwards. A transformer's are
// counted on its own side: above it, currents by the ratio of its voltages, rounded up.

#include "site/bay_report.hpp"
#include "site/site_layout.hpp"

#include <memory>
#include <span>
#include <vector>

namespace busbar::site {

/// In place of the one of the same node.
void put(std::vector<node_sum>& sums, const node_sum& sum);
/// Puts the sum of a branch's node: of those of `bays` that hang on it, and of `sums` of the
/// branches below.
void add_own_sum(std::vector<node_sum>& sums,
                 std::span<const std::shared_ptr<const bay_report>> bays,
                 const site_layout& layout, branch_index branch);
/// That of the service, from its own stations' and those of the branches below it.
[[nodiscard]] node_sum sum_of_roots(const std::vector<node_sum>& sums, const site_layout& layout);

/// Of every node, from one report of each bay.
[[nodiscard]] std::vector<node_sum>
sums_of_site(std::span<const std::shared_ptr<const bay_report>> bays, const site_layout& layout);

} // namespace busbar::site
