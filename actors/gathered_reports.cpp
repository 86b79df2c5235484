#include "actors/gathered_reports.hpp"

#include "site/node_sums.hpp"

#include <algorithm>

namespace busbar::actors {

void append(branch_report& gathered, const branch_report& child) {
  for (const auto& bay : child.bays) {
    const auto known = std::find_if(gathered.bays.begin(), gathered.bays.end(),
                                    [&](const auto& other) { return other->bay == bay->bay; });
    if (known == gathered.bays.end()) gathered.bays.push_back(bay);
    else *known = bay;
  }
  for (const auto& sum : child.sums) site::put(gathered.sums, sum);
  gathered.watches.insert(gathered.watches.end(), child.watches.begin(), child.watches.end());
  gathered.is_complete = gathered.is_complete && child.is_complete;
}

} // namespace busbar::actors
