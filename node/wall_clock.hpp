#pragma once
// The system's clock. An engine node reads it at its border and passes it in as `now`.

#include "domain/time.hpp"

#include <chrono>

namespace busbar::node {

[[nodiscard]] inline domain::instant wall_clock() {
  return std::chrono::time_point_cast<domain::microseconds>(std::chrono::system_clock::now());
}

} // namespace busbar::node
