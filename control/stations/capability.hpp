#pragma once
// What a kind of station can do, and whether a command fits it. Built-in profiles are the usual
// connector standards; a site or a station's own report adds others.

#include "domain/site.hpp"
#include "domain/units.hpp"

#include <optional>
#include <string>
#include <vector>

namespace busbar::control::stations {

using domain::capability;

/// ac_level2_single, ac_level2_three, dcfc_ccs_medium, dcfc_ccs_high, dcfc_chademo.
[[nodiscard]] const std::vector<capability>& built_in_capabilities();
/// The built-in profile of that name.
[[nodiscard]] const capability* find_capability(const std::string& name);
/// The site's own of that name, else the built-in one, else null.
[[nodiscard]] const capability* find_capability(const domain::site& site, const std::string& name);

/// What a command asks of a station; absent fields ask nothing.
struct setpoint {
  std::optional<domain::milliamperes> current;
  std::optional<domain::watts> power;
  std::optional<domain::millivolts> voltage;
  /// 1..3; for AC.
  std::optional<int> lines;
};

/// One field that does not fit, with its value and the allowed range in the field's unit.
struct setpoint_fault {
  std::string field;
  std::int64_t value = 0;
  std::int64_t low = 0;
  std::int64_t high = 0;
  /// "current_ma is 90000: allowed is 6000 to 80000".
  [[nodiscard]] std::string text() const;
};

/// Every fault at once; empty when the command fits. A current or power of zero (stop) always fits;
/// a negative one (export) fits bidirectional profiles down to minus the maximum.
[[nodiscard]] std::vector<setpoint_fault> validate(const capability& profile,
                                                   const setpoint& asked);

/// The setpoint nearest to a wish that the profile allows: clamped to the maximum, rounded down to
/// a step, zero where it falls below the minimum. Mind LIM-5: never above the wish.
[[nodiscard]] domain::milliamperes recommended_current(const capability& profile,
                                                       domain::milliamperes wish);

using domain::station_report;

/// The built-in profile that is nearest to a report, narrowed to what was reported: never wider
/// than the report. CHAdeMO where current and power are reported and fit its numbers. Absent where
/// the report says neither AC nor DC nor a voltage to tell by.
[[nodiscard]] std::optional<capability> discover(const station_report& report);

} // namespace busbar::control::stations
