#include "site/departures.hpp"

#include "domain/shortfall_text.hpp"

#include <string>
#include <utility>

namespace busbar::site {

namespace {

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
  std::vector<domain::event> events;
  const auto say = [&](const std::string& subject, bool is_short, std::string text) {
    auto& event = events.emplace_back();
    event.site = site.id;
    event.at = image.now;
    event.speaker = domain::speaker::central;
    event.level = is_short ? domain::severity::warning : domain::severity::info;
    event.kind = is_short ? "session_short" : "session_on_time";
    event.subject = subject;
    event.text = std::move(text);
  };
  for (const bool is_short : {true, false}) {
    std::size_t count = 0;
    for (const auto& change : forecast.changes()) {
      if (change.forecast.shortfall.is_zero() == is_short || ++count > events_max) continue;
      const auto wanted = domain::in_kilowatt_hours(change.wanted);
      const auto leaves = domain::local_time_text(site.zone, change.departs_at, image.now);
      say(site.connectors[change.connector.value()].id.text(), is_short,
          is_short ? domain::text_of(change.forecast, change.departs_at, image.now, site) +
                         " (wants " + wanted + ")"
                   : "will have the " + wanted + " that it wants at " + leaves);
    }
    if (count > events_max)
      say(site.id.text(), is_short,
          "and " + std::to_string(count - events_max) + " sessions more");
  }
  return events;
}

} // namespace busbar::site
