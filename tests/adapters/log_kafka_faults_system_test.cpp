// What the Kafka log does when the broker is killed, stands still, lacks a topic or forbids one,
// and when records are poison. On a real broker.

#include "adapters/kafka/kafka_client.hpp"
#include "adapters/kafka/kafka_log.hpp"
#include "messages/codec.hpp"
#include "messages/dead_letters.hpp"
#include "messages/topics.hpp"
#include "tests/adapters/log_broker.hpp"
#include "tests/adapters/log_contract.hpp"
#include "tests/builders/slack.hpp"

#include <librdkafka/rdkafka.h>

#include <array>
#include <future>
#include <map>

#include <unistd.h>

namespace busbar::adapters::testing {

namespace {

using kafka::kafka_settings;

class kafka_faults : public ::testing::Test {
protected:
  void SetUp() override {
    ASSERT_EQ(shared_broker().failure, "");
    settings_.bootstrap = broker().address();
    settings_.answer_timeout = seconds{2};
    settings_.queue_records_max = 500;
    open(settings_);
  }

  static log_broker& broker() { return shared_broker().broker; }

  void open(const kafka_settings& settings) {
    producer_.reset();
    auto log = kafka::make_kafka_log(settings);
    ASSERT_TRUE(log) << log.failure().message;
    log_ = log.value();
    producer_ = std::move(log_->producer().value());
  }

  ports::topic_settings topic(const std::string& name) {
    ports::topic_settings settings;
    settings.name = "faults." + name + "." + std::to_string(getpid());
    settings.partitions = 1;
    return settings;
  }
  ports::topic_settings new_topic(const std::string& name) {
    const auto settings = topic(name);
    // A broker that has just come back may need longer than one patience.
    const auto deadline = std::chrono::steady_clock::now() + patience;
    auto made = log_->ensure_topics({settings});
    while (!made && std::chrono::steady_clock::now() < deadline)
      made = log_->ensure_topics({settings});
    EXPECT_TRUE(made) << made.failure().message;
    return settings;
  }
  /// As topics: a loaded broker may need longer than one patience.
  std::unique_ptr<log_consumer> consumer(const ports::consumer_settings& settings) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    auto made = log_->consumer(settings);
    while (!made && std::chrono::steady_clock::now() < deadline) made = log_->consumer(settings);
    EXPECT_TRUE(made) << made.failure().message;
    return std::move(made.value());
  }
  std::unique_ptr<log_consumer> consumer(const std::string& topic) {
    ports::consumer_settings settings;
    settings.group = "group." + topic;
    settings.topics = {topic};
    settings.from_beginning = true;
    return consumer(settings);
  }
  /// Its last answer, the first good one within `patience`.
  domain::result<void> last_check() {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    auto answer = log_->check();
    while (!answer && std::chrono::steady_clock::now() < deadline) answer = log_->check();
    return answer;
  }
  domain::result<void> publish(const std::string& topic, int number) {
    return producer_->publish(topic, "garage", bytes_of(std::to_string(number)));
  }
  /// Numbers from `first` on until the queue is full; returns the first that was refused.
  int publish_until_full(const std::string& topic, int first) {
    for (int number = first;; ++number) {
      const auto published = publish(topic, number);
      if (published) continue;
      EXPECT_EQ(published.failure().code, errc::full) << published.failure().message;
      return number;
    }
  }
  void expect_numbers(log_consumer& from, int count) {
    const auto records = take(from, static_cast<std::size_t>(count));
    ASSERT_EQ(records.size(), static_cast<std::size_t>(count));
    for (int number = 0; number < count; ++number)
      ASSERT_EQ(text_of(records[static_cast<std::size_t>(number)]), std::to_string(number));
    EXPECT_TRUE(from.poll(1, milliseconds{200}).empty());
  }

  kafka_settings settings_;
  std::shared_ptr<ports::event_log> log_;
  std::unique_ptr<ports::log_producer> producer_;
};

} // namespace

