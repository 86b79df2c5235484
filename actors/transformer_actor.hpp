#pragma once
// One transformer: passes ticks and plans down to its feeders and their reports up as one, with the
// sums of what flows through it. Supervises its feeders.

#include "actors/interfaces.hpp"
#include "actors/supervisor.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace busbar::actors {

class transformer_shell {
public:
  static constexpr const char* name = "busbar.transformer";
  explicit transformer_shell(branch_actor::pointer self) : self_(self) {}

  branch_actor::behavior_type make_behavior(branch_config config);

private:
  void handle(const tick& tick);
  void handle(const branch_report& report);
  void report_up();
  void escalate_if(bool is_used_up);

  branch_actor::pointer self_;
  branch_config config_;
  branch_group feeders_;
  branch_report gathered_;
  domain::instant now_{};
};

/// REQUIRES: validate(config).
branch_actor::behavior_type
run_transformer(branch_actor::stateful_pointer<transformer_shell> self, branch_config config);

} // namespace busbar::actors
