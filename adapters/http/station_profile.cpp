#include "adapters/http/station_profile.hpp"

#include "control/stations/discovery.hpp"
#include "domain/electrical.hpp"

#include <algorithm>

namespace busbar::adapters::http {

namespace {

/// Wider than any connector: bounds nothing.
constexpr std::int64_t unbounded = 100'000'000;

domain::capability stated_by(const domain::connector& connector) {
  domain::capability profile;
  profile.kind = connector.kind;
  profile.voltage_max = domain::millivolts{unbounded};
  profile.current_max = domain::milliamperes{unbounded};
  profile.power_max = domain::watts{unbounded};
  profile.step = domain::milliamperes{1};
  return profile;
}

} // namespace

domain::capability profile_of(const domain::site& site, const domain::connector& connector) {
  const domain::station& station = site.stations[connector.station.value()];
  const domain::capability* known = control::stations::find_capability(site, station.capability);
  const bool fits = known != nullptr && known->kind == connector.kind;
  domain::capability profile = fits ? *known : stated_by(connector);
  control::stations::narrow_to(profile, connector);
  return profile;
}

domain::watts recommended_power(const domain::capability& profile, domain::watts wish,
                                domain::millivolts voltage) {
  const auto wished = domain::current_floor(wish, voltage, 1);
  const auto current = control::stations::recommended_current(profile, wished);
  const bool is_bound = current < wished && current >= profile.current_max;
  const auto by_current = is_bound ? domain::power_floor(current, voltage, 1) : wish;
  const auto power = std::min({wish, profile.power_max, by_current});
  const bool is_startable = current > domain::milliamperes{} && power >= profile.power_min;
  return is_startable ? power : domain::watts{};
}

feature feature_from(const std::string& name) {
  if (name == feature_names[0]) return feature::bidirectional;
  return name == feature_names[1] ? feature::phase_switching : feature::smart_charging;
}

bool has_feature(const domain::capability& profile, feature wanted) {
  switch (wanted) {
  case feature::bidirectional: return profile.is_bidirectional;
  case feature::phase_switching: return profile.can_switch_phases;
  default: return profile.has_smart_charging;
  }
}

} // namespace busbar::adapters::http
