#include "control/smart_charging/composite.hpp"

#include "control/smart_charging/combination.hpp"
#include "control/smart_charging/speaker_stack.hpp"

#include <algorithm>
#include <cassert>

namespace busbar::control::smart_charging {
namespace {

/// The station's total: every connector at its profile or its own limit, capped by the maximum.
/// Unknown is never zero: a connector that nothing limits leaves the sum without a limit.
class station_total {
public:
  station_total(const combiner& combine, speech station) : combine_(combine), station_(station) {}

  void add(speech connector) {
    if (!connector.period) {
      has_sum_ = has_sum_ && combine_.own().has_value();
      counts_own_ = true;
      sum_ += combine_.own().value_or(0);
      return;
    }
    const auto stated = combine_.phases_of(connector);
    sum_ += combine_.scaled(connector, fewer(stated, combine_.phases_of(station_)));
    all_state_phases_ = all_state_phases_ && stated.has_value();
    most_phases_ = std::max(most_phases_, stated.value_or(0));
  }

  [[nodiscard]] verdict value() const {
    const bool states = all_state_phases_ && most_phases_ > 0;
    // A connector's own limit is counted over all phases of the supply.
    const auto most_phases = counts_own_ ? combine_.supply_phases() : most_phases_;
    const auto sum_phases = states ? phase_count{most_phases} : std::nullopt;
    const auto phases = fewer(sum_phases, combine_.phases_of(station_));
    if (!station_.period) return {has_sum_ ? std::optional{sum_} : std::nullopt, phases, nullptr};
    const auto most = combine_.scaled(station_, phases);
    return {has_sum_ ? std::min(sum_, most) : most, phases, nullptr};
  }

private:
  const combiner& combine_;
  speech station_;
  std::int64_t sum_ = 0;
  bool has_sum_ = true;
  bool all_state_phases_ = true;
  bool counts_own_ = false;
  std::uint8_t most_phases_ = 0;
};

/// Everything that speaks on the way through time for one asked connector.
class composer {
public:
  composer(const profile_store& store, std::int32_t connector, instant now, rate_unit unit)
      : combine_(store.settings(), unit), is_total_(connector == 0),
        station_(speaker_stack::of_station(store, connector, now)) {
    const auto first = is_total_ ? 1 : connector;
    const auto last = is_total_ ? store.settings().connectors : connector;
    for (auto each = first; each <= last; ++each)
      connectors_.push_back(speaker_stack::of_connector(store, each, now));
  }

  verdict advance(instant now) {
    const auto station = station_.advance(now);
    changes_at_ = station_.changes_at();
    station_total total(combine_, station);
    for (auto& connector : connectors_) {
      const auto said = connector.advance(now);
      changes_at_ = std::min(changes_at_, connector.changes_at());
      if (!is_total_) return combine_.of_connector(said, station);
      total.add(said);
    }
    return total.value();
  }

  [[nodiscard]] instant changes_at() const { return changes_at_; }
  [[nodiscard]] std::int64_t tenths(std::int64_t scaled) const {
    return combine_.scale().limit_tenths(scaled);
  }

private:
  combiner combine_;
  bool is_total_;
  speaker_stack station_;
  std::vector<speaker_stack> connectors_;
  instant changes_at_{};
};

setpoint setpoint_of(speech said, const station_settings& settings, const rate_scale& scale) {
  const auto phases = said.period->phases;
  const auto count = std::min(phases.value_or(settings.phases), settings.phases);
  const auto& plan = said.profile->plan;
  setpoint point{.limit_tenths = scale.limit_tenths(
                     scale.scaled(said.period->limit_tenths, plan.unit, count)),
                 .phases = phases,
                 .minimum_tenths = std::nullopt,
                 .profile = said.profile->id};
  if (plan.minimum_tenths)
    point.minimum_tenths =
        scale.minimum_tenths(scale.scaled(*plan.minimum_tenths, plan.unit, count));
  return point;
}

void append(const composite_period& next, bool after_gap, std::vector<composite_period>& periods) {
  const bool goes_on = !after_gap && periods.back().limit_tenths == next.limit_tenths &&
                       periods.back().phases == next.phases;
  if (!goes_on) periods.push_back(next);
}

std::optional<instant> first_transaction(const profile_store& store) {
  std::optional<instant> first;
  for (std::int32_t connector = 1; connector <= store.settings().connectors; ++connector) {
    const auto* here = store.running(connector);
    if (here) first = std::min(first.value_or(here->started_at), here->started_at);
  }
  return first;
}

} // namespace

time_origin origin_of(const profile_store& store, const installed_profile& entry,
                      std::int32_t viewer, instant now) {
  const auto& profile = entry.profile;
  const bool is_maximum = profile.serves == purpose::charge_point_max;
  if (is_maximum && profile.kind == profile_kind::absolute)
    return {profile.valid_from.value_or(entry.installed_at)};
  const auto connector = entry.connector > 0 ? entry.connector : viewer;
  if (connector == 0) return {first_transaction(store).value_or(now)};
  const auto* here = store.running(connector);
  return {here ? here->started_at : now};
}

composite_schedule compose(const profile_store& store, std::int32_t connector, instant now,
                           seconds duration, rate_unit unit) {
  assert(store.has_connector(connector) && duration >= seconds{0});
  composite_schedule result{now, duration, unit, {}};
  composer sweep(store, connector, now, unit);
  const instant end = now + duration;
  bool in_gap = true;
  seconds gap_since{};
  for (instant at = now; at < end; at = sweep.changes_at()) {
    const auto found = sweep.advance(at);
    if (!found.scaled) {
      if (!in_gap) gap_since = at - now;
      in_gap = true;
      continue;
    }
    append({at - now, sweep.tenths(*found.scaled), found.phases}, in_gap, result.periods);
    in_gap = false;
  }
  if (in_gap && !result.periods.empty()) result.duration = gap_since;
  return result;
}

limit_now limit_at(const profile_store& store, std::int32_t connector, instant now,
                   rate_unit unit) {
  assert(store.has_connector(connector));
  const auto& settings = store.settings();
  const rate_scale scale(unit, settings.supply_v);
  limit_now result;
  const auto station = speaker_stack::of_station(store, connector, now).advance(now);
  if (station.period) result.charge_point = setpoint_of(station, settings, scale);
  speech own;
  if (connector > 0) own = speaker_stack::of_connector(store, connector, now).advance(now);
  if (own.period) result.connector = setpoint_of(own, settings, scale);
  const bool station_leads =
      result.charge_point && (!result.connector || result.charge_point->limit_tenths <
                                                       result.connector->limit_tenths);
  if (station_leads) result.connector = result.charge_point;
  return result;
}

} // namespace busbar::control::smart_charging