TEST_F(kafka_faults, a_killed_broker_that_comes_back_has_every_record_once_and_in_order) {
  const auto topic = new_topic("killed");
  const auto reader = consumer(topic.name);
  for (int number = 0; number < 300; ++number) ASSERT_TRUE(publish(topic.name, number));
  ASSERT_TRUE(producer_->flush(patience));
  for (int number = 300; number < 400; ++number) ASSERT_TRUE(publish(topic.name, number));
  broker().kill();

  const int count = publish_until_full(topic.name, 400);
  EXPECT_LE(count, 900); // 400 + at most 500 in the queue
  const auto check = log_->check();
  ASSERT_FALSE(check);
  EXPECT_EQ(check.failure().code, errc::unavailable);
  const auto flushed = producer_->flush(milliseconds{100});
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.failure().code, errc::timeout);
  EXPECT_GE(producer_->statistics().at("refused_full_total"), 1);
  EXPECT_GE(producer_->statistics().at("errors_total"), 1);

  ASSERT_EQ(broker().start(), "");
  const auto delivered = producer_->flush(patience);
  ASSERT_TRUE(delivered) << delivered.failure().message;
  EXPECT_EQ(producer_->statistics().at("lost_total"), 0);
  EXPECT_EQ(producer_->statistics().at("delivered_total"), count);
  expect_numbers(*reader, count);
  EXPECT_TRUE(last_check());
}

TEST_F(kafka_faults, a_broker_that_stands_still_holds_the_producer_back_and_nothing_is_lost) {
  const auto topic = new_topic("still");
  const auto reader = consumer(topic.name);
  ASSERT_TRUE(publish(topic.name, 0));
  ASSERT_TRUE(producer_->flush(patience));
  broker().freeze();
  const int count = publish_until_full(topic.name, 1);
  const auto flushed = producer_->flush(milliseconds{100});
  const auto check = log_->check();
  broker().thaw();
  EXPECT_EQ(flushed.failure().code, errc::timeout);
  EXPECT_EQ(check.failure().code, errc::unavailable);
  const auto delivered = producer_->flush(patience);
  ASSERT_TRUE(delivered) << delivered.failure().message;
  expect_numbers(*reader, count);
}

TEST_F(kafka_faults, a_consumer_of_a_missing_topic_reads_it_once_it_is_there) {
  const auto settings = topic("missing");
  const auto reader = consumer(settings.name);
  EXPECT_TRUE(reader->poll(1, milliseconds{300}).empty());
  EXPECT_EQ(publish(settings.name, 0).failure().code, errc::unknown_reference);
  ASSERT_EQ(new_topic("missing").name, settings.name);
  ASSERT_TRUE(publish(settings.name, 0));
  EXPECT_EQ(take(*reader, 1).size(), 1U);
}

TEST_F(kafka_faults, OWN_1_a_second_member_of_the_same_name_takes_over_and_the_first_is_told) {
  const auto topic = new_topic("fenced");
  ports::consumer_settings settings;
  settings.group = "group." + topic.name;
  settings.member = "node-1";
  settings.topics = {topic.name};
  std::vector<record> got;
  const auto first = consumer(settings);
  ASSERT_TRUE(poll_until({first.get()}, got, [&] { return first->assignment().size() == 1; }));
  const auto second = consumer(settings);
  const auto is_told = [&] { return first->statistics().at("fatal_errors_total") >= 1; };
  EXPECT_TRUE(poll_until({first.get(), second.get()}, got, is_told));
  EXPECT_TRUE(poll_until({first.get(), second.get()}, got, [&] {
    return second->assignment().size() == 1;
  }));
  EXPECT_TRUE(first->assignment().empty());
}

TEST_F(kafka_faults, OWN_1_a_member_that_cannot_reach_the_cluster_lets_go_and_comes_back) {
  settings_.session_timeout = seconds{2};
  open(settings_);
  const auto topic = new_topic("cut-off");
  const auto reader = consumer(topic.name);
  std::vector<record> got;
  ASSERT_TRUE(poll_until({reader.get()}, got, [&] { return reader->assignment().size() == 1; }));
  broker().freeze();
  const bool has_let_go =
      poll_until({reader.get()}, got, [&] { return reader->assignment().empty(); });
  broker().thaw();
  EXPECT_TRUE(has_let_go);
  EXPECT_TRUE(poll_until({reader.get()}, got, [&] { return reader->assignment().size() == 1; }));
  ASSERT_TRUE(publish(topic.name, 0));
  expect_numbers(*reader, 1);
}

