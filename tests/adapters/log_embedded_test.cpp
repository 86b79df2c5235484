// The embedded log against the contract of the port, and its own promises: bounds, retention,
// compaction, assignment, counted contention.

#include "adapters/embedded/assignment.hpp"
#include "adapters/embedded/embedded_log.hpp"
#include "tests/adapters/log_group_promises.hpp"
#include "tests/adapters/log_promises.hpp"

#include <algorithm>
#include <random>

namespace busbar::adapters::testing {

struct embedded_fixture {
  static std::string run_id() { return "embedded"; }
  std::shared_ptr<ports::event_log> make_log() { return embedded::make_embedded_log(); }
};
INSTANTIATE_TYPED_TEST_SUITE_P(embedded, log_contract, embedded_fixture);
INSTANTIATE_TYPED_TEST_SUITE_P(embedded, log_group_contract, embedded_fixture);

namespace {

ports::topic_settings topic(const std::string& name, std::int32_t partitions = 1) {
  ports::topic_settings settings;
  settings.name = name;
  settings.partitions = partitions;
  return settings;
}

/// A log of its own with a clock that stands still.
class embedded_log : public ::testing::Test {
protected:
  void make(embedded::embedded_log_settings settings, const ports::topic_settings& of) {
    settings.now = [this] { return now_; };
    log_ = embedded::make_embedded_log(settings);
    ASSERT_TRUE(log_->ensure_topics({of}));
    producer_ = std::move(log_->producer().value());
  }
  domain::result<void> publish(const std::string& key, const std::string& text) {
    return producer_->publish("t", key, bytes_of(text));
  }
  std::unique_ptr<log_consumer> consumer(const std::string& group) {
    ports::consumer_settings settings;
    settings.group = group;
    settings.topics = {"t"};
    settings.from_beginning = true;
    return std::move(log_->consumer(settings).value());
  }
  std::size_t retained() { return log_->read_all("t", patience).value().size(); }
  double figure(const std::string& name) { return producer_->statistics().at(name); }

  domain::instant now_{seconds{1'000'000}};
  std::shared_ptr<ports::event_log> log_;
  std::unique_ptr<ports::log_producer> producer_;
};

} // namespace

TEST_F(embedded_log, a_full_partition_forgets_its_oldest_records_when_nobody_reads) {
  make({.topic_records_max = 10}, topic("t"));
  for (int number = 0; number < 25; ++number) ASSERT_TRUE(publish("k", std::to_string(number)));
  EXPECT_EQ(retained(), 10U);
  EXPECT_EQ(figure("dropped_total"), 15);
}

TEST_F(embedded_log, back_pressure_a_reader_that_lags_makes_publish_answer_full) {
  make({.topic_records_max = 10}, topic("t"));
  const auto reader = consumer("slow");
  EXPECT_TRUE(reader->poll(1, milliseconds{0}).empty());
  for (int number = 0; number < 10; ++number) ASSERT_TRUE(publish("k", std::to_string(number)));
  const auto refused = publish("k", "10");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().code, errc::full);
  EXPECT_EQ(figure("refused_full_total"), 1);
  EXPECT_EQ(reader->poll(4, milliseconds{0}).size(), 4U);
  EXPECT_TRUE(publish("k", "10"));
  EXPECT_EQ(text_of(reader->poll(1, milliseconds{0}).at(0)), "4");
}

TEST_F(embedded_log, a_group_that_commits_keeps_what_it_has_not_committed) {
  make({.topic_records_max = 10}, topic("t"));
  const auto reader = consumer("careful");
  for (int number = 0; number < 10; ++number) ASSERT_TRUE(publish("k", std::to_string(number)));
  ASSERT_EQ(reader->poll(10, milliseconds{0}).size(), 10U);
  ASSERT_TRUE(reader->commit({"t", 0}, 1));
  ASSERT_TRUE(publish("k", "10"));
  ASSERT_TRUE(publish("k", "11"));
  EXPECT_FALSE(publish("k", "12"));
}

