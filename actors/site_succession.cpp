// How a site's context takes over from another one, or from a state of another tree.
#include "actors/site_context.hpp"
#include "actors/site_parts.hpp"
#include "actors/supervisor.hpp"
#include "control/operators/preview.hpp"
#include "domain/events/site_changes.hpp"
#include "site/succession.hpp"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

namespace busbar::actors {

namespace {

namespace carry_over = control::carry_over;
namespace events = domain::events;
using carry_over::left_connector;
using carry_over::place_fate;
using carry_over::site_outline;

/// Of connectors that are not where they were; the rest is counted.
constexpr std::size_t events_max = 200;

void say(const site_context& context, const domain::event& event) {
  if (context.out) publish_event(context, event);
}

events::left_words words_of(const site_context& context, const left_connector& left,
                            const site_outline& before) {
  const auto& connector = before.connectors[left.before.value()];
  events::left_words words;
  words.connector =
      before.stations[connector.station.value()].id.text() + "/" + connector.id.text();
  words.is_gone = left.is_gone;
  words.why = left.why;
  if (left.session) words.session = left.session->id;
  if (!left.at.empty() && left.may_draw.count() > 0)
    words.reserve = {left.may_draw, context.layout->site->nodes[left.at.front().value()].id,
                     left.falls_back_after + carry_over::left_grace};
  return words;
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

/// Lends the parts of a context.
struct lent_parts {
  site_context& of;
  const site_layout& layout() { return *of.layout; }
  auto bay(bay_index index) { return of.bays[index].borrow(); }
  auto book(domain::station_index station) { return of.notebooks[station.value()].borrow(); }
  void take_profiles(domain::station_index station, notebook& before) {
    site::take_profiles(layout(), station, *book(station), before);
  }
};

/// A gateway that has the tree before still obeys it; one that has the new one refuses it whole.
domain::command stop_of(const left_connector& left, domain::sequence number) {
  domain::command stop;
  stop.connector = left.before;
  stop.kind = domain::command_kind::stop;
  stop.number = number;
  stop.session = left.session->id;
  stop.driver = left.session->driver;
  return stop;
}

} // namespace

bool site_context::is_free() const {
  const auto is_back = [](const auto& lent) { return lent.is_free(); };
  return desk.is_free() && std::ranges::all_of(bays, is_back) &&
         std::ranges::all_of(notebooks, is_back);
}

bool site_context::take_over(domain::instant now) {
  if (!predecessor->is_free()) return false;
  auto& before = *predecessor;
  const auto desk_before = before.desk.borrow();
  desk_before->claim();
  // What was accepted for the places of the tree before is taken over with them.
  if (routes) routes->replace(layout, terms.owner, inbox);
  before.obey(before.inbox->close(), *desk_before);
  inbox->promises.take_over(before.inbox->promises);
  for (std::size_t i = 0; i < before.bays.size(); ++i) {
    bay_report last;
    last.bay = static_cast<bay_index>(i);
    before.bays[i].borrow()->remember(last);
    desk_before->take_memory(last);
  }
  if (views) views->forget_profiles(layout->site->id);
  record_pieces(before);
  const auto state = desk_before->changelog(terms.owner, now);
  const auto places = carry(*state, carry_over::outline_of(*before.layout->site), now);
  take_rows(before, places);
  desk.borrow()->take_nodes(*desk_before, places.nodes);
  desk.borrow()->claim();
  begin_recording(now, false);
  predecessor.reset();
  is_in_place.store(true, std::memory_order_release);
  return true;
}

void site_context::obey(const std::vector<operator_message>& mail, site_desk& to) {
  for (const auto& message : mail) {
    if (!message.ticket) take(message.order, message, to);
    else if (message.ticket->claim()) decide(message, to);
  }
}

void site_context::take(const domain::operator_order& order, const operator_message& message,
                        site_desk& to) const {
  recording.step(site::step::operators{&order, &message.by, message.now});
  to.take(order);
  const auto event = site::event_of(order, *layout->site, {message.by, message.now});
  recording.effect(site::desk_source{}, event);
  if (out) static_cast<void>(out->send(event));
}

/// All of a request or none of it.
void site_context::decide(const operator_message& message, site_desk& to) {
  const auto tree = message.ticket->topology_hash();
  if (tree != 0 && tree != layout->site->topology_hash)
    return message.ticket->answer(domain::order_refusal{
        {domain::errc::conflict, "site: its tree has changed meanwhile; try again"}, {}});
  const auto view = to.view();
  std::vector<domain::order_taken> all;
  for (const auto& wish : message.ticket->wishes()) {
    auto made = control::operators::preview(
        wish, *layout->site, domain::standing_of(wish, view), message.now);
    if (auto* refused = std::get_if<domain::order_refusal>(&made))
      return message.ticket->answer(std::move(*refused));
    all.push_back(std::move(std::get<domain::order_taken>(made)));
  }
  for (const auto& each : all) take(each.order, message, to);
  inbox->promises.add(message.ticket, std::move(all));
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
  const auto here = moment_at(*this, now);
  domain::command_batch stops{layout->site->id, before.topology_hash, terms.owner, now, {}};
  for (const auto& left : carried.left) {
    if (&left - carried.left.data() < static_cast<std::ptrdiff_t>(events_max))
      say(*this, events::connector_left(here, words_of(*this, left, before)));
    if (!left.session) continue;
    stops.commands.push_back(stop_of(left, ++last_stop_));
    ended.push_back(carry_over::last_fact_of(left, before, layout->site->id, now));
  }
  if (carried.left.size() > events_max)
    say(*this, events::connectors_left(here, carried.left.size() - events_max));
  if (out && !stops.commands.empty()) static_cast<void>(out->send(stops));
  for (const auto& fact : ended)
    if (out) static_cast<void>(out->send(fact));
  for (const auto& lost : carried.lost)
    say(*this, events::order_void(here, lost.subject, lost.text));
}

void site_context::take_rows(site_context& before, const carry_over::place_match& places) {
  site::take_rows(lent_parts{*this}, lent_parts{before}, places);
}

} // namespace busbar::actors
