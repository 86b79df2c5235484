#include "domain/events/sessions.hpp"

#include "domain/events/form.hpp"

#include <cassert>

namespace busbar::domain::events {

namespace {

using enum severity;

constexpr form accepted{"session_ACCEPTED", info, "{driver} may charge at {station}"};
constexpr form denied{"session_DENIED", info, "{driver} is denied at {station}: {why}"};
constexpr form in_progress{
    "session_IN_PROGRESS", info,
    "{driver} charges at {station} with {power} kW, {energy} kWh, {cost}"};
constexpr form completed{"session_COMPLETED", info,
                         "{driver} has charged at {station}: {energy} kWh, {cost} ({why})"};
constexpr form settled{"session_SETTLED", info,
                       "the bill of {driver} at {station} is {energy} kWh, {cost}: {why}"};
constexpr form changed{"session_CHANGED", info,
                       "{driver} at {station} {when it leaves}, wants {energy}"};

constexpr form falls_short{"session_short", warning, "{shortfall} (wants {energy})"};
constexpr form more_short{"session_short", warning, "and {count} sessions more"};
constexpr form on_time{"session_on_time", info,
                       "will have the {energy} that it wants at {time}"};
constexpr form more_on_time{"session_on_time", info, "and {count} sessions more"};

constexpr form apart{
    "energy_kept_apart", warning,
    "session {session}: the register says {counted} Wh, rating and time allow {allowed} Wh: "
    "{difference} Wh are not billed"};

constexpr form refuses_stop{
    "stop_refused", warning,
    "session {session}: the station refuses its stop ({why}): it goes on, and is stopped once more "
    "every minute"};

event filled_of(const session_fact& fact, const session_figures& figures) {
  const moment now{fact.site, fact.at};
  const auto &driver = fact.driver.text(), &place = fact.station.text();
  switch (fact.kind) {
  case session_fact_kind::accepted: return filled(accepted, now, place, {driver, place});
  case session_fact_kind::denied: return filled(denied, now, place, {driver, place, fact.why});
  case session_fact_kind::in_progress:
    return filled(in_progress, now, place,
                  {driver, place, figures.power, figures.energy, figures.cost});
  case session_fact_kind::completed:
    return filled(completed, now, place,
                  {driver, place, figures.energy, figures.cost, fact.why});
  case session_fact_kind::settled:
    return filled(settled, now, place, {driver, place, figures.energy, figures.cost, fact.why});
  case session_fact_kind::changed: break;
  case session_fact_kind::unspecified: assert(false && "a fact states its kind"); break;
  }
  const auto wanted = figures.wanted.empty() ? "what it can get" : figures.wanted + " kWh";
  return filled(changed, now, place, {driver, place, fact.why, wanted});
}

/// A completed session states in words what ended it (`session_fact::why`).
cause cause_of_end(const session_fact& fact) {
  if (fact.why == "driver") return caused_by_token(fact.driver.text());
  const bool is_stations =
      fact.why == "fault" || fact.why == "unplugged" || fact.why == "does not obey";
  return is_stations ? caused_by_device(fact.station.text()) : cause{};
}

/// What a driver asked for is its token's; what is measured, its station's.
cause cause_of(const session_fact& fact) {
  switch (fact.kind) {
  case session_fact_kind::accepted:
  case session_fact_kind::denied:
  case session_fact_kind::changed: return caused_by_token(fact.driver.text());
  case session_fact_kind::in_progress:
  case session_fact_kind::settled: return caused_by_device(fact.station.text());
  case session_fact_kind::completed: return cause_of_end(fact);
  case session_fact_kind::unspecified: break;
  }
  return {};
}

} // namespace

event of_fact(const session_fact& fact, const session_figures& figures) {
  return caused(filled_of(fact, figures), cause_of(fact));
}

bool is_progress(const event& told) {
  return told.kind == in_progress.kind ||
         (told.speaker == speaker::driver && told.kind == "in_progress");
}

event session_short(const moment& now, const connector_id& connector,
                    const std::string& shortfall, const std::string& wanted) {
  return filled(falls_short, now, connector.text(), {shortfall, wanted});
}

event session_on_time(const moment& now, const connector_id& connector, const std::string& wanted,
                      const std::string& leaves) {
  return filled(on_time, now, connector.text(), {wanted, leaves});
}

event sessions_short_more(const moment& now, std::size_t more) {
  return filled(more_short, now, now.site.text(), {std::to_string(more)});
}

event sessions_on_time_more(const moment& now, std::size_t more) {
  return filled(more_on_time, now, now.site.text(), {std::to_string(more)});
}

event energy_kept_apart(const moment& now, const connector_names& of, const energy_words& words) {
  const auto text = [](watt_hours energy) { return std::to_string(energy.count()); };
  return caused(filled(apart, now, of.connector.text(),
                       {words.session.text(), text(words.counted), text(words.allowed),
                        text(words.apart)}),
                caused_by_device(of.station.text()));
}

event stop_refused(const moment& now, const connector_names& of, const session_id& session,
                   const std::string& why) {
  return caused(filled(refuses_stop, now, of.connector.text(), {session.text(), why}),
                caused_by_device(of.station.text()));
}

} // namespace busbar::domain::events
