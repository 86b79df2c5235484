#pragma once
// Profiles with defaults: a test states only what matters to it.

#include "control/smart_charging/composite.hpp"
#include "domain/time_text.hpp"

#include <ostream>
#include <utility>

namespace busbar::control::smart_charging {

inline instant at(const char* text) {
  return std::chrono::floor<seconds>(domain::instant_from(text).value());
}

/// A TxDefaultProfile, Absolute, level 0, in amperes, unless told otherwise.
class profile_builder {
public:
  explicit profile_builder(std::int32_t id) { profile_.id = id; }
  profile_builder& serving(purpose which) { profile_.serves = which; return *this; }
  profile_builder& level(std::int32_t level) { profile_.stack_level = level; return *this; }
  profile_builder& relative() { profile_.kind = profile_kind::relative; return *this; }
  profile_builder& recurring(recurrency how, const char* start) {
    profile_.kind = profile_kind::recurring;
    profile_.recurs = how;
    return starting(start);
  }
  profile_builder& starting(const char* start) {
    profile_.plan.starts_at = at(start);
    return *this;
  }
  profile_builder& lasting(std::int64_t span) {
    profile_.plan.duration = seconds{span};
    return *this;
  }
  profile_builder& valid(const char* from, const char* to) {
    if (from) profile_.valid_from = at(from);
    if (to) profile_.valid_to = at(to);
    return *this;
  }
  profile_builder& in_watts() { profile_.plan.unit = rate_unit::watt; return *this; }
  profile_builder& bound_to(std::int32_t id) { profile_.transaction = id; return *this; }
  profile_builder& minimum(std::int64_t rate) {
    profile_.plan.minimum_tenths = rate * 10;
    return *this;
  }
  /// From `start` seconds on: `limit` whole amperes or watts.
  profile_builder& period(std::int64_t start, std::int64_t limit,
                          std::optional<std::uint8_t> phases = std::nullopt) {
    profile_.plan.periods.push_back({seconds{start}, limit * 10, phases});
    return *this;
  }
  operator charging_profile() const { return profile_; }

private:
  charging_profile profile_;
};

inline profile_builder a_profile(std::int32_t id) { return profile_builder(id); }

/// {start, limit in tenths, phases or 0}, to compare with.
struct expected_period {
  std::int64_t start = 0;
  std::int64_t limit_tenths = 0;
  int phases = 0;
  bool operator==(const expected_period&) const = default;
};

inline void PrintTo(const expected_period& period, std::ostream* out) {
  *out << "{" << period.start << ", " << period.limit_tenths << ", " << period.phases << "}";
}

using expected_periods = std::vector<expected_period>;

inline expected_periods plain(const composite_schedule& schedule) {
  expected_periods periods;
  for (const auto& each : schedule.periods)
    periods.push_back({each.start.count(), each.limit_tenths, each.phases.value_or(0)});
  return periods;
}

} // namespace busbar::control::smart_charging
