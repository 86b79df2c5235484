#pragma once
// Limits that follow the grid's and people's wishes: power factor, voltage band, frequency droop,
// demand response and operators. Each is a pure function; absent: nothing is limited now.

#include "domain/site.hpp"
#include "domain/time.hpp"

#include <optional>

namespace busbar::control::limits {

/// Active power that an apparent rating carries at the measured power factor, rounded down.
/// REQUIRES: factor 0..1000 (magnitude).
[[nodiscard]] domain::limit power_factor_limit(domain::volt_amperes rated, domain::permille factor);

/// Below `start` currents go down in proportion, at `stop` to nothing. In permille of nominal.
/// REQUIRES: stop < start.
struct voltage_band {
  domain::permille start{940};
  domain::permille stop{900};
};
/// `full`: what each line may carry at a healthy voltage.
[[nodiscard]] std::optional<domain::limit> voltage_limit(const voltage_band& band,
                                                         domain::millivolts nominal,
                                                         domain::millivolts measured,
                                                         domain::milliamperes full);

/// Below `start` power goes down in proportion, at `stop` to nothing; mHz. REQUIRES: stop < start.
struct frequency_droop {
  std::int64_t start_mhz = 49'800;
  std::int64_t stop_mhz = 49'000;
};
[[nodiscard]] std::optional<domain::limit> frequency_limit(const frequency_droop& droop,
                                                           std::int64_t measured_mhz,
                                                           domain::watts full);

/// A limit for a time: a demand-response event, an operator's wish. In force in [from, until).
struct timed_limit {
  domain::limit limit;
  domain::instant from{};
  std::optional<domain::instant> until;
};
[[nodiscard]] std::optional<domain::limit> limit_at(const timed_limit& timed, domain::instant now);

} // namespace busbar::control::limits
