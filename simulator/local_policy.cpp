#include "simulator/local_policy.hpp"

#include <algorithm>
#include <cstdlib>

namespace busbar::simulator {

namespace {

using domain::micro_currency;
using domain::milliamperes;

constexpr std::int32_t minutes_of_day = 1'440;

std::int32_t minute_at(const local_policy& policy, domain::instant now) {
  const auto day = policy.day.count();
  // In a world that runs faster, so does the clock on its wall.
  constexpr std::int64_t seconds_of_day = 86'400;
  const auto ahead = policy.zone.offset_at(now).count() * day / seconds_of_day;
  const auto passed = (now.time_since_epoch().count() + ahead) % day;
  return static_cast<std::int32_t>(passed / (day / minutes_of_day)) % minutes_of_day;
}

bool is_within(const peak_window& peak, std::int32_t minute) {
  if (peak.from_minute < peak.until_minute)
    return minute >= peak.from_minute && minute < peak.until_minute;
  return minute >= peak.from_minute || minute < peak.until_minute;
}

std::optional<micro_currency> price_at(const local_policy& policy, std::int32_t minute) {
  std::optional<micro_currency> price;
  for (const auto& step : policy.prices)
    if (step.minute <= minute) price = step.per_kwh;
  return price;
}

/// "0.300000", "-0.010000"
std::string text_of(micro_currency amount) {
  const auto size = std::abs(amount.count());
  const auto micros = std::to_string(size % 1'000'000);
  return (amount.count() < 0 ? "-" : "") + std::to_string(size / 1'000'000) + "." +
         std::string(6 - micros.size(), '0') + micros;
}

/// "30.0": tenths, rounded down.
std::string kilowatt_hours(domain::watt_hours energy) {
  const auto tenths = energy.count() / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

/// "30.0/30.0 kWh"; "51/50 Wh" where a tenth of a kilowatt-hour would not show the cap.
std::string energies_of(domain::watt_hours had, domain::watt_hours cap) {
  constexpr domain::watt_hours shown_as_such{100};
  if (cap < shown_as_such)
    return std::to_string(had.count()) + "/" + std::to_string(cap.count()) + " Wh";
  return kilowatt_hours(had) + "/" + kilowatt_hours(cap) + " kWh";
}

bool is_minute(std::int32_t minute) { return minute >= 0 && minute < minutes_of_day; }

std::string check_prices(const local_policy& policy) {
  std::int32_t before = -1;
  for (const auto& step : policy.prices) {
    const bool is_first = before < 0;
    if (!is_minute(step.minute) || step.minute <= before || (is_first && step.minute != 0))
      return "prices minute " + std::to_string(step.minute) +
             ": allowed is rising from 0, 0..1439";
    if (step.per_kwh.count() < -1'000'000'000 || step.per_kwh.count() > 1'000'000'000)
      return "prices per_kwh " + std::to_string(step.per_kwh.count()) +
             ": allowed is -1000000000..1000000000 millionths";
    before = step.minute;
  }
  if (policy.price_max && policy.prices.empty())
    return "price_max " + std::to_string(policy.price_max->count()) +
           ": allowed with a price course only";
  return {};
}

} // namespace

std::string validate(const local_policy& policy) {
  if (auto wrong = check_prices(policy); !wrong.empty()) return wrong;
  for (const auto& peak : policy.peaks)
    if (!is_minute(peak.from_minute) || !is_minute(peak.until_minute))
      return "peaks " + std::to_string(peak.from_minute) + ".." +
             std::to_string(peak.until_minute) + ": allowed are minutes 0..1439";
  if (policy.session_max && policy.session_max->count() < 1)
    return "session_max " + std::to_string(policy.session_max->count()) +
           ": allowed is 1 Wh or more";
  const auto day = policy.day;
  if (day < domain::microseconds{std::chrono::seconds{24}} || day > std::chrono::hours{24})
    return "day " + std::to_string(day.count()) + " us: allowed is 24000000..86400000000 us";
  return {};
}

local_decision decide(const local_policy& policy, const charging_session& session,
                      domain::instant now) {
  if (policy.session_max && session.energy >= *policy.session_max)
    return {milliamperes{},
            "energy cap reached (" + energies_of(session.energy, *policy.session_max) + ")"};
  const auto minute = minute_at(policy, now);
  const auto price = price_at(policy, minute);
  if (price && policy.price_max && *price > *policy.price_max)
    return {milliamperes{},
            "price " + text_of(*price) + " is above " + text_of(*policy.price_max)};
  const bool is_peak = std::any_of(policy.peaks.begin(), policy.peaks.end(),
                                   [&](const auto& peak) { return is_within(peak, minute); });
  if (!is_peak) return {};
  if (policy.in_peaks == peak_action::stop) return {milliamperes{}, "peak hours"};
  const milliamperes half{session.current_max.count() / 2};
  return {half, "peak hours, half"};
}

} // namespace busbar::simulator
