#pragma once
// One-for-one supervision of the branches below an actor (site, transformer or feeder): spawns
// them, watches that each reports on the tick, restarts the one that dies or stalls, and escalates
// when restarts exceed the budget. Held by value in its actor's state; kills its children with it.
//
//   running --dies--------------------> within the budget? --yes--> spawned again, state lent anew
//      \--does not report in time--> killed --dies--^     \--no---> escalate (the owner decides)

#include "actors/interfaces.hpp"
#include "actors/report_round.hpp"
#include "actors/site_context.hpp"
#include "control/safety/restart_budget.hpp"
#include "control/safety/watchdog.hpp"
#include "domain/events/moment.hpp"

#include <caf/local_actor.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>

#include <memory>
#include <string>
#include <vector>

namespace busbar::actors {

/// Where a branch hangs; also the config of transformer and feeder actors.
struct branch_config {
  std::shared_ptr<site_context> context;
  branch_index branch = 0;
  branch_parent parent;
  site_actor site;
};

/// errc::unknown_reference for a branch that the layout does not have.
[[nodiscard]] domain::result<void> validate(const branch_config& config);

/// A transformer or a feeder actor, as the layout says.
[[nodiscard]] branch_actor spawn_branch(caf::local_actor* parent, const branch_config& config);

/// At this site, now.
[[nodiscard]] domain::events::moment moment_at(const site_context& context, domain::instant now);

/// Publishes an event in the events topic.
void publish_event(const site_context& context, const domain::event& event);

class branch_group {
public:
  branch_group() = default;
  branch_group(const branch_group&) = delete;
  branch_group& operator=(const branch_group&) = delete;
  ~branch_group() { kill_all(); }

  /// Before anything else. `own` is the handle under which children report.
  void open(caf::local_actor* self, std::shared_ptr<site_context> context,
            std::vector<branch_index> members, branch_parent own, site_actor site);
  /// Spawns every member that does not run and whose bay is free. Begins to watch it.
  void spawn_missing(domain::instant now);
  /// Kills the actors that have not reported for too long. True: the budget is used up, escalate.
  [[nodiscard]] bool watch(domain::instant now);
  /// A monitored actor is down. True: it was one of these and the budget is used up.
  [[nodiscard]] bool took_down(const caf::down_msg& down, domain::instant now);
  /// Passes a tick down and begins a round.
  void pass(const tick& tick);
  void pass(const plan_message& plan);
  void pass(const last_mail& mail);
  /// A child has reported. True when it was the last one missing in the round.
  [[nodiscard]] bool reported(const branch_report& report, domain::instant now);
  void kill_all();

  [[nodiscard]] const report_round& round() const { return round_; }
  void close_round() { round_.close(); }
  [[nodiscard]] bool is_empty() const { return members_.empty(); }
  [[nodiscard]] std::vector<child_watch> watches() const;
  /// Whether a member has not reported for too long or does not run; by place.
  [[nodiscard]] bool is_overdue(std::size_t member) const {
    const auto& own = members_[member];
    return own.dog.is_overdue() || own.is_condemned || !own.actor;
  }
  [[nodiscard]] branch_index branch_of(std::size_t member) const { return members_[member].branch; }
  [[nodiscard]] std::size_t size() const { return members_.size(); }

private:
  struct child {
    branch_index branch = 0;
    branch_actor actor;
    control::safety::watchdog dog;
    domain::watchdog_action action = domain::watchdog_action::restart;
    std::uint32_t restarts = 0;
    /// Ticks passed down since its last report: time alone condemns none, because every actor is
    /// late where the machine is overloaded.
    std::uint32_t unanswered = 0;
    /// Told to die; its death is not counted again.
    bool is_condemned = false;
  };
  [[nodiscard]] bool is_free(const child& member) const;
  void condemn_stalled(child& member, domain::instant now);
  [[nodiscard]] bool may_restart(domain::instant now);

  caf::local_actor* self_ = nullptr;
  std::shared_ptr<site_context> context_;
  branch_parent own_;
  site_actor site_;
  std::vector<child> members_;
  report_round round_;
  control::safety::restart_budget budget_;
};

} // namespace busbar::actors
