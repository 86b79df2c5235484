#pragma once
// Time is always passed in. Nothing in domain/ or control/ reads a clock.

#include <chrono>

namespace busbar::domain {

using microseconds = std::chrono::microseconds;
using seconds = std::chrono::seconds;
/// A point of civil time (UTC), to the microsecond.
using instant = std::chrono::sys_time<microseconds>;

} // namespace busbar::domain
