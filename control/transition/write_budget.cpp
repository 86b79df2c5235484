#include "control/transition/write_budget.hpp"

#include <algorithm>

namespace busbar::control::transition {

namespace {

constexpr domain::microseconds minute = std::chrono::minutes{1};
constexpr domain::microseconds day = std::chrono::hours{24};

} // namespace

bool write_budget::bucket::has_room(std::uint32_t size, domain::microseconds period,
                                    domain::instant now) const {
  // One more write moves the time at which the bucket is full by period / size.
  return size == 0 || std::max(full_at, now) + period / size <= now + period;
}

void write_budget::bucket::take(std::uint32_t size, domain::microseconds period,
                                domain::instant now) {
  // A write beyond the budget is not owed for ever: the bucket is empty at most.
  if (size != 0) full_at = std::min(std::max(full_at, now) + period / size, now + period);
}

bool write_budget::permits(const write_allowance& allowance, domain::instant now) const {
  return minute_.has_room(allowance.per_minute, minute, now) &&
         day_.has_room(allowance.per_day, day, now);
}

void write_budget::write(const write_allowance& allowance, domain::instant now) {
  if (!permits(allowance, now)) ++forced_;
  minute_.take(allowance.per_minute, minute, now);
  day_.take(allowance.per_day, day, now);
}

} // namespace busbar::control::transition
