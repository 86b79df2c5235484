#pragma once
// One site: on the tick it collects its branches' reports, lets the planner decide, sends the
// plan's orders down, and puts the commands that come back into one record. Supervises the branches
// below the service; when they fail beyond its budget it goes to its safe mode and tries them again
// later.
//
//   controlling --restarts beyond the budget--> safe (all in fallback; site/site_mode.hpp)
//        ^------------- `safe_for` is over ---------/
//
// Spawned and watched by the engine node; image, planner, mode and changelog are lent
// (`site_desk`).

#include "actors/command_log.hpp"
#include "actors/interfaces.hpp"
#include "actors/site_context.hpp"
#include "actors/supervisor.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <string>
#include <vector>

namespace busbar::actors {

struct site_config {
  std::shared_ptr<site_context> context;
  /// It failed too often: begin in the safe mode.
  bool is_safe_start = false;
};

/// The faults of the site's settings.
[[nodiscard]] domain::result<void> validate(const site_config& config);

class site_shell {
public:
  static constexpr const char* name = "busbar.site";
  explicit site_shell(site_actor::pointer self) : self_(self) {}

  site_actor::behavior_type make_behavior(site_config config);

private:
  // The tick.
  void handle(const tick& tick);
  void handle(const tick_wanted& wanted);
  void handle(const branch_report& report);
  void handle(const node_meters& meters);
  void handle(const operator_message& message);
  void handle(const mail_waits& mail);
  void handle(const last_mail& mail);
  void stay_alive(domain::instant now);
  void begin(domain::instant now);
  void conclude();
  // What comes of a plan.
  void handle(bay_commands& commands);
  void commands_out();
  void count_plan(domain::microseconds took);
  void publish_plan();
  void publish_view(domain::microseconds plan_time);
  // Safety.
  void handle_down(const caf::down_msg& down);
  void go_safe(const std::string& why);
  void stay_safe();
  void leave_safe();

  site_actor::pointer self_;
  site_config config_;
  loan<site_desk> desk_;
  branch_group branches_;
  branch_report gathered_;
  /// Which bays still owe the commands of the tick's plan.
  report_round commands_round_;
  std::vector<domain::command> commands_;
  command_log log_;
  std::uint64_t tick_number_ = 0;
  domain::instant now_{};
  bool is_tick_wanted_ = false;
};

/// REQUIRES: validate(config).
site_actor::behavior_type run_site(site_actor::stateful_pointer<site_shell> self,
                                   site_config config);

} // namespace busbar::actors
