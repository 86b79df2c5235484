#pragma once
// One session fact, notice or grant into the node's counters.

#include "actors/site_parts.hpp"
#include "domain/command.hpp"
#include "domain/command_result.hpp"
#include "domain/session.hpp"
#include "domain/units.hpp"
#include "ports/engine_counters.hpp"

namespace busbar::actors {

inline void count(ports::engine_counters& counters, const domain::session_fact& fact) {
  using domain::session_fact_kind;
  auto& sessions = counters.sessions;
  if (fact.kind == session_fact_kind::accepted) sessions.accepted.add();
  if (fact.kind == session_fact_kind::denied) sessions.denied.add();
  if (fact.kind != session_fact_kind::completed) return;
  sessions.completed.add();
  sessions.energy_wh.add(static_cast<std::uint64_t>(fact.energy.count()));
}

inline void count(ports::engine_counters& counters, const station_notice& notice) {
  const bool is_refused = notice.answer == domain::outcome::refused;
  auto& planning = counters.planning;
  if (notice.kind == notice_kind::answered && is_refused) planning.commands_refused.add();
  if (notice.kind == notice_kind::overdue) planning.commands_unanswered.add();
}

/// `told` is what the connector was told before.
inline void count_grant(ports::engine_counters& counters, const domain::command& command,
                        domain::milliamperes told) {
  if (command.kind != domain::command_kind::grant) return;
  auto& planning = counters.planning;
  if (command.current > told) planning.grants_raised.add();
  else if (command.current < told) planning.grants_lowered.add();
  else planning.grants_renewed.add();
}

} // namespace busbar::actors
