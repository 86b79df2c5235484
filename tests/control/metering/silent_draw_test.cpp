#include "control/metering/silent_draw.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::control::metering {
namespace {

using domain::milliamperes;

/// Reserved at 32 A, last read with 10 A, a vehicle there; its readings come.
connector_image charging() {
  connector_image connector;
  connector.wants = true;
  connector.drawn = milliamperes{10'000};
  connector.reserve = milliamperes{32'000};
  return connector;
}

connector_image late() {
  auto connector = charging();
  connector.is_late = true;
  return connector;
}

TEST(silent_draw, a_connector_whose_readings_come_may_draw_what_they_show) {
  EXPECT_EQ(silent_draw_of(charging()).count(), 0);
}

TEST(silent_draw, LIM_2_one_that_is_late_may_draw_up_to_its_reserve) {
  auto connector = late();
  EXPECT_EQ(silent_draw_of(connector).count(), 22'000); // 32 A - 10 A
  connector.drawn = milliamperes{33'000};
  EXPECT_EQ(silent_draw_of(connector).count(), 0);
}

TEST(silent_draw, LIM_2_of_one_that_is_stale_nothing_is_taken_off_and_its_reserve_is_all) {
  auto connector = charging();
  connector.is_unheard = true;
  connector.is_reachable = false;
  EXPECT_EQ(silent_draw_of(connector).count(), 32'000);
}

TEST(silent_draw, LIM_3_one_without_a_vehicle_explains_no_load) {
  auto connector = late();
  connector.wants = false;
  EXPECT_EQ(silent_draw_of(connector).count(), 22'000) << "it drew when it was last read";
  connector.drawn = {};
  EXPECT_EQ(silent_draw_of(connector).count(), 0);
}

TEST(silent_draw, LIM_2_export_may_have_ended) {
  auto connector = late();
  connector.is_export = true;
  EXPECT_EQ(silent_draw_of(connector).count(), 10'000);
}

TEST(silent_draw, LIM_2_nodes_above_count_it_on_its_lines_and_on_their_side_of_a_transformer) {
  auto site = *tests::site_builder{}
                   .transformer("t1", 100'000)
                   .feeder("f1", 63'000, "t1")
                   .station("A")
                   .feeder("f2", 63'000)
                   .station("B")
                   .build();
  site.nodes[1].transformer->primary = domain::millivolts{800'000}; // twice the secondary's
  silent_draw draws{site};
  std::vector<connector_image> connectors{late(), late()};
  connectors[1].used_lines.emplace().add(domain::line::l2);
  const auto sums = draws.of(connectors);
  EXPECT_EQ(sums[2][0].count(), 22'000); // f1
  EXPECT_EQ(sums[1][0].count(), 22'000); // t1, its secondary
  EXPECT_EQ(sums[3][0].count(), 0);      // f2: the vehicle uses L2 alone (LIM-8)
  EXPECT_EQ(sums[3][1].count(), 22'000);
  EXPECT_EQ(sums[0][0].count(), 11'000); // 22 A * 400 V / 800 V
  EXPECT_EQ(sums[0][1].count(), 33'000); // and 22 A of f2
  connectors.assign(2, charging());
  EXPECT_EQ(draws.of(connectors)[0][1].count(), 0) << "nothing is left of the look before";
}

} // namespace
} // namespace busbar::control::metering
