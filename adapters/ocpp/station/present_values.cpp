#include "adapters/ocpp/station/present_values.hpp"

#include "domain/time_text.hpp"

#include <algorithm>
#include <string>

namespace busbar::adapters::ocpp::station {

namespace {

constexpr std::int64_t thousandths_max = 9'000'000'000'000'000;

struct sample {
  std::string_view measurand = "Energy.Active.Import.Register";
  std::string_view unit;
  std::string_view phase;
  std::string_view location = "Outlet";
  std::int64_t thousandths = 0;
};

std::optional<std::size_t> line_of(std::string_view phase) {
  if (phase.starts_with("L1") && phase != "L1-L2") return 0;
  if (phase.starts_with("L2") && phase != "L2-L3") return 1;
  if (phase.starts_with("L3") && phase != "L3-L1") return 2;
  return std::nullopt;
}

bool is_present(std::string_view context) {
  return context != "Transaction.Begin" && context != "Transaction.End" &&
         context != "Interruption.Begin";
}

bool is_between_lines(std::string_view phase) { return phase.find("-L") != phase.npos; }

void take_current(present_values& into, const sample& from) {
  if (const auto line = line_of(from.phase)) into.current_ma[*line] = from.thousandths;
  else if (from.phase.empty()) into.current_each_ma = from.thousandths;
}

void take_power(present_values& into, const sample& from) {
  const bool is_kilo = from.unit == "kW";
  const auto milliwatts = is_kilo ? from.thousandths * 1'000 : from.thousandths;
  if (const auto line = line_of(from.phase)) into.power_by_line_mw[*line] = milliwatts;
  else if (from.phase.empty()) into.power_mw = milliwatts;
}

void take_voltage(present_values& into, const sample& from) {
  // Of several lines the lowest one: what is computed with it is not less than what flows.
  if (is_between_lines(from.phase)) return;
  into.voltage_mv = std::min(into.voltage_mv.value_or(from.thousandths), from.thousandths);
}

void take_register(present_values& into, const sample& from) {
  if (!from.phase.empty()) return;
  into.register_mwh = from.unit == "kWh" ? from.thousandths * 1'000 : from.thousandths;
}

void take_temperature(present_values& into, const sample& from) {
  if (from.unit == "K") into.temperature_mc = from.thousandths - 273'150;
  else if (from.unit == "Fahrenheit") into.temperature_mc = (from.thousandths - 32'000) * 5 / 9;
  else into.temperature_mc = from.thousandths;
}

void take(present_values& into, const sample& from) {
  if (from.measurand == "Current.Import") take_current(into, from);
  else if (from.measurand == "Power.Active.Import") take_power(into, from);
  else if (from.measurand == "Voltage") take_voltage(into, from);
  else if (from.measurand == "Energy.Active.Import.Register") take_register(into, from);
  else if (from.measurand == "SoC")
    into.soc_permille = std::clamp<std::int64_t>(from.thousandths / 100, 0, 1'000);
  else if (from.measurand == "Temperature") take_temperature(into, from);
}

void read_sample(present_values& into, const json_element& value) {
  sample read;
  if (!is_present(text_in(value, "context").value_or("Sample.Periodic"))) return;
  read.measurand = text_in(value, "measurand").value_or(read.measurand);
  read.unit = text_in(value, "unit").value_or("");
  read.phase = text_in(value, "phase").value_or("");
  read.location = text_in(value, "location").value_or(read.location);
  const bool is_signed = text_in(value, "format").value_or("Raw") == "SignedData";
  const auto number =
      is_signed ? std::nullopt : thousandths_of(text_in(value, "value").value_or(""));
  if (!number) {
    ++into.unread;
    return;
  }
  // The vehicle's side, the cable and the housing are no measure of what enters the station.
  const bool is_of_body = read.measurand == "Temperature" || read.measurand == "SoC";
  if (!is_of_body && read.location != "Outlet" && read.location != "Inlet") return;
  read.thousandths = *number;
  take(into, read);
}

} // namespace

bool present_values::is_empty() const {
  const auto has = [](const auto& lines) {
    return std::any_of(lines.begin(), lines.end(), [](const auto& one) { return one.has_value(); });
  };
  return !has(current_ma) && !current_each_ma && !has(power_by_line_mw) && !power_mw &&
         !voltage_mv && !register_mwh && !soc_permille && !temperature_mc;
}

present_values read_present(const simdjson::dom::array& meter_value) {
  present_values read;
  for (const auto entry : meter_value) {
    const auto stamp = stamp_of(text_in(entry, "timestamp").value_or(""), read.has_no_zone);
    if (stamp) read.stamped_at = std::max(read.stamped_at.value_or(*stamp), *stamp);
    const auto samples = list_in(entry, "sampledValue");
    if (!samples) continue;
    for (const auto value : *samples) read_sample(read, value);
  }
  return read;
}

std::optional<std::int64_t> thousandths_of(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  std::int64_t sum = 0;
  int decimals = -1;
  bool has_digit = false;
  for (const char c : text) {
    if (c == '.' && decimals < 0) {
      decimals = 0;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    has_digit = true;
    if (decimals >= 3) continue;
    if (decimals >= 0) ++decimals;
    sum = sum * 10 + (c - '0');
    if (sum > thousandths_max) return std::nullopt;
  }
  if (!has_digit) return std::nullopt;
  for (int i = std::max(decimals, 0); i < 3; ++i) {
    sum *= 10;
    if (sum > thousandths_max) return std::nullopt;
  }
  return is_negative ? -sum : sum;
}

std::optional<domain::instant> stamp_of(std::string_view text, bool& has_no_zone) {
  if (const auto exact = domain::instant_from(text)) return exact;
  const auto read = domain::instant_from(std::string{text} + "Z");
  if (read) has_no_zone = true;
  return read;
}

} // namespace busbar::adapters::ocpp::station
