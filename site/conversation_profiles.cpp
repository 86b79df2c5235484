// Charging profiles in the conversation with a charge point: orders, answers, what they held back.
#include "site/conversation.hpp"

#include "domain/events/stations.hpp"

namespace busbar::site {

namespace {

namespace events = domain::events;

} // namespace

station_effects
conversation::manage(const profile_errand& errand,
                     const control::smart_charging::station_settings& settings) {
  station_effects out;
  std::optional<control::safety::breaker_change> change;
  const auto& settings_of_breaker = terms_.breaker_of(station_);
  const bool is_permitted = book_.commands.acquire(settings_of_breaker, errand.now, &change);
  say(out, change);
  using control::smart_charging::profile_book;
  if (!book_.profiles) book_.profiles = std::make_unique<profile_book>(settings);
  const bool is_full = book_.profiles->pending() == profile_book::pending_max;
  if (!is_permitted || is_full) {
    const auto said = is_full ? events::profile_not_sent_full : events::profile_not_sent_breaker;
    out.events.push_back(said({terms_.site->id, errand.now}, station().id));
    return out;
  }
  follow_sessions();
  auto& command = issue(out, notes_[errand.place], errand.kind);
  command.profile = errand.order;
  book_.profiles->sent(errand.place, command);
  return out;
}

bool conversation::keep_profile_answer(station_effects& out, const connector_notes& notes,
                                       const station_notice& notice) {
  if (!book_.profiles) return false;
  const auto place = static_cast<std::size_t>(&notes - notes_.data());
  const domain::command_result result{notice.connector, notice.number, notice.answer, notice.why,
                                      notice.now};
  if (!book_.profiles->answered(place, result)) return false;
  const bool is_accepted = notice.answer == domain::outcome::accepted;
  out.are_profiles_changed = out.are_profiles_kept = is_accepted;
  const events::moment at{terms_.site->id, notice.now};
  out.events.push_back(is_accepted
                           ? events::profile_accepted(at, station().id)
                           : events::profile_refused(at, station().id, notice.why));
  return true;
}

void conversation::give_up_profiles(station_effects& out, const connector_notes& notes,
                                    const station_notice& notice) {
  if (!book_.profiles) return;
  const auto place = static_cast<std::size_t>(&notes - notes_.data());
  const auto lost = book_.profiles->give_up(place, notice.number);
  if (lost == 0) return;
  out.events.push_back(
      events::profile_not_answered({terms_.site->id, notice.now}, station().id, lost));
}

void conversation::follow_sessions() {
  for (std::size_t place = 0; place < notes_.size(); ++place) {
    const auto* open = notes_[place].session.get();
    const auto session = open != nullptr ? open->state : nullptr;
    book_.profiles->follow(place, session ? session->id : domain::session_id{},
                           session ? session->started_at : domain::instant{});
  }
}

void conversation::measure_profiles(station_effects& out, const connector_notes& notes,
                                    const station_notice& notice) {
  if (!book_.profiles) return;
  const auto place = static_cast<std::size_t>(&notes - notes_.data());
  book_.profiles->measured(place, notice.power, notice.now);
  out.are_profiles_changed = !book_.profiles->store().installed().empty();
}

} // namespace busbar::site
