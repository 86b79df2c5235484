// What three-phase vehicles may draw and do not takes nothing from the balance of the lines.

#include "control/limits/live_limits.hpp"
#include "control/limits/imbalance.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::control::limits {
namespace {

using domain::milliamperes;

TEST(imbalance, LIM_2_unused_grants_of_three_phase_connectors_are_summed_up_the_tree) {
  auto site = *tests::site_builder{}
                   .transformer("t1", 400'000)
                   .station("three", 2)
                   .station("one")
                   .station("delta")
                   .build();
  site.nodes[1].transformer->primary = domain::millivolts{800'000};
  site.connectors[2].line_count = 1;
  site.connectors[3].line_count = 2;
  site.connectors[3].wiring = domain::connection::delta;
  image now;
  now.connectors.resize(4);
  std::vector<domain::decided_grant> grants(4);
  for (std::size_t i = 0; i < 4; ++i) {
    grants[i].reserved = milliamperes{20'001};
    now.connectors[i].drawn = milliamperes{i == 1 ? 25'000 : 10'000};
  }
  std::vector<milliamperes> slack(2);
  add_balanced_slack(site, now, grants, slack);
  EXPECT_EQ(slack[1].count(), 10'001); // the first alone: the second draws more than that
  EXPECT_EQ(slack[0].count(), 5'000);  // 10.001 A * 400 / 800, down
  now.connectors[0].lines_now = 1;
  add_balanced_slack(site, now, grants, slack);
  EXPECT_EQ(slack[1].count(), 0) << "it charges on one line now";
}

TEST(imbalance, LIM_2_a_three_phase_vehicle_that_draws_less_than_it_may_is_not_held_down) {
  auto site = *tests::site_builder{}.meter().station("A").build();
  site.nodes[0].protection.imbalance =
      domain::imbalance_rule{milliamperes{20'000}, std::nullopt, std::nullopt};
  live_limits live{site};
  node_flow flow;
  // 10 A of a grant of 32 A on every line, and 5 A of the house on L1.
  flow.current = {milliamperes{15'000}, milliamperes{10'000}, milliamperes{10'000}};
  flow.balanced_slack = milliamperes{22'000};
  std::vector<domain::limit> limits;
  live.observe(domain::node_index{0U}, flow, domain::instant{std::chrono::hours{1}}, limits);
  ASSERT_EQ(limits.size(), 1U);
  // 10 A + 22 A + 20 A on the least loaded line's account: 37 A on L1 are well below.
  EXPECT_EQ((*limits[0].current)[0].count(), 52'000);
}

} // namespace
} // namespace busbar::control::limits
