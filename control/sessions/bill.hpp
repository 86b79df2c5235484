#pragma once
// What a session has taken and what it costs: its register at the end less that at the start.
// LIFE-1: energy is never negative, and never above what the connector's rating allows in the time
// since the start; what a register says beyond that is no part of the bill and is kept apart. A
// transaction that its station reports has five minutes more: its times and registers are not read
// at the same moment.

#include "domain/site.hpp"
#include "domain/site_state.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

namespace busbar::control::sessions {

struct bill {
  domain::watt_hours energy{};
  domain::micro_currency cost{};
  /// What the register says beyond what rating and time allow.
  domain::watt_hours apart{};
  bool operator==(const bill&) const = default;
};

/// The most that a connector delivers at nominal voltage: its nameplate, or current times voltage
/// (where it hangs) times lines. `bill_of` allows 15 % more: 10 % of voltage (EN 50160), and 5 % of
/// a nameplate that is rounded down.
[[nodiscard]] domain::watts rating_of(const domain::site& site, domain::connector_index connector);

/// Price of a kWh at a station: its own or the site's.
[[nodiscard]] domain::micro_currency price_of(const domain::site& site,
                                              domain::connector_index connector);

/// The bill as of `now`, from the registers in `session`. Cost is rounded to the nearest unit of
/// micro currency, halves up.
[[nodiscard]] bill bill_of(const domain::site& site, const domain::session_state& session,
                           domain::instant now);
/// The same at a connector that gives at most `rating`, at `price` for a kWh.
[[nodiscard]] bill bill_of(const domain::session_state& session, domain::watts rating,
                           domain::micro_currency price, domain::instant now);

} // namespace busbar::control::sessions
