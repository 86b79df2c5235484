#pragma once
// The order of epochs (OWN-1). It goes round: of two epochs the older is the one from which the
// other is less than half of all epochs ahead. So every epoch has a newer one, whatever number a
// forged command states.

#include "domain/ids.hpp"

namespace busbar::domain {

/// Whether `older` comes before `newer`. Of two that are exactly half of all apart neither does.
[[nodiscard]] constexpr bool is_older(epoch older, epoch newer) {
  return older != newer && newer - older < (epoch{1} << 63U);
}

/// The epoch after `before`. Never 0: that is no epoch.
[[nodiscard]] constexpr epoch next_epoch(epoch before) { return before + 1 == 0 ? 1 : before + 1; }

} // namespace busbar::domain
