#include "site/left_places.hpp"

#include "domain/events/site_changes.hpp"

#include <cstddef>

namespace busbar::site {

namespace {

namespace carry_over = control::carry_over;
namespace events = domain::events;
using carry_over::left_connector;
using carry_over::site_outline;

/// Of connectors that are not where they were; the rest is counted.
constexpr std::size_t events_max = 200;

events::left_words words_of(const domain::site& site, const left_connector& left,
                            const site_outline& before) {
  const auto& connector = before.connectors[left.before.value()];
  events::left_words words;
  words.connector =
      before.stations[connector.station.value()].id.text() + "/" + connector.id.text();
  words.is_gone = left.is_gone;
  words.why = left.why;
  if (left.session) words.session = left.session->id;
  if (!left.at.empty() && left.may_draw.count() > 0)
    words.reserve = {left.may_draw, site.nodes[left.at.front().value()].id,
                     left.falls_back_after + carry_over::left_grace};
  return words;
}

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

left_effects effects_of(const carry_over::carried_state& carried, const site_outline& before,
                        const left_origin& from, domain::sequence& last_stop) {
  const events::moment here{from.site.id, from.now};
  left_effects effects;
  effects.stops = {from.site.id, before.topology_hash, from.owner, from.now, {}};
  for (const auto& left : carried.left) {
    if (effects.left.size() < events_max)
      effects.left.push_back(events::connector_left(here, words_of(from.site, left, before)));
    if (!left.session) continue;
    effects.stops.commands.push_back(stop_of(left, ++last_stop));
    effects.ended.push_back(
        carry_over::last_fact_of(left, before, from.site.id, from.now));
  }
  if (carried.left.size() > events_max)
    effects.left.push_back(events::connectors_left(here, carried.left.size() - events_max));
  for (const auto& lost : carried.lost)
    effects.lost.push_back(events::order_void(here, lost.subject, lost.text));
  return effects;
}

} // namespace busbar::site
