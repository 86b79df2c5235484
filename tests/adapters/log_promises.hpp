#pragma once
// What every log promises (ports/event_log.hpp), as one suite for both adapters.

#include "tests/adapters/log_contract.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <thread>

namespace busbar::adapters::testing {

TYPED_TEST_SUITE_P(log_contract);

TYPED_TEST_P(log_contract, records_of_one_key_keep_their_order_and_their_partition) {
  const auto topic = this->new_topic(4);
  for (int number = 0; number < 100; ++number)
    for (const char* key : {"garage", "depot", "harbour"})
      this->publish(topic.name, key, std::string(key) + std::to_string(number));
  this->flush();
  const auto consumer = this->consumer(this->group("order", topic.name));
  std::map<std::string, int> next;
  std::map<std::int32_t, std::int64_t> offsets;
  for (const auto& each : take(*consumer, 300)) {
    EXPECT_EQ(text_of(each), each.key + std::to_string(next[each.key]++));
    EXPECT_EQ(each.place.partition, ports::partition_of(each.key, 4));
    EXPECT_EQ(each.place.topic, topic.name);
    EXPECT_EQ(each.offset, offsets[each.place.partition]++);
    EXPECT_GT(each.written_at.time_since_epoch().count(), 0);
  }
  EXPECT_EQ(next, (std::map<std::string, int>{{"garage", 100}, {"depot", 100}, {"harbour", 100}}));
}

TYPED_TEST_P(log_contract, every_group_reads_every_record) {
  const auto topic = this->new_topic(2);
  this->publish_numbers(topic.name, "garage", 1, 10);
  for (const char* name : {"one", "other"}) {
    const auto consumer = this->consumer(this->group(name, topic.name));
    EXPECT_EQ(take(*consumer, 10).size(), 10U) << name;
  }
}

TYPED_TEST_P(log_contract, a_poll_returns_at_most_what_was_asked_for) {
  const auto topic = this->new_topic(1);
  this->publish_numbers(topic.name, "garage", 1, 10);
  const auto consumer = this->consumer(this->group("few", topic.name));
  EXPECT_EQ(texts_of(take(*consumer, 1)), (std::vector<std::string>{"1"}));
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::vector<record> next;
  while (next.empty() && std::chrono::steady_clock::now() < deadline)
    next = consumer->poll(3, milliseconds{100});
  EXPECT_LE(next.size(), 3U);
  ASSERT_FALSE(next.empty());
  EXPECT_EQ(text_of(next.front()), "2");
}

TYPED_TEST_P(log_contract, a_group_without_commits_begins_at_the_end_unless_told_otherwise) {
  const auto topic = this->new_topic(1);
  this->publish_numbers(topic.name, "garage", 1, 5);
  auto settings = this->group("late", topic.name);
  settings.from_beginning = false;
  const auto consumer = this->consumer(settings);
  std::vector<record> got;
  ASSERT_TRUE(poll_until({consumer.get()}, got, [&] { return !consumer->assignment().empty(); }));
  // The position is taken at the first fetch: numbers go on until one arrives.
  int last = 5;
  ASSERT_TRUE(poll_until({consumer.get()}, got, [&] {
    if (got.empty()) this->publish_numbers(topic.name, "garage", last + 1, last + 1), ++last;
    return !got.empty();
  }));
  EXPECT_GE(got.front().offset, 5);
}

TYPED_TEST_P(log_contract, a_new_member_goes_on_after_the_commit_and_sees_the_rest_again) {
  const auto topic = this->new_topic(1);
  this->publish_numbers(topic.name, "garage", 1, 10);
  {
    const auto first = this->consumer(this->group("again", topic.name));
    const auto records = take(*first, 8);
    ASSERT_EQ(records.size(), 8U);
    const auto done = first->commit(records[4].place, records[4].offset);
    ASSERT_TRUE(done) << done.failure().message;
  }
  const auto second = this->consumer(this->group("again", topic.name));
  EXPECT_EQ(texts_of(take(*second, 5)), (std::vector<std::string>{"6", "7", "8", "9", "10"}));
}

TYPED_TEST_P(log_contract, committing_a_partition_that_is_not_read_here_is_a_conflict) {
  const auto topic = this->new_topic(1);
  const auto consumer = this->consumer(this->group("foreign", topic.name));
  const auto done = consumer->commit({topic.name, 0}, 3);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.failure().code, errc::conflict);
}

