#include "control/sessions/bill.hpp"

#include "control/limits/node_voltage.hpp"

#include <algorithm>
#include <optional>

namespace busbar::control::sessions {

namespace {

constexpr std::int64_t seconds_per_hour = 3600;

constexpr std::int64_t tolerance_percent = 115;
/// A station reads its register at intervals, and stamps what it reports by a clock of its own.
constexpr domain::seconds reported_slack{300};

/// Rating times time, rounded up: a register counts whole watt-hours.
std::int64_t energy_max_wh(domain::watts rating, domain::microseconds elapsed) {
  const auto whole = std::chrono::ceil<domain::seconds>(elapsed).count();
  constexpr std::int64_t per_wh = 100 * seconds_per_hour;
  const auto most = rating.count() * tolerance_percent * std::max<std::int64_t>(whole, 0);
  return (most + per_wh - 1) / per_wh + 1;
}

limits::node_voltage voltage_at(const domain::site& site, const domain::connector& connector) {
  std::optional at{site.stations[connector.station.value()].parent};
  for (; at; at = site.nodes[at->value()].parent)
    if (const auto& data = site.nodes[at->value()].transformer) return {data->secondary, true};
  return {site.nominal, false};
}

} // namespace

domain::watts rating_of(const domain::site& site, domain::connector_index connector) {
  const auto& data = site.connectors[connector.value()];
  if (data.power_max.count() > 0) return data.power_max;
  const auto per_ampere = limits::milliwatts_per_ampere(data, voltage_at(site, data));
  return domain::watts{data.current_max.count() * per_ampere / 1'000'000};
}

domain::micro_currency price_of(const domain::site& site, domain::connector_index connector) {
  const auto station = site.connectors[connector.value()].station;
  return site.stations[station.value()].price_per_kwh.value_or(site.price_per_kwh);
}

bill bill_of(const domain::site& site, const domain::session_state& session, domain::instant now) {
  return bill_of(session, rating_of(site, session.connector), price_of(site, session.connector),
                 now);
}

bill bill_of(const domain::session_state& session, domain::watts rating,
             domain::micro_currency price, domain::instant now) {
  const domain::microseconds slack = session.is_reported ? reported_slack : domain::seconds{0};
  const auto bound = energy_max_wh(rating, now - session.started_at + slack);
  const auto taken = session.register_now_wh - session.register_start_wh;
  const auto energy = std::clamp<std::int64_t>(taken, 0, bound);
  const domain::watt_hours apart{std::max<std::int64_t>(taken - energy, 0)};
  const auto cost = (energy * price.count() + 500) / 1000;
  return {domain::watt_hours{energy}, domain::micro_currency{cost}, apart};
}

} // namespace busbar::control::sessions
