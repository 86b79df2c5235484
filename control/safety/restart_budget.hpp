#pragma once
// How many restarts a supervisor grants its children before it gives up and escalates: more than
// `intensity` restarts within `period` (Erlang/OTP's one-for-one with intensity and period).
//
//   child fails --> at most `intensity` restarts in the last `period`? --yes--> restart it alone
//                                     |
//                                     no --> escalate: the supervisor itself has failed

#include "domain/time.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>

namespace busbar::control::safety {

struct restart_settings {
  /// Restarts allowed within `period`. 0..16.
  std::uint8_t intensity = 5;
  domain::seconds period{60};
};

enum class restart_verdict : std::uint8_t { restart, escalate };

class restart_budget {
public:
  static constexpr std::size_t intensity_max = 16;

  /// Decides about one failure at `now`; a restart granted is counted.
  [[nodiscard]] restart_verdict decide(const restart_settings& settings, domain::instant now) {
    assert(settings.intensity <= intensity_max);
    if (settings.intensity == 0) return restart_verdict::escalate;
    auto& oldest = granted_at_[total_ % settings.intensity];
    oldest = std::min(oldest, now); // the clock may have been set back
    const bool is_full = total_ >= settings.intensity;
    if (is_full && now - oldest <= settings.period) return restart_verdict::escalate;
    oldest = now;
    ++total_;
    return restart_verdict::restart;
  }
  /// Restarts granted since the beginning.
  [[nodiscard]] std::uint32_t total() const { return total_; }

private:
  /// Ring of the last `intensity` restarts.
  std::array<domain::instant, intensity_max> granted_at_{};
  std::uint32_t total_ = 0;
};

} // namespace busbar::control::safety
