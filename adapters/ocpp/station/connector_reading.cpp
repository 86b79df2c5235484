#include "adapters/ocpp/station/connector_reading.hpp"

#include "ocpp/v16/value_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace busbar::adapters::ocpp::station {

namespace v16 = busbar::ocpp::v16;

namespace {

using lines_ma = std::array<std::int64_t, 3>;

constexpr std::array<std::pair<std::string_view, reported_status>, 9> statuses{{
    {"Available", reported_status::available},
    {"Preparing", reported_status::preparing},
    {"Charging", reported_status::charging},
    {"SuspendedEV", reported_status::suspended_by_vehicle},
    {"SuspendedEVSE", reported_status::suspended_by_station},
    {"Finishing", reported_status::finishing},
    {"Reserved", reported_status::reserved},
    {"Unavailable", reported_status::unavailable},
    {"Faulted", reported_status::faulted},
}};

/// Between two restatements of an idle connector.
constexpr domain::microseconds restated_every = std::chrono::seconds{1};
constexpr std::int64_t current_ma_max = 2'000'000;
constexpr std::int64_t voltage_mv_max = 2'000'000;

/// Of a DC station that measures its output alone.
constexpr domain::permille dc_efficiency{950};

std::int64_t divided_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

std::int64_t largest_current(const v16::side_values& side) {
  std::int64_t largest = side.each_ma.value_or(0);
  for (const auto& line : side.line_ma) largest = std::max(largest, line.value_or(0));
  return largest;
}

/// Lines that its vehicle is seen to use: as often as the largest current is in its power, else as
/// before; all of the connector's where none is.
int lines_in_use(const v16::side_values& side, const connector_place& place,
                 const domain::reading& newest, std::int64_t volts) {
  const int count = place.line_count;
  const auto one_mw = largest_current(side) * volts / 1'000;
  const auto power = side.power_mw();
  if (power && one_mw > 0)
    return std::clamp(static_cast<int>((*power + one_mw / 2) / one_mw), 1, count);
  int used = 0;
  for (const auto current : newest.current_ma) used += current > 0 ? 1 : 0;
  return used > 0 ? std::min(used, count) : count;
}

/// At the site's side a DC outlet is a balanced load of three lines.
std::optional<lines_ma> dc_lines(const v16::present_values& values, std::int64_t volts) {
  const auto power = v16::grid_draw_w(values, dc_efficiency);
  if (!power) return std::nullopt;
  const auto each = divided_up(std::max<std::int64_t>(*power, 0) * 1'000'000, 3 * volts);
  return lines_ma{each, each, each};
}

std::int64_t watts_of(const lines_ma& lines, std::int64_t volts) {
  return divided_up((lines[0] + lines[1] + lines[2]) * volts, 1'000'000);
}

std::int32_t narrow(std::int64_t value, std::int64_t most) {
  return static_cast<std::int32_t>(std::clamp(value, -most, most));
}

domain::connector_state state_of(const connector_state& at, bool has_transaction,
                                 bool station_is_unavailable) {
  using enum reported_status;
  if (at.status == faulted) return domain::connector_state::faulted;
  if (!domain::magnitude_of(at.newest).is_zero()) return domain::connector_state::supplying;
  const bool is_off = at.status == unavailable || station_is_unavailable;
  if (is_off && !has_transaction) return domain::connector_state::unavailable;
  const bool is_plugged = at.status == preparing || at.status == charging ||
                          at.status == suspended_by_vehicle ||
                          at.status == suspended_by_station || at.status == finishing;
  return is_plugged || has_transaction ? domain::connector_state::activated
                                       : domain::connector_state::disconnected;
}

} // namespace

reported_status status_from(std::string_view text) {
  // OCPP-5: `value_case`.
  for (const auto& [name, status] : statuses)
    if (!v16::meant_choice(std::array{name}, text).empty()) return status;
  // Of 1.5 and of stations that say what 2.x says.
  if (text == "Occupied") return reported_status::preparing;
  return reported_status::unknown;
}

const char* name_of(reported_status status) {
  for (const auto& [name, known] : statuses)
    if (known == status) return name.data();
  return "Unknown";
}

register_step take_register(connector_state& at, std::int64_t raw_wh, bool begins) {
  const auto before = at.raw_register_wh;
  if (raw_wh < 0) return register_step::quarantined;
  auto step = register_step::goes_on;
  if (before && raw_wh < *before) {
    if (!begins) return register_step::quarantined;
    step = register_step::from_zero;
  }
  at.raw_register_wh = raw_wh;
  // The house's register never falls, whatever the meter of the station begins with.
  const auto shown = raw_wh + at.register_offset_wh;
  if (shown < at.newest.energy_wh) at.register_offset_wh = at.newest.energy_wh - raw_wh;
  at.newest.energy_wh = raw_wh + at.register_offset_wh;
  return step;
}

void take_values(station_state& state, std::size_t connector,
                 const v16::present_values& values) {
  auto& at = state.connectors[connector];
  const auto& place = state.place.connectors[connector];
  const auto volts = state.place.volts;
  const bool is_dc = place.kind == domain::current_kind::dc;
  // What a wall box measures of its only side, whatever it calls that.
  const auto& side = values.outlet.has_current() || values.outlet.power_mw() ? values.outlet
                                                                             : values.inlet;
  const auto used = lines_in_use(side, place, at.newest, volts.count());
  const auto lines =
      is_dc ? dc_lines(values, volts.count()) : v16::line_draw(side, {used, volts});
  for (std::size_t i = 0; lines && i < 3; ++i)
    at.newest.current_ma[i] = narrow((*lines)[i], current_ma_max);
  const auto power = side.power_mw();
  if (power) at.newest.power_w = narrow(divided_up(*power, 1'000), current_ma_max);
  else if (lines) at.newest.power_w = narrow(watts_of(*lines, volts.count()), current_ma_max);
  const auto voltage = side.voltage_mv ? side.voltage_mv : values.outlet.voltage_mv;
  if (voltage)
    at.newest.voltage_mv = narrow(std::max<std::int64_t>(*voltage, 0), voltage_mv_max);
  at.newest.has_soc = values.soc_permille.has_value();
  at.newest.soc_permille = static_cast<std::uint16_t>(
      std::clamp<std::int64_t>(values.soc_permille.value_or(0), 0, 1'000));
  at.newest.has_temperature = values.temperature_mc.has_value();
  at.newest.temperature_mc = static_cast<std::int32_t>(
      std::clamp<std::int64_t>(values.temperature_mc.value_or(0), -60'000, 250'000));
}

void publish_reading(station_state& state, std::size_t connector, domain::instant now,
                     station_effects& out) {
  auto& at = state.connectors[connector];
  const bool has_transaction = running_at(state, connector) != nullptr;
  at.newest.measured_at = now;
  at.newest.connector = state.place.connectors[connector].index;
  at.newest.state = state_of(at, has_transaction, state.status_is_unavailable);
  at.newest.obeyed = at.accepted_grant;
  out.readings.push_back(at.newest);
}

void restate_idle(station_state& state, domain::instant now, station_effects& out) {
  for (std::size_t i = 0; i < state.connectors.size(); ++i) {
    auto& at = state.connectors[i];
    const bool may_draw =
        at.status == reported_status::charging || at.status == reported_status::unknown;
    if (running_at(state, i) != nullptr || may_draw) continue;
    if (now - at.newest.measured_at < restated_every) continue;
    at.newest.current_ma = {};
    at.newest.power_w = 0;
    publish_reading(state, i, now, out);
  }
}

} // namespace busbar::adapters::ocpp::station
