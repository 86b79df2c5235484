// QUAL-1: what a simulated meter measures while its supply is disturbed.

#include "simulator/meter.hpp"

#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::simulator {
namespace {

using domain::fault_kind;
using domain::seconds;

const domain::instant noon{seconds{1'000'000}};

class disturbed_meter : public testing::Test {
protected:
  domain::meter_reading at(std::int64_t second) {
    const std::vector<node_flow> flows(site->nodes.size());
    return own.sample(flows, noon + seconds{second}).at(0);
  }

  std::shared_ptr<const domain::site> site =
      tests::site_builder{}.meter().feeder("f1", 63'000).station("CP-001").build();
  meters own{site, {}, random_source{1}};
  const domain::node_index feeder{1U};
};

TEST_F(disturbed_meter, QUAL_1_each_quantity_leaves_its_band_alone_and_comes_back) {
  EXPECT_EQ(at(0).voltage_mv, 230'000);
  EXPECT_EQ(at(0).frequency_mhz, 50'000);
  EXPECT_EQ(at(0).power_factor_permille, 980);
  EXPECT_TRUE(own.disturb(feeder, fault_kind::low_voltage, noon + seconds{10}));
  EXPECT_EQ(at(9).voltage_mv, 195'500); // 85 %
  EXPECT_EQ(at(9).frequency_mhz, 50'000);
  EXPECT_EQ(at(10).voltage_mv, 230'000);
  EXPECT_TRUE(own.disturb(feeder, fault_kind::low_frequency, noon + seconds{30}));
  EXPECT_TRUE(own.disturb(feeder, fault_kind::low_power_factor, noon + seconds{30}));
  EXPECT_EQ(at(20).frequency_mhz, 49'000);
  EXPECT_EQ(at(20).power_factor_permille, 700);
  own.restore_all();
  EXPECT_EQ(at(20).frequency_mhz, 50'000);
  EXPECT_EQ(at(20).power_factor_permille, 980);
}

} // namespace
} // namespace busbar::simulator
