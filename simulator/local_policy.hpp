#pragma once
// What a charge point decides by itself about a connector for which no charging profile speaks:
// price, peak hours, energy. Pure; the charge point looks at it on every meter interval.

#include "domain/time.hpp"
#include "domain/time_zone.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace busbar::simulator {

/// From this minute of the day on a kWh costs this much, until the next step.
struct price_step {
  std::int32_t minute = 0;
  domain::micro_currency per_kwh{};
};

/// Minutes of the day, `until` excluded. `until` <= `from`: over midnight.
struct peak_window {
  std::int32_t from_minute = 0;
  std::int32_t until_minute = 0;
};

enum class peak_action : std::uint8_t {
  /// no charging within the peak hours
  stop,
  /// half of the connector's rating
  half,
};

/// By default nothing is held back. Minutes are 0..1439 of the world's day.
struct local_policy {
  /// The price course of a day, by rising minute, the first at 0; empty: prices say nothing.
  std::vector<price_step> prices;
  /// Sessions end while a kWh costs more, and none begins.
  std::optional<domain::micro_currency> price_max;
  std::vector<peak_window> peaks;
  peak_action in_peaks = peak_action::half;
  /// A session ends once it has had this much.
  std::optional<domain::watt_hours> session_max;
  /// Length of the world's day, counted from 1970 in `zone`: shorter where a world runs faster.
  /// 24 s..24 h.
  domain::microseconds day{std::chrono::hours{24}};
  /// Whose hours the minutes are.
  domain::time_zone zone;

  [[nodiscard]] bool is_empty() const { return !price_max && peaks.empty() && !session_max; }
};

/// Empty when usable; else the setting, its value and what is allowed.
[[nodiscard]] std::string validate(const local_policy& policy);

/// What the decision is about.
struct charging_session {
  domain::watt_hours energy{};
  /// Of the connector.
  domain::milliamperes current_max{};
};

struct local_decision {
  /// Absent: nothing holds it back. Zero: the session ends.
  std::optional<domain::milliamperes> most;
  /// Why, for people: "price 0.420000 is above 0.300000". Empty where nothing holds it back.
  std::string why;

  [[nodiscard]] bool is_stop() const { return most && most->is_zero(); }
};

/// The first reason that speaks: energy, price, peak hours.
[[nodiscard]] local_decision decide(const local_policy& policy, const charging_session& session,
                                    domain::instant now);

} // namespace busbar::simulator
