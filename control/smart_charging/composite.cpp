#include "control/smart_charging/composite.hpp"

#include "control/smart_charging/speaker_stack.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <map>
#include <utility>

namespace busbar::control::smart_charging {
namespace {

/// What one connector adds to the station's total.
struct share {
  std::int64_t scaled = 0;
  /// Its own limit, over all phases of the supply; without one nothing limits it.
  bool is_own = false;
  bool is_unlimited = false;
  phase_count stated;
};

/// The station's total: every connector at its profile or its own limit, capped by the maximum.
/// Unknown is never zero: a connector that nothing limits leaves the sum without a limit. Kept as
/// counts, so that the change of one connector costs the same for any number of them.
class station_total {
public:
  explicit station_total(const combiner& combine) : combine_(combine) {}

  void add(const share& part) { count(part, 1); }
  void remove(const share& part) { count(part, -1); }

  [[nodiscard]] share share_of(speech connector, speech station) const {
    if (!connector.period) {
      const auto own = combine_.own();
      return {own.value_or(0), true, !own.has_value(), std::nullopt};
    }
    const auto stated = combine_.phases_of(connector);
    const auto phases = fewer(stated, combine_.phases_of(station));
    return {combine_.capped(combine_.scaled(connector, phases), phases), false, false, stated};
  }

  [[nodiscard]] verdict value(speech station) const {
    const auto phases = fewer(sum_phases(), combine_.phases_of(station));
    const bool has_sum = unlimited_ == 0;
    if (!station.period) return {has_sum ? std::optional{sum_} : std::nullopt, phases, nullptr};
    const auto most = combine_.scaled(station, phases);
    return {has_sum ? std::min(sum_, most) : most, phases, nullptr};
  }

private:
  void count(const share& part, int by) {
    sum_ += by * part.scaled;
    own_ += part.is_own ? by : 0;
    unlimited_ += part.is_unlimited ? by : 0;
    if (part.stated) stating_[*part.stated] += by;
    else silent_ += part.is_own ? 0 : by;
  }

  /// The most that is stated, where all that speak state some.
  [[nodiscard]] phase_count sum_phases() const {
    std::uint8_t most = 3;
    while (most > 0 && stating_[most] == 0) --most;
    if (most == 0 || silent_ > 0) return std::nullopt;
    return own_ > 0 ? combine_.supply_phases() : most;
  }

  const combiner& combine_;
  std::int64_t sum_ = 0;
  int own_ = 0;
  int unlimited_ = 0;
  int silent_ = 0;
  /// By number of phases.
  std::array<int, 4> stating_{};
};

/// Everything that speaks on the way through time for one asked connector.
class composer {
public:
  composer(const profile_store& store, std::int32_t connector, instant now, rate_unit unit,
           effort& work);

  verdict advance(instant now);

  [[nodiscard]] instant changes_at() const {
    return due_.empty() ? station_.changes_at()
                        : std::min(station_.changes_at(), due_.begin()->first);
  }
  [[nodiscard]] std::int64_t tenths(std::int64_t scaled) const {
    return combine_.scale().limit_tenths(scaled);
  }

private:
  struct asked_connector {
    speaker_stack stack;
    speech said;
    share part;
  };

  void move_on(std::size_t place, instant now, speech station);
  void share_anew(speech station);

