#include "simulator/profile_audit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace busbar::simulator {

namespace {

using domain::charging_profile;
using domain::instant;
using domain::profile_kind;
using domain::profile_purpose;
using std::chrono::seconds;
using installed = control::smart_charging::installed_profile;

/// Rounding to whole mA.
constexpr double slack_ma = 1.0;

seconds begin_of(const charging_profile& profile, seconds began, seconds now) {
  const auto& plan = profile.plan;
  if (profile.kind == profile_kind::relative || !plan.starts_at) return began;
  const auto stated = plan.starts_at->time_since_epoch();
  if (profile.kind != profile_kind::recurring) return stated;
  const bool is_daily = profile.recurs == domain::profile_recurrency::daily;
  const std::int64_t every = is_daily ? 86'400 : 7 * 86'400;
  const auto since = (now - stated).count();
  const auto whole = since >= 0 ? since / every : (since - every + 1) / every;
  return stated + seconds{whole * every};
}

/// mA on each phase of a vehicle that uses `used` of the `supply`'s: no more power than was meant.
double milliamperes_of(const profile_limit& limit, const supply& from, std::uint8_t supply_phases,
                       std::uint8_t used) {
  const double lines = std::max<double>(used, 1);
  if (limit.unit == domain::rate_unit::watt)
    return limit.value * 1e6 / (static_cast<double>(from.voltage.count()) * lines);
  const double stated = std::min(limit.phases.value_or(supply_phases), supply_phases);
  return limit.value * 1000.0 * std::min(1.0, stated / lines);
}

/// The profile that leads for an outlet: Tx before TxDefault, then the level, then its own place.
bool leads(const installed& one, const installed& other) {
  const bool is_tx = one.profile.serves == profile_purpose::tx;
  const bool other_is_tx = other.profile.serves == profile_purpose::tx;
  if (is_tx != other_is_tx) return is_tx;
  if (one.profile.stack_level != other.profile.stack_level)
    return one.profile.stack_level > other.profile.stack_level;
  return one.connector > other.connector;
}

void lower(std::optional<double>& bound, double to) { bound = bound ? std::min(*bound, to) : to; }

/// The limit of the leading maximum, or of the leading profile of one outlet.
std::optional<profile_limit> leading_limit(const std::vector<installed>& all, bool is_maximum,
                                           std::int32_t connector, instant began, instant now) {
  const installed* leader = nullptr;
  std::optional<profile_limit> found;
  for (const auto& each : all) {
    const bool is_max = each.profile.serves == profile_purpose::charge_point_max;
    if (is_max != is_maximum || (each.connector != 0 && each.connector != connector)) continue;
    // A maximum without a begin of its own counts from its installation.
    const bool is_own = is_max && each.profile.kind == profile_kind::absolute;
    const auto from = is_own ? instant{each.profile.valid_from.value_or(each.installed_at)} : began;
    const auto said = limit_said(each.profile, from, now);
    if (!said || (leader != nullptr && !leads(each, *leader))) continue;
    leader = &each;
    found = said;
  }
  return found;
}

} // namespace

std::optional<profile_limit> limit_said(const charging_profile& profile, instant began,
                                        instant now) {
  const auto at = std::chrono::floor<seconds>(now).time_since_epoch();
  if (profile.valid_from && at < profile.valid_from->time_since_epoch()) return std::nullopt;
  if (profile.valid_to && at >= profile.valid_to->time_since_epoch()) return std::nullopt;
  const auto begin =
      begin_of(profile, std::chrono::floor<seconds>(began).time_since_epoch(), at);
  const auto passed = at - begin;
  if (passed < seconds{0} || (profile.plan.duration && passed >= *profile.plan.duration))
    return std::nullopt;
  std::optional<profile_limit> said;
  for (const auto& period : profile.plan.periods)
    if (period.start <= passed)
      said = {static_cast<double>(period.limit_tenths) / 10.0, profile.plan.unit, period.phases};
  return said;
}

std::optional<double> profile_audit::highest(history& of, std::optional<double> limit,
                                             instant now) const {
  // What held before the first look is not known.
  if (of.empty()) of.emplace_back(now, std::nullopt);
  if (of.back().second != limit) of.emplace_back(now, limit);
  while (of.size() > 1 && of[1].first <= now - settle_) of.pop_front();
  double most = 0;
  for (const auto& [at, held] : of) {
    if (!held) return std::nullopt;
    most = std::max(most, *held);
  }
  return most;
}

void profile_audit::look_at(const charge_point& point, const plant& yard, instant now,
                            std::vector<std::string>& wrong) {
  const auto& all = point.profiles()->store().installed();
  const auto supply_phases = point.profiles()->store().settings().phases;
  std::optional<double> of_station;
  double sum = 0;
  std::int32_t connector = 0;
  for (const auto& outlet : point.outlets()) {
    ++connector;
    const auto began = outlet.session_began();
    const auto most = leading_limit(all, true, connector, began, now);
    const auto own = outlet.session().is_empty()
                         ? std::nullopt
                         : leading_limit(all, false, connector, began, now);
    std::optional<double> bound;
    for (const auto& limit : {most, own})
      if (limit)
        lower(bound, milliamperes_of(*limit, outlet.offered(), supply_phases, outlet.phases()));
    // The sum is compared for the widest use of the maximum: all of the supply's phases.
    if (most) lower(of_station, milliamperes_of(*most, outlet.offered(), supply_phases, 1));
    const auto drawn = static_cast<double>(outlet.drawn().count());
    sum += drawn;
    const auto allowed = highest(outlets_[outlet.index()], bound, now);
    if (!allowed || drawn <= *allowed + slack_ma) continue;
    wrong.push_back(yard.site().connectors[outlet.index().value()].id.text() + " draws " +
                    std::to_string(std::llround(drawn)) + " mA, its profiles allow " +
                    std::to_string(std::llround(*allowed)));
  }
  const auto allowed = highest(stations_[point.index()], of_station, now);
  if (!allowed || sum <= *allowed + slack_ma) return;
  wrong.push_back(yard.site().stations[point.index().value()].id.text() + " draws " +
                  std::to_string(std::llround(sum)) + " mA, its maximum allows " +
                  std::to_string(std::llround(*allowed)));
}

std::vector<std::string> profile_audit::look(const plant& yard, instant now) {
  std::vector<std::string> wrong;
  for (const auto& point : yard.points())
    if (point.profiles() != nullptr && !point.disobeys()) look_at(point, yard, now, wrong);
  return wrong;
}

} // namespace busbar::simulator
