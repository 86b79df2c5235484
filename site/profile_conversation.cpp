#include "site/profile_conversation.hpp"

#include "domain/events/stations.hpp"

#include <memory>

namespace busbar::site {

namespace {

namespace events = domain::events;

} // namespace

void profile_conversation::manage(
    station_effects& out, const profile_errand& errand,
    const control::smart_charging::station_settings& settings) const {
  using control::smart_charging::profile_book;
  const bool is_permitted = channel_.acquire(out, errand.now);
  auto& profiles = channel_.book().profiles;
  if (!profiles) profiles = std::make_unique<profile_book>(settings);
  const bool is_full = profiles->pending() == profile_book::pending_max;
  if (!is_permitted || is_full) {
    const auto said = is_full ? events::profile_not_sent_full : events::profile_not_sent_breaker;
    out.events.push_back(said({channel_.site().id, errand.now}, channel_.station().id));
    return;
  }
  follow_sessions();
  auto& command = channel_.issue(out, channel_.connectors()[errand.place], errand.kind);
  command.profile = errand.order;
  profiles->sent(errand.place, command);
}

bool profile_conversation::answered(station_effects& out, const connector_notes& notes,
                                    const station_notice& notice) const {
  const auto& profiles = channel_.book().profiles;
  if (!profiles) return false;
  const domain::command_result result{notice.connector, notice.number, notice.answer, notice.why,
                                      notice.now};
  if (!profiles->answered(channel_.place_of(notes), result)) return false;
  const bool is_accepted = notice.answer == domain::outcome::accepted;
  out.are_profiles_changed = out.are_profiles_kept = is_accepted;
  const events::moment at{channel_.site().id, notice.now};
  const auto& station = channel_.station().id;
  out.events.push_back(is_accepted ? events::profile_accepted(at, station)
                                   : events::profile_refused(at, station, notice.why));
  return true;
}

void profile_conversation::overdue(station_effects& out, const connector_notes& notes,
                                   const station_notice& notice) const {
  const auto& profiles = channel_.book().profiles;
  if (!profiles) return;
  const auto lost = profiles->give_up(channel_.place_of(notes), notice.number);
  if (lost == 0) return;
  out.events.push_back(events::profile_not_answered({channel_.site().id, notice.now},
                                                    channel_.station().id, lost));
}

void profile_conversation::measure(station_effects& out, const connector_notes& notes,
                                   const station_notice& notice) const {
  const auto& profiles = channel_.book().profiles;
  if (!profiles) return;
  profiles->measured(channel_.place_of(notes), notice.power, notice.now);
  out.are_profiles_changed = !profiles->store().installed().empty();
}

void profile_conversation::granted(const connector_notes& notes,
                                   domain::milliamperes current) const {
  const auto& profiles = channel_.book().profiles;
  if (profiles) profiles->granted(channel_.place_of(notes), current);
}

void profile_conversation::follow_sessions() const {
  const auto& profiles = channel_.book().profiles;
  if (!profiles) return;
  for (const auto& notes : channel_.connectors()) {
    const auto session = notes.session ? notes.session->state : nullptr;
    profiles->follow(channel_.place_of(notes), session ? session->id : domain::session_id{},
                     session ? session->started_at : domain::instant{});
  }
}

} // namespace busbar::site
