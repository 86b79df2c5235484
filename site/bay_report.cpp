// What a bay says upwards: the rows of the image, the view and the changelog's part.
#include "control/sessions/admission.hpp"
#include "control/sessions/bill.hpp"
#include "control/stations/dc_limits.hpp"
#include "site/bay.hpp"

#include <algorithm>
#include <limits>

namespace busbar::site {

using domain::connector_state;
using domain::instant;
using domain::milliamperes;

namespace {

bool is_out_of_order(connector_state state) {
  return state == connector_state::faulted || state == connector_state::unavailable;
}

domain::watt_hours taken(const bay_row& row) {
  const auto wh = row.newest.energy_wh - row.session->register_start_wh;
  return domain::watt_hours{std::max<std::int64_t>(wh, 0)};
}

/// The connector's line currents on the site's lines.
domain::per_line<milliamperes> lines_of(const connector_facts& data,
                                        const std::array<std::int32_t, 3>& current_ma) {
  domain::per_line<milliamperes> lines{};
  for (std::size_t i = 0; i < data.line_count; ++i)
    lines[domain::index_of(data.lines[i])] += milliamperes{current_ma[i]};
  return lines;
}

std::uint32_t milliseconds_ago(const bay_row& row, instant now) {
  constexpr auto most = std::numeric_limits<std::uint32_t>::max();
  if (!row.has_reading) return most;
  const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(now - row.heard_at);
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(age.count(), 0, most));
}

} // namespace

control::connector_image bay::image_of(const bay_row& row, domain::connector_index connector,
                                       instant now) const {
  control::connector_image image;
  const bool is_silent = is_stale(row, now);
  const auto state = row.newest.state;
  image.is_reachable = is_reachable(row, connector, now);
  image.is_available = !is_out_of_order(state);
  image.is_zeroed = belief_of(row, now) == control::safety::belief::zero;
  if (layout_->facts[connector.value()].can_switch_phases)
    image.lines_now = row.lines_now;
  image.used_lines = row.used_lines.of_site(layout_->facts[connector.value()].lines);
  bound_output(row, connector, image);
  if (const auto power = export_power(row, connector, now))
    image.export_max = input_current(*power, connector);
  const bool has_session = row.session && !row.is_stopping;
  image.wants = image.is_available && (has_session || state == connector_state::supplying);
  // Silent and fallen back: what it drew long ago says less than its fallback, which is told. One
  // that did not obey is not trusted to fall back either.
  const auto& told = row.ledger.facts();
  if (!is_silent || !told.lease.is_over || told.obedience.is_found())
    image.drawn = domain::magnitude_of(row.newest);
  image.drawn_ms_ago = milliseconds_ago(row, now);
  row.ledger.fill(image, terms_of(connector), now);
  if (row.newest.has_soc) image.soc = domain::permille{row.newest.soc_permille};
  image.soc_target = layout_->site->soc_target;
  image.soc_reserve = layout_->site->soc_reserve;
  if (!row.session) return image;
  image.energy_delivered = taken(row);
  if (row.session->energy_wanted)
    image.energy_needed = std::max(*row.session->energy_wanted - taken(row), domain::watt_hours{});
  image.arrived_at = row.session->started_at;
  image.departs_at = row.session->departs_at;
  return image;
}

void bay::fill(bay_report& report, std::uint64_t tick, instant now, bool with_view,
               instant sampled_at) {
  const auto& connectors = layout_->bays[index_].connectors;
  report.bay = index_;
  report.tick = tick;
  report.drawn = {};
  report.power = {};
  report.measured_at = {};
  report.released = {};
  report.released_at = {};
  report.silent_rows = 0;
  report.has_answering_station = false;
  report.awaits_plan = is_site_safe_;
  report.rows.resize(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    auto& row = rows_[i];
    is_changed_ = row.ledger.take_news() || is_changed_;
    report.rows[i] = image_of(row, connectors[i], now);
    report.awaits_plan = report.awaits_plan || is_renewal_due(row, now);
    add_released(report, row, connectors[i], now);
    if (is_stale(row, now)) {
      ++report.silent_rows;
      add_silent_export(report, row, connectors[i]);
      continue;
    }
    report.has_answering_station = report.has_answering_station || does_answer(connectors[i]);
    const auto lines =
        lines_of(layout_->facts[connectors[i].value()],
                 control::metering::drawn_at(row.newest, row.before, sampled_at));
    for (std::size_t l = 0; l < lines.size(); ++l) report.drawn[l] += lines[l];
    report.power += domain::watts{row.newest.power_w};
    report.measured_at = std::max(report.measured_at, row.newest.measured_at);
  }
  report.memory.reset();
  if (std::exchange(is_changed_, false)) fill_memory(report.memory.emplace());
  report.view.reset();
  if (!with_view) return;
  auto view = std::make_shared<bay_view>();
  fill_view(*view, now);
  report.view = std::move(view);
}

void bay::add_released(bay_report& report, const bay_row& row, domain::connector_index connector,
                       instant now) const {
  const auto& site = *layout_->site;
  const auto stale_after = site.input.stale_after;
  auto release = row.released.newest();
  if (row.has_reading && is_stale(row, now))
    release = control::metering::release_of_stale(row.newest, row.heard_at, stale_after);
  // A meter that has not been sampled since is lost.
  if (now - release.at > stale_after) return;
  const auto lines = lines_of(layout_->facts[connector.value()], release.current_ma);
  // Export that may have ended frees nothing.
  for (std::size_t l = 0; l < lines.size(); ++l)
    report.released[l] += std::max(lines[l], milliamperes{});
  report.released_at = std::max(report.released_at, release.at);
}

