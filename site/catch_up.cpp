#include "site/catch_up.hpp"

#include "domain/epochs.hpp"
#include "site/conversation_terms.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace busbar::site {

namespace {

using domain::connector_index;
using domain::milliamperes;
using domain::session_fact;
using domain::session_fact_kind;
using domain::session_state;

/// The span of commands that is read begins at least that long before the state.
constexpr domain::seconds span_min{5};

session_state* find_session(std::vector<session_state>& among, const domain::session_id& id) {
  const auto found = std::ranges::find(among, id, &session_state::id);
  return found == among.end() ? nullptr : &*found;
}

void forget_connector(std::vector<session_state>& among, connector_index connector) {
  std::erase_if(among, [&](const auto& each) { return each.connector == connector; });
}

session_state session_of(const session_fact& fact, connector_index connector) {
  session_state state;
  state.id = fact.session;
  state.request = fact.request;
  state.driver = fact.driver;
  state.connector = connector;
  state.started_at = fact.began_at.value_or(fact.at);
  state.register_start_wh = fact.register_start_wh.value_or(0);
  state.register_now_wh = fact.register_now_wh.value_or(state.register_start_wh);
  state.energy_wanted = fact.energy_wanted;
  state.departs_at = fact.departs_at;
  // A transaction that its station began by itself needs no start.
  state.is_reported = fact.began_at.has_value();
  if (!state.is_reported) state.start_waits = domain::never_sent;
  return state;
}

void take_registers(session_state& session, const session_fact& fact) {
  if (fact.register_start_wh) session.register_start_wh = *fact.register_start_wh;
  const auto now = fact.register_now_wh.value_or(session.register_start_wh + fact.energy.count());
  session.register_now_wh = std::max(session.register_now_wh, now);
}

/// Facts onto the sessions of a state.
class open_sessions {
public:
  open_sessions(domain::site_state& state, const std::vector<session_fact>& facts,
                const place_finder& find)
      : state_(state), find_(find) {
    for (const auto& fact : facts)
      if (fact.kind == session_fact_kind::completed) ended_.insert(fact.session);
  }

  void take(const session_fact& fact) {
    // One that was over when its station reported it leaves what the station is kept for now.
    const bool was_over = fact.began_at && ended_.contains(fact.session);
    if (fact.kind == session_fact_kind::accepted && !was_over) reserve(fact);
    if (fact.session.is_empty()) return;
    auto* session = find_session(state_.sessions, fact.session);
    if (fact.kind == session_fact_kind::accepted && session == nullptr) accept(fact);
    if (fact.kind == session_fact_kind::completed) complete(fact);
    if (fact.kind == session_fact_kind::settled)
      std::erase_if(state_.unsettled, [&](const auto& each) { return each.id == fact.session; });
    const bool is_changed = fact.kind == session_fact_kind::changed;
    if (session == nullptr || !(is_changed || fact.kind == session_fact_kind::in_progress)) return;
    take_registers(*session, fact);
    if (!is_changed) return;
    session->energy_wanted = fact.energy_wanted;
    session->departs_at = fact.departs_at;
  }

private:
  /// A session, and another reservation, take the place of what a station was kept for.
  void reserve(const session_fact& fact) {
    const auto station = find_.station(fact.station);
    if (!station) return;
    auto& all = state_.reservations;
    std::erase_if(all, [&](const auto& each) { return each.station == *station; });
    if (fact.session.is_empty())
      all.push_back({*station, fact.driver, fact.at + reservation_lasts});
  }

  /// One that has ended since takes no connector from the session that is there now.
  void accept(const session_fact& fact) {
    const auto connector =
        fact.connector ? find_.connector(fact.station, *fact.connector) : std::nullopt;
    if (!connector) return;
    auto session = session_of(fact, *connector);
    if (ended_.contains(fact.session)) {
      over_.insert_or_assign(fact.session, std::move(session));
      return;
    }
    forget_connector(state_.sessions, *connector);
    forget_connector(state_.unsettled, *connector);
    state_.sessions.push_back(std::move(session));
  }

  void complete(const session_fact& fact) {
    const auto* open = find_session(state_.sessions, fact.session);
    const auto over = over_.find(fact.session);
    if (fact.is_bill_open && (open != nullptr || over != over_.end())) {
      auto last = open != nullptr ? *open : over->second;
      take_registers(last, fact);
      last.stop_waits.reset();
      forget_connector(state_.unsettled, last.connector);
      state_.unsettled.push_back(std::move(last));
    }
    std::erase_if(state_.sessions, [&](const auto& each) { return each.id == fact.session; });
  }

