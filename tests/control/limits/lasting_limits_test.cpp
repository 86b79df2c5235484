#include "control/limits/lasting_limits.hpp"

#include "control/limits/transformer_thermal.hpp"

#include <gtest/gtest.h>

namespace busbar::control::limits {
namespace {

using domain::limit_source;
using domain::milliamperes;
using domain::permille;

domain::node transformer_node(std::int64_t ambient) {
  domain::node node;
  node.transformer =
      domain::transformer_data{domain::volt_amperes{100'000}, domain::winding::wye_wye,
                               domain::millivolts{400'000}, domain::millivolts{400'000}};
  node.protection.thermal = domain::thermal_rule{};
  node.protection.ambient = domain::millidegrees_celsius{ambient};
  return node;
}

} // namespace

TEST(lasting_limits, LIM_2_a_cable_in_its_surroundings_is_among_the_stated_sources) {
  domain::node node;
  node.protection.cable = domain::cable_data{milliamperes{100'000}};
  node.protection.ambient = domain::millidegrees_celsius{40'000};
  const auto limits = stated_limits(node);
  // 100 A * sqrt((70 - 40) / (70 - 30)) = 86.602 A
  EXPECT_EQ((*limits.line)[0].allowed, 86'602);
  EXPECT_EQ((*limits.line)[2].source, limit_source::cable);
}

TEST(lasting_limits, LIM_2_every_stated_source_is_shown_also_those_that_do_not_bind) {
  domain::node node;
  const domain::per_line<milliamperes> rating{milliamperes{100'000}, milliamperes{90'000},
                                              milliamperes{100'000}};
  node.limits.push_back({limit_source::rating, rating, domain::watts{60'000}});
  node.continuous = domain::permille{800};
  node.protection.cable = domain::cable_data{milliamperes{100'000}};
  node.protection.ambient = domain::millidegrees_celsius{40'000};
  node.transformer = domain::transformer_data{domain::volt_amperes{75'000},
                                              domain::winding::wye_wye, std::nullopt,
                                              domain::millivolts{208'000}};
  const auto sources = stated_sources(node);
  ASSERT_EQ(sources.size(), 4u);
  EXPECT_EQ(sources[0], node.limits[0]);
  EXPECT_EQ(sources[1].source, limit_source::continuous_factor);
  EXPECT_EQ((*sources[1].current)[1].count(), 72'000); // 90 A * 0.8
  EXPECT_EQ(sources[1].power, domain::watts{48'000});  // 60 kW * 0.8
  EXPECT_EQ(sources[2].source, limit_source::cable);
  EXPECT_EQ((*sources[2].current)[0].count(), 86'602); // as above
  EXPECT_EQ(sources[3].source, limit_source::transformer);
  EXPECT_EQ((*sources[3].current)[2].count(), 208'179); // 75 000 VA / (sqrt 3 * 208 V)
  EXPECT_TRUE(stated_sources(domain::node{}).empty());
}

TEST(lasting_limits, LIM_2_a_breaker_bears_its_rating_for_ever) {
  domain::node node;
  node.protection.breaker = domain::breaker_data{milliamperes{63'000}};
  EXPECT_FALSE(stated_limits(node).line) << "what the moment allows is for live limits";
  const auto limits = lasting_limits(node);
  EXPECT_EQ((*limits.line)[1].allowed, 63'000);
  EXPECT_EQ((*limits.line)[1].source, limit_source::breaker);
}

TEST(lasting_limits, LIM_2_a_transformer_bears_for_ever_what_keeps_it_below_its_temperatures) {
  // At 30 degrees the rating leaves 30 + 55 + 23 = 108 degrees of hot spot: the rating binds.
  auto limits = lasting_limits(transformer_node(30'000));
  // 100 000 VA / (sqrt 3 * 400 V) = 144.337 A
  EXPECT_EQ((*limits.line)[0].allowed, 144'337);
  EXPECT_EQ((*limits.line)[0].source, limit_source::transformer);
  limits = lasting_limits(transformer_node(50'000));
  EXPECT_EQ((*limits.line)[0].source, limit_source::thermal);
  const auto data = thermal_data_of({}, *transformer_node(0).transformer);
  const auto load = (*limits.line)[0].allowed * 1'000 / data.rated.count() + 1;
  const domain::millidegrees_celsius ambient{50'000};
  const auto fits = [&](std::int64_t permille_of_rated) {
    const auto state = settled(data.cooling, permille{permille_of_rated}, ambient);
    return state.oil <= data.oil_max && state.hot_spot() <= data.hot_spot_max;
  };
  EXPECT_TRUE(fits(load)) << load;
  EXPECT_FALSE(fits(load + 1)) << "the largest load is found, to a permille";
}

TEST(lasting_limits, LIM_2_cooling_and_maxima_are_those_of_the_rule) {
  const auto transformer = *transformer_node(0).transformer;
  domain::thermal_rule rule;
  rule.how = domain::cooling::onaf;
  rule.oil_max = domain::millidegrees_celsius{95'000};
  rule.load_max = permille{900};
  const auto data = thermal_data_of(rule, transformer);
  EXPECT_EQ(data.cooling.oil_time, onaf.oil_time);
  EXPECT_EQ(data.oil_max, rule.oil_max);
  EXPECT_EQ(data.rated, milliamperes{144'337});
  // load_max: 144.337 A * 0.9 = 129.903 A, however cool it is
  EXPECT_EQ((*settled_limit(data, domain::millidegrees_celsius{-40'000}).current)[0],
            milliamperes{129'903});
  rule.how = domain::cooling::onan;
  EXPECT_EQ(thermal_data_of(rule, transformer).cooling.oil_time, onan.oil_time);
}

TEST(lasting_limits, LIM_2_a_short_circuit_heats_the_model_and_does_not_break_it) {
  const auto start = settled(onan, permille{1'000}, domain::millidegrees_celsius{30'000});
  const auto after = [&](std::int64_t load) {
    return advance(onan, start, permille{load}, domain::millidegrees_celsius{30'000},
                   domain::seconds{60});
  };
  EXPECT_GT(after(1'000'000).hot_spot(), after(9'000).hot_spot());
  EXPECT_EQ(after(1'000'000).oil, after(10'000).oil);
}

TEST(lasting_limits, LIM_2_the_demand_threshold_and_the_apparent_rating_bound_power) {
  domain::node node;
  node.protection.peak_demand = domain::watts{50'000};
  EXPECT_EQ(lasting_limits(node).power->source, limit_source::peak_demand);
  node.protection.apparent = domain::volt_amperes{40'000};
  EXPECT_EQ(lasting_limits(node).power->allowed, 40'000); // at a power factor of one
  EXPECT_EQ(lasting_limits(node).power->source, limit_source::power_factor);
}

} // namespace busbar::control::limits
