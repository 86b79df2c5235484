#pragma once
// Seeded trouble: which station suffers what, when, and how long.

#include "domain/simulated_fault.hpp"
#include "domain/time.hpp"
#include "simulator/random.hpp"
#include "simulator/settings.hpp"

#include <cstdint>
#include <optional>
#include <utility>

namespace busbar::simulator {

struct planned_fault {
  domain::station_index station;
  domain::fault_kind kind = domain::fault_kind::unspecified;
  domain::instant until{};
  bool is_welded = false;
};

class fault_injector {
public:
  fault_injector(fault_settings settings, std::uint32_t stations, random_source random)
      : settings_(std::move(settings)), stations_(stations), random_(random) {}

  /// Of so many stations from now on.
  void follow(std::uint32_t stations) { stations_ = stations; }
  /// The fault that begins at `now`, if one does. At most one a step.
  std::optional<planned_fault> step(domain::instant now) {
    if (!settings_.every || settings_.kinds.empty() || stations_ == 0) return std::nullopt;
    if (!next_) plan_next(now);
    if (now < *next_) return std::nullopt;
    plan_next(now);
    const auto station = static_cast<std::uint32_t>(random_.below(stations_));
    const auto kind = settings_.kinds[random_.below(settings_.kinds.size())];
    const auto lasts =
        random_.between(settings_.lasts_min.count(), settings_.lasts_max.count());
    const bool is_welded = kind == domain::fault_kind::disobey && settings_.welded.count() > 0 &&
                           random_.between(1, 1'000) <= settings_.welded.count();
    return planned_fault{domain::station_index{station}, kind,
                         now + domain::microseconds{lasts}, is_welded};
  }

private:
  /// Evenly between a half and one and a half of the mean over all stations.
  void plan_next(domain::instant now) {
    const std::int64_t mean = settings_.every->count() / stations_;
    next_ = now + domain::microseconds{random_.between(mean / 2, mean + mean / 2)};
  }

  fault_settings settings_;
  std::uint32_t stations_;
  random_source random_;
  std::optional<domain::instant> next_;
};

} // namespace busbar::simulator
