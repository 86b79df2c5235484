#include "actors/command_log.hpp"

#include "actors/supervisor.hpp"
#include "domain/events/connections.hpp"
#include "site/held_commands.hpp"

#include <iterator>
#include <utility>

namespace busbar::actors {

namespace events = domain::events;

void command_log::send(std::vector<domain::command>& commands, domain::instant now) {
  site::put_in_order(commands);
  // What the log did not take goes first: its numbers are the oldest, and its leases began then.
  drop_superseded(held_, commands);
  const bool is_out = put(held_, held_since_.value_or(now), now) && put(commands, now, now);
  if (held_.empty()) held_since_.reset();
  if (is_out) return;
  if (!held_since_) held_since_ = now;
  held_.insert(held_.end(), std::make_move_iterator(commands.begin()),
               std::make_move_iterator(commands.end()));
  commands.clear();
  keep_what_counts(held_);
}

bool command_log::put(std::vector<domain::command>& commands, domain::instant issued_at,
                      domain::instant now) {
  if (commands.empty()) return true;
  domain::command_batch batch;
  batch.site = context_->layout->site->id;
  batch.topology_hash = context_->layout->site->topology_hash;
  batch.owner = context_->terms.owner;
  batch.issued_at = issued_at;
  batch.commands = std::exchange(commands, {});
  const auto verdict = context_->out->send(batch);
  settle(verdict, now);
  if (!verdict) commands = std::move(batch.commands);
  return verdict.has_value();
}

void command_log::forget() {
  held_.clear();
  held_since_.reset();
}

void command_log::settle(const domain::result<void>& verdict, domain::instant now) {
  // Held back, which says nothing of the log.
  if (!verdict && verdict.failure().code == domain::errc::conflict) return;
  const auto& context = *context_;
  const auto& site = context.layout->site->id.text();
  // Open or not, every record is tried: a decrease must get out as soon as the log takes it.
  const auto settings = control::safety::with(
      context.settings.breaker, context.layout->site->supervision.of("site:" + site));
  static_cast<void>(breaker_.acquire(settings, now));
  const auto change = breaker_.record(settings, now, verdict.has_value(), {});
  if (!change) return;
  if (change->to == domain::breaker_position::closed)
    return publish_event(context, events::log_closed(moment_at(context, now)));
  context.counters->supervision.breakers_opened.add();
  publish_event(context, events::log_opened(moment_at(context, now), verdict.failure().message));
}

domain::breaker_view command_log::breaker() const {
  return {"site:" + context_->layout->site->id.text(), "log",
          breaker_.position(), breaker_.failures(), breaker_.calls(),
          breaker_.times_opened(), breaker_.changed_at()};
}

} // namespace busbar::actors
