#pragma once
// Steps against a station that acknowledges and keeps drawing (SAFE-2).

#include <cstdint>

namespace busbar::domain {

/// Steps against a station that acknowledges and keeps drawing (SAFE-2, control/safety/obedience).
enum class escalation : std::uint8_t {
  none = 0,
  tell_again,
  lower_limit,
  remote_stop,
  set_unavailable,
  site_operator,
};
[[nodiscard]] const char* name_of(escalation step);

} // namespace busbar::domain
