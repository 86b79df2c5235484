// LIM-2: the limits of the moment at one node, and what their models remember.

#include "control/limits/live_limits.hpp"

#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::control::limits {
namespace {

using domain::limit_source;
using domain::milliamperes;
using domain::millidegrees_celsius;
using domain::millivolts;
using domain::permille;
using domain::seconds;
using domain::watts;
using std::chrono::milliseconds;

const domain::instant start{seconds{1'777'000'005}};
constexpr domain::node_index feeder{1U};

domain::per_line<milliamperes> lines(std::int64_t a, std::int64_t b, std::int64_t c) {
  return {milliamperes{a}, milliamperes{b}, milliamperes{c}};
}

node_flow flow(std::int64_t ma, std::int64_t power_w = 0) {
  node_flow made;
  made.current = lines(ma, ma, ma);
  made.power = watts{power_w};
  return made;
}

/// A feeder of 100 A with that protection, below a service of 100 A at 230 V.
class guarded_feeder : public testing::Test {
protected:
  explicit guarded_feeder(bool is_transformer = false)
      : site(is_transformer ? *tests::site_builder{}.transformer("t1", 69'282).build()
                            : *tests::site_builder{}.feeder("f1", 100'000).build()) {}

  domain::node_protection& protection() { return site.nodes[feeder.value()].protection; }

  std::vector<domain::limit> limits_at(domain::instant now, const node_flow& seen) {
    if (!live) live.emplace(site);
    std::vector<domain::limit> found;
    live->observe(feeder, seen, now, found);
    return found;
  }
  std::vector<domain::limit> limits_at(std::int64_t second, const node_flow& seen) {
    return limits_at(start + seconds{second}, seen);
  }

  /// Nothing flows until `window`: the peak window is empty then.
  void idle_window() {
    for (std::int64_t second = 0; second <= window; second += 15) (void)limits_at(second, flow(0));
  }
  static constexpr std::int64_t window = 15 * 61;

  domain::site site;
  std::optional<live_limits> live;
};

/// 69 282 VA at 400 V: 100 A a line.
class guarded_transformer : public guarded_feeder {
protected:
  guarded_transformer() : guarded_feeder(true) {}
};

TEST_F(guarded_feeder, LIM_2_a_node_without_protection_has_no_limit_of_the_moment) {
  EXPECT_TRUE(limits_at(0, flow(500'000)).empty());
}

TEST_F(guarded_feeder, LIM_2_a_breaker_begins_as_after_a_long_time_at_its_rating) {
  protection().breaker = domain::breaker_data{milliamperes{80'000}};
  const auto limits = limits_at(0, flow(0));
  ASSERT_EQ(limits.size(), 1U);
  EXPECT_EQ(limits[0].source, limit_source::breaker);
  EXPECT_EQ((*limits[0].current)[0].count(), 80'000);
  // (1 / 1.13)^2 = 783 permille of the heat at which the trip band begins
  EXPECT_EQ(live->heat_of(feeder).breaker, permille{783});
  EXPECT_FALSE(live->heat_of(feeder).oil);
  EXPECT_FALSE(live->heat_of(domain::node_index{0U}).breaker);
}

TEST_F(guarded_feeder, LIM_2_the_breakers_heat_follows_the_highest_flow_of_ten_seconds) {
  protection().breaker = domain::breaker_data{milliamperes{80'000}};
  (void)limits_at(0, flow(0));
  auto seen = flow(0);
  seen.current = lines(0, -160'000, 0); // export heats as well
  for (int second = 1; second < 10; ++second)
    (void)limits_at(second, second == 4 ? seen : flow(0));
  EXPECT_EQ(live->heat_of(feeder).breaker, permille{783}) << "not advanced yet";
  (void)limits_at(10, flow(0));
  // (2 / 1.13)^2 = 3.1326; 783 + (3133 - 783) * 10 / 1000 = 806
  EXPECT_EQ(live->heat_of(feeder).breaker, permille{806});
  (void)limits_at(20, flow(0));
  // Nothing flowed in these ten: 806 640 * 1000 / 1010
  EXPECT_EQ(live->heat_of(feeder).breaker, permille{798});
}

TEST_F(guarded_feeder, LIM_2_a_hot_breaker_lowers_its_limit) {
  protection().breaker = domain::breaker_data{milliamperes{80'000}};
  (void)limits_at(0, flow(200'000));
  const auto hot = limits_at(100, flow(200'000));
  EXPECT_GT(live->heat_of(feeder).breaker, permille{1'000});
  EXPECT_LT((*hot[0].current)[0].count(), 80'000);
}

TEST_F(guarded_feeder, LIM_3_a_lost_meter_counts_as_a_flow_of_the_full_rating) {
  protection().breaker = domain::breaker_data{milliamperes{80'000}};
  (void)limits_at(0, node_flow{});
  (void)limits_at(5'000, node_flow{});
  // The smaller of the feeder's 100 A and the breaker's 80 A, for ever: as it began.
  EXPECT_EQ(live->heat_of(feeder).breaker, permille{783});
  auto stated = *tests::site_builder{}.feeder("f1", 60'000).build();
  stated.nodes[1].protection = site.nodes[1].protection;
  live_limits smaller{stated};
  std::vector<domain::limit> found;
  smaller.observe(feeder, {}, start, found);
  smaller.observe(feeder, {}, start + seconds{30'000}, found);
  EXPECT_EQ(smaller.heat_of(feeder).breaker, permille{440}); // (60 / 80 / 1.13)^2 = 0.4405
}

TEST_F(guarded_transformer, LIM_2_oil_and_hot_spot_begin_at_rest_under_the_rated_load) {
  protection().thermal = domain::thermal_rule{};
  protection().ambient = millidegrees_celsius{20'000};
  const auto limits = limits_at(0, flow(0));
  ASSERT_EQ(limits.size(), 1U);
  EXPECT_EQ(limits[0].source, limit_source::thermal);
  EXPECT_EQ((*limits[0].current)[1].count(), 99'999); // 69 282 VA / (sqrt3 * 400 V) = 99.9999 A
  EXPECT_NEAR(static_cast<double>(live->heat_of(feeder).oil->count()), 75'000, 5);
  EXPECT_NEAR(static_cast<double>(live->heat_of(feeder).hot_spot->count()), 98'000, 5);
  EXPECT_FALSE(live->heat_of(feeder).breaker);
}

TEST_F(guarded_transformer, LIM_2_temperatures_follow_the_load_in_parts_of_the_rating) {
  protection().thermal = domain::thermal_rule{};
  protection().ambient = millidegrees_celsius{20'000};
  (void)limits_at(0, flow(50'000));
  for (int second = 600; second <= 100'000; second += 600) (void)limits_at(second, flow(50'000));
  // Half load for a day: 20 + 55 * ((1 + 5 / 4) / 6)^0.8 = 45.1, + 23 * 0.5^1.6 = 52.7; rounded
  // up in every minute, it stays a fifth of a degree above.
  EXPECT_NEAR(static_cast<double>(live->heat_of(feeder).oil->count()), 45'092, 300);
  EXPECT_NEAR(static_cast<double>(live->heat_of(feeder).hot_spot->count()), 52'679, 350);
}

TEST_F(guarded_transformer, LIM_2_the_rules_of_the_site_file_reach_the_model) {
  domain::thermal_rule rule;
  rule.how = domain::cooling::onaf;
  rule.load_max = permille{500};
  protection().thermal = rule;
  protection().ambient = millidegrees_celsius{20'000};
  EXPECT_EQ((*limits_at(0, flow(0))[0].current)[0].count(), 49'999); // 500 permille
  EXPECT_NEAR(static_cast<double>(live->heat_of(feeder).oil->count()), 72'000, 5); // 20 + 52
  live.reset();
  rule.how = domain::cooling::onan;
  rule.load_max = permille{1'000};
  rule.oil_max = millidegrees_celsius{60'000};
  protection().thermal = rule;
  const auto cool = (*limits_at(0, flow(0))[0].current)[0].count();
  EXPECT_GT(cool, 0) << "72 degrees at the rating: it begins at 60";
  EXPECT_LT(cool, 99'999);
  EXPECT_NEAR(static_cast<double>(live->heat_of(feeder).oil->count()), 60'000, 200);
  live.reset();
  rule.oil_max = millidegrees_celsius{105'000};
  rule.hot_spot_max = millidegrees_celsius{90'000};
  protection().thermal = rule;
  const auto held = (*limits_at(0, flow(0))[0].current)[0].count(); // 98 at the rating
  EXPECT_GT(held, 0);
  EXPECT_LT(held, 99'999);
}

TEST_F(guarded_transformer, LIM_2_a_lower_maximum_of_the_oil_does_not_stop_what_is_fine) {
  domain::thermal_rule rule;
  rule.oil_max = millidegrees_celsius{80'000};
  protection().thermal = rule;
  protection().ambient = millidegrees_celsius{30'000};
  // 30 + 55 at the rated load are 85 degrees: it begins at 80, with what holds it there for ever.
  const auto held = (*limits_at(0, flow(0))[0].current)[0].count();
  EXPECT_NEAR(static_cast<double>(live->heat_of(feeder).oil->count()), 80'000, 200);
  EXPECT_GT(held, 90'000);
}

TEST_F(guarded_transformer, LIM_2_its_temperatures_go_on_under_a_revision_and_after_a_restart) {
  protection().thermal = domain::thermal_rule{};
  protection().ambient = millidegrees_celsius{20'000};
  for (int second = 0; second <= 20'000; second += 10) (void)limits_at(second, flow(10'000));
  const auto before = *live->heat_of(feeder).oil;
  ASSERT_LT(before.count(), 60'000) << "it has cooled from 75 degrees";
  live_limits revised{site};
  revised.take_over(*live, {domain::node_index{0U}, feeder});
  EXPECT_EQ(revised.heat_of(feeder).oil, before);
  live_limits restarted{site};
  restarted.restore(live->warmth());
  EXPECT_EQ(restarted.heat_of(feeder).oil, before);
  EXPECT_EQ(restarted.heat_of(feeder).hot_spot, live->heat_of(feeder).hot_spot);
}

TEST_F(guarded_transformer, LIM_2_a_hot_one_stays_hot_under_its_rule_and_falls_to_a_lower_maximum) {
  protection().thermal = domain::thermal_rule{};
  protection().ambient = millidegrees_celsius{20'000};
  for (int second = 0; second <= 60'000; second += 10) (void)limits_at(second, flow(140'000));
  const auto hot = *live->heat_of(feeder).oil;
  ASSERT_GT(hot.count(), 100'000);
  live_limits same{site};
  same.take_over(*live, {domain::node_index{0U}, feeder});
  EXPECT_EQ(same.heat_of(feeder).oil, hot);
  auto lower = site;
  lower.nodes[feeder.value()].protection.thermal->oil_max = millidegrees_celsius{70'000};
  live_limits revised{lower};
  // As a site does: what is kept comes first, then what its predecessor knows.
  revised.restore(live->warmth());
  revised.take_over(*live, {domain::node_index{0U}, feeder});
  std::vector<domain::limit> found;
  revised.observe(feeder, flow(0), start + seconds{60'010}, found);
  EXPECT_GT((*found[0].current)[0].count(), 0) << "held to what keeps 70 degrees";
  live_limits restarted{lower};
  restarted.restore(live->warmth());
  EXPECT_EQ(restarted.heat_of(feeder).oil, revised.heat_of(feeder).oil) << "as after a restart";
  live_limits as_before{site};
  as_before.restore(live->warmth());
  EXPECT_EQ(as_before.heat_of(feeder).oil, hot) << "a restart under the same rule";
}

TEST_F(guarded_feeder, LIM_2_a_peak_window_goes_on_under_a_revision) {
  protection().peak_demand = watts{60'000};
  idle_window();
  live_limits revised{site};
  revised.take_over(*live, {domain::node_index{0U}, feeder});
  std::vector<domain::limit> found;
  revised.observe(feeder, flow(0, 0), start + seconds{window + 1}, found);
  EXPECT_EQ(found.at(0).power->count(), 60'000) << "not as if it were full";
}

TEST_F(guarded_feeder, LIM_2_a_thermal_rule_without_a_transformer_limits_nothing) {
  protection().thermal = domain::thermal_rule{};
  EXPECT_TRUE(limits_at(0, flow(0)).empty());
  EXPECT_FALSE(live->heat_of(feeder).oil);
}

TEST_F(guarded_feeder, LIM_3_a_peak_window_without_history_counts_as_full) {
  protection().peak_demand = watts{60'000};
  // 59 slots of 15 s at 60 kW are taken as gone: 900 kJ are left for 30 s.
  EXPECT_EQ(limits_at(0, flow(0, 0)).at(0).power->count(), 30'000);
  idle_window();
  EXPECT_EQ(limits_at(window, flow(0, 0)).at(0).power->count(), 60'000);
}

TEST_F(guarded_feeder, LIM_2_the_peak_window_counts_what_flowed_between_two_looks) {
  protection().peak_demand = watts{60'000};
  idle_window();
  for (int slot = 1; slot <= 59; ++slot) (void)limits_at(window + 15 * slot, flow(0, 60'600));
  // The slot of the last look and those of the 58 before: 59 * 15 s * 60.6 kW of 54 MJ are gone.
  const auto limits = limits_at(window + 15 * 59, flow(0, 60'600));
  ASSERT_EQ(limits.size(), 1U);
  EXPECT_EQ(limits[0].source, limit_source::peak_demand);
  EXPECT_EQ(limits[0].power->count(), (54'000'000 - 59 * 15 * 60'600) / 30);
}

TEST_F(guarded_feeder, LIM_2_parts_of_a_second_between_two_looks_are_not_lost) {
  protection().peak_demand = watts{1'000};
  idle_window();
  // 60 looks 250 ms apart: 15 s at 59 kW are 885 kJ of 900 kJ.
  const auto then = start + seconds{window};
  for (int look = 1; look <= 60; ++look)
    (void)limits_at(then + milliseconds{250 * look}, flow(0, 59'000));
  EXPECT_EQ(limits_at(then + seconds{15}, flow(0)).at(0).power->count(), 15'000 / 30);
}

TEST_F(guarded_feeder, LIM_3_a_lost_meter_counts_as_full_power_in_the_peak_window) {
  protection().peak_demand = watts{60'000};
  idle_window();
  for (int slot = 1; slot <= 52; ++slot) (void)limits_at(window + 15 * slot, node_flow{});
  // 100 A * 3 * 230 V = 69 kW; 52 * 15 s of it are 53.82 MJ of 54 MJ.
  EXPECT_EQ(limits_at(window + 15 * 52, node_flow{}).at(0).power->count(), 180'000 / 30);
  auto& limits = site.nodes[feeder.value()].limits;
  limits.push_back({limit_source::service_power, std::nullopt, watts{50'000}});
  protection().peak_demand = watts{45'000};
  live.reset();
  idle_window();
  for (int slot = 1; slot <= 53; ++slot) (void)limits_at(window + 15 * slot, node_flow{});
  // The stated 50 kW: 53 * 15 s of them are 39.75 MJ of 40.5 MJ.
  EXPECT_EQ(limits_at(window + 15 * 53, node_flow{}).at(0).power->count(), 750'000 / 30);
}

TEST_F(guarded_feeder, LIM_2_voltage_and_frequency_need_their_measurements) {
  protection().voltage = domain::voltage_band{};
  protection().frequency = domain::frequency_droop{};
  auto seen = flow(0);
  EXPECT_TRUE(limits_at(0, seen).empty());
  seen.voltage = millivolts{211'600};
  seen.frequency_mhz = 49'400;
  const auto all = limits_at(1, seen);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].source, limit_source::voltage);
  EXPECT_EQ((*all[0].current)[0].count(), 50'000); // 0.92 of nominal: half of 100 A
  EXPECT_EQ(all[1].source, limit_source::frequency);
  EXPECT_EQ(all[1].power->count(), 34'500); // half of 69 kW
}

TEST_F(guarded_transformer, LIM_2_a_secondarys_voltage_counts_from_line_to_neutral) {
  protection().voltage = domain::voltage_band{};
  auto seen = flow(0);
  // 400 V / sqrt3 = 230.940 V; 0.92 of it is 212.465 V
  seen.voltage = millivolts{212'465};
  EXPECT_NEAR(static_cast<double>((*limits_at(0, seen).at(0).current)[0].count()), 50'000, 20);
}

TEST_F(guarded_feeder, LIM_2_power_is_the_apparent_rating_times_the_measured_factor) {
  protection().apparent = domain::volt_amperes{60'000};
  // 3 * 20 A * 230 V = 13.8 kVA; 12.42 kW are 900 permille of it
  EXPECT_EQ(limits_at(0, flow(20'000, 12'420)).at(0).power->count(), 54'000);
  EXPECT_EQ(limits_at(0, flow(20'000, 99'000)).at(0).power->count(), 60'000) << "at most one";
  EXPECT_EQ(limits_at(0, flow(20'000, -12'420)).at(0).power->count(), 54'000) << "export, too";
  EXPECT_EQ(limits_at(0, flow(-20'000, -12'420)).at(0).power->count(), 54'000);
  auto seen = flow(20'000, 12'420);
  seen.voltage = millivolts{207'000}; // 12.42 kVA
  EXPECT_EQ(limits_at(0, seen).at(0).power->count(), 60'000);
  // Below a tenth of the rating, 6 kVA, nothing is said: 3 * 8.7 A * 230 V = 6 003 VA is enough.
  EXPECT_EQ(limits_at(0, flow(8'700, 3'000)).size(), 1U);
  EXPECT_TRUE(limits_at(0, flow(8'690, 3'000)).empty());
  EXPECT_TRUE(limits_at(0, node_flow{}).empty());
}

} // namespace
} // namespace busbar::control::limits
