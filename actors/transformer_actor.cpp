#include "actors/transformer_actor.hpp"

#include "actors/gathered_reports.hpp"
#include "site/node_sums.hpp"

namespace busbar::actors {

branch_actor::behavior_type transformer_shell::make_behavior(branch_config config) {
  config_ = std::move(config);
  const auto& layout = *config_.context->layout;
  const auto& members = layout.branches.at(config_.branch).children;
  if constexpr (has_test_doors)
    config_.context->supervision->doors.place(branch_name(layout, config_.branch),
                                              branch_actor{self_});
  feeders_.open(self_, config_.context, members, branch_parent{self_}, config_.site);
  feeders_.spawn_missing(now_);
  self_->set_down_handler(
      [this](const caf::down_msg& down) { escalate_if(feeders_.took_down(down, now_)); });
  return {
      [this](const tick& tick) { handle(tick); },
      [this](const plan_message& plan) { feeders_.pass(plan); },
      [this](const branch_report& report) { handle(report); },
      [this](const last_mail& mail) { feeders_.pass(mail); },
      [](const test_fault& fault) { fail_as_told(fault); },
  };
}

void transformer_shell::handle(const tick& tick) {
  config_.context->counters->supervision.mailbox_samples.add(self_->mailbox().size());
  now_ = tick.now;
  // Branches that are missing in the round before are not waited for any longer.
  if (feeders_.round().is_open()) report_up();
  escalate_if(feeders_.watch(now_));
  feeders_.spawn_missing(now_);
  feeders_.pass(tick);
  if (feeders_.round().is_complete()) report_up();
}

void transformer_shell::handle(const branch_report& report) {
  append(gathered_, report);
  if (feeders_.reported(report, now_)) report_up();
}

void transformer_shell::report_up() {
  gathered_.branch = config_.branch;
  gathered_.tick = feeders_.round().tick();
  gathered_.is_complete = gathered_.is_complete && feeders_.round().is_complete();
  for (const auto& watch : feeders_.watches()) gathered_.watches.push_back(watch);
  site::add_own_sum(gathered_.sums, gathered_.bays, *config_.context->layout, config_.branch);
  feeders_.close_round();
  self_->send(config_.parent, std::exchange(gathered_, {}));
}

void transformer_shell::escalate_if(bool is_used_up) {
  if (is_used_up) self_->quit(caf::exit_reason::unhandled_exception);
}

branch_actor::behavior_type
run_transformer(branch_actor::stateful_pointer<transformer_shell> self, branch_config config) {
  return self->state.make_behavior(std::move(config));
}

} // namespace busbar::actors
