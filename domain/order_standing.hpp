#pragma once
// How a site stands towards one order: the part of its state by which the order is decided.

#include "domain/order_answer.hpp"
#include "domain/safety_settings.hpp"
#include "domain/units.hpp"

#include <optional>

namespace busbar::domain {

struct site_view;

/// Of the connector that an order is about.
struct connector_standing {
  /// What the newest plan allows it.
  milliamperes target{};
  milliamperes acknowledged{};
  per_line<milliamperes> drawn{};
  bool is_stale = true;
  bool has_session = false;
  std::optional<permille> soc;
  /// What its vehicle can spare; absent: nothing.
  std::optional<watts> export_max;
};

struct order_standing {
  /// Absent: the order is about no connector of the site.
  std::optional<connector_standing> connector;
  /// At the node above the connector's station; absent before the first plan.
  std::optional<per_line<milliamperes>> measured_above;
  shedding_settings shedding;
  /// Of load shedding: a level by hand; absent: the level follows the load.
  std::optional<int> forced_level;
};

/// REQUIRES: the view has a topology and a table of its connectors.
[[nodiscard]] order_standing standing_of(const order_wish& wish, const site_view& view);

} // namespace busbar::domain
