// The parts of the Kafka log that need no broker: addresses, settings, decisions, statistics.

#include "adapters/kafka/kafka_decisions.hpp"
#include "adapters/kafka/kafka_log.hpp"
#include "adapters/kafka/kafka_statistics.hpp"
#include "adapters/kafka/record_reader.hpp"

#include <gtest/gtest.h>

namespace busbar::adapters::kafka {

using domain::errc;

TEST(kafka_address, names_the_servers_to_ask) {
  EXPECT_EQ(bootstrap_of("kafka://127.0.0.1:9092").value(), "127.0.0.1:9092");
  EXPECT_EQ(bootstrap_of("kafka://a:1,b:65535").value(), "a:1,b:65535");
  EXPECT_EQ(bootstrap_of("kafka://[::1]:9092").value(), "[::1]:9092");
}

TEST(kafka_address, that_is_wrong_is_refused_with_its_place_and_what_is_allowed) {
  for (const auto& [address, what] : std::vector<std::pair<std::string, std::string>>{
           {"localhost:9092", "it does not begin with kafka://"},
           {"kafka://", "'' is not host:port"},
           {"kafka://host", "'host' is not host:port"},
           {"kafka://:9092", "':9092' is not host:port"},
           {"kafka://host:0", "the port of 'host:0' is not a number from 1 to 65535"},
           {"kafka://host:65536", "the port of 'host:65536' is not a number from 1 to 65535"},
           {"kafka://a:1,host:x", "the port of 'host:x' is not a number from 1 to 65535"},
           {"kafka://a:1,", "it ends with a comma"},
           {"kafka://a:1,,b:2", "'' is not host:port"}}) {
    const auto refused = bootstrap_of(address);
    ASSERT_FALSE(refused) << address;
    EXPECT_EQ(refused.failure().message,
              "'" + address + "': " + what + "; allowed is kafka://host:port,host:port");
  }
}

TEST(kafka_settings, outside_their_ranges_are_refused) {
  kafka_settings settings;
  EXPECT_EQ(make_kafka_log(settings).failure().message,
            "kafka: bootstrap is empty, it needs host:port");
  settings.bootstrap = "127.0.0.1:1";
  EXPECT_TRUE(validate(settings));
  settings.replication = 0;
  EXPECT_EQ(validate(settings).failure().code, errc::out_of_range);
  settings.replication = 3;
  settings.session_timeout = domain::seconds{0};
  EXPECT_EQ(validate(settings).failure().message,
            "kafka: session_timeout is 0 s, allowed is 1..300");
}

TEST(kafka_decisions, a_full_queue_is_back_pressure_and_nothing_else_is) {
  EXPECT_EQ(refusal_of(broker_answer::queue_full), errc::full);
  EXPECT_EQ(refusal_of(broker_answer::record_too_large), errc::too_large);
  EXPECT_EQ(refusal_of(broker_answer::no_such_topic), errc::unknown_reference);
  EXPECT_EQ(refusal_of(broker_answer::fenced), errc::stale);
  EXPECT_EQ(refusal_of(broker_answer::not_allowed), errc::unavailable);
  EXPECT_EQ(refusal_of(broker_answer::passing), errc::unavailable);
}

TEST(kafka_decisions, a_topic_that_somebody_else_made_meanwhile_is_fine) {
  EXPECT_EQ(after_create(broker_answer::ok), next_step::go_on);
  EXPECT_EQ(after_create(broker_answer::already_exists), next_step::go_on);
  EXPECT_EQ(after_create(broker_answer::passing), next_step::try_again);
  EXPECT_EQ(after_create(broker_answer::not_allowed), next_step::give_up);
  EXPECT_EQ(after_create(broker_answer::failed), next_step::give_up);
}

TEST(kafka_decisions, a_late_commit_of_an_older_record_takes_nothing_back) {
  EXPECT_EQ(done_after(std::nullopt, 0), 1);
  EXPECT_EQ(done_after(8, 9), 10);
  EXPECT_EQ(done_after(8, 3), 8);
}

TEST(kafka_statistics, are_read_from_librdkafkas_document) {
  const auto read = read_statistics(R"({"msg_size": 12, "txmsgs": 7, "txmsg_bytes": 70,
    "rxmsgs": 3, "rxmsg_bytes": 30, "brokers": {
      "bootstrap": {"nodeid": -1, "state": "UP", "txretries": 100},
      "1": {"nodeid": 1, "state": "UP", "waitresp_cnt": 2, "txretries": 4, "req_timeouts": 1,
            "rtt": {"avg": 1500}},
      "2": {"nodeid": 2, "state": "DOWN", "txretries": 1, "rtt": {"avg": 900}}}})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read.value(), (ports::log_statistics{{"queue_bytes", 12},
                                                    {"sent_total", 7},
                                                    {"sent_bytes_total", 70},
                                                    {"received_total", 3},
                                                    {"received_bytes_total", 30},
                                                    {"requests_waiting", 2},
                                                    {"brokers_up", 1},
                                                    {"retries_total", 5},
                                                    {"request_timeouts_total", 1},
                                                    {"round_trip_seconds", 0.0015}}));
}

TEST(kafka_statistics, that_are_no_document_are_malformed) {
  for (const char* text : {"", "{", "[]", "7", "null"})
    EXPECT_EQ(read_statistics(text).failure().code, errc::malformed) << text;
  EXPECT_TRUE(read_statistics(R"({"brokers": 3, "txmsgs": "many"})"));
  EXPECT_TRUE(read_statistics(R"({"brokers": {"1": 5, "2": {"nodeid": 2, "rtt": 1}}})"));
}

TEST(kafka_records, the_newest_of_each_key_stays_and_deleted_keys_go) {
  const auto some = std::make_shared<const std::vector<std::uint8_t>>(1, std::uint8_t{1});
  const std::vector<ports::record> read{{{"t", 1}, 0, "c", some, {}},
                                           {{"t", 0}, 0, "a", some, {}},
                                           {{"t", 0}, 1, "b", some, {}},
                                           {{"t", 0}, 2, "a", some, {}},
                                           {{"t", 0}, 3, "b", nullptr, {}}};
  const auto texts_of = [&](bool newest_only) {
    record_collection collection(newest_only);
    for (const auto& each : read) collection.add(each);
    std::string texts;
    for (const auto& each : collection.finish()) texts += each.key + std::to_string(each.offset);
    return texts;
  };
  EXPECT_EQ(texts_of(true), "a2c0");
  EXPECT_EQ(texts_of(false), "a0b1a2b3c0");
}

TEST(kafka_decisions, OWN_1_only_a_later_start_under_the_same_name_ends_a_member) {
  EXPECT_EQ(after_fatal_error({false, {}}), membership_step::wait); // the cluster does not answer
  // The name is held by this client's own earlier join, or by a predecessor that has ended.
  EXPECT_EQ(after_fatal_error({true, {}}), membership_step::join_again);
  EXPECT_EQ(after_fatal_error({true, "process 4711 on other, start 1"}), membership_step::give_up);
}

} // namespace busbar::adapters::kafka
