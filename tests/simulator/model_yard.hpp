#pragma once
// The model of a site in the loop with a simulated yard, without actors, watched by the simulator's
// auditor. The yard moves each 100 ms; the model makes a plan each second, and at once where
// something cannot wait.

#include "simulator/auditor.hpp"
#include "simulator/world.hpp"
#include "tests/simulator/model_engine.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <set>

namespace busbar::tests {

class model_yard {
public:
  model_yard(std::shared_ptr<const domain::site> site, simulator::world_settings settings,
             std::uint64_t seed);

  void pass(std::int64_t seconds);
  /// 100 ms.
  void step();
  /// The process ends once its state is written; another one reads it and goes on.
  void hand_over() { engine.hand_over(now()); }
  /// The engine and the auditor are told; absent: lifted.
  void impose(domain::node_index node, std::optional<domain::milliamperes> most,
              domain::counted_load counts = domain::counted_load::everything);
  /// Sessions whose bill waits until their station is heard again.
  [[nodiscard]] std::set<domain::session_id> unsettled();

  /// Every bill is what the register counted, but of stations that are silent to this moment.
  void expect_right_bills(std::uint64_t seed);
  /// Neither by the auditor nor in a plan. Where turns are taken room is kept for those that wait:
  /// `are_turns_taken` leaves FAIR-1 out, which knows of none.
  void expect_no_finding(std::uint64_t seed, bool are_turns_taken = false) const;

  [[nodiscard]] domain::instant now() const;

  std::shared_ptr<const domain::site> site;
  simulator::world yard;
  model_engine engine;
  simulator::auditor watch;
  /// What it tells gets lost.
  bool is_mute = false;
  /// No reading reaches it, and it goes on.
  bool is_deaf = false;
  /// It hears nothing and says nothing: its process stands still.
  bool is_silent = false;
  /// Sees what the yard says in each step; may be empty.
  std::function<void(const simulator::outputs&)> see;
  /// Falsifies commands on their way; may be empty.
  std::function<void(domain::command&)> twist;

private:
  void carry(engine_answers answers);

  std::int64_t tenths_ = 0;
};

} // namespace busbar::tests
