#pragma once
// One feeder or panel: keeps the connector table of its stations, passes ticks and plans to panels
// below it, gives orders and notices to its stations and collects their commands for the site.
// Supervises stations and panels. The table is lent by the site's context and survives a restart.

#include "actors/interfaces.hpp"
#include "actors/station_group.hpp"
#include "actors/supervisor.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <array>
#include <cstdint>
#include <memory>

namespace busbar::actors {

class feeder_shell {
public:
  static constexpr const char* name = "busbar.feeder";
  explicit feeder_shell(feeder_actor::pointer self) : self_(self) {}

  feeder_actor::behavior_type make_behavior(branch_config config);

private:
  // Tick, downwards and upwards.
  void handle(const tick& tick);
  void handle(const branch_report& report);
  void handle(const plan_message& plan);
  void handle(const last_mail& mail);
  void check_table();
  /// Once all panels have reported and what stations do about this tick is in the table.
  void report_if_complete();
  void report_up();
  /// Number of the tick that its newest report is of. Before its first tick no round waits for it.
  [[nodiscard]] std::uint64_t reported() const;
  /// A report that has no reader any more; its memory is used again.
  const std::shared_ptr<bay_report>& unused_report();
  // Readings and answers.
  void handle(const bay_readings& part);
  void handle(const bay_results& answers);
  void tell_stations();
  // Conversations.
  void handle(const driver_request_message& request);
  void handle(const station_outcome& outcome);
  /// What came of a station's work, into the table and the next record.
  void take(const station_outcome& outcome);
  void commands_up(std::shared_ptr<void> ticket = {});
  void finish_if_answered();
  void handle_down(const caf::down_msg& down);
  void escalate_if(bool is_used_up);

  feeder_actor::pointer self_;
  branch_config config_;
  loan<connector_table> table_;
  station_group stations_;
  branch_group panels_;
  branch_report gathered_;
  /// The site lets go of one when it has decided; a hurried tick may come before that.
  std::array<std::shared_ptr<bay_report>, 2> reports_;
  tick tick_;
  /// Stations that have not yet made the commands of the tick's plan.
  report_round orders_;
  std::vector<domain::command> commands_;
  std::vector<station_notice> notices_;
  /// Of its last mail, while a station has not answered what it was sent before.
  std::shared_ptr<void> last_mail_;
};

/// REQUIRES: validate(config).
feeder_actor::behavior_type run_feeder(feeder_actor::stateful_pointer<feeder_shell> self,
                                       branch_config config);

} // namespace busbar::actors