TYPED_TEST_P(log_contract, a_paused_partition_delivers_nothing_and_loses_nothing) {
  const auto topic = this->new_topic(1);
  const auto consumer = this->consumer(this->group("pause", topic.name));
  this->publish_numbers(topic.name, "garage", 1, 2);
  auto records = take(*consumer, 2);
  ASSERT_EQ(records.size(), 2U);
  consumer->pause({{topic.name, 0}});
  this->publish_numbers(topic.name, "garage", 3, 5);
  EXPECT_TRUE(consumer->poll(10, milliseconds{300}).empty());
  consumer->resume({{topic.name, 0}});
  EXPECT_EQ(texts_of(take(*consumer, 3)), (std::vector<std::string>{"3", "4", "5"}));
}

TYPED_TEST_P(log_contract, a_waiting_poll_returns_when_a_record_arrives) {
  const auto topic = this->new_topic(1);
  const auto consumer = this->consumer(this->group("wake", topic.name));
  std::vector<record> got;
  ASSERT_TRUE(poll_until({consumer.get()}, got, [&] { return !consumer->assignment().empty(); }));
  std::jthread writer([&] { this->publish_numbers(topic.name, "garage", 1, 1); });
  const auto before = std::chrono::steady_clock::now();
  got = consumer->poll(10, patience);
  EXPECT_EQ(got.size(), 1U);
  EXPECT_LT(std::chrono::steady_clock::now() - before, patience / 2);
}

