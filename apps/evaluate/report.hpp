#pragma once
// What a replay came to, as figures, as a table for people and as JSON
// (docs/formats/evaluate.schema.json).

#include "apps/evaluate/replay.hpp"
#include "apps/evaluate/tariff.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

namespace busbar::apps::evaluate {

/// One policy at one rating.
struct evaluation {
  std::string policy;
  /// Absent: the site file's own.
  std::optional<double> rated_kva;
  std::int64_t asked_wh = 0;
  double delivered_permille = 0;
  /// Jain's index over delivered / asked of every session that asked for energy.
  double jain = 0;
  std::size_t sessions = 0;
  std::size_t served_in_full = 0;
  /// Got under a tenth of what they asked.
  std::size_t starved = 0;
  std::int64_t peak_w = 0;
  node_worst worst;
  /// Energy by the time of use, and the demand charge on each month's peak.
  std::optional<double> cost;
  std::int64_t plan_us_p50 = 0;
  std::int64_t plan_us_p99 = 0;
  std::int64_t plan_us_max = 0;
};

/// Fills everything but `policy` and `rated_kva`. `zone`: of the site where the sessions' times are
/// UTC; UTC where they are the local time that a tariff means.
[[nodiscard]] evaluation evaluation_of(const replay_result& result,
                                       const std::vector<recorded_session>& sessions,
                                       const std::optional<tariff>& prices,
                                       const domain::time_zone& zone = {});

[[nodiscard]] nlohmann::ordered_json json_of(const std::vector<evaluation>& evaluations);
[[nodiscard]] std::string table_of(const std::vector<evaluation>& evaluations);

} // namespace busbar::apps::evaluate
