#pragma once
// What one planner works with: the room that a plan needs, sized once by the topology, and the
// steps of a plan (planner.cpp) with what each connector asks for (planner_asks.cpp).

#include "control/distribution/split.hpp"
#include "control/fairness/phase_switching.hpp"
#include "control/fairness/policy.hpp"
#include "control/fairness/reclaim.hpp"
#include "control/fairness/reliefs.hpp"
#include "control/fairness/shares.hpp"
#include "control/fairness/turns.hpp"
#include "control/limits/node_limits.hpp"
#include "control/limits/node_summary.hpp"
#include "control/limits/node_voltage.hpp"
#include "control/limits/unmanaged_count.hpp"
#include "control/limits/violations.hpp"
#include "control/plan_state.hpp"
#include "control/planner.hpp"
#include "control/transition/grants.hpp"
#include "control/transition/reserve.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace busbar::control {

/// Everything that a plan needs room for, sized once by the topology.
struct planner::workspace {
  explicit workspace(std::shared_ptr<const domain::site> site);

  void follow_clock(domain::instant now);
  void update_limits(const image& image);
  void update_asks(const image& image);
  void ask_for(const image& image, std::size_t connector);
  void choose_direction(const connector_image& connector, std::size_t place);
  void arrange_charging(const image& image);
  void shed_targets(int level);
  void take_off_excesses();
  void restore_bounds();
  void arrange(const image& image);
  void decide_targets(const image& image);
  void share_out(std::span<const fairness::turn_row> turn_rows);
  void make_room_for_late(const image& image);
  void explain(const image& image);
  void decide_grants(const image& image);
  void follow_phases(const image& image);
  void follow_lines(const image& image);
  void choose_phases(const image& image);
  void report_effects(const image& image);
  void report_nodes(const image& image);
  void report_violations(const image& image, std::span<const distribution::node_load> loads);
  void remember(const image& image);
  [[nodiscard]] fairness::turn_input turn_input_of(const image& image) const {
    return {image, fixed, bounds, policy.lets_wait};
  }
  /// Both note what holds it, in `held_by` and `holding`.
  [[nodiscard]] domain::reason limited_by(std::size_t i, const distribution::excess& found);
  [[nodiscard]] domain::reason waits(std::size_t i, const fairness::turn_row& row);
  std::span<const domain::relief> find_reliefs(const image& image);
  [[nodiscard]] const domain::station& station_of(std::size_t connector) const {
    return topology->stations[topology->connectors[connector].station.value()];
  }

  std::shared_ptr<const domain::site> topology;
  const fairness::policy_entry& policy;
  std::vector<limits::node_voltage> voltages;
  std::vector<limits::node_limits> stated;
  limits::unmanaged_count unmanaged;
  std::span<const limits::unmanaged_use> uses;
  std::vector<std::int64_t> milliwatts_per_ampere;
  /// On the first line, the first two, and all of them.
  std::vector<std::array<std::int64_t, 3>> milliwatts_by_lines;

  fairness::reclaim_settings reclaim{topology->turns.reclaim_after};
  limits::violation_settings violating;

  distribution::splitter splitter;
  fairness::phase_keeper phases;
  fairness::turn_keeper turns{topology->turns};
  fairness::share_keeper shares;
  fairness::policy_scratch scratch;
  transition::grant_keeper grants;

  std::vector<distribution::node_bounds> bounds;
  std::vector<fairness::ask> asks;
  std::vector<domain::milliamperes> excesses;
  std::vector<domain::milliamperes> reserves;
  /// What counts for connectors that this plan cannot change, as if every outstanding answer had
  /// come; and as it is, connectors with an outstanding answer included.
  std::vector<domain::milliamperes> fixed;
  std::vector<domain::milliamperes> fixed_now;
  std::vector<domain::milliamperes> targets;
  /// By connector: its turn, and what its share is made of.
  std::vector<fairness::turn_row> turn_rows;
  std::vector<fairness::share> share_rows;
  /// By connector: its grant flows out of the vehicle. And those of them that compete.
  std::vector<bool> is_export;
  std::vector<std::uint32_t> exporters;
  /// Those that owe the answer to a decrease.
  std::vector<std::uint32_t> late;
  std::vector<bool> disobeys;
  std::int64_t sleepers = 0;
  /// By connector the bound that holds it down, if one does; by node those that do.
  std::vector<std::optional<distribution::excess>> held_by;
  std::vector<limits::held_bounds> holding;
  fairness::relief_finder reliefs;
  /// What each counts with there, and what it has reserved and does not draw.
  std::vector<domain::milliamperes> counted;
  std::vector<domain::milliamperes> unused;
  /// Where something is above its bound: what is reserved and what of that is not drawn.
  std::vector<distribution::node_load> reserved_loads;
  std::vector<domain::milliamperes> undrawn;
  std::vector<distribution::node_load> known_loads;
  std::vector<domain::milliamperes> known;
  /// Connectors that may count on fewer lines than they have.
  std::vector<std::uint32_t> able_to_spare;
  plan_state memory;
  /// The memory comes from elsewhere and no plan was made since.
  bool is_memory_restored = false;
  plan made;
};

} // namespace busbar::control
