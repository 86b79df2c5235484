#pragma once
// What every log promises of the members of a group, as one suite for both adapters.

#include "tests/adapters/log_contract.hpp"

#include <algorithm>
#include <set>

namespace busbar::adapters::testing {

template <class Log> class log_group_contract : public log_contract<Log> {};

TYPED_TEST_SUITE_P(log_group_contract);

TYPED_TEST_P(log_group_contract, members_of_a_group_share_the_partitions_and_each_has_one_reader) {
  const auto topic = this->new_topic(6);
  std::set<partition_id> taken;
  const auto member = [&] {
    auto settings = this->group("share", topic.name);
    settings.on_rebalance.assigned = [&](const std::vector<partition_id>& places) {
      for (const auto& place : places)
        EXPECT_TRUE(taken.insert(place).second) << place.partition << " has two readers";
    };
    settings.on_rebalance.revoked = [&](const std::vector<partition_id>& places) {
      for (const auto& place : places) EXPECT_EQ(taken.erase(place), 1U) << place.partition;
    };
    return this->consumer(settings);
  };
  std::vector<record> got;
  const auto one = member();
  ASSERT_TRUE(poll_until({one.get()}, got, [&] { return one->assignment().size() == 6; }));
  const auto other = member();
  ASSERT_TRUE(poll_until({one.get(), other.get()}, got, [&] {
    return one->assignment().size() == 3 && other->assignment().size() == 3;
  }));
  EXPECT_EQ(taken.size(), 6U);
  for (int number = 0; number < 60; ++number)
    this->publish(topic.name, "site" + std::to_string(number), std::to_string(number));
  this->flush();
  ASSERT_TRUE(poll_until({one.get(), other.get()}, got, [&] { return got.size() >= 60; }));
  std::set<std::string> distinct;
  for (const auto& each : got) distinct.insert(text_of(each));
  EXPECT_EQ(distinct.size(), 60U);
  EXPECT_EQ(got.size(), 60U);
}

TYPED_TEST_P(log_group_contract, a_member_reads_the_same_partitions_of_topics_alongside) {
  const auto topic = this->new_topic(6);
  const auto other_topic = this->new_topic(6);
  const auto member = [&](const std::string& name) {
    auto settings = this->group("alongside", topic.name);
    settings.member = name;
    settings.alongside = {other_topic.name};
    return this->consumer(settings);
  };
  const auto partitions_of = [](const log_consumer& from, const std::string& name) {
    std::set<std::int32_t> read;
    for (const auto& place : from.assignment())
      if (place.topic == name) read.insert(place.partition);
    return read;
  };
  std::vector<record> got;
  const auto one = member("one");
  const auto two = member("two");
  ASSERT_TRUE(poll_until({one.get(), two.get()}, got, [&] {
    return one->assignment().size() == 6 && two->assignment().size() == 6;
  }));
  for (const auto* each : {one.get(), two.get()})
    EXPECT_EQ(partitions_of(*each, topic.name), partitions_of(*each, other_topic.name));
  for (int number = 0; number < 30; ++number)
    this->publish(other_topic.name, "site" + std::to_string(number), std::to_string(number));
  this->flush();
  ASSERT_TRUE(poll_until({one.get(), two.get()}, got, [&] { return got.size() >= 30; }));
  EXPECT_EQ(got.size(), 30U);
}

TYPED_TEST_P(log_group_contract, a_named_member_that_leaves_hands_its_partitions_over_at_once) {
  const auto topic = this->new_topic(6);
  const auto other_topic = this->new_topic(6);
  const auto member = [&](const std::string& name) {
    auto settings = this->group("leaves", topic.name);
    settings.member = name;
    settings.alongside = {other_topic.name};
    return this->consumer(settings);
  };
  std::vector<record> got;
  const auto stays = member("stays");
  auto goes = member("goes");
  const auto share = [&] {
    return poll_until({stays.get(), goes.get()}, got, [&] {
      return stays->assignment().size() == 6 && goes->assignment().size() == 6;
    });
  };
  ASSERT_TRUE(share());
  // A group learns of a member's absence after its session time-out, 6 s, each time; of its leave
  // by a heartbeat. A machine that does other work, too, may be late, but not each time.
  std::chrono::steady_clock::duration best = patience;
  for (int attempt = 0; attempt < 5 && best >= seconds{5}; ++attempt) {
    const auto began = std::chrono::steady_clock::now();
    std::thread leaves{[&] {
      goes->leave(patience);
      goes.reset();
    }};
    EXPECT_TRUE(
        poll_until({stays.get()}, got, [&] { return stays->assignment().size() == 12; }))
        << stays->assignment().size() << " partitions";
    leaves.join();
    best = std::min(best, std::chrono::steady_clock::now() - began);
    // Before it would be missed: the group knows it yet, as one that reads nothing.
    goes = member("goes");
    ASSERT_TRUE(share()) << stays->assignment().size() << " and " << goes->assignment().size()
                         << " partitions";
  }
  EXPECT_LT(best, seconds{5});
}

TYPED_TEST_P(log_group_contract, a_member_that_stands_aside_has_no_partitions_until_it_comes_back) {
  const auto topic = this->new_topic(6);
  const auto other_topic = this->new_topic(6);
  std::vector<std::size_t> revoked;
  const auto member = [&](const std::string& name) {
    auto settings = this->group("aside", topic.name);
    settings.member = name;
    settings.alongside = {other_topic.name};
    if (name == "goes")
      settings.on_rebalance.revoked = [&](const auto& places) { revoked.push_back(places.size()); };
    return this->consumer(settings);
  };
  std::vector<record> got;
  const auto stays = member("stays");
  const auto goes = member("goes");
  const auto have = [&](std::size_t one, std::size_t two) {
    return poll_until({stays.get(), goes.get()}, got, [&] {
      return stays->assignment().size() == one && goes->assignment().size() == two;
    });
  };
  ASSERT_TRUE(have(6, 6));
  for (int turn = 0; turn < 2; ++turn) {
    goes->stand_aside(true);
    ASSERT_TRUE(have(12, 0)) << stays->assignment().size() << ", " << goes->assignment().size();
    EXPECT_TRUE(goes->is_in_place());
    goes->stand_aside(false);
    ASSERT_TRUE(have(6, 6)) << stays->assignment().size() << ", " << goes->assignment().size();
  }
  EXPECT_EQ(revoked, (std::vector<std::size_t>{6, 6}));
}

TYPED_TEST_P(log_group_contract, a_named_member_comes_back_to_its_partitions) {
  const auto topic = this->new_topic(6);
  const auto member = [&](const std::string& name) {
    auto settings = this->group("static", topic.name);
    settings.member = name;
    return this->consumer(settings);
  };
  std::vector<record> got;
  const auto stays = member("stays");
  auto goes = member("goes");
  ASSERT_TRUE(poll_until({stays.get(), goes.get()}, got, [&] {
    return stays->assignment().size() == 3 && goes->assignment().size() == 3;
  }));
  const auto before = goes->assignment();
  goes.reset();
  goes = member("goes");
  ASSERT_TRUE(poll_until({stays.get(), goes.get()}, got, [&] {
    return stays->assignment().size() == 3 && goes->assignment().size() == 3;
  }));
  EXPECT_EQ(goes->assignment(), before);
}

REGISTER_TYPED_TEST_SUITE_P(log_group_contract,
                            members_of_a_group_share_the_partitions_and_each_has_one_reader,
                            a_member_reads_the_same_partitions_of_topics_alongside,
                            a_named_member_that_leaves_hands_its_partitions_over_at_once,
                            a_member_that_stands_aside_has_no_partitions_until_it_comes_back,
                            a_named_member_comes_back_to_its_partitions);

} // namespace busbar::adapters::testing
