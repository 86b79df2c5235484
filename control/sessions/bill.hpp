#pragma once
// What a session has taken and what it costs. LIFE-1: energy is never negative, and never above
// what the connector's rating allows in the time since the start.

#include "domain/decision.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

namespace busbar::control::sessions {

struct bill {
  domain::watt_hours energy{};
  domain::micro_currency cost{};
  bool operator==(const bill&) const = default;
};

/// The most that a connector can deliver: its nameplate, or current times voltage times lines.
[[nodiscard]] domain::watts rating_of(const domain::site& site, domain::connector_index connector);

/// Price of a kWh at a station: its own or the site's.
[[nodiscard]] domain::micro_currency price_of(const domain::site& site,
                                              domain::connector_index connector);

/// The bill as of `now`, from the registers in `session`. Cost is rounded to the nearest unit of
/// micro currency, halves up.
[[nodiscard]] bill bill_of(const domain::site& site, const domain::session_state& session,
                           domain::instant now);

} // namespace busbar::control::sessions
