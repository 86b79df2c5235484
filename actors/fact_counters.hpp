#pragma once
// One session fact into the node's counters.

#include "actors/engine_counters.hpp"
#include "domain/conversation.hpp"

namespace busbar::actors {

inline void count(engine_counters& counters, const domain::session_fact& fact) {
  using domain::session_fact_kind;
  auto& sessions = counters.sessions;
  if (fact.kind == session_fact_kind::accepted) sessions.accepted.add();
  if (fact.kind == session_fact_kind::denied) sessions.denied.add();
  if (fact.kind != session_fact_kind::completed) return;
  sessions.completed.add();
  sessions.energy_wh.add(static_cast<std::uint64_t>(fact.energy.count()));
}

} // namespace busbar::actors
