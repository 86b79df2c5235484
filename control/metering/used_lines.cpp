#include "control/metering/used_lines.hpp"

#include <algorithm>
#include <cstdlib>

namespace busbar::control::metering {

using domain::connector_state;
using domain::line_set;

namespace {

/// How a reading's power fits its currents.
enum class fit : std::uint8_t { evident, unclear, contradicts };

std::int64_t voltage_of(const domain::reading& reading, domain::millivolts nominal) {
  const auto apart = std::abs(reading.voltage_mv - nominal.count());
  return apart * 5 <= nominal.count() ? std::int64_t{reading.voltage_mv} : nominal.count();
}

/// Power is never above the currents' apparent power, and at half of it with the worst of onboard
/// chargers; a fifth and 200 W are left for samples that are not of one instant.
fit fit_of(const domain::reading& reading, domain::millivolts nominal) {
  constexpr std::int64_t per_watt = 1'000'000;
  std::int64_t sum_ma = 0;
  for (const std::int64_t ma : reading.current_ma) sum_ma += std::abs(ma);
  const std::int64_t apparent = sum_ma * voltage_of(reading, nominal) / per_watt;
  const std::int64_t power = std::abs(std::int64_t{reading.power_w});
  if (power > apparent * 3 / 2 + 300) return fit::contradicts;
  return power <= apparent * 6 / 5 + 200 && power * 2 >= apparent ? fit::evident : fit::unclear;
}

bool has_vehicle(connector_state state) {
  return state == connector_state::activated || state == connector_state::supplying;
}

} // namespace

std::optional<line_set> used_lines::of_site(const std::array<domain::line, 3>& own) const {
  if (!is_learned()) return std::nullopt;
  line_set lines;
  for (const auto line : domain::all_lines)
    if (learned_.contains(line)) lines.add(own[domain::index_of(line)]);
  return lines;
}

void used_lines::count_on_all() {
  learned_ = line_set::all();
  candidate_ = {};
}

void used_lines::grow_back() {
  constexpr std::uint8_t times_max = 8;
  if (is_learned()) times_grown_ = std::min<std::uint8_t>(times_max, times_grown_ + 1);
  count_on_all();
}

domain::seconds used_lines::learning_time(const used_lines_settings& settings) const {
  return std::min(settings.learn_after_max, settings.learn_after * (1 << 2 * times_grown_));
}

void used_lines::take(const used_lines_settings& settings, const domain::reading& reading,
                      domain::millivolts nominal) {
  if (!has_vehicle(reading.state)) return forget();
  line_set used;
  bool is_evident = true;
  for (const auto line : domain::all_lines) {
    const std::int64_t ma = std::abs(std::int64_t{reading.current_ma[domain::index_of(line)]});
    if (ma >= settings.used.count()) used.add(line);
    is_evident = is_evident && (ma < settings.silent.count() || ma >= settings.evident.count());
  }
  const auto fits = fit_of(reading, nominal);
  const bool is_beyond = (used.bits() & ~learned_.bits()) != 0;
  if (is_beyond || fits == fit::contradicts) return grow_back();
  if (used.is_empty()) return count_on_all();
  is_evident = is_evident && fits == fit::evident;
  const bool goes_on = is_evident && used == candidate_ &&
                       reading.measured_at - last_ <= settings.gap_max;
  last_ = reading.measured_at;
  if (!goes_on) {
    candidate_ = is_evident ? used : line_set{};
    since_ = reading.measured_at;
  }
  if (goes_on && reading.measured_at - since_ >= learning_time(settings)) learned_ = used;
}

} // namespace busbar::control::metering
