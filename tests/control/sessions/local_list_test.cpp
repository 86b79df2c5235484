#include "control/sessions/local_list.hpp"

#include <gmock/gmock.h>

#include <random>
#include <set>

namespace busbar::control::sessions {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const domain::instant now{std::chrono::hours{500'000}};

local_list tags(int first, int count) {
  local_list made;
  for (int i = first; i < first + count; ++i)
    made.push_back({"T" + std::to_string(1'000 + i), tag_verdict::accepted, {}, {}});
  return made;
}

/// What a station does with messages, as OCPP 1.6 has it. False: it answers VersionMismatch.
struct listing_station {
  std::int32_t version = 0;
  std::map<std::string, local_tag> held;

  bool take(const list_message& message) {
    if (!message.is_full && message.version <= version) return false;
    if (message.is_full) held.clear();
    for (const auto& each : message.tags) held[tag_key(each.tag)] = each;
    for (const auto& each : message.gone) held.erase(tag_key(each));
    version = message.version;
    return true;
  }
  [[nodiscard]] local_list list() const {
    local_list made;
    for (const auto& [key, each] : held) made.push_back(each);
    return made;
  }
};

} // namespace

TEST(local_list, has_the_tags_that_may_charge_first_and_those_of_the_stations_group_alone) {
  std::map<std::string, id_tag> listed;
  listed["a"] = {"A", true, {}, {}, {}, "staff", 0};
  listed["b"] = {"B", false, now, "FLEET", {}, "staff", 0};
  listed["c"] = {"C", false, {}, {}, {}, "guests", 0};
  const auto all = local_list_of(listed, {}, 10);
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_EQ(all[0], (local_tag{"A", tag_verdict::blocked, {}, {}}));
  EXPECT_EQ(all[1], (local_tag{"B", tag_verdict::accepted, now, "FLEET"}));
  EXPECT_THAT(local_list_of(listed, {tag_policy::listed, {}, "staff"}, 10), SizeIs(2));
  const auto two = local_list_of(listed, {}, 2);
  EXPECT_EQ(two[0].tag, "B");
  EXPECT_EQ(two[1].tag, "C");
}

TEST(local_list, a_full_list_goes_out_in_as_many_messages_as_it_needs) {
  const auto messages = full_list(tags(0, 5), 2);
  ASSERT_THAT(messages, SizeIs(3));
  EXPECT_TRUE(messages[0].is_full);
  EXPECT_FALSE(messages[1].is_full);
  EXPECT_EQ(messages[2].version, version_of(tags(0, 5), 2));
  EXPECT_EQ(messages[1].version, messages[2].version - 1);
  EXPECT_THAT(messages[2].tags, SizeIs(1));
  ASSERT_THAT(full_list({}, 2), SizeIs(1));
  EXPECT_TRUE(full_list({}, 2)[0].is_full);
}

TEST(local_list, what_has_not_changed_is_not_sent) {
  EXPECT_THAT(list_update(tags(0, 5), tags(0, 5), 2), IsEmpty());
}

TEST(local_list, a_station_that_takes_every_message_has_the_list_and_its_version) {
  std::mt19937 random{7};
  std::set<bool> kinds;
  for (const std::size_t per_message : {1u, 3u, 100u}) {
    listing_station station;
    local_list held;
    for (const auto& each : full_list(held, per_message)) ASSERT_TRUE(station.take(each));
    for (int step = 0; step < 200; ++step) {
      const auto wanted = tags(static_cast<int>(random() % 5), static_cast<int>(random() % 12));
      for (const auto& each : list_update(held, wanted, per_message)) {
        kinds.insert(each.is_full);
        EXPECT_LE(each.tags.size() + each.gone.size(), per_message);
        ASSERT_TRUE(station.take(each)) << step;
      }
      EXPECT_EQ(station.list(), wanted) << step;
      EXPECT_EQ(station.version, version_of(wanted, per_message));
      held = wanted;
    }
  }
  EXPECT_THAT(kinds, ElementsAre(false, true)) << "differences and whole lists";
}

TEST(local_list, its_version_follows_from_each_part_of_its_content) {
  const local_tag one{"T", tag_verdict::accepted, now, "P"};
  std::set<std::int32_t> versions{version_of({}, 10), version_of({one}, 10)};
  auto other = one;
  other.status = tag_verdict::blocked;
  versions.insert(version_of({other}, 10));
  other = one;
  other.expires_at.reset();
  versions.insert(version_of({other}, 10));
  other = one;
  other.parent = "Q";
  versions.insert(version_of({other}, 10));
  other = one;
  other.tag = "U";
  versions.insert(version_of({other}, 10));
  EXPECT_THAT(versions, SizeIs(6));
  EXPECT_GT(*versions.begin(), 0);
}

} // namespace busbar::control::sessions
