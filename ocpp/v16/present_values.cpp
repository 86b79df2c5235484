#include "ocpp/v16/present_values.hpp"

#include "domain/electrical.hpp"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <functional>
#include <vector>

namespace busbar::ocpp::v16 {

namespace {

using domain::rounding::divide_ceil;
using domain::rounding::divide_floor;
using lines = std::array<std::optional<std::int64_t>, 3>;

/// Far above every station, and products of two stay below 2^63: 2 MA, 2 MV.
constexpr std::int64_t thousandths_max = 2'000'000'000;
/// 2 GW.
constexpr std::int64_t milliwatts_max = 2'000'000'000'000;

bool is_kilo(sample_unit unit) {
  return unit == sample_unit::kwh || unit == sample_unit::kw;
}

/// In thousandths of the plain unit; absent where no station can mean it.
std::optional<std::int64_t> thousandths_of(const sample& from) {
  const auto exact = units_ceil(from.value, is_kilo(from.unit) ? 6 : 3);
  const bool is_power = from.unit == sample_unit::w || from.unit == sample_unit::kw;
  const auto most = is_power ? milliwatts_max : thousandths_max;
  if (!exact || *exact > most || *exact < -most) return std::nullopt;
  return exact;
}

/// 0 to 2 where the phase is one line's, with or without its neutral.
std::optional<std::size_t> line_of(sample_phase phase) {
  switch (phase) {
  case sample_phase::l1:
  case sample_phase::l1_n: return 0;
  case sample_phase::l2:
  case sample_phase::l2_n: return 1;
  case sample_phase::l3:
  case sample_phase::l3_n: return 2;
  default: return std::nullopt;
  }
}

/// Import and export of one value: what flows in counts; where nothing does, what flows out.
void flow_in(std::optional<std::int64_t>& into, std::int64_t value) {
  if (!into || value != 0 || *into > 0) into = value;
}
void flow_out(std::optional<std::int64_t>& into, std::int64_t value) {
  if (value != 0 && (!into || *into == 0)) into = -value;
}

class moment_filler {
public:
  explicit moment_filler(present_values& into) : into_(into) {}

  void take(const sample& from) {
    if (from.is_signed()) return;
    switch (from.context) {
    case sample_context::transaction_begin: return take_register(into_.begin_wh, from);
    case sample_context::transaction_end: return take_register(into_.end_wh, from);
    case sample_context::interruption_begin:
    case sample_context::interruption_end: return;
    default: return take_present(from);
    }
  }

private:
  void take_present(const sample& from) {
    if (from.what == measurand::soc) return take_soc(from);
    if (from.what == measurand::temperature) return take_temperature(from);
    const bool is_inlet = from.location == sample_location::inlet;
    const bool is_outlet = from.location == sample_location::outlet ||
                           from.location == sample_location::cable;
    if (is_inlet || is_outlet) take_side(is_inlet ? into_.inlet : into_.outlet, from);
  }

  void take_side(side_values& side, const sample& from) {
    switch (from.what) {
    case measurand::current_import:
    case measurand::current_export: return take_flow(side.line_ma, side.each_ma, from);
    case measurand::power_active_import:
    case measurand::power_active_export: return take_flow(side.line_mw, side.total_mw, from);
    case measurand::voltage: return take_voltage(side, from);
    case measurand::energy_active_import_register: return take_register(side.energy_wh, from);
    default: return;
    }
  }

  static void take_flow(lines& by_line, std::optional<std::int64_t>& whole, const sample& from) {
    const auto value = thousandths_of(from);
    if (!value) return;
    const auto line = from.phase ? line_of(*from.phase) : std::nullopt;
    if (from.phase && !line) return;
    auto& into = line ? by_line[*line] : whole;
    const bool is_export = from.what == measurand::current_export ||
                           from.what == measurand::power_active_export;
    if (is_export) flow_out(into, *value);
    else flow_in(into, *value);
  }

  static void take_voltage(side_values& side, const sample& from) {
    const auto value = thousandths_of(from);
    const bool is_to_neutral = !from.phase || line_of(*from.phase);
    if (!value || *value <= 0 || !is_to_neutral) return;
    side.voltage_mv = std::min(side.voltage_mv.value_or(*value), *value);
  }

  static void take_register(std::optional<std::int64_t>& into, const sample& from) {
    const bool is_register = from.what == measurand::energy_active_import_register;
    if (!is_register || from.phase) return;
    if (const auto whole = units_floor(from.value, is_kilo(from.unit) ? 3 : 0)) into = whole;
  }

