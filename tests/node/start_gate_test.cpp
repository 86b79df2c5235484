// KEEP-1: a start leaves once the log has the fact that accepts its session.

#include "node/start_gate.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace busbar::node {
namespace {

using domain::command_kind;
using domain::connector_index;

const domain::site_id yard{"yard"};
const domain::session_id first{"CP-1.1.1"}, second{"CP-2.1.1"};

domain::command command(command_kind kind, std::uint32_t connector, domain::sequence number,
                        const domain::session_id& session = {}) {
  domain::command made;
  made.kind = kind;
  made.connector = connector_index{connector};
  made.number = number;
  made.session = session;
  return made;
}

domain::command_batch batch_of(std::vector<domain::command> commands) {
  domain::command_batch batch;
  batch.site = yard;
  batch.commands = std::move(commands);
  return batch;
}

class start_gate_test : public testing::Test {
protected:
  start_gate_test()
      : gate([this](const domain::command_batch& batch) {
          for (const auto& each : batch.commands) out.push_back(each.number);
          return domain::result<void>{};
        }) {}

  std::vector<domain::sequence> out;
  start_gate gate;
};

TEST_F(start_gate_test, KEEP_1_a_start_waits_for_the_fact_and_other_connectors_do_not) {
  gate.expect(yard, first);
  ASSERT_TRUE(gate.pass(batch_of({command(command_kind::start, 0, 1, first),
                                  command(command_kind::grant, 1, 2)})));
  EXPECT_EQ(out, (std::vector<domain::sequence>{2}));
  EXPECT_EQ(gate.waiting(), 1U);
  gate.settle(yard, first, true);
  EXPECT_EQ(out, (std::vector<domain::sequence>{2, 1}));
  EXPECT_EQ(gate.waiting(), 0U);
}

TEST_F(start_gate_test, KEEP_1_what_follows_to_the_same_connector_stays_behind_the_start) {
  gate.expect(yard, first);
  ASSERT_TRUE(gate.pass(batch_of({command(command_kind::start, 0, 1, first)})));
  ASSERT_TRUE(gate.pass(batch_of({command(command_kind::grant, 0, 2),
                                  command(command_kind::grant, 1, 1)})));
  EXPECT_EQ(out, (std::vector<domain::sequence>{1}));
  gate.settle(yard, first, true);
  EXPECT_EQ(out, (std::vector<domain::sequence>{1, 1, 2}));
}

TEST_F(start_gate_test, KEEP_1_a_fact_that_is_in_the_log_first_holds_nothing) {
  gate.expect(yard, first);
  gate.settle(yard, first, true);
  ASSERT_TRUE(gate.pass(batch_of({command(command_kind::start, 0, 1, first)})));
  EXPECT_EQ(out, (std::vector<domain::sequence>{1}));
}

TEST_F(start_gate_test, KEEP_1_each_start_waits_for_its_own_session) {
  gate.expect(yard, first);
  gate.expect(yard, second);
  ASSERT_TRUE(gate.pass(batch_of({command(command_kind::start, 0, 1, first),
                                  command(command_kind::start, 1, 2, second)})));
  gate.settle(yard, second, true);
  EXPECT_EQ(out, (std::vector<domain::sequence>{2}));
  gate.settle(yard, first, true);
  EXPECT_EQ(out, (std::vector<domain::sequence>{2, 1}));
}

TEST_F(start_gate_test, KEEP_1_a_start_whose_fact_the_log_refuses_never_leaves) {
  gate.expect(yard, first);
  ASSERT_TRUE(gate.pass(batch_of({command(command_kind::start, 0, 1, first)})));
  ASSERT_TRUE(gate.pass(batch_of({command(command_kind::grant, 0, 2)})));
  gate.settle(yard, first, false);
  EXPECT_EQ(out, (std::vector<domain::sequence>{2}));
}

TEST_F(start_gate_test, OWN_1_a_site_that_is_forgotten_lets_nothing_out) {
  gate.expect(yard, first);
  ASSERT_TRUE(gate.pass(batch_of({command(command_kind::start, 0, 1, first)})));
  gate.forget(yard.text());
  gate.settle(yard, first, true);
  EXPECT_TRUE(out.empty());
  EXPECT_EQ(gate.waiting(), 0U);
}

} // namespace
} // namespace busbar::node
