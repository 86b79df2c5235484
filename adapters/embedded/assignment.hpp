#pragma once
// Which member of a group reads which partition of a topic: balanced (counts differ by at most one)
// and sticky (no partition moves that need not).

#include <string>
#include <vector>

namespace busbar::adapters::embedded {

/// `previous[p]` is the member that read partition p, empty for none. `members` are distinct and
/// sorted. Returns the member that reads each partition from now on; all empty without members.
[[nodiscard]] std::vector<std::string> assign_sticky(const std::vector<std::string>& previous,
                                                     const std::vector<std::string>& members);

} // namespace busbar::adapters::embedded
