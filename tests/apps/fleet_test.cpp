// The fleet's thread on the embedded log: what it is told, it does; what it sees, it says.

#include "apps/fleet/fleet.hpp"

#include "adapters/config/site_file.hpp"
#include "adapters/embedded/embedded_log.hpp"
#include "apps/fleet/fleet_options.hpp"
#include "messages/codec.hpp"
#include "messages/topics.hpp"
#include "simulator/presets.hpp"
#include "tests/builders/scratch_folder.hpp"
#include "tests/builders/slack.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>

namespace busbar::apps {
namespace {

using namespace std::chrono_literals;

class fleet_on_a_log : public ::testing::Test {
protected:
  fleet_on_a_log()
      : site(adapters::config::load_site(BUSBAR_SOURCE_DIR "/examples/autonomous.toml").site),
        log(adapters::embedded::make_embedded_log()) {
    EXPECT_TRUE(log->ensure_topics(messages::all_topics(12)));
    ports::consumer_settings all;
    all.group = "test";
    all.member = "test-1";
    all.topics = {messages::telemetry_topic, messages::requests_topic, messages::results_topic};
    all.from_beginning = true;
    consumer = std::move(log->consumer(all).value());
    producer = std::move(log->producer().value());
    settings.world = simulator::autonomous();
    settings.world.faults.every.reset();
  }

  /// Polls until a record is what `is_it` says, for at most 10 s.
  bool sees(const std::function<bool(const ports::record&)>& is_it) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (std::chrono::steady_clock::now() < deadline)
      for (const auto& record : consumer->poll(100, 100ms))
        if (is_it(record)) return true;
    return false;
  }

  void publish(const char* topic, ports::shared_bytes bytes) {
    ASSERT_TRUE(producer->publish(topic, site->id.text(), std::move(bytes)));
  }

  /// 6 A to the first connector: number 42.
  [[nodiscard]] ports::shared_bytes a_grant() const {
    domain::command grant;
    grant.kind = domain::command_kind::grant;
    grant.number = 42;
    grant.current = domain::milliamperes{6'000};
    grant.lease = 60s;
    const auto now = std::chrono::time_point_cast<domain::microseconds>(
        std::chrono::system_clock::now());
    return messages::encode(domain::command_batch{
        site->id, site->topology_hash, 3, domain::instant{now.time_since_epoch()}, {grant}});
  }

  std::shared_ptr<const domain::site> site;
  std::shared_ptr<ports::event_log> log;
  std::unique_ptr<ports::log_consumer> consumer;
  std::unique_ptr<ports::log_producer> producer;
  fleet_settings settings;
  fleet ours;
};

TEST_F(fleet_on_a_log, sends_readings_of_every_connector_and_asks_for_points) {
  ASSERT_TRUE(ours.start({site}, log, settings));
  EXPECT_TRUE(sees([](const ports::record& record) {
    if (record.place.topic != messages::telemetry_topic) return false;
    const auto batch = messages::decode_telemetry(*record.value);
    return batch && batch.value().readings.size() == 10;
  }));
  EXPECT_TRUE(sees([](const ports::record& record) {
    return record.place.topic == messages::requests_topic;
  }));
}

TEST_F(fleet_on_a_log, answers_commands_and_counts_what_it_cannot_read) {
  ASSERT_TRUE(ours.start({site}, log, settings));
  publish(messages::commands_topic,
          std::make_shared<const std::vector<std::uint8_t>>(std::vector<std::uint8_t>{1, 2, 3}));
  publish(messages::commands_topic, a_grant());
  EXPECT_TRUE(sees([](const ports::record& record) {
    if (record.place.topic != messages::results_topic) return false;
    const auto answers = messages::decode_results(*record.value);
    return answers && answers.value().results.at(0).number == 42 &&
           answers.value().results.at(0).answer == domain::outcome::accepted;
  }));
  EXPECT_EQ(ours.counters().unreadable, 1U);
}

TEST(fleet_people, many_drivers_come_for_the_first_time_within_half_a_minute) {
  for (const std::int64_t speed : {1, 10}) {
    fleet_options options;
    options.site_path = BUSBAR_SOURCE_DIR "/examples/garage.toml";
    options.drivers = 22;
    options.speed = speed;
    const auto made = prepare_fleet(options);
    ASSERT_TRUE(made.faults.empty()) << made.faults.front();
    const auto& drivers = made.settings.world.drivers;
    ASSERT_EQ(drivers.size(), 22U);
    EXPECT_EQ(drivers.front().asks_first_after, domain::microseconds{0});
    for (std::size_t i = 1; i < drivers.size(); ++i)
      EXPECT_GT(*drivers[i].asks_first_after, *drivers[i - 1].asks_first_after);
    EXPECT_LT(drivers.back().asks_first_after, domain::microseconds{30s} / speed);
    EXPECT_GE(drivers.back().asks_every, domain::microseconds{600s} / speed);
  }
}

TEST(fleet_people, what_there_is_to_see_and_when_is_printed_before_it_begins) {
  const tests::scratch_folder scratch;
  const auto path = scratch.write("visits.csv",
                                  "arrival_5min,departure_5min,station_id,requested_kwh,"
                                  "max_power_kw\n76,92,G-001,4.2,6.6\n85,91,G-002,0.8,6.6\n"
                                  "400,420,G-003,9,6.6\n");
  fleet_options options;
  options.site_path = BUSBAR_SOURCE_DIR "/examples/garage.toml";
  options.sessions_path = path;
  const auto usual = prepare_fleet(options);
  options.speed = 60;
  const auto faster = prepare_fleet(options);
  ASSERT_TRUE(usual.faults.empty()) << usual.faults.front();
  // 9 and 324 periods of five minutes after the first.
  EXPECT_EQ(usual.said, (std::vector<std::string>{"visits: 3 within 1 d 3 h: 1 at once, the next "
                                                  "after 45 min (--speed N: N times as soon)"}));
  EXPECT_EQ(faster.said, (std::vector<std::string>{"visits: 3 within 27 min: 1 at once, the next "
                                                   "after 45 s, at 60 times the speed of the "
                                                   "clock"}));
}

TEST_F(fleet_on_a_log, a_fleet_of_a_new_log_takes_what_was_commanded_before_it_began) {
  publish(messages::commands_topic, a_grant());
  settings.from_beginning = true;
  ASSERT_TRUE(ours.start({site}, log, settings));
  EXPECT_TRUE(sees([](const ports::record& record) {
    if (record.place.topic != messages::results_topic) return false;
    const auto answers = messages::decode_results(*record.value);
    return answers && answers.value().results.at(0).number == 42;
  }));
}

TEST_F(fleet_on_a_log, stops_within_two_seconds) {
  ASSERT_TRUE(ours.start({site}, log, settings));
  const auto began = std::chrono::steady_clock::now();
  ours.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2s + tests::slack());
}

TEST_F(fleet_on_a_log, bad_settings_are_refused_with_value_and_range) {
  settings.step_every = 1ms;
  const auto started = ours.start({site}, log, settings);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.failure().message, "step_every 1000 us: allowed is 10000..1000000 us");
}

} // namespace
} // namespace busbar::apps
