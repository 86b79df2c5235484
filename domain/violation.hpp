#pragma once
// A bound that is not kept now: of a limit (control/limits/violations) or of the quality of the
// supply (QUAL-1).

#include "domain/event.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <string>

namespace busbar::domain {

/// `measured` against `allowed`, both in `unit`, since `since`.
struct violation {
  std::string subject;
  std::string what;
  severity level = severity::warning;
  instant since{};
  std::int64_t measured = 0;
  std::int64_t allowed = 0;
  /// "ma", "w", "mv", "mhz".
  std::string unit;
};

} // namespace busbar::domain
