#pragma once
// A replay as two pictures (SVG): the load of the node that was fullest against its limit over
// time, and what every session got of what it asked.

#include "apps/evaluate/session_tables.hpp"

namespace busbar::apps::evaluate {

/// Both need at least one session, and the first kept loads.
[[nodiscard]] std::string plot_of_load(const replayed& run);
[[nodiscard]] std::string plot_of_energy(const replayed& run,
                                         const std::vector<recorded_session>& sessions);

/// "load-equal-10kva.svg" and "energy-equal-10kva.svg" in a folder that is there.
[[nodiscard]] domain::result<void> write_plots(const std::string& folder, const replayed& run,
                                               const std::vector<recorded_session>& sessions);

} // namespace busbar::apps::evaluate