TEST_F(embedded_log, its_bytes_are_bounded) {
  make({.topic_bytes_max = 64'000}, topic("t"));
  const auto reader = consumer("slow");
  EXPECT_TRUE(reader->poll(1, milliseconds{0}).empty());
  int accepted = 0;
  while (publish("k", std::string(8'000, 'x'))) ++accepted;
  EXPECT_EQ(accepted, 7);
  EXPECT_LE(figure("retained_bytes"), 64'000);
}

TEST_F(embedded_log, records_older_than_the_retention_go) {
  auto settings = topic("t");
  settings.retention = seconds{60};
  make({}, settings);
  ASSERT_TRUE(publish("k", "old"));
  now_ += seconds{40};
  ASSERT_TRUE(publish("k", "new"));
  EXPECT_EQ(retained(), 2U);
  now_ += seconds{30};
  EXPECT_EQ(texts_of(log_->read_all("t", patience).value()), (std::vector<std::string>{"new"}));
  const auto late = consumer("late")->poll(9, milliseconds{0});
  EXPECT_EQ(texts_of(late), (std::vector<std::string>{"new"}));
  EXPECT_EQ(figure("expired_total"), 1);
}

TEST_F(embedded_log, a_compacted_topic_holds_as_many_records_as_keys_however_often_they_change) {
  auto settings = topic("t");
  settings.is_compacted = true;
  make({.topic_records_max = 300}, settings);
  for (int round = 0; round < 100; ++round)
    for (int key = 0; key < 100; ++key)
      ASSERT_TRUE(publish("key" + std::to_string(key), std::to_string(round)));
  EXPECT_EQ(retained(), 100U);
  EXPECT_LE(figure("retained_records"), 300);
  EXPECT_EQ(figure("superseded_total"), 9'900); // 99 rounds * 100 keys
}

TEST_F(embedded_log, a_reader_of_a_compacted_topic_sees_newest_values_and_deletions_only) {
  auto settings = topic("t");
  settings.is_compacted = true;
  make({}, settings);
  for (const char* text : {"1", "2", "3"}) ASSERT_TRUE(publish("a", text));
  ASSERT_TRUE(publish("b", "1"));
  ASSERT_TRUE(producer_->publish("t", "b", nullptr));
  const auto records = consumer("late")->poll(10, milliseconds{0});
  EXPECT_EQ(texts_of(records), (std::vector<std::string>{"3", "(null)"}));
  EXPECT_EQ(records.back().key, "b");
}

TEST_F(embedded_log, a_full_compacted_topic_refuses_new_keys_and_keeps_every_old_value) {
  auto settings = topic("t");
  settings.is_compacted = true;
  make({.topic_records_max = 3}, settings);
  for (const char* key : {"a", "b", "c"}) ASSERT_TRUE(publish(key, "1"));
  EXPECT_EQ(publish("d", "1").failure().code, errc::full);
  EXPECT_TRUE(publish("b", "2"));
  EXPECT_EQ(texts_of(log_->read_all("t", patience).value()),
            (std::vector<std::string>{"1", "1", "2"}));
  ASSERT_TRUE(producer_->publish("t", "a", nullptr));
  EXPECT_TRUE(publish("d", "1"));
  EXPECT_TRUE(publish("a", "1") || retained() == 3);
}

TEST_F(embedded_log, many_writers_and_one_reader_lose_nothing_and_waiting_is_counted) {
  embedded::embedded_log_settings settings;
  log_ = embedded::make_embedded_log(settings);
  ASSERT_TRUE(log_->ensure_topics({topic("t", 3)}));
  const auto reader = consumer("all");
  constexpr int writers = 4;
  constexpr int each = 2'000;
  std::vector<std::jthread> threads;
  for (int writer = 0; writer < writers; ++writer)
    threads.emplace_back([this, writer] {
      auto producer = std::move(log_->producer().value());
      for (int number = 0; number < each; ++number)
        EXPECT_TRUE(producer->publish("t", "w" + std::to_string(writer),
                                      bytes_of(std::to_string(number))));
    });
  std::map<std::string, int> next;
  for (const auto& got : take(*reader, writers * each))
    EXPECT_EQ(text_of(got), std::to_string(next[got.key]++));
  for (int writer = 0; writer < writers; ++writer)
    EXPECT_EQ(next["w" + std::to_string(writer)], each);
  producer_ = std::move(log_->producer().value());
  EXPECT_GE(figure("locks_total"), writers * each);
  EXPECT_LE(figure("lock_waits_total"), figure("locks_total"));
}

TEST_F(embedded_log, a_second_member_of_the_same_name_is_a_conflict) {
  make({}, topic("t"));
  ports::consumer_settings settings;
  settings.group = "g";
  settings.member = "node-1";
  settings.topics = {"t"};
  const auto first = log_->consumer(settings);
  const auto second = log_->consumer(settings);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.failure().code, errc::conflict);
}

TEST_F(embedded_log, a_topic_that_appears_later_reaches_its_subscribers) {
  make({}, topic("t"));
  ports::consumer_settings settings;
  settings.group = "g";
  settings.topics = {"later"};
  settings.from_beginning = true;
  const auto reader = std::move(log_->consumer(settings).value());
  EXPECT_TRUE(reader->poll(1, milliseconds{0}).empty());
  ASSERT_TRUE(log_->ensure_topics({topic("later")}));
  ASSERT_TRUE(producer_->publish("later", "k", bytes_of("1")));
  EXPECT_EQ(reader->poll(1, patience).size(), 1U);
}

TEST_F(embedded_log, topics_without_a_name_or_partitions_are_refused) {
  make({}, topic("t"));
  EXPECT_EQ(log_->ensure_topics({topic("", 1)}).failure().code, errc::out_of_range);
  EXPECT_EQ(log_->ensure_topics({topic("none", 0)}).failure().code, errc::out_of_range);
}

TEST(assign_sticky, is_balanced_and_moves_no_more_than_it_must) {
  std::mt19937 random(7);
  for (int round = 0; round < 2'000; ++round) {
    const std::size_t partitions = random() % 20;
    std::vector<std::string> before(partitions);
    for (auto& owner : before)
      owner = random() % 4 == 0 ? "" : std::string(1, "abcdef"[random() % 6]);
    std::vector<std::string> members;
    for (const char* name : {"a", "b", "c", "d", "e"})
      if (random() % 2 == 0) members.emplace_back(name);
    const auto after = embedded::assign_sticky(before, members);
    ASSERT_EQ(after.size(), partitions);
    if (members.empty()) continue;
    std::map<std::string, std::size_t> had;
    std::map<std::string, std::size_t> has;
    std::size_t kept = 0;
    for (std::size_t place = 0; place < partitions; ++place) {
      ++had[before[place]];
      ++has[after[place]];
      ASSERT_TRUE(std::count(members.begin(), members.end(), after[place]));
      kept += before[place] == after[place] ? 1 : 0;
    }
    const std::size_t share = partitions / members.size();
    std::size_t larger = partitions % members.size();
    std::size_t keepable = 0;
    for (const auto& member : members) {
      EXPECT_GE(has[member], share);
      EXPECT_LE(has[member], share + 1);
      const bool may_be_larger = had[member] > share && larger > 0;
      larger -= may_be_larger ? 1 : 0;
      keepable += std::min(had[member], share + (may_be_larger ? 1 : 0));
    }
    EXPECT_EQ(kept, keepable) << "round " << round;
  }
}

} // namespace busbar::adapters::testing
