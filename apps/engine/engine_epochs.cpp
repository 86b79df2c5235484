// OWN-1: an engine node whose stations obey another's orders, or forged ones, takes a newer epoch.

#include "apps/engine/engine_parts.hpp"
#include "domain/events/connections.hpp"

namespace busbar::apps {

void engine::parts::take_newer_epochs(domain::instant now) {
  // What changes a site meanwhile begins a newer epoch, too; this comes again in half a second.
  const std::unique_lock one_at_a_time{reloading_, std::try_to_lock};
  // A change that is ordered before the engine node runs would be told to nothing.
  if (!one_at_a_time || !routes_->node()) return;
  for (auto place = sites_.begin(); place != sites_.end(); ++place) {
    const auto& context = **place;
    if (!context.is_in_place.load(std::memory_order_acquire)) continue;
    const auto site = context.layout->site;
    const auto own = context.terms.owner;
    const bool is_own_outnumbered = context.obeys_another.load(std::memory_order_relaxed);
    const auto obeyed = is_own_outnumbered ? own : ingest_->epoch_obeyed(site->id).value_or(0);
    if (obeyed == 0) continue;
    const auto next = contests_[site->id].decide(own, obeyed, now);
    if (!next) continue;
    counters_->supervision.epochs_taken.add();
    put_in_place(place, site, *next);
    publish(domain::events::epoch_taken({site->id, wall_clock()}, {obeyed, own, *next}));
  }
}

} // namespace busbar::apps
