// What a gateway takes from the log.

#include "node/gateway_loop.hpp"

#include "adapters/embedded/embedded_log.hpp"
#include "control/ownership/last_fence.hpp"
#include "messages/shard_codec.hpp"
#include "messages/topics.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <limits>
#include <mutex>

namespace busbar::node {

using namespace std::chrono_literals;

namespace {

using control::ownership::epoch_of_fence;

/// Keeps the epochs of the commands that reach it.
class kept_gateway : public gateway {
public:
  bool has(const std::string& site) const override { return site == "garage"; }
  void take(const std::string&, const domain::command_batch& batch, domain::instant) override {
    const std::lock_guard lock{guard_};
    taken_.push_back(batch.owner);
    something_came_.notify_all();
  }
  void take(const std::string&, const domain::session_fact& fact, domain::instant) override {
    const std::lock_guard lock{guard_};
    sessions_.push_back(fact.session.text());
    something_came_.notify_all();
  }
  void take(const std::string&, domain::site_state) override {}
  void step(domain::instant, publisher&) override {}

  /// What was taken, once `owner` was: records come in the order of their writing.
  std::vector<domain::epoch> taken_until(domain::epoch owner) {
    std::unique_lock lock{guard_};
    something_came_.wait_for(lock, 20s, [&] { return !taken_.empty() && taken_.back() == owner; });
    return taken_;
  }

  /// Of the facts that were taken, once one of `last` was.
  std::vector<std::string> sessions_until(const std::string& last) {
    std::unique_lock lock{guard_};
    something_came_.wait_for(lock, 20s,
                             [&] { return !sessions_.empty() && sessions_.back() == last; });
    return sessions_;
  }

private:
  std::mutex guard_;
  std::condition_variable something_came_;
  std::vector<domain::epoch> taken_;
  std::vector<std::string> sessions_;
};

class gateway_loop_test : public testing::Test {
protected:
  gateway_loop_test() : log(adapters::embedded::make_embedded_log()) {
    auto topics = messages::all_topics(1);
    topics.push_back(messages::owners_topic_settings(1));
    EXPECT_TRUE(log->ensure_topics(topics));
    out = std::move(log->producer().value());
  }

  void start() { ASSERT_TRUE(loop.start(log, {.group = "gateway"})); }

  /// Commands of the epoch that name the fence which began it.
  void command(domain::epoch owner) {
    domain::command_batch batch;
    batch.site = domain::site_id{"garage"};
    batch.owner = owner;
    EXPECT_TRUE(
        out->publish(messages::commands_topic, "garage", messages::encode_under(owner, batch)));
    ++written;
  }

  /// The epoch that it begins.
  domain::epoch fence() {
    const domain::shard_fence record{0, "engine-1", 1, 1, {}};
    EXPECT_TRUE(out->publish(messages::commands_topic, messages::shard_key(0, 1),
                             messages::encode(record)));
    return epoch_of_fence(written++);
  }

  void owns(domain::epoch owner, const char* topic = messages::owners_topic) {
    const domain::shard_owner row{0, owner, "engine-1", "", {}};
    EXPECT_TRUE(out->publish(topic, messages::shard_key(0, 1), messages::encode(row)));
  }
  void marks(domain::epoch owner) { owns(owner, messages::sessions_topic); }

  void tell(domain::epoch fence, const char* session) {
    domain::session_fact fact;
    fact.site = domain::site_id{"garage"};
    fact.session = domain::session_id{session};
    fact.kind = domain::session_fact_kind::in_progress;
    EXPECT_TRUE(
        out->publish(messages::sessions_topic, "garage", messages::encode_under(fence, fact)));
  }

  std::shared_ptr<ports::event_log> log;
  std::unique_ptr<ports::log_producer> out;
  std::int64_t written = 0;
  kept_gateway served;
  gateway_counters counters;
  gateway_loop loop{served, counters};
};

constexpr domain::epoch forged = std::numeric_limits<domain::epoch>::max();
using epochs = std::vector<domain::epoch>;

} // namespace

TEST_F(gateway_loop_test, OWN_2_commands_count_under_the_last_fence_before_them_alone) {
  start();
  const auto first = fence();
  command(first);
  command(forged);
  const auto second = fence();
  command(first);
  command(second);
  EXPECT_EQ(served.taken_until(second), (epochs{first, second}));
  EXPECT_EQ(counters.unfenced, 2U);
  EXPECT_EQ(counters.unreadable, 0U);
  EXPECT_EQ(counters.foreign, 0U);
}

TEST_F(gateway_loop_test, OWN_2_a_gateway_that_starts_later_knows_the_owner_from_the_table) {
  const auto owner = fence();
  owns(owner);
  start();
  command(owner + 1);
  command(owner);
  EXPECT_EQ(served.taken_until(owner), (epochs{owner}));
  EXPECT_EQ(counters.unfenced, 1U);
}

TEST_F(gateway_loop_test, OWN_2_facts_of_an_older_owner_after_a_mark_reach_no_gateway) {
  start();
  tell(7, "before");
  marks(12);
  tell(7, "after");
  tell(12, "of-the-owner");
  EXPECT_EQ(served.sessions_until("of-the-owner"),
            (std::vector<std::string>{"before", "of-the-owner"}));
  EXPECT_EQ(counters.unfenced_facts, 1U);
  EXPECT_EQ(counters.unreadable, 0U);
  EXPECT_EQ(counters.foreign, 0U) << "a mark is no record of a site that is served elsewhere";
}

TEST(command_gate, OWN_2_a_fence_that_was_missed_is_asked_for_once) {
  command_gate gate;
  gate.take_owner({0, 5, "engine-1", "", {}});
  EXPECT_FALSE(gate.shall_ask(0, 5, 20));
  EXPECT_FALSE(gate.shall_ask(0, 4, 20)) << "of an owner of before";
  EXPECT_FALSE(gate.shall_ask(0, 21, 20)) << "no fence can stand there";
  EXPECT_TRUE(gate.shall_ask(0, 9, 20));
  EXPECT_FALSE(gate.shall_ask(0, 9, 21));
  EXPECT_FALSE(gate.admits(0, 9));
  gate.take_owner({0, 9, "engine-2", "", {}});
  EXPECT_TRUE(gate.admits(0, 9));
  gate.take_fence(0, 29);
  EXPECT_FALSE(gate.shall_ask(0, 31, 40)) << "what is read goes before what is told";
}

TEST_F(gateway_loop_test, OWN_2_a_forged_row_of_the_table_harms_nothing_once_a_fence_is_read) {
  owns(forged);
  start();
  const auto owner = fence();
  owns(forged);
  command(forged);
  command(owner);
  EXPECT_EQ(served.taken_until(owner), (epochs{owner}));
}

TEST_F(gateway_loop_test, OWN_1_where_no_node_fences_every_command_is_taken) {
  start();
  command(7);
  command(8);
  EXPECT_EQ(served.taken_until(8), (epochs{7, 8}));
}

} // namespace busbar::node
