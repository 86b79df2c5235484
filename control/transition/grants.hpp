#pragma once
// What may be told now. Decreases at once; raises only as far as the room that all reserves leave
// (LIM-1, transitions included), no faster than the ramp (RAMP-1), and not below the minimum
// (FAIR-2). Nothing is raised below a node that the reserves already exceed. Of vehicles that leave
// lines out (LIM-8) no more are raised at once than room is kept for.

#include "control/distribution/split.hpp"
#include "control/fairness/policy.hpp"
#include "control/fairness/turns.hpp"
#include "control/image.hpp"
#include "control/plan_state.hpp"
#include "control/transition/line_raises.hpp"

#include <span>
#include <vector>

namespace busbar::control::transition {

/// What `grant_keeper` decides from. Rows stand in the topology's order.
struct grant_input {
  const control::image& image;
  std::span<const fairness::ask> asks;
  std::span<const domain::milliamperes> targets;
  std::span<const domain::milliamperes> reserves;
  std::span<const distribution::node_bounds> bounds;
  /// Power at one ampere on each of the connector's lines, in mW.
  std::span<const std::int64_t> milliwatts_per_ampere;
  std::span<const fairness::turn_row> turns;
};

/// Owned by one planner; keeps its working memory.
class grant_keeper {
public:
  explicit grant_keeper(const domain::site& topology);

  /// One grant per connector; the span holds until the next call. Updates the ramps in `memory`.
  std::span<const domain::milliamperes> decide(const grant_input& input,
                                               distribution::splitter& splitter,
                                               plan_state& memory);

private:
  void propose(const grant_input& input, const plan_state& memory);
  [[nodiscard]] domain::milliamperes ramped(const grant_input& input, std::size_t connector,
                                            const plan_state& memory) const;
  /// mA a second; of a DC connector by its power where the site says so.
  [[nodiscard]] domain::milliamperes up_per_second(const grant_input& input,
                                                   std::size_t connector) const;
  void drop_blocked(const grant_input& input, distribution::splitter& splitter);
  void space_out(const grant_input& input, distribution::splitter& splitter,
                 const plan_state& memory);
  void admit_minima(const grant_input& input, distribution::splitter& splitter);
  void share_room(const grant_input& input, distribution::splitter& splitter);

  const domain::site& topology_;
  std::vector<domain::milliamperes> grants_;
  /// What a connector would be told if there were room; meaningful where it is raised.
  std::vector<domain::milliamperes> ramped_;
  /// What would be reserved for it then.
  std::vector<domain::milliamperes> wished_;
  std::vector<std::uint32_t> raised_;
  std::vector<line_raise> line_raises_;
  /// By connector: its raise waits for others to settle.
  std::vector<bool> is_held_;
  std::vector<bool> is_blocked_;
  std::vector<distribution::demand> demands_;
  std::vector<std::uint32_t> weights_;
};

} // namespace busbar::control::transition
