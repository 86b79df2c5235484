#pragma once
// Loss of input at a site (SAFE-1): which connectors are stale and what a site does about it, and
// when a site stops controlling altogether.
//
//   +-------------+  `cycles_max` failed cycles in a row  +------+
//   | controlling | ------------------------------------> | safe |
//   +-------------+ <------------------------------------ +------+
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

enum class site_mode : std::uint8_t { controlling = 0, safe };

class input_watch {
public:
  /// One cycle (tick) that had the input it needs, or not. True when the mode has changed.
  bool cycle(const input_settings& settings, bool is_good);
  [[nodiscard]] site_mode mode() const { return mode_; }
  [[nodiscard]] int failed_in_a_row() const { return failed_; }

private:
  site_mode mode_ = site_mode::controlling;
  int failed_ = 0;
};

} // namespace busbar::control::safety
