// What an engine node sends while it may have lost its place in its group.

#include "adapters/embedded/embedded_log.hpp"
#include "node/log_outbox.hpp"
#include "messages/topics.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace busbar::node {

using namespace std::chrono_literals;

namespace {

class log_outbox_test : public testing::Test {
protected:
  log_outbox_test() : log(adapters::embedded::make_embedded_log()) {
    EXPECT_TRUE(log->ensure_topics(messages::all_topics(1)));
    out = std::make_unique<log_outbox>(std::move(log->producer().value()),
                                       std::make_shared<ports::engine_counters>());
    commands.site = state.site = domain::site_id{"garage"};
    commands.commands.resize(1);
  }

  [[nodiscard]] std::size_t count(const char* topic) const {
    return log->read_all(topic, 1s).value().size();
  }

  std::shared_ptr<ports::event_log> log;
  std::unique_ptr<log_outbox> out;
  domain::command_batch commands;
  domain::site_state state;
};

} // namespace

TEST_F(log_outbox_test, OWN_1_a_node_whose_place_is_in_doubt_commands_nothing) {
  out->hold(true);
  EXPECT_EQ(out->send(commands).failure().code, domain::errc::conflict);
  EXPECT_EQ(out->send(domain::decision{}).failure().code, domain::errc::conflict);
  out->hold(false);
  EXPECT_TRUE(out->send(commands));
  EXPECT_EQ(count(messages::commands_topic), 1U); // the one of afterwards
}

TEST_F(log_outbox_test, OWN_1_states_of_a_time_of_doubt_wait_until_it_is_over) {
  out->hold(true);
  EXPECT_TRUE(out->send(state));
  out->retry();
  EXPECT_EQ(out->kept(), 1U);
  EXPECT_EQ(count(messages::sites_topic), 0U);
  out->hold(false);
  out->retry();
  EXPECT_EQ(out->kept(), 0U);
  EXPECT_EQ(count(messages::sites_topic), 1U);
}

} // namespace busbar::node
