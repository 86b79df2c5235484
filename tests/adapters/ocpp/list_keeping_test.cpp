// The local list of a station is brought to the gateway's.

#include "tests/adapters/ocpp/station_desk.hpp"

#include <gmock/gmock.h>

#include <utility>
#include <vector>

namespace busbar::tests {
namespace {

using control::sessions::local_list;
using control::sessions::tag_verdict;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// A station that keeps a list as OCPP 1.6 has it.
struct listing_desk : station_desk {
  explicit listing_desk(bool keeps_list = true) {
    auto place = two_connectors();
    place.keeps_list = keeps_list;
    machine.move(std::move(place));
    house.list = [this](const station::station_place&, std::size_t most) {
      asked_most = most;
      return listed;
    };
  }
  void serve() {
    connect(++links);
    settle();
    boot();
    settle();
  }
  /// The list has become another one; the station learns that when it is heard.
  void change(local_list to) {
    listed = std::move(to);
    ++house.list_revision;
    call("Heartbeat");
    settle();
  }
  void settle() {
    for (int i = 0; i < 200; ++i) {
      const auto asked = newest_call();
      if (asked.empty()) return;
      raw("[3,\"" + id_of(asked) + "\"," + answer_to(asked) + "]");
    }
  }

  local_list listed{{"T1", tag_verdict::accepted, {}, "FLEET"},
                    {"T2", tag_verdict::blocked, {}, {}}};
  std::int64_t version = 0;
  std::string status = "Accepted";
  /// Of the SendLocalList that it was sent, in their order.
  std::vector<std::string> lists;
  std::size_t asked_most = 0;

private:
  std::string newest_call() const {
    for (const auto& each : last.frames)
      if (each.starts_with("[2,")) return each;
    return {};
  }
  std::string answer_to(const std::string& asked) {
    if (asked.find("GetConfiguration") != std::string::npos)
      return R"({"configurationKey":[)"
             R"({"key":"LocalAuthListMaxLength","readonly":true,"value":"500"},)"
             R"({"key":"SendLocalListMaxLength","readonly":true,"value":"2"}]})";
    if (asked.find("GetLocalListVersion") != std::string::npos)
      return R"({"listVersion":)" + std::to_string(version) + "}";
    if (asked.find("SendLocalList") == std::string::npos) return R"({"status":"Accepted"})";
    lists.push_back(asked);
    if (status != "Accepted") return R"({"status":")" + std::exchange(status, "Accepted") + "\"}";
    const std::string mark = "\"listVersion\":";
    version = std::stoll(asked.substr(asked.find(mark) + mark.size()));
    return R"({"status":"Accepted"})";
  }

  std::uint64_t links = 0;
};

} // namespace

TEST(list_keeping, a_station_has_the_whole_list_after_its_onboarding) {
  listing_desk desk;
  desk.serve();
  ASSERT_THAT(desk.lists, SizeIs(1));
  EXPECT_THAT(desk.lists[0], HasSubstr(R"("updateType":"Full")"));
  EXPECT_THAT(desk.lists[0], HasSubstr(R"({"idTag":"T1","idTagInfo":)"
                                       R"({"status":"Accepted","parentIdTag":"FLEET"}})"));
  EXPECT_THAT(desk.lists[0], HasSubstr(R"({"idTag":"T2","idTagInfo":{"status":"Blocked"}})"));
  EXPECT_EQ(desk.asked_most, 500u);
}

TEST(list_keeping, a_list_that_is_there_already_is_not_sent_again) {
  listing_desk desk;
  desk.serve();
  desk.serve();
  EXPECT_THAT(desk.lists, SizeIs(1)) << "its version says what it is";
  desk.version = 4;
  desk.serve();
  EXPECT_THAT(desk.lists, SizeIs(2)) << "somebody else has written it";
}

TEST(list_keeping, a_change_reaches_the_station_in_pieces_that_it_takes) {
  listing_desk desk;
  desk.serve();
  desk.lists.clear();
  local_list five;
  for (int i = 1; i <= 5; ++i)
    five.push_back({"T" + std::to_string(i), tag_verdict::accepted, {}, {}});
  desk.change(five);
  ASSERT_THAT(desk.lists, SizeIs(3));
  EXPECT_THAT(desk.lists[0], HasSubstr("Full"));
  EXPECT_THAT(desk.lists[2], HasSubstr("Differential"));
  EXPECT_EQ(desk.version, control::sessions::version_of(five, 2));
  desk.lists.clear();
  desk.change(five);
  EXPECT_THAT(desk.lists, IsEmpty()) << "nothing has changed";
}

TEST(list_keeping, a_difference_whose_version_does_not_fit_is_followed_by_the_whole_list) {
  listing_desk desk;
  desk.serve();
  // One after which the version rises, so that a difference is possible.
  auto next = desk.listed;
  for (int i = 0; control::sessions::version_of(next, 2) <= desk.version; ++i)
    next[0].parent = "P" + std::to_string(i);
  desk.lists.clear();
  desk.status = "VersionMismatch";
  desk.change(next);
  ASSERT_THAT(desk.lists, SizeIs(2));
  EXPECT_THAT(desk.lists[0], HasSubstr("Differential"));
  EXPECT_THAT(desk.lists[1], HasSubstr("Full"));
  EXPECT_EQ(desk.version, control::sessions::version_of(next, 2));
}

TEST(list_keeping, a_refusal_is_counted_and_left_until_the_next_onboarding) {
  listing_desk desk;
  desk.status = "Failed";
  desk.serve();
  ASSERT_THAT(desk.lists, SizeIs(1));
  desk.change({});
  EXPECT_THAT(desk.lists, SizeIs(1));
  desk.serve();
  EXPECT_THAT(desk.lists, SizeIs(2));
}

TEST(list_keeping, a_station_that_keeps_none_or_whose_site_wants_none_is_sent_none) {
  listing_desk other{false};
  other.serve();
  EXPECT_THAT(other.lists, IsEmpty());
  listing_desk none;
  none.version = -1;
  none.serve();
  EXPECT_THAT(none.lists, IsEmpty());
}

} // namespace busbar::tests