  domain::site_state& state_;
  const place_finder& find_;
  std::set<domain::session_id> ended_;
  /// Begun and ended since.
  std::map<domain::session_id, session_state> over_;
};

/// Grants of one connector that no answer has settled.
struct told_since {
  domain::told_state told;
  /// By number.
  std::map<domain::sequence, milliamperes> open;
};

class told_currents {
public:
  explicit told_currents(std::vector<domain::told_state>& told) {
    // The number of a state may be that of any command: no answer to it settles a grant.
    for (const auto& each : told) by_connector_[each.connector].told = each;
  }

  /// False: the state includes the command.
  [[nodiscard]] bool take(const domain::command& command) {
    auto& own = by_connector_[command.connector];
    own.told.connector = command.connector;
    if (command.number <= own.told.number) return false;
    own.told.number = command.number;
    if (command.kind != domain::command_kind::grant) return true;
    own.told.told = command.current;
    own.told.is_export = command.is_export;
    own.open[command.number] = command.current;
    return true;
  }

  void take(const domain::command_result& result) {
    const auto own = by_connector_.find(result.connector);
    if (own == by_connector_.end() || result.answer != domain::outcome::accepted) return;
    auto& [told, open] = own->second;
    const auto grant = open.find(result.number);
    if (grant == open.end()) return;
    told.acknowledged = grant->second;
    open.erase(open.begin(), grant);
  }

  /// What is not settled stays reserved.
  [[nodiscard]] std::vector<domain::told_state> all() const {
    std::vector<domain::told_state> all;
    for (const auto& [connector, own] : by_connector_) {
      if (own.told.number == 0) continue;
      all.push_back(own.told);
      for (const auto& [number, current] : own.open)
        all.back().acknowledged = std::max(all.back().acknowledged, current);
    }
    return all;
  }

private:
  std::map<connector_index, told_since> by_connector_;
};

void take_session_command(domain::site_state& state, const domain::command& command) {
  auto* session = find_session(state.sessions, command.session);
  auto* billed = find_session(state.unsettled, command.session);
  if (billed != nullptr && command.kind == domain::command_kind::start)
    billed->start_waits = command.number;
  if (session == nullptr) return;
  if (command.kind == domain::command_kind::start) session->start_waits = command.number;
  if (command.kind != domain::command_kind::stop) return;
  session->stop_waits = command.number;
  const auto taken = session->register_now_wh - session->register_start_wh;
  const bool has_enough = session->energy_wanted && taken >= session->energy_wanted->count();
  session->stopping_because = has_enough ? "energy reached" : "driver";
}

/// A state may hold a session whose start command was lost with its node. Of sessions that young
/// the start lies in the span, if it is in the log.
void owe_starts(domain::site_state& state, const records_since& since) {
  std::set<domain::session_id> started;
  for (const auto& batch : since.commands)
    for (const auto& command : batch.commands)
      if (command.kind == domain::command_kind::start) started.insert(command.session);
  for (auto& session : state.sessions)
    if (session.start_waits && session.started_at >= state.at - span_min &&
        !started.contains(session.id))
      session.start_waits = domain::never_sent;
}

/// An answered start is begun; what the register of its answer says is in the facts that follow.
void take_session_result(domain::site_state& state, const domain::command_result& result) {
  if (result.answer != domain::outcome::accepted) return;
  for (auto& billed : state.unsettled) {
    if (billed.connector != result.connector || billed.start_waits != result.number) continue;
    billed.start_waits.reset();
    if (result.register_at) billed.register_begun_wh = result.register_at->count();
  }
  for (auto& session : state.sessions) {
    if (session.connector != result.connector || session.start_waits != result.number) continue;
    session.start_waits.reset();
    if (!result.register_at) return;
    session.register_start_wh = result.register_at->count();
    session.register_now_wh = std::max(session.register_now_wh, session.register_start_wh);
  }
}

} // namespace

void catch_up(domain::site_state& state, const records_since& since,
              const place_finder& find) {
  open_sessions sessions{state, since.facts, find};
  for (const auto& fact : since.facts) sessions.take(fact);
  // A revision commands under the next epoch before its first state is in the log. Any other epoch
  // is a stranger's.
  const auto is_of_state = [&](const auto& batch) {
    return batch.topology_hash == state.topology_hash &&
           (batch.owner == state.owner || batch.owner == domain::next_epoch(state.owner));
  };
  told_currents told{state.told};
  owe_starts(state, since);
  for (const auto& batch : since.commands) {
    if (!is_of_state(batch)) continue;
    for (const auto& command : batch.commands)
      if (told.take(command)) take_session_command(state, command);
  }
  for (const auto& batch : since.results) {
    if (batch.topology_hash != state.topology_hash) continue;
    for (const auto& result : batch.results) {
      told.take(result);
      take_session_result(state, result);
    }
  }
  state.told = told.all();
}

} // namespace busbar::site
