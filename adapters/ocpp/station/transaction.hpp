#pragma once
// A transaction as its station reports it, and the session that the house has for it.

#include "domain/ids.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace busbar::adapters::ocpp::station {

struct transaction {
  /// 1 to 2^31 - 1.
  std::int32_t number = 0;
  /// Place of its connector in the station, from 0.
  std::size_t connector = 0;
  std::string tag;
  std::int64_t meter_start_wh = 0;
  /// The same in the register that the house is told.
  std::int64_t register_start_wh = 0;
  /// By the station's clock; absent where the gateway has it from the log.
  std::optional<domain::instant> began_at;
  /// When the gateway learned of it.
  domain::instant reported_at{};
  /// Empty until the engine names it.
  domain::session_id session;
  /// The driver that the session is for.
  domain::driver_id driver;
  /// The newest request to start its session; asked again while it is denied.
  domain::request_id request;
  std::uint32_t tries = 0;
  domain::instant ask_at{};
  bool waits_for_answer = false;
  /// Another gateway, or this one before it started, has given its number.
  bool is_from_log = false;
  /// The engine has denied it as often as it is asked: it has no session.
  bool is_given_up = false;
  /// As the log has it: when its session began.
  std::optional<domain::instant> logged_at;
  /// Its tag was refused: it is stopped then, unless its station does that by itself.
  std::optional<domain::instant> stops_at;
  /// Its station has booted since: it ends unless the station goes on with it by then.
  std::optional<domain::instant> resumes_by;

  /// The station has stopped it.
  bool has_ended = false;
  std::int64_t meter_stop_wh = 0;
  domain::instant ended_at{};
  /// By the station's clock and register.
  std::optional<domain::instant> stopped_at;
  std::int64_t stated_stop_wh = 0;
  /// Its request names the end, too: no stop is to follow.
  bool is_end_reported = false;
  /// The engine wants its end, or knows of it.
  bool is_stop_asked = false;
  /// A stop that states its register was requested.
  bool is_stop_reported = false;
  /// What its stop states; empty: nothing.
  std::string reason = {};
  /// How it came to its end, where not by a stop.
  bool was_not_resumed = false;
  /// Another one began at its connector before its stop.
  bool has_lost_stop = false;
};

/// "ocpp.1712345678.2": the second request for that transaction. It stands in the session's state,
/// so that a gateway that starts again knows the number.
[[nodiscard]] domain::request_id request_id_of(const transaction& of);
/// "ocpp.1712345678.stop": that it has ended. `names_session`: the request names it.
[[nodiscard]] domain::request_id stop_id_of(const transaction& of, bool names_session);
/// The number in such an id; absent: another request's.
[[nodiscard]] std::optional<std::int32_t> transaction_of(const domain::request_id& request);

/// What a tag is as a driver of the house: at most 64 bytes, what is not printable ASCII as '?'.
[[nodiscard]] domain::driver_id driver_of(std::string_view tag);

} // namespace busbar::adapters::ocpp::station
