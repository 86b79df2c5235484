// How a site's context takes over from another one, or from a state of another tree.
#include "actors/lent_parts.hpp"
#include "actors/operator_mail.hpp"
#include "actors/site_context.hpp"
#include "actors/site_parts.hpp"
#include "actors/supervisor.hpp"
#include "site/left_places.hpp"
#include "site/memory_writer.hpp"
#include "site/succession.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace busbar::actors {

namespace {

namespace carry_over = control::carry_over;
using carry_over::site_outline;

void say(const site_context& context, const domain::event& event) {
  if (context.out) publish_event(context, event);
}

/// How far each station has come, for those whose feeder has not taken what came of it.
void record_pieces(site_context& before) {
  if (!before.recording.to) return;
  using site::step::station_change;
  for (std::size_t i = 0; i < before.notebooks.size(); ++i)
    before.recording.step(
        site::step::station_actor{domain::station_index{i}, station_change::begun,
                                  before.notebooks[i].borrow()->pieces_done, {}});
}

} // namespace

bool site_context::is_free() const {
  const auto is_back = [](const auto& lent) { return lent.is_free(); };
  return desk.is_free() && std::ranges::all_of(tables, is_back) &&
         std::ranges::all_of(notebooks, is_back);
}

bool site_context::take_over(domain::instant now) {
  if (!predecessor->is_free()) return false;
  auto& before = *predecessor;
  const auto desk_before = before.desk.borrow();
  desk_before->claim();
  // What was accepted for the places of the tree before is taken over with them.
  if (routes) routes->replace(layout, terms.owner, inbox);
  obey(before, before.inbox->close(), *desk_before);
  inbox->promises.take_over(before.inbox->promises);
  for (std::size_t i = 0; i < before.tables.size(); ++i) {
    bay_report last;
    last.bay = static_cast<bay_index>(i);
    last.memory = site::memory_of(before.tables[i].borrow()->rows(), now);
    desk_before->take_memory(last);
  }
  if (views) views->forget_profiles(layout->site->id);
  record_pieces(before);
  auto state = desk_before->changelog(terms.owner, now);
  // The parts themselves are taken over below.
  state->part_memory.clear();
  const auto places = carry(*state, carry_over::outline_of(*before.layout->site), now);
  take_rows(before, places);
  desk.borrow()->take_nodes(*desk_before, places.nodes);
  desk.borrow()->claim();
  begin_recording(now, false);
  predecessor.reset();
  is_in_place.store(true, std::memory_order_release);
  return true;
}

bool site_context::go_on(const domain::site_state& state, domain::instant now) {
  const auto& bytes = state.outline.bytes;
  const auto before = bytes ? carry_over::decode(*bytes) : std::nullopt;
  const bool is_known = before && carry_over::is_of(state, *before);
  if (is_known) static_cast<void>(carry(state, *before, now));
  else if (state.topology_hash == layout->site->topology_hash) restore(state, now);
  else return false;
  return true;
}

carry_over::place_match site_context::carry(const domain::site_state& state,
                                            const site_outline& before, domain::instant now) {
  auto carried = carry_over::carry(state, before, *layout->site, now);
  restore(carried.state, now);
  leave(carried, before, now);
  return std::move(carried.places);
}

void site_context::leave(const carry_over::carried_state& carried, const site_outline& before,
                         domain::instant now) {
  auto effects =
      site::effects_of(carried, before, {*layout->site, terms.owner, now}, last_stop_);
  for (const auto& event : effects.left) say(*this, event);
  if (out && !effects.stops.commands.empty()) static_cast<void>(out->send(effects.stops));
  for (const auto& fact : effects.ended)
    if (out) static_cast<void>(out->send(fact));
  for (const auto& event : effects.lost) say(*this, event);
  ended.insert(ended.end(), std::make_move_iterator(effects.ended.begin()),
               std::make_move_iterator(effects.ended.end()));
}

void site_context::take_rows(site_context& before, const carry_over::place_match& places) {
  site::take_rows(lent_parts{*this}, lent_parts{before}, places);
}

} // namespace busbar::actors
