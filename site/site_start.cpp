#include "site/site_start.hpp"

#include "site/profile_settings.hpp"

#include <string>
#include <utility>

namespace busbar::site {

namespace {

std::unique_ptr<session_notes> notes_about(const domain::session_state& session) {
  auto notes = std::make_unique<session_notes>();
  notes->state = std::make_shared<domain::session_state>(session);
  notes->register_now_wh = session.register_now_wh;
  notes->start_waits = session.start_waits;
  notes->stop_waits = session.stop_waits;
  notes->stopping_because = session.stopping_because;
  notes->is_of_before = session.start_waits || session.stop_waits;
  // Its stop was refused: it is stopped once more.
  if (!session.stop_waits && !session.stopping_because.empty())
    notes->stops_again_at = domain::instant{};
  return notes;
}

} // namespace

conversation_terms terms_of(std::shared_ptr<const domain::site> site, domain::epoch owner,
                            const control::safety::breaker_settings& breaker) {
  conversation_terms terms;
  terms.site = std::move(site);
  terms.owner = owner;
  const auto& own = *terms.site;
  terms.breaker = control::safety::with(breaker, own.supervision.of("station"));
  for (std::size_t i = 0; !own.supervision.by_actor.empty() && i < own.stations.size(); ++i) {
    const auto name = "station:" + own.stations[i].id.text();
    if (own.supervision.by_actor.contains(name))
      terms.own_breakers.emplace(domain::station_index{i},
                                 control::safety::with(breaker, own.supervision.of(name)));
  }
  return terms;
}

void restore_sessions(const domain::site_state& state, std::vector<connector_notes>& notes) {
  for (const auto& session : state.sessions)
    notes[session.connector.value()].session = notes_about(session);
  for (const auto& session : state.unsettled)
    notes[session.connector.value()].unsettled = notes_about(session);
}

std::unique_ptr<reservation> reservation_of(const domain::reservation_state& kept) {
  return std::make_unique<reservation>(reservation{kept.driver, kept.until});
}

std::unique_ptr<control::smart_charging::profile_book>
profiles_of(const site_layout& layout, const domain::station_profiles& kept,
            std::span<const connector_notes> notes) {
  using control::smart_charging::profile_book;
  const auto& station = layout.site->stations[kept.station.value()];
  std::vector<domain::session_id> sessions;
  for (const auto& connector :
       notes.subspan(station.first_connector.value(), station.connector_count))
    sessions.push_back(connector.session ? connector.session->state->id : domain::session_id{});
  auto book = std::make_unique<profile_book>(profile_settings_of(layout, kept.station));
  if (!book->restore(*kept.memory, sessions)) return nullptr;
  return book;
}

} // namespace busbar::site
