#pragma once
// The position of a circuit breaker around what an actor depends on (control/safety/breaker).

#include <cstdint>

namespace busbar::domain {

enum class breaker_position : std::uint8_t { unspecified = 0, closed, open, half_open };
[[nodiscard]] const char* name_of(breaker_position position);

} // namespace busbar::domain
