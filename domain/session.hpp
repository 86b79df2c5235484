#pragma once
// The life of a session: topic busbar.sessions.v1, and what its driver may expect.

#include "domain/ids.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace busbar::domain {

enum class session_fact_kind : std::uint8_t {
  unspecified = 0,
  accepted,
  denied,
  in_progress,
  completed,
  /// The bill of a session that was completed while its station did not answer, as the register
  /// says once the station is heard again. At most one, after COMPLETED.
  settled,
  /// Its wanted energy and departure are others from now on: those that the fact says.
  changed,
};
[[nodiscard]] const char* name_of(session_fact_kind kind);

/// One fact in the life of a session or of a request for one (LIFE-1).
struct session_fact {
  session_id session;
  request_id request;
  site_id site;
  station_id station;
  driver_id driver;
  session_fact_kind kind = session_fact_kind::unspecified;
  instant at{};
  watts power{};
  /// Energy since the session's start. >= 0.
  watt_hours energy{};
  micro_currency cost{};
  /// Why denied or completed ("driver", "energy reached", "fault", ...); of a change when it leaves
  /// from now on, by the clocks at the site ("leaves at 05:00").
  std::string why;
  /// What its driver wants, and when it leaves; absent: not said.
  std::optional<watt_hours> energy_wanted = {};
  std::optional<instant> departs_at = {};
  /// Of a session: its connector, and the meter's register at its start and now. Absent in facts
  /// about no session, and in those of engines that did not state them.
  std::optional<connector_id> connector = {};
  std::optional<std::int64_t> register_start_wh = {};
  std::optional<std::int64_t> register_now_wh = {};
  /// COMPLETED: the station did not answer, and the bill waits for its register.
  bool is_bill_open = false;
  /// ACCEPTED: when the session began, where its station had begun it by itself.
  std::optional<instant> began_at = {};
  bool operator==(const session_fact&) const = default;
};

/// What a session will have when its driver leaves (control/sessions/departure_forecast).
struct session_forecast {
  watt_hours expected{};
  /// What it will miss of what it wants, once that is enough for long enough to be said; 0: nothing
  /// is said.
  watt_hours shortfall{};
  /// What holds it down, where it will miss something.
  reason because;
  bool operator==(const session_forecast&) const = default;
};

} // namespace busbar::domain
