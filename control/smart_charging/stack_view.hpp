#pragma once
// For people and the API: what each installed profile contributes, and what profiles held back.

#include "control/smart_charging/composite.hpp"

#include <vector>

namespace busbar::control::smart_charging {

/// A stretch of time in which a profile has a period in force.
struct contribution {
  instant start{};
  instant end{};
  std::int64_t limit_tenths = 0;
  std::optional<std::uint8_t> phases;
  /// It decides: nothing above it speaks in its stack (a TxProfile stands above TxDefaultProfiles).
  bool leads = false;
};

/// One profile that holds for the connector, over the asked span.
struct level_view {
  const installed_profile* entry = nullptr;
  bool leads_now = false;
  bool speaks_now = false;
  seconds in_force{};
  seconds leading{};
  std::vector<contribution> contributions;
};

/// Every profile that holds for `connector` over [from, until), leading first; the station's maxima
/// stand before the connector's own. "Now" is `from`. Rates are in the profile's own unit.
/// REQUIRES: connector > 0, store.has_connector(connector), until >= from.
[[nodiscard]] std::vector<level_view> view_stack(const profile_store& store, std::int32_t connector,
                                                 instant from, instant until);

/// What a vehicle would have drawn with no profile installed, from `at` for `length`.
struct wish {
  instant at{};
  seconds length{};
  /// >= 0.
  std::int64_t power_tenths_w = 0;
};

/// How long and how much one profile held back. Energy rounds down.
struct held_back {
  std::int32_t profile = 0;
  seconds time{};
  std::int64_t energy_wh = 0;
};

/// The same before rounding, so that many short spans add up.
struct held_amount {
  std::int32_t profile = 0;
  seconds time{};
  std::int64_t tenth_watt_seconds = 0;

  [[nodiscard]] held_back in_watt_hours() const {
    return {profile, time, tenth_watt_seconds / 36'000};
  }
};

/// Charges every second in which the limit is below the wish to the profile that sets that limit.
/// `wishes` stand in rising order. In the order of profile ids; profiles that held nothing back are
/// left out. REQUIRES: connector > 0, store.has_connector(connector).
[[nodiscard]] std::vector<held_amount> amounts_held(const profile_store& store,
                                                    std::int32_t connector,
                                                    const std::vector<wish>& wishes);
/// `amounts_held` in watt hours.
[[nodiscard]] std::vector<held_back> effectiveness(const profile_store& store,
                                                   std::int32_t connector,
                                                   const std::vector<wish>& wishes);

} // namespace busbar::control::smart_charging
