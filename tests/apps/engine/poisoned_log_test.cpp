// Records that nobody should write, in every topic, read by every reader of an engine node and of a
// fleet on the embedded log: counted, kept as dead letters, and everything goes on.

#include "adapters/config/site_file.hpp"
#include "adapters/embedded/embedded_log.hpp"
#include "node/engine.hpp"
#include "apps/fleet/fleet.hpp"
#include "messages/codec.hpp"
#include "messages/topics.hpp"
#include "simulator/presets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>

namespace busbar::apps {

using namespace std::chrono_literals;

namespace {

ports::shared_bytes bytes_of(const std::string& text) {
  return std::make_shared<const std::vector<std::uint8_t>>(text.begin(), text.end());
}

class poisoned_log : public testing::Test {
protected:
  poisoned_log()
      : site(adapters::config::load_site(BUSBAR_SOURCE_DIR "/examples/autonomous.toml").site),
        log(adapters::embedded::make_embedded_log()) {
    EXPECT_TRUE(log->ensure_topics(messages::all_topics(12)));
    producer = std::move(log->producer().value());
    ports::consumer_settings wanted;
    wanted.group = "letters";
    wanted.topics = {messages::dead_letters_topic};
    wanted.from_beginning = true;
    reader = std::move(log->consumer(wanted).value());
  }

  /// Eight records into `topic`; `another` is a message of another topic.
  void poison(const char* topic, const ports::shared_bytes& another) {
    const auto key = site->id.text();
    for (const auto& value : {ports::shared_bytes{}, bytes_of(""), bytes_of("x"), another}) {
      ASSERT_TRUE(producer->publish(topic, key, value));
      ASSERT_TRUE(producer->publish(topic, "", value));
    }
  }

  void poison_all() {
    domain::telemetry_batch batch;
    batch.site = site->id;
    for (const char* topic :
         {messages::telemetry_topic, messages::requests_topic, messages::commands_topic,
          messages::results_topic, messages::sessions_topic, messages::decisions_topic})
      poison(topic, messages::encode(note()));
    poison(messages::events_topic, messages::encode(batch));
    poison(messages::sites_topic, messages::encode(batch));
  }

  /// Reads dead letters until `is_done`, for at most 10 s.
  bool read_letters(const std::function<bool()>& is_done) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!is_done() && std::chrono::steady_clock::now() < deadline)
      for (const auto& record : reader->poll(100, 20ms)) {
        const auto letter = messages::decode_dead_letter(*record.value);
        EXPECT_TRUE(letter) << letter.failure().message;
        if (letter) ++letters[letter.value().topic];
      }
    return is_done();
  }

  [[nodiscard]] domain::event note() const {
    domain::event event;
    event.site = site->id;
    event.kind = "kind";
    event.speaker = domain::speaker::central;
    event.level = domain::severity::info;
    return event;
  }

  /// A new group begins with what comes after its first assignment: waits until both of the
  /// engine's groups have theirs.
  bool await_readers(const node::engine& node) {
    return read_letters([&] {
      EXPECT_TRUE(
          producer->publish(messages::events_topic, site->id.text(), messages::encode(note())));
      const auto checks = node.health_checks();
      const bool has_partitions = std::any_of(checks.begin(), checks.end(), [](const auto& each) {
        return each.name == "partitions" && each.message.find(" partitions") != std::string::npos;
      });
      return has_partitions && node.journal_end() > 0;
    });
  }

  std::shared_ptr<const domain::site> site;
  std::shared_ptr<ports::event_log> log;
  std::unique_ptr<ports::log_producer> producer;
  std::unique_ptr<ports::log_consumer> reader;
  std::map<std::string, int> letters;
};

} // namespace

TEST_F(poisoned_log, an_engine_counts_and_keeps_what_no_client_should_write_and_goes_on) {
  node::engine node;
  ASSERT_TRUE(node.start({site}, log, {}));
  ASSERT_TRUE(await_readers(node));
  poison_all();
  const std::map<std::string, int> expected{
      {messages::telemetry_topic, 8}, {messages::requests_topic, 8}, {messages::results_topic, 8},
      {messages::sessions_topic, 8},  {messages::events_topic, 8}};
  EXPECT_TRUE(read_letters([&] { return letters == expected; })) << testing::PrintToString(letters);
  const auto& refused = node.counters().ingest.dead_letters;
  // Each of the five topics: two records without a value, four too short, two of another topic.
  EXPECT_EQ(refused.value(domain::errc::missing_field), 10u);
  EXPECT_EQ(refused.value(domain::errc::malformed), 20u);
  EXPECT_EQ(refused.value(domain::errc::wrong_identifier), 10u);
  const auto end = node.journal_end();
  ASSERT_TRUE(
      producer->publish(messages::events_topic, site->id.text(), messages::encode(note())));
  EXPECT_TRUE(read_letters([&] { return node.journal_end() > end; }));
}

TEST_F(poisoned_log, an_engine_starts_on_a_changelog_with_poison_in_it) {
  poison_all();
  node::engine node;
  ASSERT_TRUE(node.start({site}, log, {}));
  // Tombstones of a compacted topic are its own way to forget: not handed over.
  const auto is_done = [&] { return letters[messages::sites_topic] == 2; };
  EXPECT_TRUE(read_letters(is_done)) << testing::PrintToString(letters);
}

TEST_F(poisoned_log, a_fleet_counts_and_keeps_what_no_client_should_write_and_goes_on) {
  fleet_settings settings;
  settings.world = simulator::autonomous();
  fleet yard;
  ASSERT_TRUE(yard.start({site}, log, settings));
  poison_all();
  const std::map<std::string, int> expected{{messages::commands_topic, 8},
                                            {messages::sessions_topic, 8},
                                            {messages::sites_topic, 2}};
  EXPECT_TRUE(read_letters([&] { return letters == expected; })) << testing::PrintToString(letters);
  EXPECT_EQ(yard.counters().unreadable, 18u);
  EXPECT_EQ(yard.counters().foreign, 0u);
}

} // namespace busbar::apps
