#include "site/table_inputs.hpp"

#include "control/metering/sample_clock.hpp"
#include "domain/events/stations.hpp"
#include "site/table_notices.hpp"

#include <utility>

namespace busbar::site {

namespace {

namespace events = domain::events;

const domain::station_id& id_of(const site_layout& layout, domain::station_index station) {
  return layout.site->stations[station.value()].id;
}

station_notice answer_of_before(const table_rows& table, const domain::command_result& result,
                                domain::instant now) {
  auto notice = answer_of(row_of(table, result.connector), *table.layout, result, now);
  notice.is_of_before = true;
  return notice;
}

} // namespace

bool is_to_another(const table_rows& table, const domain::command_result& answer) {
  const auto newest = row_of(table, answer.connector).ledger.facts().numbers.last;
  return newest != 0 && answer.number > newest && answer.answer == domain::outcome::accepted;
}

void take_answers(connector_table& table, const table_answers& answers,
                  std::vector<station_notice>& out) {
  for (const auto& result : answers.results) {
    if (!answers.are_of_before) table.apply(result, answers.received_at, out);
    else if (result.number != 0)
      out.push_back(answer_of_before(table.rows(), result, answers.received_at));
  }
}

void take_outcome(connector_table& table, const station_outcome& outcome) {
  for (const auto& command : outcome.commands) table.issued(command, outcome.now);
  for (const auto connector : outcome.not_issued) table.not_issued(connector);
  for (const auto& change : outcome.sessions) table.session_changed(change);
  table.remember(outcome);
  if (outcome.breaker) table.supervision(outcome.station).breaker_changed(*outcome.breaker);
}

bool is_news(const station_outcome& outcome) {
  return outcome.tick == 0 && (!outcome.commands.empty() || !outcome.sessions.empty());
}

std::vector<domain::command> tell_fallback(connector_table& table, conversation talk,
                                           const station_order& order) {
  auto effects = talk.order(order);
  for (const auto& command : effects.commands) table.issued(command, order.now);
  return std::move(effects.commands);
}

domain::event health_event(const table_rows& table, domain::station_index station,
                           domain::instant now) {
  const auto& layout = *table.layout;
  const auto& record = table.stations[layout.stations[station.value()].row];
  const auto said = record.is_unhealthy() ? events::unhealthy : events::healthy;
  return said({layout.site->id, now}, id_of(layout, station));
}

domain::event clock_event(const site_layout& layout, const clock_news& news, domain::instant now) {
  const events::moment at{layout.site->id, now};
  const auto& station = id_of(layout, news.station);
  if (news.ahead.count() == 0) return events::station_clock_right(at, station);
  return events::station_clock_off(at, station, control::metering::clock_text(news.ahead));
}

} // namespace busbar::site
