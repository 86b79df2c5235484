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

using domain::frequency_droop;
using domain::voltage_band;

/// Below `band` currents go down; `full`: what each line may carry at a healthy voltage.
[[nodiscard]] std::optional<domain::limit> voltage_limit(const voltage_band& band,
                                                         domain::millivolts nominal,
                                                         domain::millivolts measured,
                                                         domain::milliamperes full);

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
