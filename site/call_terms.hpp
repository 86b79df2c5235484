#pragma once
// When a station's command counts as unanswered and when it is sent again.

#include "domain/time.hpp"
#include "site/site_layout.hpp"

#include <cstdint>
#include <map>

namespace busbar::site {

/// How commands of a station are made again; by the site's file.
struct call_terms {
  /// A command that is not answered within this has failed. > 0.
  domain::microseconds answer_within{};
  /// Tries before its lease's renewal, each after twice the time of the one before.
  std::uint8_t retries = 3;
  domain::microseconds retry_after = std::chrono::seconds{2};
  /// Its circuit breaker lets a probe through this long after it has opened.
  domain::microseconds probe_after = std::chrono::seconds{30};
};

/// Of the stations of one bay.
class bay_call_terms {
public:
  /// `answer_within`: where the site's file says nothing else.
  bay_call_terms(const site_layout& layout, bay_index bay, domain::microseconds answer_within);

  /// `place`: of the station within its bay.
  [[nodiscard]] const call_terms& of(std::uint32_t place) const {
    if (own_.empty()) return usual_;
    const auto own = own_.find(place);
    return own == own_.end() ? usual_ : own->second;
  }

private:
  call_terms usual_;
  /// By place, of stations that the site's file gives their own.
  std::map<std::uint32_t, call_terms> own_;
};

} // namespace busbar::site
