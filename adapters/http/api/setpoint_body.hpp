#pragma once
// What the bodies of phase-currents and dc-power ask for. Each is taken in two forms: in integers
// with the unit in the name (`l1_ma`, `power_w`), which state until when, and in the load manager's
// own words in amperes and kilowatts (`phases`, `power`, `current`), which hold for a day unless
// they state less. Both together are a fault.

#include "adapters/http/json/body_reader.hpp"
#include "control/stations/capability.hpp"
#include "domain/operator_order.hpp"
#include "domain/site.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace busbar::adapters::http::api {

inline constexpr std::int64_t setpoint_max = 100'000'000;

/// How a limit moves to where it shall be.
struct ramp_wish {
  /// AC: line current, mA. DC: power at the output, W. > 0.
  std::int64_t step = 0;
  domain::microseconds every{};
};

struct currents_wish {
  /// By the site's lines; 0 where the connector does not lie.
  domain::per_line<domain::milliamperes> current{};
  std::optional<ramp_wish> ramp;
};

struct power_wish {
  domain::watts power{};
  /// Of the output; where none is stated and none measured the profile's highest, where the current
  /// is least.
  domain::millivolts voltage{};
  /// Where the body states a current of the output in place of a power.
  std::optional<domain::milliamperes> output;
  std::optional<ramp_wish> ramp;
  /// What was capped, for people: "power 150 kW is above what DC-001-1 gives at most: ..."; empty
  /// where nothing was.
  std::string note;
};

/// What a body about a DC outlet is held to.
struct outlet_facts {
  const domain::connector_id& connector;
  const domain::capability& profile;
  /// Absent: not measured.
  std::optional<domain::millivolts> measured;
  /// By how much a second a limit with `autoRamp` moves.
  domain::watts ramp_per_second{};
};

[[nodiscard]] bool lies_on(const domain::connector& connector, domain::line line);

/// Every line of the connector is to be stated, and to fit its profile.
[[nodiscard]] currents_wish read_currents(json::body_reader& body,
                                          const domain::connector& connector,
                                          const domain::capability& profile);
/// In the load manager's own words what is above the most is capped and noted.
[[nodiscard]] power_wish read_power(json::body_reader& body, const outlet_facts& outlet);
/// `until`, or now and `duration_s`.
[[nodiscard]] domain::instant read_until(json::body_reader& body, domain::instant now);

[[nodiscard]] inline domain::watts size_of(domain::watts power) {
  return power < domain::watts{} ? -power : power;
}

} // namespace busbar::adapters::http::api
