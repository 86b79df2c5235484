#include "domain/supervision_settings.hpp"

#include <gtest/gtest.h>

namespace busbar::domain {

TEST(supervision_settings, the_narrowest_table_that_states_a_member_holds) {
  supervision_settings settings;
  settings.all.failure_threshold = 7;
  settings.all.success_threshold = 3;
  settings.by_kind["station"].failure_threshold = 6;
  settings.by_kind["station"].watchdog = std::chrono::seconds{10};
  settings.by_actor["station:A"].failure_threshold = 4;
  const auto a = settings.of("station:A");
  EXPECT_EQ(a.failure_threshold, 4);
  EXPECT_EQ(a.success_threshold, 3);
  EXPECT_EQ(a.watchdog, std::chrono::seconds{10});
  EXPECT_EQ(settings.of("station:B").failure_threshold, 6);
  EXPECT_EQ(settings.of("feeder:f1").failure_threshold, 7);
  EXPECT_FALSE(settings.of("feeder:f1").watchdog);
}

} // namespace busbar::domain