TEST_F(kafka_faults, a_start_on_a_broker_that_stands_still_fails_within_its_patience) {
  const auto topic = new_topic("stopped-start");
  ports::consumer_settings settings;
  settings.group = "group." + topic.name;
  settings.member = "node-1";
  settings.topics = {topic.name};
  ASSERT_TRUE(consumer(settings));
  broker().freeze();
  const auto began = std::chrono::steady_clock::now();
  const auto made = log_->consumer(settings);
  const auto took = std::chrono::steady_clock::now() - began;
  broker().thaw();
  ASSERT_FALSE(made);
  EXPECT_EQ(made.failure().code, errc::unavailable);
  // Twelve answer time-outs of 2 s, and the client's end.
  EXPECT_LT(took, seconds{24} + kafka::end_patience + seconds{1} + tests::slack());
}

TEST_F(kafka_faults, a_consumer_ends_within_a_second_where_its_broker_stands_still) {
  const auto topic = new_topic("stopped-end");
  auto reader = consumer(topic.name);
  ASSERT_TRUE(publish(topic.name, 0));
  const auto records = take(*reader, 1);
  ASSERT_EQ(records.size(), 1U);
  broker().freeze();
  ASSERT_TRUE(reader->commit(records.front().place, records.front().offset));
  const auto began = std::chrono::steady_clock::now();
  reader.reset();
  const auto took = std::chrono::steady_clock::now() - began;
  broker().thaw();
  EXPECT_LT(took, seconds{1} + milliseconds{500} + tests::slack());
}

TEST_F(kafka_faults, poison_is_dead_lettered_with_its_reason_and_the_partition_goes_on) {
  ASSERT_TRUE(log_->ensure_topics(messages::all_topics(1)));
  domain::telemetry_batch batch;
  batch.site = domain::site_id{"garage"};
  const auto reader = consumer(messages::telemetry_topic);
  const auto good = messages::encode(batch);
  const auto wrong = messages::encode(domain::event{batch.site, {}, domain::speaker::log,
                                          domain::severity::info, "kind", "", ""});
  for (const auto& value : {good, bytes_of("garbage!"), wrong, bytes_of(""),
                            bytes_of(std::string(1'048'576, 'x')), good})
    ASSERT_TRUE(producer_->publish(messages::telemetry_topic, "garage", value));
  ASSERT_TRUE(producer_->flush(patience));

  messages::dead_letters letters(*producer_);
  int good_ones = 0;
  for (const auto& record : take(*reader, 6)) {
    const auto decoded = messages::decode_telemetry(*record.value);
    if (decoded) ++good_ones;
    else letters.refuse(record, decoded.failure(), record.written_at);
    EXPECT_TRUE(reader->commit(record.place, record.offset));
  }
  EXPECT_EQ(good_ones, 2);
  EXPECT_EQ(letters.unpublished(), 0U);
  ASSERT_TRUE(producer_->flush(patience));
  std::map<errc, std::uint64_t> sizes;
  const auto kept = log_->read_all(messages::dead_letters_topic, patience);
  ASSERT_TRUE(kept) << kept.failure().message;
  for (const auto& record : kept.value()) {
    const auto letter = messages::decode_dead_letter(*record.value);
    ASSERT_TRUE(letter) << letter.failure().message;
    sizes[letter.value().code] += letter.value().original_size;
  }
  EXPECT_EQ(sizes, (std::map<errc, std::uint64_t>{
                       {errc::malformed, 0}, // the empty record
                       {errc::wrong_identifier, 8 + wrong->size() + 1'048'576}}));
}

TEST_F(kafka_faults, a_topic_that_the_cluster_cannot_make_is_refused_with_its_settings) {
  settings_.replication = 3;
  open(settings_);
  const auto refused = log_->ensure_topics({topic("three-copies")});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().code, errc::unavailable);
  for (const char* part : {"three-copies", "1 partitions, replication 3", "cleanup.policy=delete",
                           "retention.ms=-1", "max.message.bytes=1114112"})
    EXPECT_NE(refused.failure().message.find(part), std::string::npos) << refused.failure().message;
}

TEST_F(kafka_faults, a_cluster_that_cannot_be_reached_is_unavailable_and_named) {
  settings_.bootstrap = "127.0.0.1:1";
  settings_.answer_timeout = milliseconds{500};
  open(settings_);
  const auto refused = log_->ensure_topics({topic("unreachable")});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().code, errc::unavailable);
  EXPECT_NE(refused.failure().message.find("127.0.0.1:1"), std::string::npos)
      << refused.failure().message;
}

