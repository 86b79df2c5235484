#pragma once
// How the engine node minds its drivers and protocol drivers: each is watched by what it has left
// unhandled, restarted alone with its record, and left out for a period where it fails too often.
//
//   running --throws-------------> down --within the budget?--yes--> spawned again, record lent
//      \--leaves mail unhandled--> condemned --ends--^       \--no--> out of service for the period

#include "actors/node_book.hpp"
#include "actors/node_context.hpp"

#include <string>

namespace busbar::actors {

/// Publishes an event of an actor that belongs to no site.
void publish_event(const node_context& context, const domain::event& event);

/// What became of a child that has ended.
void count_loss(const node_context& context, const std::string& name, domain::instant now,
                bool is_condemned, bool is_used_up);

/// Of a driver, a protocol driver or the engine node.
[[nodiscard]] watch_terms watch_of(const node_context& context, const std::string& name);

/// Says that an actor leaves its mail unhandled, and shows it as overdue. True: it is to be
/// restarted.
[[nodiscard]] bool say_stalled(const node_context& context, const std::string& name,
                               const watch_terms& watch, domain::instant since,
                               std::uint32_t restarts, domain::instant now);

/// On the node's round: condemns a child that leaves its mail unhandled. True: it did.
template <class Child>
bool watch_child(const node_context& context, Child& child, const std::string& name,
                 domain::instant now) {
  if (!child.actor || child.is_condemned || !child.mail.check(child.watch.patience, now))
    return false;
  if (!say_stalled(context, name, child.watch, child.mail.since(), child.restarts, now))
    return false;
  child.is_condemned = true;
  condemn(context.supervision->condemned, child.actor, {name, now});
  return true;
}

/// It has ended; `child.actor` is empty afterwards.
template <class Child>
void lose_child(const node_context& context, Child& child, const std::string& name,
                domain::instant now) {
  child.actor = nullptr;
  ++child.restarts;
  const auto verdict = child.budget.decide(context.settings.restarts, now);
  const bool is_used_up = verdict == control::safety::restart_verdict::escalate;
  if (is_used_up) child.out_until = now + context.settings.restarts.period;
  count_loss(context, name, now, child.is_condemned, is_used_up);
  child.is_condemned = false;
}

/// Whether it runs and is not being ended.
template <class Child> bool is_at_work(const Child& child) {
  return child.actor && !child.is_condemned;
}

/// Whether a child that does not run may begin.
template <class Child> bool may_begin(const Child& child, domain::instant now) {
  return !child.actor && child.record->is_free() && now >= child.out_until;
}

} // namespace busbar::actors
