#include "control/sessions/admission.hpp"
#include "control/sessions/bill.hpp"

#include <gtest/gtest.h>

namespace busbar::control::sessions {

using domain::instant;
using std::chrono::seconds;

namespace {

domain::site one_station(std::int64_t power_w) {
  domain::site site;
  site.stations.push_back({.id = domain::station_id{"CP-001"}});
  site.stations[0].price_per_kwh = domain::micro_currency{300'000};
  site.connectors.push_back({.id = domain::connector_id{"1"}});
  site.connectors[0].power_max = domain::watts{power_w};
  return site;
}

domain::session_state session(std::int64_t start_wh, std::int64_t now_wh) {
  domain::session_state state;
  state.started_at = instant{seconds{1'000}};
  state.register_start_wh = start_wh;
  state.register_now_wh = now_wh;
  return state;
}

} // namespace

TEST(bill, energy_times_price) {
  // 10 kWh * 0.30 EUR = 3.00 EUR
  const auto bill = bill_of(one_station(22'000), session(500, 10'500), instant{seconds{4'600}});
  EXPECT_EQ(bill.energy.count(), 10'000);
  EXPECT_EQ(bill.cost.count(), 3'000'000);
}

TEST(bill, LIFE_1_energy_is_never_negative_when_a_register_falls_back) {
  const auto bill = bill_of(one_station(22'000), session(500, 400), instant{seconds{4'600}});
  EXPECT_EQ(bill.energy.count(), 0);
  EXPECT_EQ(bill.cost.count(), 0);
}

TEST(bill, LIFE_1_energy_is_never_above_rating_times_time) {
  // 22 kW * 360 s = 2 200 Wh, one more for a register that counts whole watt-hours
  const auto bill = bill_of(one_station(22'000), session(0, 99'999), instant{seconds{1'360}});
  EXPECT_EQ(bill.energy.count(), 2'201);
}

TEST(bill, without_a_nameplate_the_rating_is_current_times_voltage_times_lines) {
  // 32 A * 230 V * 3 = 22 080 W
  EXPECT_EQ(rating_of(one_station(0), domain::connector_index{0u}).count(), 22'080);
}

TEST(admission, each_reason_keeps_a_new_driver_away) {
  using domain::connector_state;
  EXPECT_EQ(closed_because({.state = connector_state::disconnected}), "");
  EXPECT_EQ(closed_because({.state = connector_state::faulted}), "faulted");
  EXPECT_EQ(closed_because({.state = connector_state::unavailable}), "unavailable");
  EXPECT_EQ(closed_because({.is_silent = true}), "silent");
  EXPECT_EQ(closed_because({.is_unhealthy = true}), "unhealthy");
  EXPECT_EQ(closed_because({.has_session = true}), "occupied");
  EXPECT_EQ(closed_because({.state = connector_state::supplying}), "occupied");
  EXPECT_EQ(closed_because({.is_reserved_for_other = true}), "reserved");
  EXPECT_EQ(closed_because({.commands = domain::breaker_position::open}), "circuit breaker open");
  EXPECT_EQ(closed_because({.is_site_safe = true}), "site in safe mode");
}

TEST(admission, a_half_open_breaker_lets_the_probing_driver_in) {
  EXPECT_EQ(closed_because({.commands = domain::breaker_position::half_open}), "");
}

} // namespace busbar::control::sessions
