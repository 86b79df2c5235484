#include "control/stations/connector_profile.hpp"

#include "control/limits/node_voltage.hpp"
#include "control/stations/capability.hpp"
#include "control/stations/discovery.hpp"
#include "domain/electrical.hpp"

#include <algorithm>

namespace busbar::control::stations {

namespace {

/// Wider than any connector: bounds nothing.
constexpr std::int64_t unbounded = 100'000'000;

capability stated_by(const domain::connector& connector) {
  capability profile;
  profile.kind = connector.kind;
  profile.voltage_max = domain::millivolts{unbounded};
  profile.current_max = domain::milliamperes{unbounded};
  profile.power_max = domain::watts{unbounded};
  profile.step = domain::milliamperes{1};
  return profile;
}

domain::watts recommended_size(const capability& profile, domain::watts wish,
                               domain::millivolts voltage) {
  const auto wished = domain::current_floor(wish, voltage, 1);
  const auto current = recommended_current(profile, wished);
  const bool is_bound = current < wished && current >= profile.current_max;
  const auto by_current = is_bound ? domain::power_floor(current, voltage, 1) : wish;
  const auto power = std::min({wish, profile.power_max, by_current});
  const bool is_startable = current > domain::milliamperes{} && power >= profile.power_min;
  return is_startable ? power : domain::watts{};
}

std::int64_t milliwatts_per_ampere(const domain::site& site, domain::connector_index connector) {
  const auto& stated = site.connectors[connector.value()];
  const auto node = site.stations[stated.station.value()].parent.value();
  return limits::milliwatts_per_ampere(stated, limits::voltages_of(site)[node]);
}

} // namespace

capability profile_of(const domain::site& site, const domain::connector& connector) {
  const domain::station& station = site.stations[connector.station.value()];
  const capability* known = find_capability(site, station.capability);
  const bool fits = known != nullptr && known->kind == connector.kind;
  capability profile = fits ? *known : stated_by(connector);
  narrow_to(profile, connector);
  return profile;
}

domain::watts recommended_power(const capability& profile, domain::watts wish,
                                domain::millivolts voltage) {
  if (wish >= domain::watts{}) return recommended_size(profile, wish, voltage);
  if (!profile.is_bidirectional) return domain::watts{};
  return -recommended_size(profile, -wish, voltage);
}

domain::watts power_at_site(const domain::site& site, domain::connector_index connector,
                            domain::milliamperes current) {
  const std::int64_t milliwatts = milliwatts_per_ampere(site, connector);
  return domain::watts{domain::rounding::divide_floor(current.count() * milliwatts, 1'000'000)};
}

domain::milliamperes current_at_site(const domain::site& site, domain::connector_index connector,
                                     domain::watts power) {
  const std::int64_t milliwatts = milliwatts_per_ampere(site, connector);
  return domain::milliamperes{
      domain::rounding::divide_floor(power.count() * 1'000'000, milliwatts)};
}

} // namespace busbar::control::stations
