#pragma once
// When a station's command counts as unanswered and when it is sent again.

#include "domain/time.hpp"

#include <cstdint>

namespace busbar::site {

/// How commands of a station are made again; by the site's file.
struct call_terms {
  /// A command that is not answered within this has failed. > 0.
  domain::microseconds answer_within{};
  /// Tries before its lease's renewal, each after twice the time of the one before.
  std::uint8_t retries = 3;
  domain::microseconds retry_after = std::chrono::seconds{2};
};

} // namespace busbar::site
