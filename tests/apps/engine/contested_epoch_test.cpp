// OWN-1: commands of an epoch, or a number, that the engine node has not given are in the log
// (another engine, or a forger): its stations refuse it, and it takes a newer epoch.

#include "adapters/config/site_file.hpp"
#include "adapters/embedded/embedded_log.hpp"
#include "apps/fleet/fleet.hpp"
#include "control/ownership/last_fence.hpp"
#include "messages/codec.hpp"
#include "messages/shard_codec.hpp"
#include "messages/topics.hpp"
#include "node/engine.hpp"
#include "simulator/presets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>

namespace busbar::apps {

using namespace std::chrono_literals;

namespace {

constexpr auto largest = std::numeric_limits<std::uint64_t>::max();

class contested_site : public testing::Test {
protected:
  contested_site()
      : site(adapters::config::load_site(BUSBAR_SOURCE_DIR "/examples/autonomous.toml").site),
        log(adapters::embedded::make_embedded_log()) {
    EXPECT_TRUE(log->ensure_topics(messages::all_topics(12)));
    producer = std::move(log->producer().value());
    ports::consumer_settings wanted;
    wanted.group = "answers";
    wanted.topics = {messages::results_topic};
    wanted.from_beginning = true;
    answers = std::move(log->consumer(wanted).value());
    fleet_settings world;
    world.world = simulator::autonomous();
    EXPECT_TRUE(node.start({site}, log, {}));
    EXPECT_TRUE(yard.start({site}, log, world));
  }
  ~contested_site() override {
    yard.stop();
    node.stop();
  }

  /// The fence under which commands of the site count now.
  domain::epoch fence() const {
    domain::epoch newest = 0;
    const auto place = ports::partition_of(site->id.text(), 12);
    const auto commands_read = log->read_all(messages::commands_topic, 1s);
    for (const auto& record : commands_read.value())
      if (record.place.partition == place && messages::is_fence(record))
        newest = control::ownership::epoch_of_fence(record.offset);
    return newest;
  }
  /// A grant of 6 A to every connector that this engine has not given, under its own fence.
  void forge(domain::epoch owner, domain::sequence number) { forge(owner, number, fence()); }
  void forge(domain::epoch owner, domain::sequence number, domain::epoch under) {
    domain::command_batch batch{site->id, site->topology_hash, owner, now(), {}};
    for (std::size_t i = 0; i < site->connectors.size(); ++i) {
      domain::command grant;
      grant.connector = domain::connector_index{i};
      grant.kind = domain::command_kind::grant;
      grant.number = number;
      grant.current = domain::milliamperes{6'000};
      grant.lease = domain::seconds{60};
      batch.commands.push_back(grant);
    }
    ASSERT_TRUE(producer->publish(messages::commands_topic, site->id.text(),
                                  messages::encode_under(under, batch)));
  }
  static domain::instant now() {
    return std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now());
  }
  /// Waits, at most `patience`, for a station that accepts a command of epoch `owner`.
  bool is_obeyed(domain::epoch owner, std::chrono::seconds patience = 15s) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < deadline)
      for (const auto& record : answers->poll(100, 20ms)) {
        const auto batch = messages::decode_results(*record.value);
        if (batch && batch.value().owner == owner && has_accepted(batch.value())) return true;
      }
    return false;
  }
  static bool has_accepted(const domain::result_batch& batch) {
    return std::ranges::any_of(batch.results, [](const auto& each) {
      return each.answer == domain::outcome::accepted;
    });
  }
  /// The texts of events "epoch_taken".
  static std::vector<std::string> takings(const node::engine& asked) {
    std::vector<std::string> texts;
    for (const auto& entry : asked.journal(0, 100'000))
      if (entry.event.kind == "epoch_taken" && entry.event.level == domain::severity::critical)
        texts.push_back(entry.event.text);
    return texts;
  }

  std::shared_ptr<const domain::site> site;
  std::shared_ptr<ports::event_log> log;
  std::unique_ptr<ports::log_producer> producer;
  std::unique_ptr<ports::log_consumer> answers;
  node::engine node;
  fleet yard;
};

} // namespace

TEST_F(contested_site, OWN_1_after_a_forged_epoch_stations_obey_their_engine_again_and_it_is_said) {
  ASSERT_TRUE(is_obeyed(1));
  forge(999'999, 1);
  EXPECT_TRUE(is_obeyed(1'000'000));
  EXPECT_EQ(node.counters().supervision.epochs_taken.value(), 1u);
  EXPECT_EQ(node.view(site->id)->mode, "controlling");
  const auto deadline = std::chrono::steady_clock::now() + 5s;
  while (takings(node).empty() && std::chrono::steady_clock::now() < deadline)
    static_cast<void>(answers->poll(100, 20ms));
  ASSERT_EQ(takings(node).size(), 1u);
  EXPECT_EQ(takings(node).front(),
            "stations obey orders of epoch 999999 that this engine node (1) has not given: it goes "
            "on with epoch 1000000; another engine commands this site, or commands were forged");
  // At most once a minute, loudly; what comes within it leaves the stations to their leases.
  forge(2'000'000, 1);
  EXPECT_FALSE(is_obeyed(2'000'001, 3s));
  EXPECT_EQ(node.counters().supervision.epochs_taken.value(), 1u);
}

TEST_F(contested_site, OWN_2_forged_commands_under_no_fence_or_an_old_one_harm_nothing) {
  ASSERT_TRUE(is_obeyed(1));
  forge(999'999, 1, 0);
  forge(999'999, 1, fence() + 1);
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (yard.counters().unfenced < 2 && std::chrono::steady_clock::now() < deadline)
    static_cast<void>(answers->poll(100, 20ms));
  EXPECT_EQ(yard.counters().unfenced, 2U);
  EXPECT_FALSE(is_obeyed(999'999, 2s));
  EXPECT_EQ(node.counters().supervision.epochs_taken.value(), 0U);
}

TEST_F(contested_site, OWN_1_the_largest_epoch_that_can_be_forged_has_a_newer_one) {
  ASSERT_TRUE(is_obeyed(1));
  // Half of all epochs ahead: from there on they count as older.
  forge(largest / 2, 1);
  EXPECT_TRUE(is_obeyed(largest / 2 + 1));
}

TEST_F(contested_site, OWN_1_after_a_forged_number_of_its_own_epoch_too) {
  ASSERT_TRUE(is_obeyed(1));
  forge(1, largest);
  EXPECT_TRUE(is_obeyed(2));
  EXPECT_EQ(node.counters().supervision.epochs_taken.value(), 1u);
}

TEST_F(contested_site, OWN_1_an_engine_that_starts_after_a_forged_epoch_is_obeyed) {
  ASSERT_TRUE(is_obeyed(1));
  node.stop();
  forge(999'999, 1);
  node::engine successor;
  ASSERT_TRUE(successor.start({site}, log, {}));
  EXPECT_TRUE(is_obeyed(1'000'000));
  successor.stop();
  node::engine third;
  ASSERT_TRUE(third.start({site}, log, {}));
  EXPECT_TRUE(is_obeyed(1'000'001)) << "what was taken is remembered";
  third.stop();
}

} // namespace busbar::apps
