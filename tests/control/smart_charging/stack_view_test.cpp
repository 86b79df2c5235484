#include "control/smart_charging/stack_view.hpp"

#include "profile_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::control::smart_charging {
namespace {

const instant noon = at("2026-05-01T12:00:00Z");

/// A maximum of 24 A, a TxProfile of 20 A for ten minutes, a default of 10 A, all on connector 1.
profile_store a_store() {
  profile_store store({.connectors = 1});
  store.start(1, 7, noon);
  EXPECT_FALSE(store.set(
      0, a_profile(3).serving(purpose::charge_point_max).relative().period(0, 24).period(300, 16),
      noon));
  EXPECT_FALSE(
      store.set(1, a_profile(2).serving(purpose::tx).relative().lasting(600).period(0, 20), noon));
  EXPECT_FALSE(store.set(1, a_profile(1).relative().level(5).period(0, 10), noon));
  return store;
}

} // namespace

TEST(stack_view, each_level_says_when_it_speaks_and_when_it_leads) {
  const auto store = a_store();
  const auto views = view_stack(store, 1, noon, noon + seconds{3600});
  ASSERT_EQ(views.size(), 3u);
  EXPECT_EQ(views[0].entry->profile.id, 3);
  EXPECT_EQ(views[0].contributions.size(), 2u);
  EXPECT_EQ(views[0].leading, seconds{3600});
  EXPECT_EQ(views[1].entry->profile.id, 2);
  EXPECT_EQ(views[1].in_force, seconds{600});
  EXPECT_TRUE(views[1].leads_now);
  EXPECT_EQ(views[2].entry->profile.id, 1);
  EXPECT_TRUE(views[2].speaks_now);
  EXPECT_FALSE(views[2].leads_now);
  EXPECT_EQ(views[2].in_force, seconds{3600});
  EXPECT_EQ(views[2].leading, seconds{3000});
  ASSERT_EQ(views[2].contributions.size(), 2u);
  EXPECT_EQ(views[2].contributions[1].start, noon + seconds{600});
}

TEST(stack_view, what_a_profile_held_back_is_charged_to_the_one_that_set_the_limit) {
  const auto store = a_store();
  // 11 kW wanted for half an hour, then 6 kW for another.
  const std::vector<wish> wishes{{noon, seconds{1800}, 110'000},
                                 {noon + seconds{1800}, seconds{1800}, 60'000}};
  const auto found = effectiveness(store, 1, wishes);
  // Limits: 20 A (13 800 W) to 300 s, the maximum's 16 A (11 040 W) to 600 s: both above the wish;
  // then 10 A (6 900 W): (11 000 - 6 900) W * 1 200 s / 3 600 = 1 366.7 Wh, later above the wish.
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].profile, 1);
  EXPECT_EQ(found[0].time, seconds{1200});
  EXPECT_EQ(found[0].energy_wh, 1366);
}

TEST(stack_view, a_profile_that_never_binds_held_nothing_back) {
  EXPECT_TRUE(effectiveness(a_store(), 1, {{noon, seconds{600}, 10'000}}).empty());
  EXPECT_TRUE(effectiveness(a_store(), 1, {}).empty());
}

} // namespace busbar::control::smart_charging
