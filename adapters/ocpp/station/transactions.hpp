#pragma once
// The life of a station's transactions, whatever order its messages come in (OCPP-7).

#include "adapters/ocpp/station/station_state.hpp"

namespace busbar::adapters::ocpp::station {

struct reported_start {
  std::size_t connector = 0;
  std::string tag;
  std::int64_t meter_wh = 0;
  std::optional<domain::instant> at;
};

struct reported_stop {
  std::optional<std::int64_t> number;
  std::int64_t meter_wh = 0;
  std::optional<domain::instant> at;
  std::string reason = {};
};

/// Whether it is the start that the engine has ordered at that connector: by the driver's own tag,
/// as it was named to the station. Another tag meanwhile is another driver's.
[[nodiscard]] bool is_ordered(const connector_state& at, std::string_view tag);

/// Begins it, or finds the one that was reported before. Returns its number.
std::int32_t begin_transaction(station_state& state, const reported_start& from,
                               number_source& numbers, domain::instant now,
                               station_effects& out);

/// -1, 0 and foreign numbers mean the only one that runs. False: it means none, and touches none.
bool end_transaction(station_state& state, const reported_stop& from, domain::instant now,
                     station_effects& out);

/// Reports it to the engine, which opens its session, or bills it where it has ended as well. Anew
/// after a denial; else once more under the same id, which is answered once.
void ask_for_session(station_state& state, transaction& of, domain::instant now,
                     station_effects& out);
/// The engine has no session for it now: it is reported again, later each time and not for ever.
void denied_session(const station_state& state, transaction& of, const std::string& why,
                    domain::instant now, station_effects& out);
/// Tells the engine the register of one that has ended, once: its session is over. `why`: nothing
/// where its driver wants it.
void ask_for_stop(station_state& state, transaction& of, domain::instant now,
                  station_effects& out, const std::string& why = {});

/// The tag of a transaction was refused: the station stops it, or is asked to.
void refuse_tag(station_state& state, std::int32_t number, domain::instant now,
                station_effects& out);
/// Asks it to stop those that it should have stopped by itself.
void stop_refused(station_state& state, domain::instant now, station_effects& out);
/// The station has booted: what it does not go on with within `resumes_within` ends.
void await_resumption(station_state& state, domain::instant now);
/// The station goes on with what runs at `connector`, or has nothing there any more and gets less
/// time for a stop that it may have kept.
void take_resumption(station_state& state, std::size_t connector, bool goes_on,
                     domain::instant now);
/// Ends those whose time is over, by the newest register.
void end_unresumed(station_state& state, domain::instant now, station_effects& out);
/// The stop that came before its transaction was known.
void take_early_stop(station_state& state, domain::instant now, station_effects& out);

/// The engine has named the session of a transaction, or of a start that it ordered.
void bind_session(station_state& state, transaction& to, const domain::session_id& session,
                  const domain::driver_id& driver);
/// One that has ended, and whose session has, is forgotten.
void forget_settled(station_state& state, const domain::session_id& session);

} // namespace busbar::adapters::ocpp::station