TEST_F(kafka_faults, a_read_that_waits_for_the_cluster_is_given_up_when_the_process_ends) {
  settings_.bootstrap = "127.0.0.1:1";
  open(settings_);
  auto read = std::async(std::launch::async, [&] {
    return log_->read_from({{{"unreachable", 0}, std::nullopt}}, seconds{20});
  });
  log_->end_reads();
  ASSERT_EQ(read.wait_for(seconds{5} + tests::slack()), std::future_status::ready);
  const auto span = read.get();
  ASSERT_FALSE(span);
  EXPECT_EQ(span.failure().code, errc::unavailable);
  EXPECT_NE(span.failure().message.find("the process ends"), std::string::npos)
      << span.failure().message;
}

namespace {

struct acl_rule {
  rd_kafka_ResourceType_t resource;
  const char* name;
  rd_kafka_AclOperation_t operation;
  rd_kafka_AclPermissionType_t permission;
};

/// Empty, or what the cluster answered.
std::string put_rules(const std::string& address, const std::vector<acl_rule>& rules) {
  std::array<char, 512> reason{};
  rd_kafka_conf_t* configuration = rd_kafka_conf_new();
  rd_kafka_conf_set(configuration, "bootstrap.servers", address.c_str(), reason.data(),
                    reason.size());
  rd_kafka_t* client =
      rd_kafka_new(RD_KAFKA_PRODUCER, configuration, reason.data(), reason.size());
  std::vector<rd_kafka_AclBinding_t*> bindings;
  for (const auto& [resource, name, operation, permission] : rules)
    bindings.push_back(rd_kafka_AclBinding_new(resource, name, RD_KAFKA_RESOURCE_PATTERN_LITERAL,
                                               "User:ANONYMOUS", "*", operation, permission,
                                               reason.data(), reason.size()));
  rd_kafka_queue_t* queue = rd_kafka_queue_new(client);
  rd_kafka_CreateAcls(client, bindings.data(), bindings.size(), nullptr, queue);
  rd_kafka_event_t* event = rd_kafka_queue_poll(queue, 30'000);
  const std::string failure =
      event == nullptr ? "no answer"
                       : rd_kafka_event_error(event) ? rd_kafka_event_error_string(event) : "";
  rd_kafka_event_destroy(event);
  rd_kafka_queue_destroy(queue);
  rd_kafka_AclBinding_destroy_array(bindings.data(), bindings.size());
  rd_kafka_destroy(client);
  return failure;
}

} // namespace

TEST(kafka_permissions, a_missing_topic_that_may_not_be_created_is_refused_with_what_to_do) {
  log_broker broker({"authorizer.class.name="
                     "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                     "allow.everyone.if.no.acl.found=true"});
  ASSERT_EQ(broker.start(), "");
  ASSERT_EQ(put_rules(broker.address(),
                      {{RD_KAFKA_RESOURCE_BROKER, "kafka-cluster", RD_KAFKA_ACL_OPERATION_ALL,
                        RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW},
                       {RD_KAFKA_RESOURCE_BROKER, "kafka-cluster", RD_KAFKA_ACL_OPERATION_CREATE,
                        RD_KAFKA_ACL_PERMISSION_TYPE_DENY},
                       {RD_KAFKA_RESOURCE_TOPIC, "*", RD_KAFKA_ACL_OPERATION_CREATE,
                        RD_KAFKA_ACL_PERMISSION_TYPE_DENY}}),
            "");
  kafka_settings settings;
  settings.bootstrap = broker.address();
  const auto log = kafka::make_kafka_log(settings).value();
  ports::topic_settings topic;
  topic.name = "forbidden";
  // The rules reach the broker's own authorizer a moment after they were answered.
  const auto deadline = std::chrono::steady_clock::now() + patience;
  auto refused = log->ensure_topics({topic});
  for (int number = 0; refused && std::chrono::steady_clock::now() < deadline; ++number) {
    topic.name = "forbidden-" + std::to_string(number);
    refused = log->ensure_topics({topic});
  }
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().code, errc::unavailable);
  for (const std::string& part :
       {topic.name, std::string("12 partitions"), std::string("may not create topics")})
    EXPECT_NE(refused.failure().message.find(part), std::string::npos) << refused.failure().message;
}

} // namespace busbar::adapters::testing
