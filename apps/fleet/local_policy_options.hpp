#pragma once
// What charge points decide by themselves, as said on the command line of `busbar fleet` and
// `busbar demo`.

#include "domain/fault_list.hpp"
#include "simulator/local_policy.hpp"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace busbar::apps {

struct local_policy_options {
  /// "00:00=0.20,17:00=0.45,20:00=0.25": price of a kWh from a time of day on.
  std::string prices;
  /// "0.30"; empty: none.
  std::string price_max;
  /// "17:00-20:00", each.
  std::vector<std::string> peaks;
  /// "half" or "stop".
  std::string in_peaks = "half";
  /// Wh; 0: none.
  std::int64_t session_wh = 0;
};

void add_local_policy_options(CLI::App& command, local_policy_options& options);

/// The policy, its faults appended to `faults` as "option: value: allowed ...".
[[nodiscard]] simulator::local_policy read_local_policy(const local_policy_options& options,
                                                        domain::fault_list& faults);

} // namespace busbar::apps