  combiner combine_;
  bool is_total_;
  effort& work_;
  speaker_stack station_;
  phase_count station_phases_;
  std::vector<asked_connector> connectors_;
  station_total total_{combine_};
  /// Connectors by the instant at which they may speak otherwise; often many at once.
  std::map<instant, std::vector<std::size_t>> due_;
};

composer::composer(const profile_store& store, std::int32_t connector, instant now, rate_unit unit,
                   effort& work)
    : combine_(store.settings(), unit), is_total_(connector == 0), work_(work),
      station_(speaker_stack::of_station(store, connector, now)) {
  // Seen from connector 0 every relative maximum looks for the first transaction.
  const auto each_costs =
      is_total_ ? static_cast<std::size_t>(store.settings().connectors) / 16 : 0;
  work_.spend(station_.size() * (effort::cursor_made + each_costs));
  const auto first = is_total_ ? 1 : connector;
  const auto last = is_total_ ? store.settings().connectors : connector;
  for (auto each = first; each <= last && !work_.is_spent(); ++each) {
    connectors_.push_back({speaker_stack::of_connector(store, each, now), {}, {}});
    work_.spend((1 + connectors_.back().stack.size()) * effort::cursor_made);
    due_[instant::min()].push_back(connectors_.size() - 1);
    total_.add(connectors_.back().part);
  }
}

void composer::move_on(std::size_t place, instant now, speech station) {
  auto& connector = connectors_[place];
  connector.said = connector.stack.advance(now);
  work_.spend((1 + connector.stack.looked_at()) * effort::cursor_looked_at);
  due_[connector.stack.changes_at()].push_back(place);
  total_.remove(connector.part);
  connector.part = total_.share_of(connector.said, station);
  total_.add(connector.part);
}

/// Every part is counted over the phases of the station's maximum, too.
void composer::share_anew(speech station) {
  for (auto& each : connectors_) {
    total_.remove(each.part);
    each.part = total_.share_of(each.said, station);
    total_.add(each.part);
  }
  work_.spend(connectors_.size());
}

verdict composer::advance(instant now) {
  const auto station = station_.advance(now);
  work_.spend((1 + station_.looked_at()) * effort::cursor_looked_at);
  const bool counts_anew = combine_.phases_of(station) != station_phases_;
  station_phases_ = combine_.phases_of(station);
  while (!due_.empty() && due_.begin()->first <= now) {
    const auto due = due_.extract(due_.begin());
    for (const auto place : due.mapped()) move_on(place, now, station);
  }
  if (!is_total_) return combine_.of_connector(connectors_.front().said, station);
  if (counts_anew) share_anew(station);
  return total_.value(station);
}

/// Absent where no profile speaks.
std::optional<setpoint> setpoint_of(const verdict& found, const rate_scale& scale,
                                    const station_settings& settings) {
  if (!found.held_by) return std::nullopt;
  const auto& plan = found.held_by->plan;
  setpoint point{.limit_tenths = scale.limit_tenths(*found.scaled),
                 .phases = found.phases,
                 .minimum_tenths = std::nullopt,
                 .profile = found.held_by->id};
  if (plan.minimum_tenths)
    point.minimum_tenths = scale.minimum_tenths(scale.scaled(
        *plan.minimum_tenths, plan.unit, found.phases.value_or(settings.phases)));
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
  effort work(std::numeric_limits<std::size_t>::max());
  return compose(store, connector, now, duration, unit, work);
}

composite_schedule compose(const profile_store& store, std::int32_t connector, instant now,
                           seconds duration, rate_unit unit, effort& work) {
  assert(store.has_connector(connector) && duration >= seconds{0});
  composite_schedule result{now, duration, unit, {}};
  composer sweep(store, connector, now, unit, work);
  // A schedule of 0 s still says what holds at its begin.
  const instant end = now + std::max(duration, seconds{1});
  bool in_gap = true;
  seconds gap_since{};
  for (instant at = now; at < end && !work.is_spent(); at = sweep.changes_at()) {
    const auto found = sweep.advance(at);
    if (!found.scaled) {
      if (!in_gap) gap_since = at - now;
      in_gap = true;
      continue;
    }
    append({at - now, sweep.tenths(*found.scaled), found.phases}, in_gap, result.periods);
    work.spend(effort::period_laid_out);
    in_gap = false;
  }
  if (in_gap && !result.periods.empty()) result.duration = gap_since;
  return result;
}

verdict verdict_at(const profile_store& store, std::int32_t connector, instant now,
                   rate_unit unit) {
  const combiner combine(store.settings(), unit);
  const auto station = said_by_station(store, connector, now);
  // One connector's own limit is none of the station.
  if (connector == 0) return combine.of_station(station);
  return combine.of_connector(said_by_connector(store, connector, now), station);
}

limit_now limit_at(const profile_store& store, std::int32_t connector, instant now,
                   rate_unit unit) {
  assert(store.has_connector(connector));
  const combiner combine(store.settings(), unit);
  const auto alone = combine.of_station(said_by_station(store, connector, now));
  const auto found = verdict_at(store, connector, now, unit);
  return {setpoint_of(found, combine.scale(), store.settings()),
          setpoint_of(alone, combine.scale(), store.settings())};
}

} // namespace busbar::control::smart_charging
