#include "adapters/ocpp/station/connector_reading.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace busbar::adapters::ocpp::station {

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

std::int64_t divided_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// mW at mV, rounded up.
std::int64_t current_of(std::int64_t milliwatts, std::int64_t millivolts) {
  if (milliwatts <= 0) return 0;
  return divided_up(milliwatts * 1'000, millivolts);
}

std::int64_t power_of(std::int64_t milliamperes, std::int64_t millivolts) {
  return milliamperes * millivolts / 1'000;
}

/// Lines that are not stated, where some are.
void fill_lines(lines_ma& lines, const present_values& from, std::size_t count,
                std::int64_t volts) {
  std::int64_t stated_mw = 0, highest = 0, missing = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto stated = from.current_ma[i];
    stated_mw += power_of(stated.value_or(0), volts);
    highest = std::max(highest, stated.value_or(0));
    missing += stated ? 0 : 1;
  }
  if (missing == 0) return;
  // Without power: as much as on the line that is stated.
  auto rest = highest;
  if (from.power_mw) {
    rest = current_of(*from.power_mw - stated_mw, volts * missing);
    // Less than a tenth of what flows is the inaccuracy of its meter.
    if (rest * 10 < highest) rest = 0;
  }
  for (std::size_t i = 0; i < count; ++i)
    if (!from.current_ma[i]) lines[i] = rest;
}

std::size_t lines_loaded(std::int64_t power_mw, std::int64_t each_ma, std::int64_t volts,
                         std::size_t count) {
  const auto one = power_of(each_ma, volts);
  if (one <= 0) return count;
  const auto loaded = (power_mw + one / 2) / one;
  return static_cast<std::size_t>(
      std::clamp<std::int64_t>(loaded, 1, static_cast<std::int64_t>(count)));
}

std::size_t lines_in_use(const domain::reading& newest, std::size_t count) {
  std::size_t used = 0;
  for (std::size_t i = 0; i < count; ++i) used += newest.current_ma[i] > 0 ? 1 : 0;
  return used > 0 ? used : count;
}

bool has_any(const std::array<std::optional<std::int64_t>, 3>& lines) {
  return lines[0] || lines[1] || lines[2];
}

std::optional<std::int64_t> power_of(const present_values& from) {
  if (from.power_mw) return from.power_mw;
  if (!has_any(from.power_by_line_mw)) return std::nullopt;
  std::int64_t sum = 0;
  for (const auto& one : from.power_by_line_mw) sum += one.value_or(0);
  return sum;
}

std::optional<lines_ma> ac_lines(const present_values& from, const domain::reading& newest,
                                 std::size_t count, std::int64_t volts) {
  lines_ma lines{};
  if (has_any(from.current_ma)) {
    for (std::size_t i = 0; i < 3; ++i) lines[i] = from.current_ma[i].value_or(0);
    fill_lines(lines, from, count, volts);
    return lines;
  }
  const auto power = power_of(from);
  if (from.current_each_ma) {
    const auto used = power ? lines_loaded(*power, *from.current_each_ma, volts, count) : count;
    for (std::size_t i = 0; i < used; ++i) lines[i] = *from.current_each_ma;
    return lines;
  }
  if (has_any(from.power_by_line_mw)) {
    for (std::size_t i = 0; i < 3; ++i)
      lines[i] = current_of(from.power_by_line_mw[i].value_or(0), volts);
    return lines;
  }
  if (!power) return std::nullopt;
  const auto used = lines_in_use(newest, count);
  for (std::size_t i = 0; i < used; ++i)
    lines[i] = current_of(*power, volts * static_cast<std::int64_t>(used));
  return lines;
}

/// At the site's side a DC outlet is a balanced load of three lines.
std::optional<lines_ma> dc_lines(const present_values& from, std::int64_t volts) {
  auto power = power_of(from);
  const auto output = from.current_each_ma ? from.current_each_ma : from.current_ma[0];
  if (!power && output && from.voltage_mv) power = power_of(*output, *from.voltage_mv);
  if (!power) return std::nullopt;
  const auto each = current_of(*power, 3 * volts);
  return lines_ma{each, each, each};
}

std::int32_t narrow(std::int64_t value, std::int64_t most) {
  return static_cast<std::int32_t>(std::clamp(value, -most, most));
}

void put_lines(domain::reading& into, const lines_ma& lines) {
  for (std::size_t i = 0; i < 3; ++i) into.current_ma[i] = narrow(lines[i], current_ma_max);
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
  for (const auto& [name, status] : statuses)
    if (name == text) return status;
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

void take_values(station_state& state, std::size_t connector, const present_values& values) {
  auto& at = state.connectors[connector];
  const auto& place = state.place.connectors[connector];
  const bool is_dc = place.kind == domain::current_kind::dc;
  const auto measured = values.voltage_mv.value_or(0);
  const bool is_plausible = measured > 80'000 && measured < 500'000;
  const auto volts = !is_dc && is_plausible ? measured : state.place.volts.count();
  const auto lines = is_dc ? dc_lines(values, volts)
                           : ac_lines(values, at.newest, place.line_count, volts);
  if (lines) put_lines(at.newest, *lines);
  const auto power = power_of(values);
  if (power) at.newest.power_w = narrow(divided_up(*power, 1'000), current_ma_max);
  else if (lines)
    at.newest.power_w = narrow(
        divided_up(power_of((*lines)[0] + (*lines)[1] + (*lines)[2], volts), 1'000),
        current_ma_max);
  if (values.voltage_mv) at.newest.voltage_mv = narrow(std::max<std::int64_t>(measured, 0),
                                                       voltage_mv_max);
  at.newest.has_soc = values.soc_permille.has_value();
  at.newest.soc_permille = static_cast<std::uint16_t>(values.soc_permille.value_or(0));
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
