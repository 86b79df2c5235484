#pragma once
// The model of a site in the loop with a simulated yard, without actors, watched by the simulator's
// auditor. The yard moves each 100 ms; the model makes a plan each second, and at once where
// something cannot wait.

#include "simulator/auditor.hpp"
#include "simulator/world.hpp"
#include "site/site_model.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <vector>

namespace busbar::tests {

class model_yard {
public:
  model_yard(std::shared_ptr<const domain::site> site, simulator::world_settings settings,
             std::uint64_t seed);

  void pass(std::int64_t seconds);
  /// The process ends once its state is written; another one reads it and goes on.
  void hand_over();
  void order(const domain::operator_order& order);
  /// Sessions whose bill waits until their station is heard again.
  [[nodiscard]] std::set<domain::session_id> unsettled();
  /// Inputs of one moment reach the model in a seeded order from now on, not in that of the log.
  void shuffle(std::uint64_t seed) { chance_.emplace(seed); }
  /// From now on the model hears nothing and says nothing: its process stands still.
  void fall_silent() { is_silent_ = true; }
  /// From now on no reading reaches the model, which goes on.
  void deafen() { is_deaf_ = true; }
  /// Every step and effect goes there, too; before the first second.
  void record(std::shared_ptr<site::step_recorder> recorder);

  simulator::auditor watch;
  /// All effects so far.
  std::uint64_t plans = 0;
  std::uint64_t grants = 0;
  [[nodiscard]] domain::instant now() const;
  [[nodiscard]] const site::site_model& model() const { return *model_; }
  [[nodiscard]] const simulator::plant& yard() const { return yard_.yard(); }

private:
  void step();
  void carry(const site::site_effects& effects);

  std::shared_ptr<const domain::site> site_;
  std::shared_ptr<const site::site_layout> layout_;
  simulator::world yard_;
  domain::epoch owner_ = 1;
  std::unique_ptr<site::site_model> model_;
  std::shared_ptr<site::step_recorder> recorder_;
  std::optional<std::mt19937_64> chance_;
  std::int64_t tenths_ = 0;
  bool is_silent_ = false;
  bool is_deaf_ = false;
};

} // namespace busbar::tests
