#pragma once
// Seeded charging profiles and reports of stations, every field within the range that its schema
// states.

#include "domain/capability.hpp"
#include "domain/charging_profile.hpp"
#include "domain/request.hpp"
#include "messages/bounds.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <random>

namespace busbar::messages::testing {

class random_device_values {
public:
  explicit random_device_values(std::mt19937_64& engine) : engine_(engine) {}

  domain::shared_station_report report() {
    domain::station_report to;
    if (coin()) to.line_count = static_cast<int>(number(1, 3));
    if (coin()) to.current_max = domain::milliamperes{number(0, bounds::connector_ma_max)};
    if (coin()) to.power_max = domain::watts{number(0, bounds::connector_w_max)};
    if (coin()) to.voltage = domain::millivolts{number(0, bounds::connector_mv_max)};
    if (coin()) to.is_dc = coin();
    if (coin()) to.can_switch_phases = coin();
    if (coin()) to.has_smart_charging = coin();
    return {std::make_shared<const domain::station_report>(to)};
  }

  domain::reported_transaction reported() {
    domain::reported_transaction to{at(), number(0, bounds::register_wh_max), {}, {}};
    if (coin()) return to;
    to.ended_at = at();
    to.register_stop_wh = number(0, bounds::register_wh_max);
    return to;
  }

  domain::profile_filter profile_filter() {
    domain::profile_filter to;
    if (coin()) to.id = any_int();
    if (coin()) to.connector = any_int();
    if (coin()) to.serves = known(domain::profile_purpose::tx);
    if (coin()) to.stack_level = level();
    return to;
  }

  domain::charging_profile charging_profile() {
    domain::charging_profile to;
    to.id = any_int();
    if (coin()) to.transaction = any_int();
    to.stack_level = level();
    to.serves = known(domain::profile_purpose::tx);
    to.kind = known(domain::profile_kind::relative);
    if (coin()) to.recurs = known(domain::profile_recurrency::weekly);
    if (coin()) to.valid_from = second();
    if (coin()) to.valid_to = second();
    if (coin()) to.plan.starts_at = second();
    if (coin()) to.plan.duration = std::chrono::seconds{number(0, domain::profile_seconds_max)};
    to.plan.unit = known(domain::rate_unit::watt);
    if (coin()) to.plan.minimum_tenths = number(0, domain::rate_max_tenths);
    for (auto left = number(1, 6); left > 0; --left) to.plan.periods.push_back(period());
    return to;
  }

private:
  std::int64_t number(std::int64_t lowest, std::int64_t highest) {
    return std::uniform_int_distribution<std::int64_t>{lowest, highest}(engine_);
  }
  bool coin() { return number(0, 1) == 1; }
  template <class Enum> Enum known(Enum last) {
    return static_cast<Enum>(number(0, static_cast<std::int64_t>(last)));
  }
  domain::instant at() {
    return domain::instant{std::chrono::microseconds{number(0, bounds::time_us_max)}};
  }
  std::int32_t any_int() { return static_cast<std::int32_t>(number(INT32_MIN, INT32_MAX)); }
  std::int32_t level() { return static_cast<std::int32_t>(number(0, INT32_MAX)); }
  std::chrono::sys_seconds second() {
    return std::chrono::sys_seconds{std::chrono::seconds{
        number(bounds::profile_time_s_min, bounds::profile_time_s_max)}};
  }
  domain::schedule_period period() {
    domain::schedule_period to;
    to.start = std::chrono::seconds{number(0, domain::profile_seconds_max)};
    to.limit_tenths = number(0, domain::rate_max_tenths);
    if (coin()) to.phases = static_cast<std::uint8_t>(number(1, 3));
    return to;
  }

  std::mt19937_64& engine_;
};

} // namespace busbar::messages::testing
