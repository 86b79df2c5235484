// QUAL-1: voltage, frequency, power factor and balance against their bands.

#include "control/limits/supply_quality.hpp"

#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::control::limits {
namespace {

using domain::milliamperes;
using domain::millivolts;
using domain::permille;
using domain::seconds;
using domain::severity;

const domain::instant noon{seconds{1'000'000}};

class quality : public testing::Test {
protected:
  quality() : site(*tests::site_builder{}.meter().build()) {}

  std::vector<domain::violation> at(std::int64_t second) {
    std::vector<domain::violation> found;
    if (!watched) watched.emplace(site);
    watched->watch(domain::node_index{0U}, sample, noon + seconds{second}, found);
    return found;
  }
  domain::quality_bands& bands() { return site.nodes[0].protection.quality; }
  void draw(std::int64_t a, std::int64_t b, std::int64_t c) {
    sample.current = {milliamperes{a}, milliamperes{b}, milliamperes{c}};
  }

  domain::site site;
  std::optional<supply_quality> watched;
  supply_sample sample;
};

TEST_F(quality, QUAL_1_a_supply_within_its_bands_or_not_measured_raises_nothing) {
  EXPECT_TRUE(at(0).empty());
  sample = {{}, millivolts{207'000}, 49'500, permille{900}}; // 230 V - 10 %, 50 Hz - 0.5
  draw(20'000, 20'000, 20'000);
  EXPECT_TRUE(at(1).empty());
  sample.voltage = millivolts{253'000};
  sample.frequency_mhz = 60'500;
  EXPECT_TRUE(at(2).empty());
}

TEST_F(quality, QUAL_1_a_low_voltage_is_a_warning_and_critical_when_it_lasts_or_is_far_off) {
  sample.voltage = millivolts{206'999};
  auto found = at(0);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].subject, "service");
  EXPECT_EQ(found[0].what, "voltage below its band");
  EXPECT_EQ(found[0].measured, 206'999);
  EXPECT_EQ(found[0].allowed, 207'000);
  EXPECT_EQ(found[0].unit, "mv");
  EXPECT_EQ(found[0].level, severity::warning);
  EXPECT_EQ(at(29)[0].level, severity::warning);
  EXPECT_EQ(at(30)[0].level, severity::critical);
  sample.voltage = millivolts{183'999}; // below 230 V - 20 %
  watched.reset();
  EXPECT_EQ(at(40)[0].level, severity::critical);
}

TEST_F(quality, QUAL_1_it_stands_only_outside_its_band_and_goes_on_after_less_than_ten_seconds) {
  sample.frequency_mhz = 49'000;
  const auto first = at(0)[0];
  EXPECT_EQ(first.what, "frequency below its band");
  EXPECT_EQ(first.allowed, 49'500);
  sample.frequency_mhz = 50'000;
  EXPECT_TRUE(at(1).empty());
  sample.frequency_mhz = 49'000;
  EXPECT_EQ(at(10)[0].since, first.since) << "kept for 9 s: the same one goes on";
  sample.frequency_mhz = 50'000;
  EXPECT_TRUE(at(11).empty());
  EXPECT_TRUE(at(21).empty());
  sample.frequency_mhz = 49'000;
  EXPECT_GT(at(22)[0].since, first.since) << "kept for 10 s: a new one";
}

TEST_F(quality, QUAL_1_the_nominal_frequency_is_the_stated_one_or_the_nearer_of_50_and_60) {
  sample.frequency_mhz = 58'000;
  EXPECT_EQ(at(0)[0].allowed, 59'500);
  bands().frequency_mhz = 58'000;
  watched.reset();
  EXPECT_TRUE(at(1).empty());
}

TEST_F(quality, QUAL_1_power_factor_and_balance_count_under_load_only_and_are_warnings) {
  sample.power_factor = permille{700};
  bands().imbalance_max = permille{200};
  draw(9'999, 1'000, 1'000);
  EXPECT_TRUE(at(0).empty());
  draw(20'000, 16'000, 15'999); // (20 000 - 15 999) / 20 000 = 200.05 permille, rounded up
  const auto found = at(1);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].what, "power factor below its band");
  EXPECT_EQ(found[0].allowed, 900);
  EXPECT_EQ(found[1].what, "line currents more unequal than allowed");
  EXPECT_EQ(found[1].measured, 201);
  EXPECT_EQ(found[1].allowed, 200);
  EXPECT_EQ(at(60)[1].level, severity::warning) << "however long";
}

TEST_F(quality, QUAL_1_a_meter_that_falls_silent_says_nothing_of_its_band) {
  sample.voltage = millivolts{100'000};
  EXPECT_EQ(at(0).size(), 1u);
  sample.voltage.reset();
  EXPECT_TRUE(at(5).empty());
}

} // namespace
} // namespace busbar::control::limits