  void take_soc(const sample& from) {
    const auto value = units_floor(from.value, 1);
    if (value && *value >= 0 && *value <= 1'000) into_.soc_permille = value;
  }

  void take_temperature(const sample& from) {
    const auto value = thousandths_of(from);
    if (!value) return;
    if (from.unit == sample_unit::k) into_.temperature_mc = *value - 273'150;
    else if (from.unit == sample_unit::fahrenheit)
      into_.temperature_mc = divide_floor((*value - 32'000) * 5, 9);
    else into_.temperature_mc = value;
  }

  present_values& into_;
};

/// Away from zero: what flows out loads a line like what flows in.
std::int64_t divide_outward(std::int64_t value, std::int64_t by) {
  return value < 0 ? divide_floor(value, by) : divide_ceil(value, by);
}

/// By magnitude.
std::int64_t largest_of(const side_values& values) {
  std::int64_t most = values.each_ma.value_or(0);
  for (const auto& line : values.line_ma)
    if (line && std::abs(*line) > std::abs(most)) most = *line;
  return most;
}

/// Of a line that has no current: its own power, else its share of the total, else the largest
/// current that there is.
std::int64_t filled(const side_values& values, std::size_t line, const connector_terms& terms) {
  const auto least = std::max<std::int64_t>(1, terms.voltage_min.count());
  const auto voltage = std::min(values.voltage_mv.value_or(least), least);
  // mW / mV = A.
  if (values.line_mw[line]) return divide_outward(*values.line_mw[line] * 1'000, voltage);
  if (values.each_ma) return *values.each_ma;
  const auto largest = largest_of(values);
  const auto power = values.power_mw();
  if (!power) return largest;
  const auto share = divide_outward(*power * 1'000, voltage * terms.lines);
  return std::abs(share) > std::abs(largest) ? share : largest;
}

/// A station that stamps each sample anew spreads one moment over less than this.
constexpr domain::microseconds one_moment = std::chrono::seconds{1};

template <class Value> void fill(std::optional<Value>& to, const std::optional<Value>& from) {
  if (!to) to = from;
}

void complete(side_values& to, const side_values& from) {
  for (std::size_t line = 0; line < to.line_ma.size(); ++line) {
    fill(to.line_ma[line], from.line_ma[line]);
    fill(to.line_mw[line], from.line_mw[line]);
  }
  fill(to.each_ma, from.each_ma);
  fill(to.total_mw, from.total_mw);
  fill(to.voltage_mv, from.voltage_mv);
  fill(to.energy_wh, from.energy_wh);
}

void complete(present_values& to, const present_values& from) {
  complete(to.outlet, from.outlet);
  complete(to.inlet, from.inlet);
  fill(to.soc_permille, from.soc_permille);
  fill(to.temperature_mc, from.temperature_mc);
}

} // namespace

std::optional<std::int64_t> side_values::power_mw() const {
  if (total_mw) return total_mw;
  std::optional<std::int64_t> sum;
  for (const auto& line : line_mw)
    if (line) sum = sum.value_or(0) + *line;
  return sum;
}

bool side_values::has_current() const {
  return each_ma || line_ma[0] || line_ma[1] || line_ma[2];
}

std::vector<present_values> moments_of(std::span<const sample> samples) {
  std::vector<present_values> moments;
  for (const auto& each : samples) {
    // Newest first: entries of one moment stand together.
    auto found = std::find_if(moments.rbegin(), moments.rend(),
                              [&](const present_values& moment) { return moment.at == each.at; });
    if (found == moments.rend()) {
      moments.push_back({each.at, {}, {}, {}, {}, {}, {}});
      found = moments.rbegin();
    }
    moment_filler(*found).take(each);
  }
  return moments;
}

std::optional<present_values> newest_of(std::span<const present_values> moments) {
  const auto newest = std::ranges::max_element(moments, {}, &present_values::at);
  if (newest == moments.end()) return std::nullopt;
  auto all = *newest;
  if (!all.at) return all;
  std::vector<present_values> parts;
  for (const auto& each : moments)
    if (each.at && *all.at - *each.at <= one_moment) parts.push_back(each);
  std::ranges::sort(parts, std::greater{}, &present_values::at);
  for (const auto& each : parts) complete(all, each);
  return all;
}

std::optional<std::array<std::int64_t, 3>> line_draw(const side_values& values,
                                                     const connector_terms& terms) {
  assert(terms.lines >= 1 && terms.lines <= 3);
  if (!values.has_current() && !values.power_mw()) return std::nullopt;
  std::array<std::int64_t, 3> draw{};
  for (std::size_t line = 0; line < draw.size(); ++line) {
    const bool is_used = line < static_cast<std::size_t>(terms.lines);
    if (values.line_ma[line]) draw[line] = *values.line_ma[line];
    else if (is_used || values.line_mw[line]) draw[line] = filled(values, line, terms);
  }
  return draw;
}

std::optional<std::int64_t> grid_draw_w(const present_values& values,
                                        domain::permille efficiency) {
  assert(efficiency.count() >= 1 && efficiency.count() <= 1'000);
  if (const auto entering = values.inlet.power_mw()) return divide_ceil(*entering, 1'000);
  auto leaving = values.outlet.power_mw();
  if (!leaving && values.outlet.has_current() && values.outlet.voltage_mv)
    leaving = divide_ceil(largest_of(values.outlet) * *values.outlet.voltage_mv, 1'000);
  if (!leaving) return std::nullopt;
  return divide_ceil(*leaving, efficiency.count());
}

} // namespace busbar::ocpp::v16
