#pragma once
// FAIR-2: where a three-phase vehicle's minimum does not fit but one phase would, and its station
// can switch phases, it charges on its first line alone until three phases fit again.
//
//   settled --wanted--> pausing --nothing reserved--> ordered --station says so--> settled
//                          \--not within `answer`--> settled      \--not within `answer`--/
//
// A connector that is to switch has no turn, and the order goes out once nothing is reserved for it
// any more: so nothing flows, and nothing can be granted, while the lines in use are unknown
// (LIM-1 in transition). It counts on one line only while its station is reachable, says that it
// uses one, and is not ordered to use more; otherwise on all of its lines (LIM-3).

#include "control/distribution/split.hpp"
#include "control/fairness/policy.hpp"
#include "control/fairness/turns.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace busbar::control::fairness {

struct phase_settings {
  /// Between two switches of one connector.
  domain::seconds dwell{300};
  /// For the pause, and then for the station's answer: by then a command has arrived or never will
  /// (`raise_after` of the grant ledger).
  domain::seconds answer{30};
};

/// What phases are decided from. Rows stand in the topology's order.
struct phase_input {
  const control::image& image;
  std::span<const domain::milliamperes> reserves;
  std::span<const domain::milliamperes> fixed;
  std::span<const distribution::node_bounds> bounds;
};

/// Owned by one planner; keeps its working memory. Once a plan: `follow` before turns are decided,
/// `choose` after the shares. Costs nothing where no station can switch.
class phase_keeper {
public:
  explicit phase_keeper(const domain::site& topology, const phase_settings& settings = {});

  /// Takes in what the stations say: on which lines each connector counts in this plan (in
  /// `splitter` and `ask::lines`), and those switching (`ask::is_switching`).
  void follow(const phase_input& input, std::span<ask> asks, distribution::splitter& splitter,
              plan_state& memory);

  /// Decides which are to switch. `targets` are this plan's.
  void choose(const phase_input& input, std::span<const ask> asks, std::span<const turn_row> turns,
              std::span<const domain::milliamperes> targets, distribution::splitter& splitter,
              plan_state& memory);

  /// By connector: the lines that its station is to use, 1 or 3; of others, all that it has.
  [[nodiscard]] std::span<const std::uint8_t> choices() const { return choices_; }

private:
  [[nodiscard]] bool counts_on_one(std::uint32_t connector, const control::image& image,
                                   const plan_state& memory) const;
  [[nodiscard]] domain::maybe<domain::instant> ends_by(const connector_memory& past) const;
  void settle(std::uint32_t connector, const phase_input& input, connector_memory& past);
  void suppose(const phase_input& input, std::span<const ask> asks,
               std::span<const turn_row> turns, distribution::splitter& splitter,
               const plan_state& memory);
  [[nodiscard]] bool may_switch(std::uint32_t connector, std::uint8_t lines,
                                const phase_input& input, const connector_memory& past) const;
  void back_to_all(const phase_input& input, std::span<const ask> asks,
                   std::span<const domain::milliamperes> targets,
                   distribution::splitter& splitter, plan_state& memory);
  void down_to_one(const phase_input& input, std::span<const ask> asks,
                   std::span<const turn_row> turns, distribution::splitter& splitter,
                   plan_state& memory);
  void want(std::uint32_t connector, std::uint8_t lines, const phase_input& input,
            plan_state& memory);

  phase_settings settings_;
  /// Connectors whose stations can switch.
  std::vector<std::uint32_t> able_;
  std::vector<std::uint8_t> choices_;
  std::vector<domain::milliamperes> floors_;
  std::vector<std::uint32_t> candidates_;
};

} // namespace busbar::control::fairness
