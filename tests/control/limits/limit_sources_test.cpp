// The sources of LIM-2, one by one, with worked arithmetic.

#include "control/limits/breaker_curve.hpp"
#include "control/limits/cable.hpp"
#include "control/limits/fixed_power.hpp"
#include "control/limits/peak_demand.hpp"
#include "control/limits/supply_limits.hpp"
#include "control/limits/transformer_thermal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace busbar::control::limits {
namespace {

using domain::limit_source;
using domain::milliamperes;
using domain::millidegrees_celsius;
using domain::permille;
using domain::seconds;
using domain::watts;

domain::per_line<milliamperes> all(std::int64_t ma) {
  return {milliamperes{ma}, milliamperes{ma}, milliamperes{ma}};
}

domain::instant at(std::int64_t second) { return domain::instant{seconds{1'777'000'005 + second}}; }

TEST(cable, LIM_2_ampacity_falls_with_the_surroundings_and_with_neighbours) {
  const cable_data cable{milliamperes{100'000}};
  EXPECT_EQ((*cable_limit(cable, millidegrees_celsius{30'000}).current)[0].count(), 100'000);
  // sqrt((70 - 45) / (70 - 30)) = 0.79056
  EXPECT_EQ((*cable_limit(cable, millidegrees_celsius{45'000}).current)[1].count(), 79'056);
  EXPECT_EQ((*cable_limit(cable, millidegrees_celsius{75'000}).current)[2].count(), 0);
  auto grouped = cable;
  grouped.grouping = permille{800};
  const auto limit = cable_limit(grouped, millidegrees_celsius{30'000});
  EXPECT_EQ((*limit.current)[0].count(), 80'000);
  EXPECT_EQ(limit.source, limit_source::cable);
}

TEST(breaker_curve, LIM_2_a_cool_breaker_carries_its_rating_and_a_hot_one_less) {
  const breaker_data breaker{milliamperes{63'000}};
  EXPECT_EQ((*breaker_limit(breaker, {}).current)[0].count(), 63'000);
  // At 1.45 of the rating the heat tends to (1.45 / 1.13)^2 = 1.6466 of the trip heat.
  const auto hot = heat_after(breaker, {}, all(91'350), seconds{900});
  EXPECT_NEAR(static_cast<double>(hot[0]), 1.6466e6 * (1 - std::exp(-0.9)), 0.01e6);
  auto near_trip = hot;
  near_trip[0] = 999'000;
  const auto limit = *breaker_limit(breaker, near_trip).current;
  EXPECT_EQ(limit[0].count(), 63'000) << "at its rating a hot breaker cools";
  near_trip[0] = 1'100'000;
  const auto above = (*breaker_limit(breaker, near_trip).current)[0];
  EXPECT_LT(above.count(), 63'000) << "in the band: back out of it within the horizon";
}

TEST(breaker_curve, LIM_2_what_the_limit_allows_never_enters_the_trip_band) {
  const breaker_data breaker{milliamperes{32'000}};
  for (std::int64_t heat = 0; heat <= 1'000'000; heat += 50'000) {
    const breaker_heat now{heat, heat, heat};
    const auto limit = *breaker_limit(breaker, now).current;
    EXPECT_LE(heat_after(breaker, now, limit, seconds{60})[0], 1'000'000);
    EXPECT_LE(limit[0], breaker.rated);
  }
}

TEST(fixed_power, is_within_a_millionth_and_never_below) {
  for (std::int64_t permille_of_one = 1; permille_of_one <= 3000; permille_of_one += 7)
    for (const std::int64_t exponent : {800, 1000, 1300, 1600}) {
      const auto base = permille_of_one * fixed_one / 1000;
      const double exact = std::pow(static_cast<double>(base) / fixed_one,
                                    static_cast<double>(exponent) / 1000) * fixed_one;
      const auto power = static_cast<double>(fixed_power(base, exponent));
      EXPECT_GE(power, exact - 1e-3) << permille_of_one << " ^ " << exponent;
      EXPECT_LE(power, exact * (1 + 3e-6) + 2) << permille_of_one << " ^ " << exponent;
    }
  EXPECT_EQ(fixed_power(0, 800), 0);
  EXPECT_EQ(fixed_power(5, 0), fixed_one);
}

TEST(transformer_thermal, LIM_2_at_rated_load_and_20_degrees_the_rises_are_those_of_the_plate) {
  const auto state = settled(onan_distribution, permille{1000}, millidegrees_celsius{20'000});
  EXPECT_NEAR(static_cast<double>(state.oil.count()), 75'000, 2);       // 20 + 55
  EXPECT_NEAR(static_cast<double>(state.hot_spot().count()), 98'000, 4); // 75 + 23
  // At half load: 55 * ((1 + 5 / 4) / 6)^0.8 = 25.09, 23 * 0.5^1.6 = 7.59
  const auto half = settled(onan_distribution, permille{500}, millidegrees_celsius{20'000});
  EXPECT_NEAR(static_cast<double>(half.oil.count()), 45'092, 5);
  EXPECT_NEAR(static_cast<double>(half.hot_spot().count() - half.oil.count()), 7'587, 5);
}

TEST(transformer_thermal, LIM_2_temperatures_approach_with_the_oils_time_constant) {
  auto state = settled(onan_distribution, permille{0}, millidegrees_celsius{20'000});
  const auto start = static_cast<double>(state.oil.count());
  state = advance(onan_distribution, state, permille{1000}, millidegrees_celsius{20'000},
                  seconds{180 * 60});
  // one time constant: 1 - 1/e of the way to 75 degrees
  EXPECT_NEAR(static_cast<double>(state.oil.count()),
              start + (75'000 - start) * (1 - std::exp(-1)), 150);
}

TEST(transformer_thermal, LIM_2_the_limit_falls_with_heat_and_holds_the_maxima) {
  const thermal_data transformer{onan, milliamperes{1'000'000}};
  for (const std::int64_t ambient : {-10'000, 20'000, 40'000, 60'000}) {
    const millidegrees_celsius around{ambient};
    auto state = settled(onan, permille{1000}, around);
    std::int64_t before = 1'000'001;
    for (int quarter = 0; quarter < 8; ++quarter) {
      const auto limit = thermal_limit(transformer, state, around);
      EXPECT_EQ(limit.source, limit_source::thermal);
      const auto load = permille{(*limit.current)[0].count() / 1000};
      if (state.hot_spot() <= transformer.hot_spot_max) {
        const auto after = advance(onan, state, load, around, seconds{900});
        EXPECT_LE(after.hot_spot(), transformer.hot_spot_max);
      }
      before = std::min(before, (*limit.current)[0].count());
      state = advance(onan, state, load, around, seconds{900});
    }
    // 40 + 52 + 26 = 118 degrees: the rating holds for ever; at 60 it does not.
    EXPECT_EQ(before == 1'000'000, ambient <= 40'000);
  }
}

TEST(supply, LIM_2_power_factor_voltage_and_frequency_take_their_share) {
  const auto factor = power_factor_limit(domain::volt_amperes{50'000}, permille{900});
  EXPECT_EQ(factor.power->count(), 45'000);
  EXPECT_EQ(factor.source, limit_source::power_factor);
  const domain::millivolts nominal{230'000};
  const voltage_band band;
  EXPECT_FALSE(voltage_limit(band, nominal, domain::millivolts{216'200}, milliamperes{100'000}));
  // 0.92 of nominal: half of the way from 0.94 to 0.90
  const auto low = voltage_limit(band, nominal, domain::millivolts{211'600}, milliamperes{100'000});
  EXPECT_EQ((*low->current)[0].count(), 50'000);
  EXPECT_EQ((*voltage_limit(band, nominal, domain::millivolts{0}, milliamperes{9})->current)[0],
            milliamperes{0});
  const frequency_droop droop;
  EXPECT_FALSE(frequency_limit(droop, 49'800, watts{80'000}));
  EXPECT_EQ(frequency_limit(droop, 49'600, watts{80'000})->power->count(), 60'000);
  EXPECT_EQ(frequency_limit(droop, 48'000, watts{80'000})->power->count(), 0);
}

TEST(supply, LIM_2_a_timed_limit_stands_from_its_start_to_just_before_its_end) {
  const timed_limit timed{{limit_source::demand_response, std::nullopt, watts{5}}, at(10), at(20)};
  EXPECT_FALSE(limit_at(timed, at(9)));
  EXPECT_EQ(limit_at(timed, at(10))->power->count(), 5);
  EXPECT_FALSE(limit_at(timed, at(20)));
}

TEST(peak_demand, LIM_2_what_is_left_of_the_window_becomes_the_limit) {
  peak_window window;
  EXPECT_EQ(window.limit(watts{60'000}, at(0)).power->count(), 60'000);
  // 840 s at 64 kW are 53.76 MJ of the 54 MJ that 15 minutes at 60 kW are
  for (int slot = 0; slot < 56; ++slot) window.add(watts{64'000}, at(15 * slot), seconds{15});
  EXPECT_EQ(window.energy(at(15 * 55)), 53'760'000);
  const auto limit = window.limit(watts{60'000}, at(15 * 55));
  EXPECT_EQ(limit.power->count(), 240'000 / 30);
  EXPECT_EQ(limit.source, limit_source::peak_demand);
}

TEST(peak_demand, LIM_2_who_keeps_to_the_limit_never_exceeds_the_mean_of_any_window) {
  peak_window window;
  constexpr std::int64_t threshold = 50'000;
  std::vector<std::int64_t> powers;
  for (int second = 0; second < 7200; second += 5) {
    const auto allowed = window.limit(watts{threshold}, at(second)).power->count();
    const std::int64_t unmanaged = second < 900 ? 20'000 : (second / 300) % 2 * 30'000;
    const std::int64_t power = std::max(unmanaged, allowed);
    window.add(watts{power}, at(second + 5), seconds{5});
    powers.push_back(power);
    if (powers.size() < 180) continue;
    std::int64_t sum = 0;
    for (std::size_t i = powers.size() - 180; i < powers.size(); ++i) sum += powers[i];
    EXPECT_LE(sum, threshold * 180) << "at second " << second;
  }
}

} // namespace
} // namespace busbar::control::limits