/// LIM-3: the meter may be low by what it gave back last, and that may end at any time.
void bay::add_silent_export(bay_report& report, const bay_row& row,
                            domain::connector_index connector) const {
  if (row.ledger.facts().lease.is_over || !domain::is_export(row.newest)) return;
  const auto lines =
      lines_of(layout_->facts[connector.value()], row.newest.current_ma);
  for (std::size_t l = 0; l < lines.size(); ++l)
    report.drawn[l] += std::min(lines[l], milliamperes{});
}

void bay::fill_memory(bay_memory& memory) const {
  const auto& connectors = layout_->bays[index_].connectors;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const auto& row = rows_[i];
    // The last number of any command, so that a successor goes on above it.
    if (row.ledger.facts().numbers.last != 0)
      memory.told.push_back(row.ledger.state(connectors[i]));
    if (row.bill_waits) memory.unsettled.push_back(*row.bill_waits);
    if (!row.session) continue;
    auto session = *row.session;
    session.register_now_wh = std::max(session.register_now_wh, row.newest.energy_wh);
    memory.sessions.push_back(std::move(session));
  }
  memory.profiles = profiles_;
}

void bay::fill_view(bay_view& view, instant now) const {
  const auto& connectors = layout_->bays[index_].connectors;
  view.connectors.reserve(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const auto& row = rows_[i];
    auto& seen = view.connectors.emplace_back();
    seen.connector = connectors[i];
    seen.state = row.newest.state;
    seen.is_stale = is_stale(row, now);
    seen.last_heard = row.heard_at;
    seen.granted = row.ledger.told();
    seen.drawn =
        lines_of(layout_->facts[connectors[i].value()], row.newest.current_ma);
    seen.power = domain::watts{row.newest.power_w};
    seen.energy_wh = row.newest.energy_wh;
    if (row.newest.has_soc) seen.soc = domain::permille{row.newest.soc_permille};
    if (row.newest.voltage_mv > 0) seen.voltage = domain::millivolts{row.newest.voltage_mv};
    if (row.newest.has_temperature)
      seen.temperature = domain::millidegrees_celsius{row.newest.temperature_mc};
    seen.because = row.because;
    seen.is_export = row.ledger.facts().is_export;
    seen.is_fallback_accepted = row.ledger.facts().is_fallback_accepted;
    fill_following(seen, row);
    fill_battery(seen, row, now);
    if (!row.session) continue;
    seen.energy_wanted = row.session->energy_wanted;
    seen.departs_at = row.session->departs_at;
    fill_session(view, row, now);
  }
  fill_stations(view, now);
}

void bay::fill_battery(domain::connector_view& view, const bay_row& row, instant now) const {
  if (!row.battery) return;
  auto seen = std::make_shared<domain::battery_view>();
  seen->capacity = row.battery->capacity();
  if (seen->capacity && view.soc)
    seen->energy_to_full =
        control::stations::energy_to(domain::permille{1'000}, *view.soc, *seen->capacity);
  seen->departure_need = layout_->site->soc_target;
  seen->exported = row.battery->exported();
  seen->export_max = export_power(row, view.connector, now);
  view.battery = std::move(seen);
}

void bay::fill_session(bay_view& view, const bay_row& row, instant now) const {
  auto state = *row.session;
  state.register_now_wh = std::max(state.register_now_wh, row.newest.energy_wh);
  const auto bill = control::sessions::bill_of(*layout_->site, state, now);
  view.sessions.push_back({state.id, state.driver, state.connector, state.started_at,
                           domain::watts{row.newest.power_w}, bill.energy, bill.cost,
                           state.energy_wanted, state.departs_at});
}

void bay::fill_stations(bay_view& view, instant now) const {
  const auto& site = *layout_->site;
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    const auto index = layout_->bays[index_].stations[i];
    const auto& station = site.stations[index.value()];
    const auto& record = stations_[i];
    std::string why;
    for (std::uint32_t c = 0; c < station.connector_count; ++c) {
      const auto& row = rows_[layout_->rows[station.first_connector.value() + c].row];
      control::sessions::admission_facts facts;
      facts.state = row.newest.state;
      facts.is_silent = is_stale(row, now);
      facts.is_unhealthy = record.is_unhealthy;
      facts.has_session = row.session != nullptr;
      facts.commands = record.breaker;
      why = control::sessions::closed_because(facts);
      if (why.empty()) break;
    }
    const bool is_healthy = !record.is_unhealthy;
    view.stations.push_back({index, is_healthy, record.clock_ahead, std::move(why)});
    view.breakers.push_back({"station:" + station.id.text(), "command channel", record.breaker,
                             record.breaker_failures, record.breaker_calls, record.times_opened,
                             record.breaker_changed_at});
    view.watchdogs.push_back(watchdog_of(index, now));
  }
}

domain::watchdog_view bay::watchdog_of(domain::station_index index, instant now) const {
  const auto& station = layout_->site->stations[index.value()];
  domain::watchdog_view dog{"station:" + station.id.text(), "reading",
                            layout_->site->input.stale_after, {}, true, 0};
  dog.restarts = stations_[layout_->stations[index.value()].row].restarts;
  // A station that was heard about one connector has sent its readings.
  for (std::uint32_t c = 0; c < station.connector_count; ++c) {
    const auto& row = rows_[layout_->rows[station.first_connector.value() + c].row];
    dog.last_seen = std::max(dog.last_seen, row.heard_at);
    dog.is_overdue = dog.is_overdue && is_stale(row, now);
  }
  const auto& record = stations_[layout_->stations[index.value()].row];
  if (!record.is_stalled) return dog;
  dog.expects = "answer";
  dog.last_seen = record.stalled_since;
  dog.is_overdue = true;
  return dog;
}

} // namespace busbar::site
