#pragma once
// A breaker's time-current curve: the plan keeps out of its trip band. The bimetal is a first-
// order body heated by I^2: 1000 permille is the heat at the conventional non-tripping current
// (1.13 of the rating, IEC 60898-1), which it bears for ever; above it the trip band begins.

#include "domain/site.hpp"
#include "domain/time.hpp"

namespace busbar::control::limits {

using domain::breaker_data;

/// Heat of a bimetal, per line, in millionths of the heat at the non-tripping current.
using breaker_heat = domain::per_line<std::int64_t>;

/// The heat after `elapsed` at `current`; in steps of a fiftieth of the time constant.
[[nodiscard]] breaker_heat heat_after(const breaker_data& breaker, breaker_heat heat,
                                      const domain::per_line<domain::milliamperes>& current,
                                      domain::seconds elapsed);

/// The largest current, at most the rating, with which no line's heat rises into the trip band
/// within `horizon`, and never more than the lower edge of the instantaneous band.
[[nodiscard]] domain::limit breaker_limit(const breaker_data& breaker, const breaker_heat& heat,
                                          domain::seconds horizon = domain::seconds{60});

} // namespace busbar::control::limits
