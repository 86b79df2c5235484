#include "domain/shortfall_text.hpp"

#include <chrono>

namespace busbar::domain {

namespace {

std::string two_digits(std::int64_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string date_text(std::chrono::year_month_day day) {
  return std::to_string(static_cast<int>(day.year())) + "-" +
         two_digits(static_cast<unsigned>(day.month())) + "-" +
         two_digits(static_cast<unsigned>(day.day()));
}

/// Continues "because ".
std::string cause_text(const reason& because, const site& site) {
  if (because.node && because.node->value() < site.nodes.size())
    return "of " + site.nodes[because.node->value()].id.text();
  switch (because.which) {
  case rule::maximum: return "its connector gives no more";
  case rule::demand: return "its vehicle takes no more";
  case rule::not_wanted: return "its vehicle asks for nothing";
  case rule::turn: return "it waits for its turn";
  case rule::ramp: return "its current still rises";
  case rule::fallback: return "its station is in its fallback";
  case rule::input_lost: return "its readings are lost";
  case rule::load_shedding: return "of load shedding";
  case rule::site_operator: return "of an operator's limit";
  case rule::derating: return "its outlet is derated";
  case rule::disobedience: return "its station does not obey";
  default: return "of the site's limits";
  }
}

} // namespace

std::string in_kilowatt_hours(watt_hours energy) {
  const auto tenths = (energy.count() + 99) / 100;
  const auto rest = tenths % 10;
  return std::to_string(tenths / 10) + (rest == 0 ? "" : "." + std::to_string(rest)) + " kWh";
}

std::string local_time_text(const time_zone& zone, instant at, instant now) {
  const auto local = zone.local_at(at);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::minutes>(local - day)};
  const auto clock = two_digits(time.hours().count()) + ":" + two_digits(time.minutes().count());
  const bool is_near = std::chrono::abs(at - now) < std::chrono::hours{24};
  return is_near ? clock : date_text(std::chrono::year_month_day{day}) + " " + clock;
}

std::string text_of(const session_forecast& forecast, instant departs_at, instant now,
                    const site& site) {
  if (forecast.shortfall.is_zero()) return {};
  return in_kilowatt_hours(forecast.shortfall) + " short at " +
         local_time_text(site.zone, departs_at, now) + ", because " +
         cause_text(forecast.because, site);
}

} // namespace busbar::domain
