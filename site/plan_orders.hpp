#pragma once
// What the plan of a tick asks of the bays of a site.

#include "domain/ids.hpp"
#include "domain/reason.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "site/site_layout.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace busbar::site {

/// One plan's effect on one connector.
struct plan_order {
  domain::connector_index connector;
  domain::milliamperes current{};
  domain::reason because;
  bool is_decrease = false;
  /// 1 or 3: not a grant, but the lines to charge on from now on (FAIR-2). Otherwise 0.
  std::uint8_t lines = 0;
  /// The current flows out of the vehicle.
  bool is_export = false;
};

/// What a site's plan asks of its bays. Shared by all of them.
struct plan_orders {
  std::uint64_t tick = 0;
  domain::instant now{};
  /// Grouped by bay; those of bay b are [bay_begin[b], bay_begin[b + 1]).
  std::vector<plan_order> orders;
  std::vector<std::uint32_t> bay_begin;
  /// How long grants that are told now are valid; absent: the site's lease.
  std::optional<domain::seconds> short_lease;
  /// Of the site's safe mode: these are fallbacks, and no lease is renewed.
  bool is_safe = false;
  /// By bay: whether it awaits the plan even without orders. Empty: every one does.
  std::vector<bool> awaited;

  [[nodiscard]] bool is_for(bay_index bay) const {
    return bay_begin[bay] != bay_begin[bay + 1] || awaited.empty() || awaited[bay];
  }
};

} // namespace busbar::site
