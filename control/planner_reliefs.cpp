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
    unused[i] = fairness::unused_of(made.grants[i].reserved, connector.drawn,
                                    connector.is_reachable);
  }
  return reliefs.find({*topology, made.bounds, asks, turn_rows, held_by, counted, made.is_fixed,
                       milliwatts_per_ampere, unused},
                      splitter);
}

std::span<const domain::relief> planner::reliefs(const image& image) const {
  return work_->find_reliefs(image);
}

} // namespace busbar::control