TYPED_TEST_P(log_contract, a_record_of_the_largest_size_passes_and_a_larger_one_is_refused) {
  auto settings = this->topic(1);
  settings.record_bytes_max = 1'048'576;
  this->create(settings);
  std::string noise(settings.record_bytes_max, '\0');
  std::mt19937 random(1);
  for (auto& byte : noise) byte = static_cast<char>(random() & 0xFF);
  this->publish(settings.name, "garage", noise);
  this->flush();
  const auto refused = this->producer_->publish(settings.name, "garage", bytes_of(noise + "x"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().code, errc::too_large);
  EXPECT_NE(refused.failure().message.find("1048577"), std::string::npos);
  const auto consumer = this->consumer(this->group("large", settings.name));
  const auto records = take(*consumer, 1);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_TRUE(text_of(records[0]) == noise);
}

TYPED_TEST_P(log_contract, publishing_to_a_topic_that_does_not_exist_is_refused) {
  const auto refused = this->producer_->publish("no-such-topic", "garage", bytes_of("1"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().code, errc::unknown_reference);
  EXPECT_NE(refused.failure().message.find("no-such-topic"), std::string::npos);
  const auto unread = this->log_->read_all("no-such-topic", patience);
  ASSERT_FALSE(unread);
  EXPECT_EQ(unread.failure().code, errc::unknown_reference);
}

TYPED_TEST_P(log_contract, ensuring_topics_again_leaves_what_is_there) {
  const auto topic = this->new_topic(3);
  this->publish_numbers(topic.name, "garage", 1, 5);
  auto other_size = topic;
  other_size.partitions = 5;
  this->create(other_size);
  const auto records = this->log_->read_all(topic.name, patience);
  ASSERT_TRUE(records) << records.failure().message;
  EXPECT_EQ(texts_of(records.value()), (std::vector<std::string>{"1", "2", "3", "4", "5"}));
  for (const auto& each : records.value())
    EXPECT_EQ(each.place.partition, ports::partition_of("garage", 3));
}

TYPED_TEST_P(log_contract, reading_all_of_a_compacted_topic_gives_the_newest_value_of_each_key) {
  auto settings = this->topic(3);
  settings.is_compacted = true;
  this->create(settings);
  for (int round = 1; round <= 3; ++round)
    for (int site = 0; site < 20; ++site)
      this->publish(settings.name, "site" + std::to_string(site), std::to_string(round));
  ASSERT_TRUE(this->producer_->publish(settings.name, "site7", nullptr));
  this->flush();
  const auto records = this->log_->read_all(settings.name, patience);
  ASSERT_TRUE(records) << records.failure().message;
  std::map<std::string, std::string> state;
  for (const auto& each : records.value())
    EXPECT_TRUE(state.emplace(each.key, text_of(each)).second) << each.key << " comes twice";
  EXPECT_EQ(state.size(), 19U);
  EXPECT_FALSE(state.contains("site7"));
  for (const auto& [key, value] : state) EXPECT_EQ(value, "3") << key;
}

TYPED_TEST_P(log_contract, reading_all_of_an_empty_topic_gives_nothing) {
  const auto topic = this->new_topic(3);
  const auto records = this->log_->read_all(topic.name, patience);
  ASSERT_TRUE(records) << records.failure().message;
  EXPECT_TRUE(records.value().empty());
}

TYPED_TEST_P(log_contract, KEEP_1_each_record_is_acknowledged_once_with_its_place) {
  const auto topic = this->new_topic(4);
  std::mutex guard;
  std::vector<std::pair<ports::partition_id, std::int64_t>> places;
  for (int number = 0; number < 100; ++number)
    ASSERT_TRUE(this->producer_->publish(
        topic.name, "garage", bytes_of(std::to_string(number)),
        [&](const ports::acknowledged& kept) {
          const std::lock_guard lock{guard};
          ASSERT_TRUE(kept) << kept.failure().message;
          places.push_back(kept.value());
        }));
  this->flush();
  const std::lock_guard lock{guard};
  ASSERT_EQ(places.size(), 100U);
  for (std::size_t i = 0; i < places.size(); ++i) {
    EXPECT_EQ(places[i].first.topic, topic.name);
    EXPECT_EQ(places[i].first.partition, ports::partition_of("garage", 4));
    EXPECT_EQ(places[i].second, static_cast<std::int64_t>(i));
  }
}

TYPED_TEST_P(log_contract, KEEP_2_a_span_holds_everything_from_its_places_on_and_their_ends) {
  const auto topic = this->new_topic(4);
  const auto other = this->new_topic(4);
  this->publish_numbers(topic.name, "garage", 0, 9);
  this->publish_numbers(other.name, "garage", 0, 4);
  const auto place = ports::partition_of("garage", 4);
  const auto empty = (place + 1) % 4;
  const auto span = this->log_->read_from(
      {{{topic.name, place}, 7}, {{topic.name, empty}, 0}, {{other.name, place}, std::nullopt}},
      patience);
  ASSERT_TRUE(span) << span.failure().message;
  EXPECT_EQ(texts_of(span.value().records), (std::vector<std::string>{"7", "8", "9"}));
  const std::map<ports::partition_id, std::int64_t> ends{
      {{topic.name, place}, 10}, {{topic.name, empty}, 0}, {{other.name, place}, 5}};
  EXPECT_EQ(span.value().ends, ends);
}

TYPED_TEST_P(log_contract, it_answers_a_check_and_counts_what_passes) {
  const auto topic = this->new_topic(1);
  const auto check = this->log_->check();
  EXPECT_TRUE(check) << check.failure().message;
  this->publish_numbers(topic.name, "garage", 1, 7);
  EXPECT_EQ(this->producer_->statistics().at("published_total"), 7);
  EXPECT_EQ(this->producer_->statistics().at("queue_depth"), 0);
  const auto consumer = this->consumer(this->group("count", topic.name));
  take(*consumer, 7);
  const auto statistics = consumer->statistics();
  EXPECT_EQ(statistics.at("consumed_total"), 7);
  EXPECT_EQ(statistics.at("consumed_bytes_total"), 7);
  EXPECT_EQ(statistics.at("assigned_partitions"), 1);
  EXPECT_EQ(statistics.at("paused_partitions"), 0);
  EXPECT_EQ(statistics.count("lag_records"), 1U);
}

REGISTER_TYPED_TEST_SUITE_P(
    log_contract, records_of_one_key_keep_their_order_and_their_partition,
    every_group_reads_every_record, a_poll_returns_at_most_what_was_asked_for,
    a_group_without_commits_begins_at_the_end_unless_told_otherwise,
    a_new_member_goes_on_after_the_commit_and_sees_the_rest_again,
    committing_a_partition_that_is_not_read_here_is_a_conflict,
    a_paused_partition_delivers_nothing_and_loses_nothing,
    a_waiting_poll_returns_when_a_record_arrives,
    a_record_of_the_largest_size_passes_and_a_larger_one_is_refused,
    publishing_to_a_topic_that_does_not_exist_is_refused,
    ensuring_topics_again_leaves_what_is_there,
    reading_all_of_a_compacted_topic_gives_the_newest_value_of_each_key,
    reading_all_of_an_empty_topic_gives_nothing,
    KEEP_1_each_record_is_acknowledged_once_with_its_place,
    KEEP_2_a_span_holds_everything_from_its_places_on_and_their_ends,
    it_answers_a_check_and_counts_what_passes);

} // namespace busbar::adapters::testing
