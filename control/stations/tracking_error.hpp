#pragma once
// How well a station follows: the mean of (actual - setpoint) over the last `window` samples.
// Positive: it draws more than it was told. Owned by one station; a fixed ring, no allocation
// after construction.

#include "domain/units.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace busbar::control::stations {

class tracking_error {
public:
  /// REQUIRES: window 1..3600 samples.
  explicit tracking_error(std::size_t window);

  void add(domain::milliamperes setpoint, domain::milliamperes actual);
  /// Rounded towards zero; 0 before the first sample.
  [[nodiscard]] domain::milliamperes mean() const;
  [[nodiscard]] std::size_t count() const { return count_; }

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.ring_, self.sum_, self.next_, self.count_);
    visit.require(self.next_ < self.ring_.size() && self.count_ <= self.ring_.size());
  }

private:
  std::vector<std::int32_t> ring_;
  domain::milliamperes sum_{};
  std::size_t next_ = 0;
  std::size_t count_ = 0;
};

} // namespace busbar::control::stations
