#include "control/sessions/admission.hpp"
#include "control/sessions/bill.hpp"

#include <gtest/gtest.h>

namespace busbar::control::sessions {

using domain::instant;
using std::chrono::seconds;

namespace {

domain::site one_station(std::int64_t power_w) {
  domain::site site;
  site.nodes.emplace_back();
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
  // 22 kW * 1.15 * 360 s = 2 530 Wh, one more for a register that counts whole watt-hours
  const auto bill = bill_of(one_station(22'000), session(0, 99'999), instant{seconds{1'360}});
  EXPECT_EQ(bill.energy.count(), 2'531);
  EXPECT_EQ(bill.apart.count(), 97'468); // 99 999 - 2 531: kept apart, not lost
}

TEST(bill, LIFE_1_a_register_that_counts_at_a_higher_voltage_than_nominal_is_billed_whole) {
  // 22 080 W at 253 V are 24 288 W: 24 288 Wh in an hour, 2 208 Wh above the rating.
  const auto bill = bill_of(one_station(22'080), session(431, 24'719), instant{seconds{4'600}});
  EXPECT_EQ(bill.energy.count(), 24'288);
  EXPECT_EQ(bill.apart.count(), 0);
}

TEST(bill, LIFE_1_the_rating_goes_by_the_voltage_where_the_connector_hangs) {
  auto site = one_station(0);
  site.nominal = domain::millivolts{120'000};
  site.nodes[0].transformer = domain::transformer_data{};
  site.nodes[0].transformer->secondary = domain::millivolts{400'000};
  // sqrt 3 * 400 V * 32 A = 22 170.2 W, not 120 V * 32 A * 3 = 11 520 W
  EXPECT_EQ(rating_of(site, domain::connector_index{0u}).count(), 22'170);
}

TEST(bill, without_a_nameplate_the_rating_is_current_times_voltage_times_lines) {
  // 32 A * 230 V * 3 = 22 080 W
  EXPECT_EQ(rating_of(one_station(0), domain::connector_index{0u}).count(), 22'080);
}

TEST(bill, LIFE_1_the_bound_counts_begun_seconds_and_rounds_up) {
  // 1.5 s count as 2: 3 600 W * 1.15 * 2 s = 2.3 Wh, up to 3, and one more
  const auto at = instant{std::chrono::milliseconds{1'001'500}};
  EXPECT_EQ(bill_of(one_station(3'600), session(0, 99), at).energy.count(), 4);
  // 4 696 W * 1.15 * 2 s = 3.0002 Wh, up to 4, and one more
  EXPECT_EQ(bill_of(one_station(4'696), session(0, 99), at).energy.count(), 5);
  EXPECT_EQ(bill_of(one_station(3'600), session(0, 99), instant{seconds{1'000}}).energy.count(), 1);
  EXPECT_EQ(bill_of(one_station(3'600), session(0, 99), instant{seconds{900}}).energy.count(), 1)
      << "a clock that went back";
}

TEST(bill, LIFE_1_a_transaction_that_its_station_reports_has_five_minutes_more) {
  auto reported = session(0, 99'999);
  reported.is_reported = true;
  // 22 kW * 1.15 * 300 s = 2 108.3 Wh, up to 2 109, and one more
  const auto bill = bill_of(one_station(22'000), reported, instant{seconds{1'000}});
  EXPECT_EQ(bill.energy.count(), 2'110);
  EXPECT_EQ(bill.apart.count(), 97'889);
}

TEST(bill, a_cost_is_rounded_to_the_nearest_millionth) {
  auto site = one_station(22'000);
  const auto cost = [&](std::int64_t energy_wh, std::int64_t per_kwh) {
    site.stations[0].price_per_kwh = domain::micro_currency{per_kwh};
    return bill_of(site, session(0, energy_wh), instant{seconds{4'600}}).cost.count();
  };
  EXPECT_EQ(cost(1, 499), 0);   // 0.499
  EXPECT_EQ(cost(1, 500), 1);   // 0.5
  EXPECT_EQ(cost(3, 1'500), 5); // 4.5
  EXPECT_EQ(cost(7, 1'000), 7);
}

TEST(bill, a_station_without_a_price_has_the_sites) {
  auto site = one_station(22'000);
  site.price_per_kwh = domain::micro_currency{123};
  EXPECT_EQ(price_of(site, domain::connector_index{0u}).count(), 300'000);
  site.stations[0].price_per_kwh.reset();
  EXPECT_EQ(price_of(site, domain::connector_index{0u}).count(), 123);
}

TEST(bill, the_rating_of_one_line_rounds_down) {
  auto site = one_station(0);
  site.connectors[0].line_count = 1;
  site.connectors[0].current_max = domain::milliamperes{16'001};
  EXPECT_EQ(rating_of(site, domain::connector_index{0u}).count(), 3'680); // 3 680.23 W
  site.connectors[0].power_max = domain::watts{1};
  EXPECT_EQ(rating_of(site, domain::connector_index{0u}).count(), 1);
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
