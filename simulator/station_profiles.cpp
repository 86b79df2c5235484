#include "simulator/station_profiles.hpp"

#include "control/smart_charging/composite.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace busbar::simulator {

namespace {

namespace smart = control::smart_charging;
using domain::milliamperes;

smart::station_settings settings_of(const std::vector<outlet>& outlets) {
  const auto& first = outlets.front();
  const auto phases = first.can_switch_phases() ? std::uint8_t{3} : first.offered().phases;
  return smart::settings_of(outlets.size(), first.offered().voltage, phases);
}

/// A limit over `stated` phases for a vehicle on `used` of them: no more power than was meant.
milliamperes over_phases(milliamperes limit, std::uint8_t stated, std::uint8_t used) {
  return used > stated ? milliamperes{limit.count() * stated / used} : limit;
}

/// The power that `scaled` leaves over `used` of the `stated` phases, whole watts, rounded down.
domain::watts power_over(const smart::station_settings& settings, std::int64_t scaled,
                         std::uint8_t stated, std::uint8_t used) {
  const smart::combiner combine(settings, smart::rate_unit::watt);
  const auto tenths = combine.scale().limit_tenths(scaled);
  const auto lines = used == 0 ? stated : std::min(stated, used);
  return domain::watts{tenths * lines / stated / 10};
}

/// Outlets that share the station's maximum: those with a session, by its begin.
std::vector<std::size_t> sharers(const std::vector<outlet>& outlets) {
  std::vector<std::size_t> found;
  for (std::size_t place = 0; place < outlets.size(); ++place)
    if (!outlets[place].session().is_empty()) found.push_back(place);
  std::stable_sort(found.begin(), found.end(), [&](std::size_t one, std::size_t other) {
    return outlets[one].session_began() < outlets[other].session_began();
  });
  return found;
}

/// Equal parts of `total` for all of `active`, or for as many of the first as get their minimum.
std::vector<milliamperes> parts_of(milliamperes total, const std::vector<outlet>& outlets,
                                   const std::vector<std::size_t>& active) {
  const auto minimum = std::max<std::int64_t>(outlets.front().offered().current_min.count(), 1);
  const auto fitting = std::max<std::int64_t>(total.count() / minimum, 1);
  const auto served = std::min(fitting, static_cast<std::int64_t>(active.size()));
  std::vector<milliamperes> parts(outlets.size());
  for (std::size_t n = 0; std::cmp_less(n, served); ++n)
    parts[active[n]] = milliamperes{total.count() / served};
  return parts;
}

} // namespace

station_profiles::station_profiles(const std::vector<outlet>& outlets)
    : kept_(settings_of(outlets)) {}

std::vector<profile_cap> station_profiles::caps(const std::vector<outlet>& outlets,
                                                domain::instant now) {
  std::vector<profile_cap> found;
  for (std::size_t place = 0; place < outlets.size(); ++place) {
    const auto connector = static_cast<std::int32_t>(place + 1);
    kept_.follow(connector, outlets[place].session(), outlets[place].session_began());
    found.push_back(cap_of(outlets[place], connector, now));
  }
  if (outlets.size() > 1) share_maximum(outlets, found, now);
  return found;
}

profile_cap station_profiles::cap_of(const outlet& at, std::int32_t connector,
                                     domain::instant now) const {
  const auto second = std::chrono::floor<smart::seconds>(now);
  const smart::combiner combine(store().settings(), smart::rate_unit::ampere);
  const auto found =
      smart::verdict_at(store(), connector, second, smart::rate_unit::ampere);
  if (!found.scaled) return {};
  const milliamperes limit{combine.scale().limit_tenths(*found.scaled) * 100};
  const auto stated = found.phases.value_or(store().settings().phases);
  profile_cap cap;
  const auto used = at.can_switch_phases() && stated < 3 ? std::uint8_t{1} : at.phases();
  cap.current = std::min(over_phases(limit, stated, used), at.current_max());
  cap.phases = found.phases;
  const auto in_watts = smart::verdict_at(store(), connector, second, smart::rate_unit::watt);
  if (in_watts.scaled)
    cap.power = power_over(store().settings(), *in_watts.scaled, stated, used);
  cap.who = "profile " + std::to_string(found.held_by->id);
  return cap;
}

void station_profiles::share_maximum(const std::vector<outlet>& outlets,
                                     std::vector<profile_cap>& caps, domain::instant now) const {
  const auto second = std::chrono::floor<smart::seconds>(now);
  const auto said = smart::speaker_stack::of_station(store(), 0, second).advance(second);
  const auto active = sharers(outlets);
  if (!said.period || active.empty()) return;
  const smart::combiner combine(store().settings(), smart::rate_unit::ampere);
  const auto phases = combine.phases_of(said);
  const auto stated = phases.value_or(store().settings().phases);
  const milliamperes total{combine.scale().limit_tenths(combine.scaled(said, phases)) * 100};
  const auto parts = parts_of(total, outlets, active);
  for (const auto place : active) {
    // A neighbour that still draws more than its part keeps this one down.
    milliamperes left = total;
    for (std::size_t other = 0; other < outlets.size(); ++other)
      if (other != place) left -= std::max(outlets[other].drawn(), parts[other]);
    const auto most = std::max(std::min(parts[place], left), milliamperes{});
    const auto fair = over_phases(most, stated, outlets[place].phases());
    auto& cap = caps[place];
    if (cap.current && *cap.current <= fair) continue;
    cap.current = fair;
    cap.power = domain::watts{outlets[place].milliwatts_at(fair) / 1000};
    cap.who = "profile " + std::to_string(said.profile->id) + " of the whole station, shared by " +
              std::to_string(active.size()) + ",";
  }
}

} // namespace busbar::simulator
