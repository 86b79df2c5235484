// Kafka against the contract of the port, on a real broker that all tests of this file share.

#include "adapters/kafka/kafka_log.hpp"
#include "tests/adapters/log_broker.hpp"
#include "tests/adapters/log_group_promises.hpp"
#include "tests/adapters/log_promises.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace busbar::adapters::testing {

struct kafka_fixture {
  static std::string run_id() { return std::to_string(getpid()); }
  std::shared_ptr<ports::event_log> make_log() {
    EXPECT_EQ(shared_broker().failure, "");
    kafka::kafka_settings settings;
    settings.bootstrap = shared_broker().broker.address();
    auto log = kafka::make_kafka_log(settings);
    EXPECT_TRUE(log) << log.failure().message;
    return log ? log.value() : nullptr;
  }
};
INSTANTIATE_TYPED_TEST_SUITE_P(kafka, log_contract, kafka_fixture);
INSTANTIATE_TYPED_TEST_SUITE_P(kafka, log_group_contract, kafka_fixture);

/// The log has it; false where it does not within `patience`.
bool is_in_the_log(ports::log_producer& producer, const std::string& topic) {
  std::promise<bool> answer;
  auto kept = answer.get_future();
  const auto value = std::make_shared<const std::vector<std::uint8_t>>(8);
  const auto sent = producer.publish(topic, "key", value, [&](const ports::acknowledged& verdict) {
    answer.set_value(verdict.has_value());
  });
  if (!sent) return false;
  EXPECT_TRUE(producer.flush(patience));
  return kept.wait_for(patience) == std::future_status::ready && kept.get();
}

// Its end is looked up a moment after the partitions are given: what came in between was missed.
TEST(kafka_consumer, KEEP_1_a_new_group_misses_nothing_of_what_it_reads_alongside) {
  kafka_fixture fixture;
  const auto log = fixture.make_log();
  ASSERT_TRUE(log);
  const auto name = "begins." + kafka_fixture::run_id();
  ASSERT_TRUE(log->ensure_topics({{name, 2}, {name + ".alongside", 2}}));
  const auto producer = log->producer();
  ASSERT_TRUE(producer);
  for (const auto* each : {"", ".alongside"})
    ASSERT_TRUE(is_in_the_log(*producer.value(), name + each));
  ports::consumer_settings wanted;
  wanted.group = name;
  wanted.member = "one";
  wanted.topics = {name};
  wanted.alongside = {name + ".alongside"};
  const auto consumer = log->consumer(wanted);
  ASSERT_TRUE(consumer);
  std::vector<ports::record> got;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (got.empty() && std::chrono::steady_clock::now() < deadline)
    for (auto& each : consumer.value()->poll(10, std::chrono::milliseconds{100}))
      got.push_back(std::move(each));
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got.front().place.topic, name + ".alongside");
  consumer.value()->leave(std::chrono::seconds{2});
}

/// How long the first records of four topics took that a new log has just made.
std::chrono::milliseconds first_records_of_four_topics(int attempt) {
  kafka_fixture fixture;
  const auto log = fixture.make_log();
  EXPECT_TRUE(log);
  std::vector<ports::topic_settings> topics;
  for (const auto* each : {"first", "second", "third", "fourth"})
    topics.push_back({"leaders." + kafka_fixture::run_id() + "." + std::to_string(attempt) + "." +
                          each,
                      2});
  EXPECT_TRUE(log->ensure_topics(topics));
  const auto producer = log->producer();
  EXPECT_TRUE(producer);
  const auto begin = std::chrono::steady_clock::now();
  for (const auto& topic : topics) EXPECT_TRUE(is_in_the_log(*producer.value(), topic.name));
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               begin);
}

// A client that meets a topic with its first record looks for its partitions once a second: four
// first records, one after the other, took three to four seconds, each time. A machine that does
// other work, too, may have the processor late, but not each time.
TEST(kafka_producer, a_new_one_does_not_wait_for_each_topic_that_its_log_knows) {
  std::chrono::milliseconds best = patience;
  for (int attempt = 0; attempt < 5 && best >= seconds{2}; ++attempt)
    best = std::min(best, first_records_of_four_topics(attempt));
  EXPECT_LT(best, seconds{2});
}

} // namespace busbar::adapters::testing
