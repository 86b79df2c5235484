#include "adapters/ocpp/station/call_lane.hpp"

#include <gmock/gmock.h>

namespace busbar::tests {

using adapters::ocpp::station::call_lane;
using adapters::ocpp::station::errand;
using adapters::ocpp::station::station_call;
using testing::HasSubstr;

namespace {

station_call grant(std::size_t connector, const std::string& name, bool is_decrease = false) {
  station_call call{errand::grant, "SetChargingProfile", "{\"n\":\"" + name + "\"}"};
  call.connector = connector;
  call.is_decrease = is_decrease;
  return call;
}

} // namespace

TEST(call_lane, OCPP_1_a_grant_takes_the_place_of_an_older_one_of_its_connector) {
  call_lane lane;
  lane.begin(3);
  EXPECT_TRUE(lane.push(grant(0, "old")));
  EXPECT_TRUE(lane.push(grant(1, "other")));
  EXPECT_TRUE(lane.push(grant(0, "new")));
  EXPECT_EQ(lane.size(), 2u);
  const domain::instant now{};
  EXPECT_THAT(*lane.next(now), HasSubstr("other"));
  EXPECT_FALSE(lane.next(now)) << "one is outstanding";
  EXPECT_TRUE(lane.take_answer("3-1"));
  EXPECT_THAT(*lane.next(now), HasSubstr("new"));
}

TEST(call_lane, OCPP_1_decreases_go_first_in_their_order) {
  call_lane lane;
  lane.begin(1);
  ASSERT_TRUE(lane.push(grant(0, "raise")));
  ASSERT_TRUE(lane.push(grant(1, "first", true)));
  ASSERT_TRUE(lane.push(grant(2, "second", true)));
  const domain::instant now{};
  EXPECT_THAT(*lane.next(now), HasSubstr("first"));
  EXPECT_TRUE(lane.take_answer("1-1"));
  EXPECT_THAT(*lane.next(now), HasSubstr("second"));
}

TEST(call_lane, OCPP_1_the_queue_is_bounded) {
  call_lane lane;
  for (std::size_t i = 0; i < call_lane::queued_max; ++i) EXPECT_TRUE(lane.push({}));
  EXPECT_FALSE(lane.push({}));
}

TEST(call_lane, OCPP_11_the_next_step_of_an_order_has_room_in_a_full_queue) {
  call_lane lane;
  lane.begin(1);
  for (std::size_t i = 0; i < call_lane::queued_max; ++i) ASSERT_TRUE(lane.push(grant(i, "n")));
  station_call next{errand::settings, "ChangeConfiguration", "{}"};
  next.order = 7;
  EXPECT_FALSE(lane.push(next)) << "its first one";
  next.settled = {{"HeartbeatInterval", "300", "60", "Accepted"}};
  EXPECT_TRUE(lane.push(next));
  const auto lost = lane.end();
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_EQ(lost[0].settled.size(), 1u);
}

TEST(call_lane, OCPP_1_a_late_answer_and_one_of_another_connection_belong_to_nothing) {
  call_lane lane;
  lane.begin(1);
  ASSERT_TRUE(lane.push({}));
  const domain::instant now{};
  ASSERT_TRUE(lane.next(now));
  EXPECT_FALSE(lane.take_overdue(now + std::chrono::seconds{29}));
  EXPECT_TRUE(lane.take_overdue(now + std::chrono::seconds{30}));
  EXPECT_FALSE(lane.take_answer("1-1"));
  ASSERT_TRUE(lane.push({}));
  ASSERT_TRUE(lane.next(now));
  lane.begin(2);
  EXPECT_FALSE(lane.take_answer("1-2"));
}

} // namespace busbar::tests
