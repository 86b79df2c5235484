// The sources of LIM-2 at their edges: single steps of the models, and the one value more that
// would be too much.

#include "control/limits/breaker_curve.hpp"
#include "control/limits/cable.hpp"
#include "control/limits/imbalance.hpp"
#include "control/limits/peak_demand.hpp"
#include "control/limits/supply_limits.hpp"
#include "control/limits/transformer_thermal.hpp"

#include <gtest/gtest.h>

#include <array>

namespace busbar::control::limits {
namespace {

using domain::milliamperes;
using domain::millidegrees_celsius;
using domain::permille;
using domain::seconds;
using domain::watts;

domain::per_line<milliamperes> all(std::int64_t ma) {
  return {milliamperes{ma}, milliamperes{ma}, milliamperes{ma}};
}

std::int64_t heat(const breaker_data& breaker, std::int64_t before, std::int64_t ma,
                  std::int64_t for_seconds) {
  return heat_after(breaker, {before, 0, 0}, all(ma), seconds{for_seconds})[0];
}

TEST(breaker_curve, LIM_2_heats_and_cools_in_fiftieths_of_its_time_constant) {
  const breaker_data breaker{milliamperes{100'000}}; // 1000 s: steps of 20 s
  // At 113 A it tends to 1 000 000: 1 000 000 * 20 / 1000, then 980 000 * 20 / 1000 more.
  EXPECT_EQ(heat(breaker, 0, 113'000, 20), 20'000);
  EXPECT_EQ(heat(breaker, 0, 113'000, 40), 39'600);
  EXPECT_EQ(heat(breaker, 0, 113'000, 30), 29'800); // 20 000 + 980 000 * 10 / 1000
  // Cooling is counted backward, slower: 1 000 000 * 20 / 1020 = 19 607.8, rounded to stay hot.
  EXPECT_EQ(heat(breaker, 1'000'000, 0, 20), 980'393);
  EXPECT_EQ(heat(breaker, 500'000, 113'000, 0), 500'000) << "no time, no change";
}

TEST(breaker_curve, LIM_2_a_quick_breaker_is_counted_in_steps_of_a_second) {
  breaker_data breaker{milliamperes{100'000}};
  breaker.time_constant = seconds{10}; // a fiftieth is less than a second
  // 1 000 000 * 1 / 10, then 900 000 * 1 / 10 more
  EXPECT_EQ(heat(breaker, 0, 113'000, 2), 190'000);
}

TEST(breaker_curve, LIM_2_heat_tends_to_the_square_of_the_current_and_ends_at_ten_times_the_trip) {
  const breaker_data breaker{milliamperes{100'000}};
  // (50 / 113)^2 = 0.195 786; after 20 time constants it is there, and stays there.
  EXPECT_NEAR(static_cast<double>(heat(breaker, 0, 50'000, 20'000)), 195'786, 100);
  EXPECT_EQ(heat(breaker, 0, 50'000, 20'000), heat(breaker, 0, 50'000, 4'000'000));
  EXPECT_LT(heat(breaker, 0, 50'000, 2'000), heat(breaker, 0, 50'000, 20'000) - 10'000);
  // 10 of the 40 times that (7 / 1.13)^2 would be: 10 000 000 * 20 / 1000
  EXPECT_EQ(heat(breaker, 0, 700'000, 20), 200'000);
}

TEST(breaker_curve, LIM_2_one_milliampere_more_would_enter_the_band) {
  const breaker_data breaker{milliamperes{63'000}};
  const breaker_heat hot{1'030'000, 1'045'000, 0};
  const auto limit = *breaker_limit(breaker, hot).current;
  for (std::size_t line = 0; line < 2; ++line) {
    ASSERT_LT(limit[line].count(), 63'000);
    auto drawn = limit;
    EXPECT_LE(heat_after(breaker, hot, drawn, seconds{60})[line], 1'000'000);
    drawn[line] += milliamperes{1};
    EXPECT_GT(heat_after(breaker, hot, drawn, seconds{60})[line], 1'000'000);
  }
  EXPECT_EQ(limit[2].count(), 63'000);
  // With a longer time to cool down more is allowed.
  EXPECT_GT((*breaker_limit(breaker, hot, seconds{120}).current)[0], limit[0]);
}

TEST(breaker_curve, LIM_2_the_limit_stays_below_the_instantaneous_band) {
  breaker_data breaker{milliamperes{63'000}};
  breaker.instantaneous_from = 1;
  EXPECT_EQ((*breaker_limit(breaker, {}).current)[0].count(), 62'999);
  breaker.instantaneous_from = 2;
  EXPECT_EQ((*breaker_limit(breaker, {}).current)[0].count(), 63'000);
}

TEST(transformer_thermal, LIM_2_a_minute_moves_each_temperature_by_its_own_time_constant) {
  const millidegrees_celsius ambient{20'000};
  // Natural oil and air, at rest without load: oil 20 + 52 * (1 / 7)^0.8 = 30.963 degrees.
  const auto cold = settled(onan, permille{0}, ambient);
  EXPECT_NEAR(static_cast<double>(cold.oil.count()), 30'963, 2);
  EXPECT_EQ(cold.fast_rise.count(), 0);
  EXPECT_EQ(cold.slow_rise.count(), 0);
  const auto warm = advance(onan, cold, permille{1000}, ambient, seconds{60});
  // Oil: (72 - 30.963) * 60 / (0.5 * 12 600) = 0.391; fast: 2 * 26 * 60 / (2 * 600) = 2.6;
  // slow: (2 - 1) * 26 * 60 / (12 600 / 2) = 0.248 degrees.
  EXPECT_NEAR(static_cast<double>((warm.oil - cold.oil).count()), 391, 1);
  EXPECT_NEAR(static_cast<double>(warm.fast_rise.count()), 2'600, 1);
  EXPECT_NEAR(static_cast<double>(warm.slow_rise.count()), 248, 1);
  // Half a minute more is half a step more: oil (72 - 31.354) * 30 / 6300 = 0.194.
  const auto later = advance(onan, cold, permille{1000}, ambient, seconds{90});
  EXPECT_NEAR(static_cast<double>((later.oil - warm.oil).count()), 194, 1);
  EXPECT_EQ(advance(onan, warm, permille{0}, ambient, seconds{0}).oil, warm.oil);
}

TEST(transformer_thermal, LIM_2_the_tables_of_cooling_are_those_of_the_standard) {
  // Exponents, loss ratio, k11, k21, k22; minutes of oil and winding; rises in degrees.
  using table = std::array<std::int64_t, 10>;
  const auto of = [](const cooling_constants& c) {
    return table{c.oil_exponent,           c.winding_exponent, c.loss_ratio,
                 c.k11,                    c.k21,              c.k22,
                 c.oil_time.count(),       c.winding_time.count(),
                 c.oil_rise.count(),       c.hot_spot_rise.count()};
  };
  EXPECT_EQ(of(onan_distribution),
            (table{800, 1600, 5000, 1000, 1000, 2000, 180 * 60, 4 * 60, 55'000, 23'000}));
  EXPECT_EQ(of(onan),
            (table{800, 1300, 6000, 500, 2000, 2000, 210 * 60, 10 * 60, 52'000, 26'000}));
  EXPECT_EQ(of(onaf),
            (table{800, 1300, 6000, 500, 2000, 2000, 150 * 60, 7 * 60, 52'000, 26'000}));
  const thermal_data data;
  EXPECT_EQ(data.oil_max.count(), 105'000);
  EXPECT_EQ(data.hot_spot_max.count(), 120'000);
  EXPECT_EQ(data.load_max.count(), 1'000);
  // At the rating the parts of the hot spot's rise are 2 * 26 and 1 * 26 degrees.
  const auto rated = settled(onan, permille{1000}, millidegrees_celsius{0});
  EXPECT_NEAR(static_cast<double>(rated.fast_rise.count()), 52'000, 2);
  EXPECT_NEAR(static_cast<double>(rated.slow_rise.count()), 26'000, 2);
}

TEST(transformer_thermal, LIM_2_a_step_is_a_minute) {
  const millidegrees_celsius ambient{20'000};
  const thermal_state cold{ambient, {}, {}};
  const auto minute = advance(onan, cold, permille{1000}, ambient, seconds{60});
  const auto then = advance(onan, minute, permille{1000}, ambient, seconds{1});
  EXPECT_EQ(advance(onan, cold, permille{1000}, ambient, seconds{61}).fast_rise, then.fast_rise);
}

TEST(transformer_thermal, LIM_2_the_cooling_modes_are_those_of_the_standard) {
  const millidegrees_celsius ambient{20'000};
  // (1 + 6 * 1.2^2) / 7 = 1.377; 1.377^0.8 = 1.29165; 1.2^1.3 = 1.26745
  const auto loaded = settled(onaf, permille{1200}, ambient);
  EXPECT_NEAR(static_cast<double>(loaded.oil.count()), 20'000 + 52'000 * 1.29165, 60);
  EXPECT_NEAR(static_cast<double>(loaded.hot_spot().count() - loaded.oil.count()),
              26'000 * 1.26745, 60);
  // Forced air follows faster: 52 * 60 / (0.5 * 9000) against 52 * 60 / (0.5 * 12 600) a minute.
  const thermal_state at_rest{ambient, {}, {}};
  const auto forced = advance(onaf, at_rest, permille{1000}, ambient, seconds{60});
  const auto natural = advance(onan, at_rest, permille{1000}, ambient, seconds{60});
  EXPECT_NEAR(static_cast<double>((forced.oil - ambient).count()), 693, 1);
  EXPECT_NEAR(static_cast<double>((natural.oil - ambient).count()), 495, 1);
  // 52 * 60 / (2 * 420) and 26 * 60 / (9000 / 2)
  EXPECT_NEAR(static_cast<double>(forced.fast_rise.count()), 3'714, 1);
  EXPECT_NEAR(static_cast<double>(forced.slow_rise.count()), 347, 1);
  // A distribution transformer: 23 * 60 / (2 * 240), no slow part, 55 * 60 / 10 800.
  const auto small = advance(onan_distribution, at_rest, permille{1000}, ambient, seconds{60});
  EXPECT_NEAR(static_cast<double>(small.fast_rise.count()), 2'875, 1);
  EXPECT_EQ(small.slow_rise.count(), 0);
  EXPECT_NEAR(static_cast<double>((small.oil - ambient).count()), 306, 1);
}

TEST(transformer_thermal, LIM_2_one_permille_more_would_be_too_hot_within_the_horizon) {
  const millidegrees_celsius ambient{40'000};
  thermal_data transformer{onan, milliamperes{1'000'000}};
  transformer.load_max = permille{2000};
  const auto too_hot = [&](const thermal_state& from, std::int64_t load, std::int64_t horizon) {
    for (std::int64_t gone = 60; gone <= horizon; gone += 60) {
      const auto then = advance(onan, from, permille{load}, ambient, seconds{gone});
      if (then.oil > transformer.oil_max || then.hot_spot() > transformer.hot_spot_max) return true;
    }
    return false;
  };
  for (const std::int64_t before : {850, 950, 1000}) {
    const auto state = settled(onan, permille{before}, ambient);
    for (const std::int64_t horizon : {600, 900, 1800}) {
      const auto limit = thermal_limit(transformer, state, ambient, seconds{horizon});
      const auto load = (*limit.current)[0].count() / 1000;
      ASSERT_LT(load, 2000);
      EXPECT_FALSE(too_hot(state, load, horizon)) << before << " for " << horizon;
      EXPECT_TRUE(too_hot(state, load + 1, horizon)) << before << " for " << horizon;
    }
  }
  transformer.load_max = permille{1200};
  EXPECT_EQ((*thermal_limit(transformer, settled(onan, permille{0}, ambient), ambient).current)[0],
            milliamperes{1'200'000})
      << "cool: as much as is ever given";
}

TEST(transformer_thermal, LIM_2_the_oil_alone_can_bind) {
  const millidegrees_celsius ambient{20'000};
  thermal_data transformer{onan_distribution, milliamperes{1'000'000}};
  transformer.oil_max = millidegrees_celsius{60'000};
  auto state = settled(onan_distribution, permille{700}, ambient);
  state.oil = millidegrees_celsius{61'000};
  const auto limit = thermal_limit(transformer, state, ambient, seconds{60});
  // In one minute the oil may come down to 60: 61 + (20 + 55 f - 61) * 60 / 10 800 <= 60 asks for
  // a rise below nothing.
  EXPECT_EQ((*limit.current)[0].count(), 0);
  state.oil = millidegrees_celsius{59'990};
  // 59.99 + (20 + 55 f - 59.99) / 180 <= 60: f <= 0.759 82; ((1 + 5 K^2) / 6)^0.8 = f: K = 0.8072
  EXPECT_NEAR(
      static_cast<double>(
          (*thermal_limit(transformer, state, ambient, seconds{60}).current)[0].count()),
      807'000, 1'000);
}

TEST(transformer_thermal, LIM_2_a_temperature_just_at_its_maximum_is_allowed) {
  // Without any rise of its own everything stays at the 100 degrees around it.
  thermal_data transformer{onan_distribution, milliamperes{1'000'000}};
  transformer.cooling.oil_rise = transformer.cooling.hot_spot_rise = millidegrees_celsius{0};
  const millidegrees_celsius ambient{100'000};
  const thermal_state state{ambient, {}, {}};
  const auto allowed = [&] { return (*thermal_limit(transformer, state, ambient).current)[0]; };
  transformer.oil_max = transformer.hot_spot_max = ambient;
  EXPECT_EQ(allowed(), milliamperes{1'000'000});
  transformer.hot_spot_max = millidegrees_celsius{99'999};
  EXPECT_EQ(allowed(), milliamperes{0});
  transformer.hot_spot_max = ambient;
  transformer.oil_max = millidegrees_celsius{99'999};
  EXPECT_EQ(allowed(), milliamperes{0});
}

TEST(peak_demand, LIM_2_the_limit_lasts_until_the_end_of_the_next_slot) {
  const domain::instant start{seconds{1'777'000'005}}; // the begin of a slot of 15 s
  ASSERT_EQ(1'777'000'005 % 15, 0);
  peak_window window;
  window.add(watts{60'000}, start + seconds{15 * 58}, seconds{0});
  for (int slot = 0; slot < 58; ++slot)
    window.add(watts{62'000}, start + seconds{15 * (slot + 59)}, seconds{15});
  // 58 * 15 s * 62 kW = 53.94 MJ of 54 MJ: 60 kJ for 30 s, for 26 s, for 16 s.
  const auto now = start + seconds{15 * 116};
  EXPECT_EQ(window.energy(now), 53'940'000);
  EXPECT_EQ(window.limit(watts{60'000}, now).power->count(), 2'000);
  EXPECT_EQ(window.limit(watts{60'000}, now + seconds{4}).power->count(), 60'000 / 26);
  EXPECT_EQ(window.limit(watts{60'000}, now + seconds{14}).power->count(), 60'000 / 16);
  // One slot on the oldest 62 kW are still in the window; two slots on one of them is out.
  EXPECT_EQ(window.energy(now + seconds{15}), 53'940'000);
  EXPECT_EQ(window.energy(now + seconds{45}), 53'940'000 - 930'000);
}

TEST(peak_demand, LIM_2_negative_power_and_strange_times_count_as_nothing_or_one_slot) {
  const domain::instant start{seconds{1'777'000'005}};
  peak_window window;
  window.add(watts{-5'000}, start, seconds{15});
  EXPECT_EQ(window.energy(start), 0);
  window.add(watts{1'000}, start, seconds{-3});
  EXPECT_EQ(window.energy(start), 0);
  window.add(watts{1'000}, start, seconds{40});
  EXPECT_EQ(window.energy(start), 15'000) << "at most a slot";
}

TEST(peak_demand, LIM_3_slots_of_which_nobody_spoke_count_as_what_follows_them) {
  const domain::instant start{seconds{1'777'000'005}};
  peak_window window;
  window.add(watts{10'000}, start, seconds{10});
  window.add(watts{20'000}, start + seconds{45}, seconds{5});
  // 10 kW * 10 s, two silent slots of 20 kW * 15 s, 20 kW * 5 s
  EXPECT_EQ(window.energy(start + seconds{45}), 100'000 + 600'000 + 100'000);
  window.add(watts{30'000}, start + seconds{3'600}, seconds{15});
  // an hour later: all 59 slots before and this one
  EXPECT_EQ(window.energy(start + seconds{3'600}), 60 * 15 * 30'000);
}

TEST(imbalance, LIM_2_a_part_of_the_mean_counts_all_three_lines) {
  imbalance_rule rule;
  rule.of_mean = permille{300};
  const domain::per_line<milliamperes> measured{milliamperes{90'000}, milliamperes{60'000},
                                                milliamperes{30'000}};
  // 300 permille of 60 A
  EXPECT_EQ(difference_max(rule, measured, domain::millivolts{230'000})->count(), 18'000);
  rule.single_line = domain::volt_amperes{4'600}; // 20 A at 230 V
  EXPECT_EQ(difference_max(rule, measured, domain::millivolts{230'000})->count(), 18'000);
  rule.of_mean.reset();
  EXPECT_EQ(difference_max(rule, measured, domain::millivolts{230'000})->count(), 20'000);
}

TEST(supply, LIM_2_bands_begin_and_end_where_they_say) {
  const voltage_band band;
  const domain::millivolts nominal{230'000};
  const auto left = [&](std::int64_t mv) {
    const auto limit = voltage_limit(band, nominal, domain::millivolts{mv}, milliamperes{92'000});
    return limit ? (*limit->current)[1].count() : -1;
  };
  EXPECT_EQ(left(216'200), -1); // 0.94 * 230 V
  EXPECT_EQ(left(216'100), 91'000); // 92 A * 9.1 V / 9.2 V
  EXPECT_EQ(left(207'100), 1'000);
  EXPECT_EQ(left(207'000), 0); // 0.90 * 230 V
  const frequency_droop droop;
  EXPECT_EQ(frequency_limit(droop, 49'799, watts{80'000})->power->count(), 79'900);
  EXPECT_EQ(frequency_limit(droop, 49'001, watts{80'000})->power->count(), 100);
  EXPECT_EQ(frequency_limit(droop, 49'000, watts{80'000})->power->count(), 0);
  EXPECT_EQ(power_factor_limit(domain::volt_amperes{10}, permille{1000}).power->count(), 10);
}

TEST(cable, LIM_2_a_cooler_place_than_the_tables_carries_more) {
  cable_data cable{milliamperes{100'000}};
  // sqrt((70 - 20) / (70 - 30)) = 1.118 033
  EXPECT_EQ((*cable_limit(cable, millidegrees_celsius{20'000}).current)[0].count(), 111'803);
  cable.conductor_max = millidegrees_celsius{90'000};
  cable.grouping = permille{700};
  // 70 A * sqrt((90 - 50) / (90 - 30)) = 57.154 A
  EXPECT_EQ((*cable_limit(cable, millidegrees_celsius{50'000}).current)[2].count(), 57'154);
}

} // namespace
} // namespace busbar::control::limits
