#include "control/sessions/bill.hpp"

#include <algorithm>

namespace busbar::control::sessions {

namespace {

constexpr std::int64_t seconds_per_hour = 3600;

/// Rating times time, rounded up: a register counts whole watt-hours.
std::int64_t energy_max_wh(domain::watts rating, domain::microseconds elapsed) {
  const auto whole = std::chrono::ceil<domain::seconds>(elapsed).count();
  return (rating.count() * std::max<std::int64_t>(whole, 0) + seconds_per_hour - 1) /
             seconds_per_hour + 1;
}

} // namespace

domain::watts rating_of(const domain::site& site, domain::connector_index connector) {
  const auto& data = site.connectors[connector.value()];
  if (data.power_max.count() > 0) return data.power_max;
  const std::int64_t lines = data.line_count;
  return domain::watts{data.current_max.count() * site.nominal.count() * lines / 1'000'000};
}

domain::micro_currency price_of(const domain::site& site, domain::connector_index connector) {
  const auto station = site.connectors[connector.value()].station;
  return site.stations[station.value()].price_per_kwh.value_or(site.price_per_kwh);
}

bill bill_of(const domain::site& site, const domain::session_state& session, domain::instant now) {
  const auto bound = energy_max_wh(rating_of(site, session.connector), now - session.started_at);
  const auto taken = session.register_now_wh - session.register_start_wh;
  const auto energy = std::clamp<std::int64_t>(taken, 0, bound);
  const auto price = price_of(site, session.connector).count();
  return {domain::watt_hours{energy}, domain::micro_currency{(energy * price + 500) / 1000}};
}

} // namespace busbar::control::sessions
