// What `busbar fleet` and `busbar demo` are told about charge points' own decisions.

#include "apps/fleet/input_files.hpp"
#include "apps/fleet/local_policy_options.hpp"
#include "simulator/settings.hpp"

#include <gtest/gtest.h>

namespace busbar::apps {
namespace {

using domain::micro_currency;

TEST(local_policy_options, are_read_as_minutes_and_millionths) {
  local_policy_options options;
  options.prices = "00:00=0.20,17:00=0.45,20:30=-0.012345";
  options.price_max = "0.3";
  options.peaks = {"17:00-20:00", "23:00-01:00"};
  options.in_peaks = "stop";
  options.session_wh = 20'000;
  domain::fault_list faults;
  const auto policy = read_local_policy(options, faults);
  EXPECT_TRUE(faults.empty());
  ASSERT_EQ(policy.prices.size(), 3U);
  // 17 x 60 = 1020, 20 x 60 + 30 = 1230.
  EXPECT_EQ(policy.prices[1].minute, 1'020);
  EXPECT_EQ(policy.prices[1].per_kwh, micro_currency{450'000});
  EXPECT_EQ(policy.prices[2].minute, 1'230);
  EXPECT_EQ(policy.prices[2].per_kwh, micro_currency{-12'345});
  EXPECT_EQ(policy.price_max, micro_currency{300'000});
  ASSERT_EQ(policy.peaks.size(), 2U);
  EXPECT_EQ(policy.peaks[1].from_minute, 1'380);
  EXPECT_EQ(policy.peaks[1].until_minute, 60);
  EXPECT_EQ(policy.in_peaks, simulator::peak_action::stop);
  EXPECT_EQ(policy.session_max, domain::watt_hours{20'000});
  EXPECT_EQ(validate(policy), "");
}

TEST(local_policy_options, say_nothing_where_nothing_is_said) {
  domain::fault_list faults;
  EXPECT_TRUE(read_local_policy({}, faults).is_empty());
  EXPECT_TRUE(faults.empty());
}

TEST(local_policy_options, every_fault_is_named_with_its_value_and_what_is_allowed) {
  local_policy_options options;
  options.prices = "00:00=x,24:00=1,12:00";
  options.price_max = "1e3";
  options.peaks = {"17-20"};
  domain::fault_list faults;
  static_cast<void>(read_local_policy(options, faults));
  const std::string allowed = ": allowed is HH:MM=PRICE, a price of at most 1000 with six decimals";
  EXPECT_EQ(faults.kept(), (std::vector<std::string>{
                        "--prices: 00:00=x" + allowed, "--prices: 24:00=1" + allowed,
                        "--prices: 12:00" + allowed, "--peak: 17-20: allowed is HH:MM-HH:MM",
                        "--price-max: 1e3: allowed is at most 1000 with six decimals"}));
}

TEST(local_policy_options, prices_of_a_faster_world_pass_faster) {
  simulator::world_settings world;
  world.local.session_max = domain::watt_hours{20'000};
  speed_up(world, 60);
  EXPECT_EQ(world.local.day, std::chrono::minutes{24});
  EXPECT_EQ(world.local.session_max, domain::watt_hours{333}) << "20000 / 60";
}

} // namespace
} // namespace busbar::apps
