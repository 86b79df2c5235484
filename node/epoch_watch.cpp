#include "node/epoch_watch.hpp"

#include "domain/events/connections.hpp"

namespace busbar::node {

void epoch_watch::look(const ingest& heard, domain::instant now) {
  // What changes a site meanwhile begins a newer epoch, too; this comes again in half a second.
  const std::unique_lock one_at_a_time{frame_.changing, std::try_to_lock};
  // A change that is ordered before the engine node runs would be told to nothing.
  if (!one_at_a_time || !frame_.routes->node()) return;
  for (const auto& context : host_.contexts()) look_at(context, heard, now);
}

void epoch_watch::look_at(const shared_context& context, const ingest& heard,
                          domain::instant now) {
  if (!context->is_in_place.load(std::memory_order_acquire)) return;
  const auto& id = context->layout->site->id;
  const auto own = context->terms.owner;
  const bool is_own_outnumbered = context->signals.obeys_another.load(std::memory_order_relaxed);
  const auto obeyed = is_own_outnumbered ? own : heard.epoch_obeyed(id).value_or(0);
  if (obeyed == 0) return;
  const auto next = contests_[id].decide(own, obeyed, now);
  if (!next) return;
  frame_.counters->supervision.epochs_taken.add();
  revisions_.put_under(context, *next);
  publish_event(frame_, domain::events::epoch_taken({id, wall_clock()}, {obeyed, own, *next}));
}

} // namespace busbar::node
