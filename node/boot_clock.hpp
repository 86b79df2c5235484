#pragma once
// A clock that never goes back and counts the time in which the machine, or the process, stood
// still (OWN-5). An engine node reads it at its border and passes it in as `now`.

#include "domain/time.hpp"

#include <ctime>

namespace busbar::node {

[[nodiscard]] inline domain::instant boot_clock() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return domain::instant{std::chrono::duration_cast<domain::microseconds>(
      std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec})};
}

} // namespace busbar::node
