#include "site/bay_inputs.hpp"

#include "control/metering/sample_clock.hpp"
#include "domain/events/stations.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

namespace busbar::site {

namespace {

namespace events = domain::events;

const domain::station_id& id_of(const site_layout& layout, domain::station_index station) {
  return layout.site->stations[station.value()].id;
}

} // namespace

bool is_to_another(const bay& table, const site_layout& layout,
                   const domain::command_result& answer) {
  const auto& row = table.rows()[layout.rows[answer.connector.value()].row];
  const auto newest = row.ledger.facts().numbers.last;
  return newest != 0 && answer.number > newest &&
         answer.answer == domain::outcome::accepted;
}

void take_outcome(bay& table, const station_outcome& outcome) {
  for (const auto& command : outcome.commands) table.issued(command, outcome.now);
  for (const auto connector : outcome.not_issued) table.not_issued(connector);
  for (const auto& change : outcome.sessions) table.session_changed(change);
  if (outcome.profiles) table.profiles_changed({outcome.station, outcome.profiles});
  if (outcome.breaker) table.breaker_changed(outcome.station, *outcome.breaker);
}

bool is_news(const station_outcome& outcome) {
  return outcome.tick == 0 && (!outcome.commands.empty() || !outcome.sessions.empty());
}

std::vector<domain::command> tell_fallback(bay& table, conversation talk,
                                           const station_order& order) {
  auto effects = talk.order(order);
  for (const auto& command : effects.commands) table.issued(command, order.now);
  return std::move(effects.commands);
}

domain::event health_event(const bay& table, const site_layout& layout,
                           domain::station_index station, domain::instant now) {
  const auto said = table.facts_of(station, now).is_unhealthy ? events::unhealthy
                                                              : events::healthy;
  return said({layout.site->id, now}, id_of(layout, station));
}

domain::event clock_event(const site_layout& layout, const clock_news& news, domain::instant now) {
  const events::moment at{layout.site->id, now};
  const auto& station = id_of(layout, news.station);
  if (news.ahead.count() == 0) return events::station_clock_right(at, station);
  return events::station_clock_off(at, station, control::metering::clock_text(news.ahead));
}

std::vector<station_share> by_station(std::vector<station_order> orders,
                                      const site_layout& layout) {
  const auto station_of = [&](const station_order& order) {
    return layout.site->connectors[order.connector.value()].station;
  };
  std::ranges::stable_sort(orders, std::less{}, station_of);
  std::vector<station_share> shares;
  for (auto& order : orders) {
    const auto station = station_of(order);
    if (shares.empty() || shares.back().station != station) shares.push_back({station, {}});
    shares.back().orders.push_back(std::move(order));
  }
  return shares;
}

} // namespace busbar::site
