#include "control/smart_charging/stack_view.hpp"

#include "profile_builder.hpp"

#include <gtest/gtest.h>

#include <tuple>

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

TEST(stack_view, of_equal_limits_the_connectors_own_profile_held_back) {
  profile_store store({.connectors = 1});
  store.start(1, 7, noon);
  ASSERT_FALSE(store.set(
      0, a_profile(3).serving(purpose::charge_point_max).relative().period(0, 16), noon));
  ASSERT_FALSE(store.set(1, a_profile(4).relative().period(0, 16), noon));
  // 16 A are 11 040 W: 360 W for 100 s are 10 Wh
  const auto found = effectiveness(store, 1, {{noon, seconds{100}, 114'000}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].profile, 4);
  EXPECT_EQ(found[0].energy_wh, 10);
}

TEST(stack_view, a_profile_that_never_binds_held_nothing_back) {
  EXPECT_TRUE(effectiveness(a_store(), 1, {{noon, seconds{600}, 10'000}}).empty());
  EXPECT_TRUE(effectiveness(a_store(), 1, {}).empty());
}

TEST(stack_view, a_stretch_goes_on_while_limit_phases_and_leadership_stay_the_same) {
  profile_store store({.connectors = 1});
  store.start(1, 7, noon);
  ASSERT_FALSE(store.set(1,
                         a_profile(1).relative().period(0, 10).period(60, 10).period(120, 12)
                             .period(180, 12, 1).period(240, 12, 1),
                         noon));
  // Above it for the second minute.
  ASSERT_FALSE(store.set(1,
                         a_profile(2).level(1).starting("2026-05-01T12:04:30Z").lasting(30)
                             .period(0, 6),
                         noon));
  const auto views = view_stack(store, 1, noon + seconds{30}, noon + seconds{400});
  ASSERT_EQ(views.size(), 2u);
  EXPECT_EQ(views[0].entry->profile.id, 2);
  EXPECT_FALSE(views[0].speaks_now);
  EXPECT_EQ(views[0].in_force, seconds{30});
  const auto& view = views[1];
  ASSERT_EQ(view.contributions.size(), 5u);
  const auto stretch = [&](std::size_t n) {
    const auto& each = view.contributions[n];
    return std::tuple((each.start - noon).count(), (each.end - noon).count(),
                      each.limit_tenths, each.leads);
  };
  EXPECT_EQ(stretch(0), std::tuple(30, 120, 100, true)) << "10 A go on";
  EXPECT_EQ(stretch(1), std::tuple(120, 180, 120, true));
  EXPECT_EQ(stretch(2), std::tuple(180, 270, 120, true)) << "on one phase";
  EXPECT_EQ(stretch(3), std::tuple(270, 300, 120, false));
  EXPECT_EQ(stretch(4), std::tuple(300, 400, 120, true));
  EXPECT_EQ(view.in_force, seconds{370});
  EXPECT_EQ(view.leading, seconds{340});
}

TEST(stack_view, wishes_that_profiles_allow_or_nobody_limits_are_not_held_back) {
  profile_store store({.connectors = 1});
  store.start(1, 7, noon);
  ASSERT_FALSE(
      store.set(1, a_profile(4).relative().in_watts().lasting(100).period(0, 3'600), noon));
  const auto held = [&](std::int64_t power_tenths_w) {
    return effectiveness(store, 1, {{noon, seconds{200}, power_tenths_w}});
  };
  EXPECT_TRUE(held(36'000).empty()) << "just what is allowed";
  // 0.1 W for 100 s: time, but no whole watt-hour
  ASSERT_EQ(held(36'001).size(), 1u);
  EXPECT_EQ(held(36'001)[0].time, seconds{100});
  EXPECT_EQ(held(36'001)[0].energy_wh, 0);
  // 360 W for 100 s are 10 Wh
  EXPECT_EQ(held(39'600)[0].energy_wh, 10);
  EXPECT_EQ(held(39'599)[0].energy_wh, 9);
}

} // namespace busbar::control::smart_charging
