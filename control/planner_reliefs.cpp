// What would lift the reasons of the last plan.
#include "control/planner_workspace.hpp"

namespace busbar::control {

using domain::milliamperes;

std::span<const domain::relief> planner::workspace::find_reliefs(const image& image) {
  counted.resize(asks.size());
  unused.resize(asks.size());
  for (std::size_t i = 0; i < asks.size(); ++i) {
    const auto& connector = image.connectors[i];
    counted[i] = made.is_fixed[i] ? fixed_now[i] : targets[i] + excesses[i];
    // A raise that is on its way is not offered yet.
    unused[i] = connector.is_reachable
                    ? fairness::unused_of(connector.acknowledged, connector.drawn)
                    : made.grants[i].reserved;
  }
  restore_bounds();
  take_off_excesses();
  const fairness::trial_input split{asks, fixed_now, bounds, policy.is_strict_order};
  const auto found = reliefs.find({*topology, made.bounds, asks, turn_rows, held_by, counted,
                                   made.is_fixed, milliwatts_per_ampere, unused, excesses, split},
                                  splitter);
  restore_bounds();
  return found;
}

std::span<const domain::relief> planner::reliefs(const image& image) const {
  return work_->find_reliefs(image);
}

} // namespace busbar::control
