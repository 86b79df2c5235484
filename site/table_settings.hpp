#pragma once
// How a connector table judges what comes in, where the site's file says nothing else.

#include "control/safety/breaker.hpp"
#include "domain/time.hpp"
#include "site/grant_ledger.hpp"

#include <cstdint>

namespace busbar::site {

struct table_settings {
  /// A command that is not answered within this has failed. > 0.
  domain::microseconds answer_within = std::chrono::seconds{5};
  /// An answer that takes this long is news to its station: as in the settings of its breaker. > 0.
  domain::microseconds slow_after = std::chrono::seconds{3};
  /// Facts IN_PROGRESS of an open session come this often. > 0.
  domain::microseconds progress_every = std::chrono::seconds{1};
  /// Failed monitor checks in a row that make a station unhealthy. >= 1.
  std::uint16_t monitor_failures = 3;
  ledger_settings ledger;
};

/// An answer is slow where the breaker of its station counts it so.
[[nodiscard]] inline table_settings with(table_settings own,
                                         const control::safety::breaker_settings& breaker) {
  own.slow_after = breaker.slow_after;
  return own;
}

} // namespace busbar::site
