#include "site/departures.hpp"

#include "domain/events/sessions.hpp"
#include "domain/shortfall_text.hpp"

namespace busbar::site {

namespace {

namespace events = domain::events;

/// Events of one kind in one plan: a limit that falls concerns many sessions at once.
constexpr std::size_t events_max = 10;

} // namespace

void add_forecasts(const control::sessions::departure_forecast& forecasts,
                   domain::site_view& view) {
  for (auto& session : view.sessions) {
    const auto* forecast = forecasts.find(session.connector);
    if (forecast == nullptr || !session.departs_at) continue;
    session.forecast = *forecast;
    view.connectors[session.connector.value()].shortfall = forecast->shortfall;
  }
}

std::vector<domain::event>
shortfall_events(const control::sessions::departure_forecast& forecast,
                 const control::image& image) {
  const auto& site = *image.topology;
  const events::moment here{site.id, image.now};
  std::vector<domain::event> all;
  for (const bool is_short : {true, false}) {
    std::size_t count = 0;
    for (const auto& change : forecast.changes()) {
      if (change.forecast.shortfall.is_zero() == is_short || ++count > events_max) continue;
      const auto wanted = domain::in_kilowatt_hours(change.wanted);
      const auto leaves = domain::local_time_text(site.zone, change.departs_at, image.now);
      const auto& connector = site.connectors[change.connector.value()].id;
      if (is_short) {
        const auto what = domain::text_of(change.forecast, change.departs_at, image.now, site);
        all.push_back(events::session_short(here, connector, what, wanted));
      } else {
        all.push_back(events::session_on_time(here, connector, wanted, leaves));
      }
    }
    const auto more = is_short ? events::sessions_short_more : events::sessions_on_time_more;
    if (count > events_max) all.push_back(more(here, count - events_max));
  }
  return all;
}

} // namespace busbar::site
