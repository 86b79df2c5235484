#include "control/smart_charging/expansion.hpp"

#include <algorithm>
#include <cassert>

namespace busbar::control::smart_charging {
namespace {

seconds recurrence_of(const charging_profile& profile) {
  if (profile.kind != profile_kind::recurring || !profile.recurs) return seconds{0};
  return *profile.recurs == recurrency::daily ? seconds{86'400} : seconds{7 * 86'400};
}

instant begin_of(const charging_profile& profile, time_origin origin) {
  const bool is_relative = profile.kind == profile_kind::relative || !profile.plan.starts_at;
  return is_relative ? origin.relative_start : *profile.plan.starts_at;
}

} // namespace

profile_cursor::profile_cursor(const charging_profile& profile, time_origin origin)
    : profile_(&profile), start_(begin_of(profile, origin)), recurrence_(recurrence_of(profile)),
      valid_from_(profile.valid_from.value_or(instant::min())),
      valid_to_(profile.valid_to.value_or(instant::max())) {
  assert(!profile.plan.periods.empty());
}

const schedule_period* profile_cursor::advance(instant now) {
  if (now >= changes_at_) find(now);
  return period_;
}

instant profile_cursor::occurrence_at(instant now) const {
  if (recurrence_ == seconds{0}) return start_;
  // A recurring profile is a time of day or week: startSchedule fixes its phase, not its first day
  // (validFrom does that), so the remainder is taken towards the past on both sides of it.
  auto since = (now - start_) % recurrence_;
  if (since < seconds{0}) since += recurrence_;
  return now - since;
}

void profile_cursor::find(instant now) {
  period_ = nullptr;
  changes_at_ = instant::max();
  if (now >= valid_to_) return;
  const instant begin = occurrence_at(now);
  const instant first = std::max(begin, valid_from_);
  if (now < first) {
    // Before validFrom a recurrence may begin anew: look again there.
    changes_at_ = first;
    return;
  }
  const instant next_occurrence =
      recurrence_ == seconds{0} ? instant::max() : begin + recurrence_;
  const auto& plan = profile_->plan;
  if (plan.duration && now >= begin + *plan.duration) {
    changes_at_ = std::min(next_occurrence, valid_to_);
    return;
  }
  const auto later = std::upper_bound(
      plan.periods.begin(), plan.periods.end(), now - begin,
      [](seconds at, const schedule_period& period) { return at < period.start; });
  period_ = &*std::prev(later);
  const instant next_period = later == plan.periods.end() ? instant::max() : begin + later->start;
  const instant schedule_end = plan.duration ? begin + *plan.duration : instant::max();
  changes_at_ = std::min({next_period, schedule_end, next_occurrence, valid_to_});
}

std::vector<placed_period> periods_between(const charging_profile& profile, time_origin origin,
                                           instant from, instant until, effort& work) {
  std::vector<placed_period> placed;
  profile_cursor cursor(profile, origin);
  // The period in force at `from` began earlier: step back by one occurrence to find its begin.
  const seconds recurrence = recurrence_of(profile);
  const instant begin = begin_of(profile, origin);
  instant now = std::min(from, begin);
  if (recurrence != seconds{0}) {
    auto since = (from - begin) % recurrence;
    if (since < seconds{0}) since += recurrence;
    now = from - since;
  }
  while (now < until && work.spend(effort::period_laid_out)) {
    const auto* period = cursor.advance(now);
    const instant change = cursor.changes_at();
    if (period && change > from) {
      const bool ends = change != instant::max();
      placed.push_back({now, ends ? std::optional{change} : std::nullopt, period});
    }
    if (change == instant::max()) break;
    now = change;
  }
  return placed;
}

} // namespace busbar::control::smart_charging
