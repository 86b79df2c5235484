// How the connectors of a bay follow what they are told: belief in old readings, obedience,
// tracking error, derating, writes.
#include "control/limits/node_limits.hpp"
#include "control/stations/dc_limits.hpp"
#include "site/bay.hpp"

#include <algorithm>

namespace busbar::site {

using control::safety::belief;
using domain::instant;
using domain::milliamperes;

namespace {

control::stations::dc_situation situation_of(const domain::reading& reading,
                                             const domain::capability& profile) {
  control::stations::dc_situation now;
  const bool is_supplying = reading.state == domain::connector_state::supplying;
  // Without a vehicle on the cable its voltage says nothing.
  now.voltage = is_supplying && reading.voltage_mv > 0 ? domain::millivolts{reading.voltage_mv}
                                                       : profile.voltage_max;
  if (reading.has_temperature)
    now.temperature = domain::millidegrees_celsius{reading.temperature_mc};
  if (reading.has_soc) now.soc = domain::permille{reading.soc_permille};
  return now;
}

} // namespace

void bay::take_over(domain::connector_index connector, bay& before, domain::connector_index then,
                    bool hangs_as_before) {
  auto& own = row_of(connector);
  auto& other = before.row_of(then);
  own.newest = other.newest;
  own.newest.connector = connector;
  own.before = other.before;
  own.stamped_at = other.stamped_at;
  own.clock = std::move(other.clock);
  own.heard_at = other.heard_at;
  if (own.bill_waits) own.unsettled_since = own.heard_at;
  own.has_reading = other.has_reading;
  // The leases of the epoch before go on: no station has fallen back because a file was read.
  own.ledger.take_over(other.ledger);
  own.lines_now = other.lines_now;
  // On other lines it shows anew which ones its vehicle uses (LIM-8).
  if (hangs_as_before) own.used_lines = other.used_lines;
  own.battery = std::move(other.battery);
  own.released = other.released;
  const bool is_same_window =
      layout_->site->tracking_window == before.layout_->site->tracking_window;
  if (is_same_window) own.tracking = std::move(other.tracking);
}

void bay::take_over(domain::station_index station, bay& before, domain::station_index then) {
  auto& now = record_of(station);
  auto& other = before.record_of(then);
  now.is_unhealthy = other.is_unhealthy;
  now.clock_ahead = other.clock_ahead;
  now.writes = std::move(other.writes);
}

belief bay::belief_of(const bay_row& row, instant now) const {
  const auto& settings = layout_->site->input;
  if (row.has_reading) return control::safety::believe(settings, now - row.heard_at);
  return settings.cold_start == domain::stale_input_policy::safe_zero ? belief::zero
                                                                      : belief::excluded;
}

void bay::watch_draw(bay_row& row, instant now, std::vector<station_notice>& out) {
  track(row);
  const auto step =
      row.ledger.read({row.newest, row.heard_at}, terms_of(row.newest.connector), now);
  if (!step) return;
  auto& notice = notice_about(row, row.newest.connector, notice_kind::disobeys, now, out);
  notice.step = *step;
  notice.told = row.ledger.told();
  notice.is_export = row.ledger.facts().is_export;
  const auto size = domain::magnitude_of(row.newest);
  notice.drawn = domain::is_export(row.newest) ? -size : size;
}

void bay::watch_lines(bay_row& row) const {
  const auto& facts = layout_->facts[row.newest.connector.value()];
  if (!facts.can_switch_phases || domain::magnitude_of(row.newest).is_zero()) return;
  // What it draws on says more than what it acknowledged.
  const bool is_alone = row.newest.current_ma[1] <= 0 && row.newest.current_ma[2] <= 0;
  if (!is_alone) row.lines_now = 3;
}

void bay::watch_used_lines(bay_row& row) const {
  const auto connector = row.newest.connector;
  if (!layout_->facts[connector.value()].may_use_fewer_lines) return;
  const auto volts = layout_->neutral_voltages[station_of(connector).parent.value()];
  row.used_lines.take({}, row.newest, volts);
}

void bay::track(bay_row& row) const {
  if (!row.session || row.ledger.facts().numbers.grant == 0) return;
  if (!row.tracking)
    row.tracking =
        std::make_unique<control::stations::tracking_error>(layout_->site->tracking_window);
  row.tracking->add(row.ledger.acknowledged(), domain::magnitude_of(row.newest));
}

void bay::fill_following(domain::connector_view& view, const bay_row& row) const {
  view.acknowledged = row.ledger.acknowledged();
  view.step = row.ledger.facts().obedience.step();
  if (layout_->facts[view.connector.value()].can_switch_phases)
    view.lines_now = row.lines_now;
  view.used_lines = row.used_lines.of_site(layout_->facts[view.connector.value()].lines);
  if (!row.tracking || row.tracking->count() == 0) return;
  view.tracking_error = row.tracking->mean();
  view.tracking_samples = static_cast<std::uint32_t>(row.tracking->count());
}

void bay::bound_output(const bay_row& row, domain::connector_index connector,
                       control::connector_image& image) const {
  if (!layout_->facts[connector.value()].is_dc || !row.has_reading) return;
  const auto station = layout_->site->connectors[connector.value()].station;
  const auto& profile = layout_->capabilities[station.value()];
  if (!profile) return;
  const auto now = situation_of(row.newest, *profile);
  const auto bound =
      control::stations::charge_bound(*profile, profile->derating, profile->taper, now);
  image.derated_max = input_current(bound.power, connector);
  image.is_derated = bound.is_derated();
}

milliamperes bay::input_current(domain::watts power, domain::connector_index connector) const {
  const auto& data = layout_->site->connectors[connector.value()];
  const auto input = control::limits::current_floor(
      power, layout_->voltages[station_of(connector).parent.value()]);
  return std::min(data.current_max, milliamperes{input.count() / data.line_count});
}

void bay::watch_battery(bay_row& row) const {
  if (!row.session || !layout_->facts[row.newest.connector.value()].is_dc) return;
  if (!row.battery) row.battery = std::make_unique<control::stations::battery_estimate>();
  row.battery->take(row.newest);
}

std::optional<domain::watts> bay::export_power(const bay_row& row,
                                               domain::connector_index connector,
                                               instant now) const {
  if (!layout_->facts[connector.value()].is_dc) return std::nullopt;
  const auto station = layout_->site->connectors[connector.value()].station;
  const auto& profile = layout_->capabilities[station.value()];
  if (!profile || !profile->is_bidirectional) return std::nullopt;
  if (!row.session || row.is_stopping || is_stale(row, now)) return std::nullopt;
  // The driver's own energy comes first.
  const auto& session = *row.session;
  const auto taken = row.newest.energy_wh - session.register_start_wh;
  if (session.energy_wanted && taken < session.energy_wanted->count()) return std::nullopt;
  control::stations::export_situation situation;
  situation.outlet = situation_of(row.newest, *profile);
  situation.departure_need = layout_->site->soc_target;
  if (row.battery) situation.capacity = row.battery->capacity();
  situation.hold = layout_->site->lease + control::stations::export_response;
  const auto power = control::stations::export_now(*profile, situation);
  if (power.is_zero()) return std::nullopt;
  return power;
}

control::transition::write_allowance bay::writes_of(domain::connector_index connector) const {
  const auto station = layout_->site->connectors[connector.value()].station;
  const auto& profile = layout_->capabilities[station.value()];
  if (!profile) return {};
  return {profile->writes_per_minute, profile->writes_per_day};
}

bool bay::may_write(domain::connector_index connector, instant now) {
  const auto& writes = record_of(connector).writes;
  return !writes || writes->permits(writes_of(connector), now);
}

void bay::note_write(domain::connector_index connector, instant now) {
  const auto allowance = writes_of(connector);
  if (allowance.per_minute == 0 && allowance.per_day == 0) return;
  auto& writes = record_of(layout_->site->connectors[connector.value()].station).writes;
  if (!writes) writes = std::make_unique<control::transition::write_budget>();
  writes->write(allowance, now);
}

} // namespace busbar::site
