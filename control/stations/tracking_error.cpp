#include "control/stations/tracking_error.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

namespace busbar::control::stations {

tracking_error::tracking_error(std::size_t window) : ring_(window) {
  assert(window >= 1 && window <= 3'600);
}

void tracking_error::add(domain::milliamperes setpoint, domain::milliamperes actual) {
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  const auto error = std::clamp((actual - setpoint).count(), -most, most);
  sum_ += domain::milliamperes{error - ring_[next_]};
  ring_[next_] = static_cast<std::int32_t>(error);
  next_ = (next_ + 1) % ring_.size();
  count_ = std::min(count_ + 1, ring_.size());
}

domain::milliamperes tracking_error::mean() const {
  if (count_ == 0) return domain::milliamperes{};
  return domain::milliamperes{sum_.count() / static_cast<std::int64_t>(count_)};
}

} // namespace busbar::control::stations
