#pragma once
// What happens to sessions: their facts, their forecasts, their bills.

#include "domain/event.hpp"
#include "domain/events/moment.hpp"
#include "domain/events/stations.hpp"
#include "domain/session.hpp"

#include <cstddef>
#include <string>

namespace busbar::domain::events {

/// The figures of a fact, for people: decimals in kW, kWh and the site's currency.
struct session_figures {
  std::string power;
  std::string energy;
  std::string cost;
  /// kWh; empty: what it can get.
  std::string wanted;
};
/// "session_ACCEPTED" and so on. REQUIRES: the fact's kind is specified.
[[nodiscard]] event of_fact(const session_fact& fact, const session_figures& figures);

/// Whether it tells how a session goes on: engine and driver tell it every few seconds, each in
/// place of the one before.
[[nodiscard]] bool is_progress(const event& told);

/// `shortfall` as domain/shortfall_text words it; `wanted` with its unit.
[[nodiscard]] event session_short(const moment& now, const connector_id& connector,
                                  const std::string& shortfall, const std::string& wanted);
[[nodiscard]] event session_on_time(const moment& now, const connector_id& connector,
                                    const std::string& wanted, const std::string& leaves);
/// Of one plan, beyond those that have events of their own.
[[nodiscard]] event sessions_short_more(const moment& now, std::size_t more);
[[nodiscard]] event sessions_on_time_more(const moment& now, std::size_t more);

/// LIFE-1: what a register counts beyond what can have flowed.
struct energy_words {
  session_id session;
  watt_hours counted{};
  watt_hours allowed{};
  watt_hours apart{};
};
[[nodiscard]] event energy_kept_apart(const moment& now, const connector_names& of,
                                      const energy_words& words);
/// LIFE-1: the station goes on with a session that was to end; `why`: its own word.
[[nodiscard]] event stop_refused(const moment& now, const connector_names& of,
                                 const session_id& session, const std::string& why);

} // namespace busbar::domain::events
