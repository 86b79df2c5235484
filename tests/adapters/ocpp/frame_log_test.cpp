// The newest frames of stations, and their bounds.

#include "adapters/ocpp/gateway/frame_log.hpp"

#include <gtest/gtest.h>

namespace busbar::tests {
namespace {

using adapters::ocpp::gateway::frame_log;

TEST(frame_log, keeps_the_newest_200_frames_of_a_station_newest_first) {
  frame_log log;
  for (int i = 0; i < 250; ++i) log.keep("a", {{}, true, std::to_string(i)});
  log.keep("b", {{}, false, "b"});
  const auto kept = log.of("a");
  ASSERT_EQ(kept.size(), 200u);
  EXPECT_EQ(kept.front().text, "249");
  EXPECT_EQ(kept.back().text, "50");
  EXPECT_EQ(log.of("b").size(), 1u);
  EXPECT_TRUE(log.of("c").empty());
}

TEST(frame_log, large_frames_push_out_older_ones_of_their_station_and_the_newest_stays) {
  frame_log log;
  const std::string large(60'000, 'x');
  for (int i = 0; i < 10; ++i) log.keep("a", {{}, true, large});
  // 4 * 60,000 fit in 262,144.
  EXPECT_EQ(log.of("a").size(), 4u);
  // 134,217,728 / 240,000 stations fill the whole; what comes then keeps one frame each.
  for (int station = 0; station < 600; ++station)
    for (int i = 0; i < 4; ++i) log.keep("s" + std::to_string(station), {{}, true, large});
  EXPECT_EQ(log.of("s599").size(), 1u);
  EXPECT_LE(log.bytes(), frame_log::all_bytes_max + 600 * large.size());
}

} // namespace
} // namespace busbar::tests
