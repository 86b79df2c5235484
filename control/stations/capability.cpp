#include "control/stations/capability.hpp"

#include <algorithm>
#include <cstdlib>

namespace busbar::control::stations {

using domain::current_kind;
using domain::milliamperes;
using domain::millivolts;
using domain::watts;

namespace {

capability ac(const char* name, const char* standard, int lines, std::int64_t volts,
              std::int64_t amperes_max) {
  capability profile;
  profile.name = name;
  profile.standard = standard;
  profile.kind = current_kind::ac;
  profile.line_count = lines;
  // Supply voltage may vary by 10 % (EN 50160; ANSI C84.1 range B is within it).
  profile.voltage_min = millivolts{volts * 900};
  profile.voltage_max = millivolts{volts * 1'100};
  profile.current_min = milliamperes{6'000};
  profile.current_max = milliamperes{amperes_max * 1'000};
  return profile;
}

struct dc_ranges {
  std::int64_t volts_low, volts_high, amperes_low, amperes_high, watts_low, watts_high;
};

capability dc(const char* name, const char* standard, const dc_ranges& ranges) {
  capability profile;
  profile.name = name;
  profile.standard = standard;
  profile.kind = current_kind::dc;
  profile.line_count = 1;
  profile.voltage_min = millivolts{ranges.volts_low * 1'000};
  profile.voltage_max = millivolts{ranges.volts_high * 1'000};
  profile.current_min = milliamperes{ranges.amperes_low * 1'000};
  profile.current_max = milliamperes{ranges.amperes_high * 1'000};
  profile.power_min = watts{ranges.watts_low};
  profile.power_max = watts{ranges.watts_high};
  return profile;
}

std::vector<capability> make_built_in() {
  auto single = ac("ac_level2_single", "SAE J1772", 1, 240, 80);
  // IEC 61851-1, Type 2: 400 V line to line is 230 V line to neutral.
  auto three = ac("ac_level2_three", "IEC 62196-2 Type 2", 3, 230, 32);
  three.can_switch_phases = true;
  return {std::move(single), std::move(three),
          dc("dcfc_ccs_medium", "IEC 62196-3 CCS", {200, 500, 10, 200, 20'000, 150'000}),
          dc("dcfc_ccs_high", "IEC 62196-3 CCS", {200, 920, 10, 500, 50'000, 350'000}),
          dc("dcfc_chademo", "IEC 62196-3 CHAdeMO", {50, 500, 10, 125, 10'000, 62'500})};
}

/// Adds a fault where `value` is neither zero nor within low..high (nor, where export is possible,
/// within -high..-low).
void check_range(std::vector<setpoint_fault>& faults, const char* field, std::int64_t value,
                 std::int64_t low, std::int64_t high, bool is_export_possible) {
  const auto size = std::abs(value);
  const bool is_sign_fine = value >= 0 || is_export_possible;
  if (value == 0 || (is_sign_fine && size >= low && size <= high)) return;
  faults.push_back({field, value, is_export_possible ? -high : low, high});
}

} // namespace

const std::vector<capability>& built_in_capabilities() {
  static const std::vector<capability> profiles = make_built_in();
  return profiles;
}

const capability* find_capability(const std::string& name) {
  const auto& all = built_in_capabilities();
  const auto found = std::ranges::find(all, name, &capability::name);
  return found == all.end() ? nullptr : &*found;
}

const capability* find_capability(const domain::site& site, const std::string& name) {
  for (const auto& own : site.capabilities)
    if (own.name == name) return &own;
  return find_capability(name);
}

std::string setpoint_fault::text() const {
  return field + " is " + std::to_string(value) + ": allowed is " + std::to_string(low) + " to " +
         std::to_string(high);
}

std::vector<setpoint_fault> validate(const capability& profile, const setpoint& asked) {
  std::vector<setpoint_fault> faults;
  const bool is_export_possible = profile.is_bidirectional;
  if (asked.current)
    check_range(faults, "current_ma", asked.current->count(), profile.current_min.count(),
                profile.current_max.count(), is_export_possible);
  if (asked.power && profile.kind == current_kind::dc)
    check_range(faults, "power_w", asked.power->count(), profile.power_min.count(),
                profile.power_max.count(), is_export_possible);
  const auto volts = asked.voltage.value_or(profile.voltage_min);
  if (volts < profile.voltage_min || volts > profile.voltage_max)
    faults.push_back({"voltage_mv", volts.count(), profile.voltage_min.count(),
                      profile.voltage_max.count()});
  const int lines_min = profile.can_switch_phases ? 1 : profile.line_count;
  if (asked.lines && (*asked.lines < lines_min || *asked.lines > profile.line_count))
    faults.push_back({"lines", *asked.lines, lines_min, profile.line_count});
  return faults;
}

milliamperes recommended_current(const capability& profile, milliamperes wish) {
  const auto clamped = std::min(wish, profile.current_max);
  const auto stepped = milliamperes{clamped.count() / profile.step.count() * profile.step.count()};
  if (stepped >= profile.current_min) return stepped;
  return milliamperes{};
}

namespace {

/// The smallest of the built-in DC profiles that holds what was reported. CHAdeMO is told by its
/// numbers: 125 A and 62.5 kW at most, at up to 500 V, or where only a power is stated by that.
const char* nearest_dc(const station_report& report) {
  const auto holds = [&](const char* name) {
    const capability& profile = *find_capability(name);
    return report.power_max.value_or(watts{}) <= profile.power_max &&
           report.current_max.value_or(milliamperes{}) <= profile.current_max &&
           report.voltage.value_or(millivolts{}) <= profile.voltage_max;
  };
  const bool says_how_much = report.current_max && report.power_max;
  const bool has_its_power = report.power_max == find_capability("dcfc_chademo")->power_max;
  if ((says_how_much || has_its_power) && holds("dcfc_chademo")) return "dcfc_chademo";
  return holds("dcfc_ccs_medium") ? "dcfc_ccs_medium" : "dcfc_ccs_high";
}

} // namespace

std::optional<capability> discover(const station_report& report) {
  const bool is_dc_by_voltage = report.voltage && report.voltage->count() > 264'000;
  if (!report.is_dc && !report.voltage && !report.line_count) return std::nullopt;
  const bool is_dc = report.is_dc.value_or(is_dc_by_voltage && !report.line_count);
  const bool has_three = report.line_count.value_or(1) == 3;
  auto profile = *find_capability(is_dc ? nearest_dc(report)
                                        : has_three ? "ac_level2_three" : "ac_level2_single");
  profile.name += " (reported)";
  if (report.current_max) profile.current_max = std::min(profile.current_max, *report.current_max);
  if (report.power_max && is_dc) profile.power_max = std::min(profile.power_max, *report.power_max);
  if (!is_dc && report.line_count) profile.line_count = std::min(*report.line_count, 3);
  profile.can_switch_phases = report.can_switch_phases.value_or(false);
  profile.has_smart_charging = report.has_smart_charging.value_or(false);
  profile.current_min = std::min(profile.current_min, profile.current_max);
  profile.power_min = std::min(profile.power_min, profile.power_max);
  return profile;
}

} // namespace busbar::control::stations
