#include "site/view_writer.hpp"

#include "control/sessions/admission.hpp"
#include "control/sessions/bill.hpp"
#include "control/stations/dc_limits.hpp"
#include "site/dc_outlet.hpp"
#include "site/row_currents.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace busbar::site {

using domain::instant;

namespace {

void fill_reading(domain::connector_view& view, const domain::reading& newest,
                  const connector_facts& facts) {
  view.state = newest.state;
  view.drawn = lines_of(facts, newest.current_ma);
  view.power = domain::watts{newest.power_w};
  view.energy_wh = newest.energy_wh;
  if (newest.has_soc) view.soc = domain::permille{newest.soc_permille};
  if (newest.voltage_mv > 0) view.voltage = domain::millivolts{newest.voltage_mv};
  if (newest.has_temperature)
    view.temperature = domain::millidegrees_celsius{newest.temperature_mc};
}

void fill_following(domain::connector_view& view, const connector_row& row,
                    const connector_facts& facts) {
  view.granted = row.ledger.told();
  view.because = row.because;
  view.is_export = row.ledger.facts().is_export;
  view.is_fallback_accepted = row.ledger.facts().is_fallback_accepted;
  view.acknowledged = row.ledger.acknowledged();
  view.step = row.ledger.facts().obedience.step();
  if (facts.can_switch_phases) view.lines_now = row.commands.lines_now();
  view.used_lines = row.vehicle.used_lines(facts.lines);
  const auto* tracking = row.vehicle.tracking();
  if (tracking == nullptr || tracking->count() == 0) return;
  view.tracking_error = tracking->mean();
  view.tracking_samples = static_cast<std::uint32_t>(tracking->count());
}

void fill_battery(domain::connector_view& view, const table_rows& table,
                  const connector_row& row, instant now) {
  const auto* battery = row.vehicle.battery();
  if (battery == nullptr) return;
  auto seen = std::make_shared<domain::battery_view>();
  seen->capacity = battery->capacity();
  if (seen->capacity && view.soc)
    seen->energy_to_full =
        control::stations::energy_to(domain::permille{1'000}, *view.soc, *seen->capacity);
  seen->departure_need = table.layout->site->soc_target;
  seen->exported = battery->exported();
  seen->export_max = export_power(table, view.connector, now);
  view.battery = std::move(seen);
}

domain::session_view session_view_of(const table_rows& table, const connector_row& row,
                                     instant now) {
  const auto& newest = row.observed.newest();
  auto state = *row.session.open();
  state.register_now_wh = std::max(state.register_now_wh, newest.energy_wh);
  const auto bill = control::sessions::bill_of(*table.layout->site, state, now);
  return {state.id,       state.driver,    state.connector, state.started_at,
          domain::watts{newest.power_w},   bill.energy,     bill.cost,
          state.energy_wanted, state.departs_at};
}

/// Why its station takes no new driver; empty: one of its connectors does.
std::string closed_because(const table_rows& table, const domain::station& station,
                           const station_supervision& record, instant now) {
  std::string why;
  for (std::uint32_t c = 0; c < station.connector_count; ++c) {
    const auto& row =
        row_of(table, domain::connector_index{station.first_connector.value() + c});
    control::sessions::admission_facts facts;
    facts.state = row.observed.newest().state;
    facts.is_silent = is_stale(table, row, now);
    facts.is_unhealthy = record.is_unhealthy();
    facts.has_session = row.session.open() != nullptr;
    facts.commands = record.breaker().position;
    why = control::sessions::closed_because(facts);
    if (why.empty()) break;
  }
  return why;
}

domain::input_watch_view readings_of(const table_rows& table, const domain::station& station,
                                     instant now) {
  domain::input_watch_view readings{"reading", table.layout->site->input.stale_after, {}, true};
  // A station that was heard about one connector has sent its readings.
  for (std::uint32_t c = 0; c < station.connector_count; ++c) {
    const auto& row =
        row_of(table, domain::connector_index{station.first_connector.value() + c});
    readings.last_seen = std::max(readings.last_seen, row.observed.heard_at());
    readings.is_overdue = readings.is_overdue && is_stale(table, row, now);
  }
  return readings;
}

/// `answers`: of its actor.
domain::watchdog_view watchdog_of(const domain::station& station,
                                  const station_supervision& record,
                                  const station_answers& answers) {
  const bool is_stalled = record.is_stalled();
  return {"station:" + station.id.text(),
          "answer",
          answers.patience,
          is_stalled ? record.stalled_since() : answers.last,
          is_stalled,
          record.restarts()};
}

void add_stations(bay_view& view, const table_rows& table,
                  std::span<const station_answers> answers, instant now) {
  const auto& site = *table.layout->site;
  for (std::size_t i = 0; i < table.stations.size(); ++i) {
    const auto index = table.layout->bays[table.bay].stations[i];
    const auto& station = site.stations[index.value()];
    const auto& record = table.stations[i];
    const auto& breaker = record.breaker();
    view.stations.push_back({index, !record.is_unhealthy(), record.clock_ahead(),
                             closed_because(table, station, record, now)});
    view.breakers.push_back({"station:" + station.id.text(), "command channel", breaker.position,
                             breaker.failures, breaker.calls, breaker.times_opened,
                             breaker.changed_at});
    const station_answers without_actor{{}, now};
    view.watchdogs.push_back(
        watchdog_of(station, record, answers.empty() ? without_actor : answers[i]));
    view.watchdogs.back().input = readings_of(table, station, now);
  }
}

} // namespace

bay_view view_of(const table_rows& table, std::span<const station_answers> answers, instant now) {
  bay_view view;
  const auto& connectors = table.layout->bays[table.bay].connectors;
  view.connectors.reserve(table.connectors.size());
  for (std::size_t i = 0; i < table.connectors.size(); ++i) {
    const auto& row = table.connectors[i];
    const auto& facts = table.layout->facts[connectors[i].value()];
    auto& seen = view.connectors.emplace_back();
    seen.connector = connectors[i];
    seen.is_stale = is_stale(table, row, now);
    seen.last_heard = row.observed.heard_at();
    fill_reading(seen, row.observed.newest(), facts);
    fill_following(seen, row, facts);
    fill_battery(seen, table, row, now);
    if (!row.session.open()) continue;
    seen.energy_wanted = row.session.open()->energy_wanted;
    seen.departs_at = row.session.open()->departs_at;
    view.sessions.push_back(session_view_of(table, row, now));
  }
  add_stations(view, table, answers, now);
  return view;
}

} // namespace busbar::site
