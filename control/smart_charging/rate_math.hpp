#pragma once
// Rates between amperes and watts without loss. Where watts are asked a rate is held in tenths;
// where amperes are asked in 1/(6 V) of a tenth, so that watts over 1, 2 or 3 phases stay whole.
// Bounds: rate_max_tenths x 6 x 1000 V x 1000 connectors < 2^63.

#include "control/smart_charging/profile.hpp"

namespace busbar::control::smart_charging {

/// Converts what profiles say into one asked unit. A watt limit is the total over `phases`, an
/// ampere limit is per phase.
class rate_scale {
public:
  constexpr rate_scale(rate_unit asked, std::int64_t supply_v)
      : asked_(asked), supply_v_(supply_v),
        per_tenth_(asked == rate_unit::ampere ? 6 * supply_v : 1) {}

  /// Exact. `phases` is 1..3.
  [[nodiscard]] constexpr std::int64_t scaled(std::int64_t tenths, rate_unit unit,
                                              std::uint8_t phases) const {
    if (unit == asked_) return tenths * per_tenth_;
    return asked_ == rate_unit::ampere ? tenths * (6 / phases) : tenths * supply_v_ * phases;
  }
  /// A limit rounds down to the tenth that the protocol can say.
  [[nodiscard]] constexpr std::int64_t limit_tenths(std::int64_t scaled) const {
    return scaled / per_tenth_;
  }
  /// A minimum rounds up.
  [[nodiscard]] constexpr std::int64_t minimum_tenths(std::int64_t scaled) const {
    return (scaled + per_tenth_ - 1) / per_tenth_;
  }

private:
  rate_unit asked_;
  std::int64_t supply_v_;
  std::int64_t per_tenth_;
};

} // namespace busbar::control::smart_charging
