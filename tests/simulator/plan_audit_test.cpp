// What the audit of plans finds: a plan of the planner, then the same with one thing wrong.

#include "tests/simulator/plan_audit.hpp"

#include "control/planner.hpp"
#include "tests/builders/site_builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace busbar::tests {
namespace {

using domain::milliamperes;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

/// Three vehicles behind 63 A: 21 A each.
class audited_plan : public testing::Test {
protected:
  audited_plan() {
    image.topology = site;
    image.now = domain::instant{domain::seconds{1'800'000'000}};
    image.nodes.resize(site->nodes.size());
    image.connectors.resize(site->connectors.size());
    for (auto& row : image.connectors) row.wants = true;
    plan = control::planner{site}.decide(image);
  }

  std::vector<std::string> findings() {
    plan_audit audit{site};
    audit.look(image, plan);
    return audit.findings();
  }

  std::shared_ptr<const domain::site> site = site_builder{}
                                                 .feeder("f1", 63'000)
                                                 .station("CP-001")
                                                 .station("CP-002")
                                                 .station("CP-003")
                                                 .build();
  control::image image;
  control::plan plan;
};

TEST_F(audited_plan, FAIR_1_a_plan_of_the_planner_has_no_finding) {
  ASSERT_EQ(plan.grants[0].target.count(), 21'000); // 63 A / 3
  EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(audited_plan, SAFE_2_finds_who_draws_more_than_is_reserved_or_is_decided_about) {
  image.connectors[0].is_disobeying = true;
  image.connectors[0].drawn = milliamperes{25'000};
  plan = control::planner{site}.decide(image);
  EXPECT_THAT(findings(), IsEmpty());
  plan.grants[0].reserved = milliamperes{21'000};
  EXPECT_THAT(findings(),
              testing::Contains(StartsWith("SAFE-2: CP-001-1: draws 25000 mA, reserved")));
  plan.grants[0].reserved = milliamperes{25'000};
  plan.is_fixed[0] = false;
  EXPECT_THAT(findings(), testing::Contains(StartsWith("SAFE-2: CP-001-1: does not obey, and")));
}

TEST_F(audited_plan, LIM_1_finds_a_target_beside_what_is_drawn_above_all_that_was_told) {
  for (auto& row : image.connectors) row.told = row.acknowledged = milliamperes{21'000};
  image.connectors[0].drawn = plan.grants[0].reserved = milliamperes{21'400};
  EXPECT_THAT(findings(), IsEmpty());
  image.connectors[0].excess = milliamperes{400};
  // 3 x 21 + 0.4 A on each line of the feeder
  EXPECT_THAT(findings(),
              testing::Contains("LIM-1: CP-002-1: is to have 21000 mA where 63400 mA are above "
                                "the limit of f1"));
}

TEST_F(audited_plan, LIM_1_finds_a_draw_above_all_that_was_told_that_is_not_counted_after_20_s) {
  for (auto& row : image.connectors) row.told = row.acknowledged = milliamperes{21'000};
  image.connectors[0].drawn = plan.grants[0].reserved = milliamperes{21'400};
  plan_audit audit{site};
  audit.look(image, plan);
  image.now += domain::seconds{19};
  audit.look(image, plan);
  EXPECT_THAT(audit.findings(), IsEmpty());
  image.now += domain::seconds{1};
  audit.look(image, plan);
  EXPECT_THAT(audit.findings(), ElementsAre("LIM-1: CP-001-1: draws 400 mA above all it was told, "
                                            "counted are 0 mA"));
}

TEST_F(audited_plan, FAIR_1_finds_room_that_is_not_given_out) {
  plan.grants[0].target = milliamperes{20'000};
  EXPECT_THAT(findings(), ElementsAre(StartsWith("FAIR-1: CP-001-1: held at 20000 mA"),
                                      StartsWith("FAIR-1: CP-002-1"),
                                      StartsWith("FAIR-1: CP-003-1")));
}

TEST_F(audited_plan, FAIR_1_finds_who_has_more_than_another_that_the_same_limit_holds) {
  plan.grants[0].target = milliamperes{20'000};
  plan.grants[1].target = milliamperes{22'000};
  EXPECT_THAT(findings(), ElementsAre(StartsWith("FAIR-1: CP-001-1: held at 20000 mA"),
                                      StartsWith("FAIR-1: CP-003-1: held at 21000 mA")));
}

TEST_F(audited_plan, FAIR_3_goes_by_the_weights_of_the_stations) {
  auto heavier = *site;
  heavier.stations[0].weight = 2;
  site = std::make_shared<domain::site>(heavier);
  image.topology = site;
  EXPECT_THAT(findings(), ElementsAre(StartsWith("FAIR-1: CP-001-1: held at 21000 mA")));
  plan = control::planner{site}.decide(image);
  ASSERT_EQ(plan.grants[0].target.count(), 31'500); // 63 A x 2 / 4
  EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(audited_plan, FAIR_2_finds_a_target_below_the_minimum) {
  plan.grants[0].target = milliamperes{5'000};
  plan.grants[0].because.which = domain::rule::demand;
  plan.grants[1].target = plan.grants[2].target = milliamperes{29'000};
  EXPECT_THAT(findings(),
              ElementsAre("FAIR-2: CP-001-1: 5000 mA is below its minimum 6000 mA"));
}

TEST_F(audited_plan, RAMP_1_finds_a_decrease_that_is_not_told_at_once) {
  image.connectors[0].told = milliamperes{32'000};
  plan.grants[0].granted = milliamperes{26'000};
  EXPECT_THAT(findings(), ElementsAre("RAMP-1: CP-001-1: told 32000 mA, granted 26000 mA, is to "
                                      "have 21000 mA"));
}

TEST_F(audited_plan, LIM_5_finds_a_grant_between_steps) {
  auto stepped = *site;
  stepped.connectors[0].step = milliamperes{1'000};
  site = std::make_shared<domain::site>(stepped);
  plan.grants[0].granted = milliamperes{20'999};
  EXPECT_THAT(findings(), ElementsAre("LIM-5: CP-001-1: 20999 mA in steps of 1000 mA"));
}

TEST_F(audited_plan, LIM_2_finds_a_limit_that_is_not_the_smallest_or_has_another_name) {
  image.nodes[1].live_limits = {{domain::limit_source::demand_response,
                                 domain::per_line<milliamperes>{milliamperes{63'000},
                                                                milliamperes{48'000},
                                                                milliamperes{63'000}},
                                 std::nullopt}};
  EXPECT_THAT(findings(), ElementsAre("LIM-2: f1 L2: 63000 mA, stated 48000 mA"));
  image.nodes[1].live_limits.clear();
  (*plan.bounds[1].line)[0].source = domain::limit_source::cable;
  EXPECT_THAT(findings(), ElementsAre("LIM-2: f1 L1: cable is not who allows least"));
}

} // namespace
} // namespace busbar::tests
