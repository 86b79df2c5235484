#include "actors/supervisor.hpp"

#include "actors/feeder_actor.hpp"
#include "actors/transformer_actor.hpp"
#include "domain/events/supervision.hpp"

#include <caf/exit_reason.hpp>

#include <algorithm>

namespace busbar::actors {

namespace events = domain::events;

domain::result<void> validate(const branch_config& config) {
  const auto branches = config.context->layout->branches.size();
  if (config.branch < branches) return {};
  return domain::error{domain::errc::unknown_reference,
                       "branch " + std::to_string(config.branch) + " is not 0.." +
                           std::to_string(branches - 1)};
}

branch_actor spawn_branch(caf::local_actor* parent, const branch_config& config) {
  if (config.context->layout->branches.at(config.branch).is_transformer)
    return parent->spawn(run_transformer, config);
  return parent->spawn(run_feeder, config);
}

events::moment moment_at(const site_context& context, domain::instant now) {
  return {context.layout->site->id, now};
}

void publish_event(const site_context& context, const domain::event& event) {
  static_cast<void>(context.out->send(event));
}

void branch_group::open(caf::local_actor* self, std::shared_ptr<site_context> context,
                        std::vector<branch_index> members, branch_parent own, site_actor site) {
  self_ = self;
  context_ = std::move(context);
  own_ = std::move(own);
  site_ = std::move(site);
  members_.clear();
  for (const auto branch : members) members_.emplace_back().branch = branch;
}

bool branch_group::is_free(const child& member) const {
  const auto& bay = context_->layout->branches[member.branch].bay;
  return !bay || context_->tables[*bay].is_free();
}

void branch_group::spawn_missing(domain::instant now) {
  for (auto& member : members_) {
    if (member.actor || !is_free(member)) continue;
    member.actor = spawn_branch(self_, {context_, member.branch, own_, site_});
    member.is_condemned = false;
    const auto watched = context_->watches.of(member.branch);
    member.dog = {watched.patience, now};
    member.action = watched.action;
    member.unanswered = 0;
    self_->monitor(member.actor);
  }
}

bool branch_group::may_restart(domain::instant now) {
  const auto verdict = budget_.decide(context_->settings.restarts, now);
  const bool may = verdict == control::safety::restart_verdict::restart;
  auto& counters = context_->counters->supervision;
  (may ? counters.restarts : counters.escalations).add();
  return may;
}

/// Whether an actor at or below the branch must be sent the plan.
bool is_for(const site_layout& layout, branch_index branch, const plan_orders& orders) {
  const auto& own = layout.branches[branch];
  return (own.bay && orders.is_for(*own.bay)) ||
         std::ranges::any_of(own.children,
                             [&](auto below) { return is_for(layout, below, orders); });
}

/// Ticks without a report before a branch can be overdue.
constexpr std::uint32_t unanswered_min = 3;

void branch_group::condemn_stalled(child& member, domain::instant now) {
  const auto name = branch_name(*context_->layout, member.branch);
  const auto at = moment_at(*context_, now);
  publish_event(*context_, events::watchdog_restart(at, events::supervised::branch, name));
  context_->counters->supervision.watchdog_restarts.add();
  member.is_condemned = true;
  ++member.restarts;
  condemn(context_->supervision->condemned, member.actor, {name, now});
  if (member.action == domain::watchdog_action::fall_back && site_)
    caf::anon_send(site_, safe_wanted{name + " does not report"});
}

bool branch_group::watch(domain::instant now) {
  for (auto& member : members_) {
    // The watch over one that was spawned before the first tick begins with that tick.
    if (member.dog.last_seen() == domain::instant{}) member.dog.rearm(now);
    if (!member.actor || member.unanswered < unanswered_min || !member.dog.check(now)) continue;
    if (member.action == domain::watchdog_action::event) {
      publish_event(*context_,
                    events::watchdog_overdue(moment_at(*context_, now), events::supervised::branch,
                                             branch_name(*context_->layout, member.branch)));
      continue;
    }
    condemn_stalled(member, now);
    if (!may_restart(now)) return true;
    // One that does not even die is found again.
    member.dog.rearm(now);
  }
  return false;
}

bool branch_group::took_down(const caf::down_msg& down, domain::instant now) {
  for (auto& member : members_) {
    if (!member.actor || member.actor.address() != down.source) continue;
    member.actor = nullptr;
    if (!member.is_condemned) {
      const auto name = branch_name(*context_->layout, member.branch);
      publish_event(*context_, events::restart(moment_at(*context_, now),
                                               events::supervised::branch, name));
      ++member.restarts;
      if (!may_restart(now)) return true;
    }
    spawn_missing(now);
    return false;
  }
  return false;
}

void branch_group::pass(const tick& tick) {
  round_.begin(tick.number, members_.size());
  for (std::size_t i = 0; i < members_.size(); ++i) {
    // One that is just being restarted is not waited for.
    if (!members_[i].actor) continue;
    round_.expect(i);
    ++members_[i].unanswered;
    caf::anon_send(members_[i].actor, tick);
  }
}

void branch_group::pass(const plan_message& plan) {
  for (const auto& member : members_)
    if (member.actor && is_for(*context_->layout, member.branch, *plan.orders))
      caf::anon_send(member.actor, plan);
}

void branch_group::pass(const last_mail& mail) {
  for (const auto& member : members_)
    if (member.actor) caf::anon_send(member.actor, mail);
}

bool branch_group::reported(const branch_report& report, domain::instant now) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (members_[i].branch != report.branch) continue;
    members_[i].dog.seen(now);
    members_[i].unanswered = 0;
    return round_.answered(report.tick, i);
  }
  return false;
}

void branch_group::kill_all() {
  for (auto& member : members_) {
    if (member.actor) caf::anon_send_exit(member.actor, caf::exit_reason::kill);
    member.actor = nullptr;
  }
}

std::vector<child_watch> branch_group::watches() const {
  std::vector<child_watch> all;
  for (const auto& member : members_)
    all.push_back({member.branch, member.dog.every(), member.dog.last_seen(),
                   member.dog.is_overdue() || member.is_condemned || !member.actor,
                   member.restarts});
  return all;
}

} // namespace busbar::actors
