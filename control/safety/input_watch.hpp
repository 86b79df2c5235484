#pragma once
// Loss of input at a site (SAFE-1): which connectors are stale and what a site does about it, and
// when its input is lost altogether (what follows: site/site_mode.hpp).
//
//   +---------+  `cycles_max` failed cycles in a row  +------+
//   | present | ------------------------------------> | lost |
//   +---------+ <------------------------------------ +------+
//                     a good cycle
//
// Owned by one site.

#include "domain/safety_settings.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <optional>

namespace busbar::control::safety {

using domain::input_settings;

/// What to believe of a connector whose newest reading is `age` old.
enum class belief : std::uint8_t {
  /// fresh: the reading as it is
  reading = 0,
  /// stale: the last reading still counts (hold_last)
  last_reading,
  /// stale: tell it zero, reserve what it may still draw (safe_zero)
  zero,
  /// stale: leave it out of the split, reserved at its fallback (exclude)
  excluded,
};

/// `age` is absent where nothing was ever heard.
[[nodiscard]] belief believe(const input_settings& settings,
                             std::optional<domain::microseconds> age);

class input_watch {
public:
  /// One cycle (tick) that had the input it needs, or not. True when it is lost or back by it.
  bool cycle(const input_settings& settings, bool is_good);
  [[nodiscard]] bool is_lost() const { return is_lost_; }
  [[nodiscard]] int failed_in_a_row() const { return failed_; }

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.is_lost_, self.failed_);
  }

private:
  bool is_lost_ = false;
  int failed_ = 0;
};

} // namespace busbar::control::safety
