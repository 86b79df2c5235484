// KEEP-2: a state leaves once the log has the facts and commands that were sent before it.

#include "node/state_gate.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace busbar::node {
namespace {

const domain::site_id yard{"yard"}, garage{"garage"};

domain::site_state state_of(const domain::site_id& site, std::uint64_t plan) {
  domain::site_state state;
  state.site = site;
  state.plan_number = plan;
  return state;
}

class state_gate_test : public testing::Test {
protected:
  state_gate_test()
      : gate([this](const domain::site_state& state, const actors::kept_listener& then) {
          out.push_back(state.plan_number);
          if (then) then({});
        }) {}

  std::vector<std::uint64_t> out;
  state_gate gate;
};

TEST_F(state_gate_test, KEEP_2_a_state_without_records_before_it_leaves_at_once) {
  gate.pass(state_of(yard, 1), {});
  EXPECT_EQ(out, (std::vector<std::uint64_t>{1}));
}

TEST_F(state_gate_test, KEEP_2_a_state_waits_for_the_records_before_it_and_for_none_after_it) {
  const auto fact = gate.begin(yard);
  const auto command = gate.begin(yard);
  gate.pass(state_of(yard, 1), {});
  const auto later = gate.begin(yard);
  gate.pass(state_of(garage, 7), {});
  EXPECT_EQ(out, (std::vector<std::uint64_t>{7}));
  gate.end(yard, command);
  EXPECT_EQ(gate.waiting(), 1U);
  gate.end(yard, fact);
  EXPECT_EQ(out, (std::vector<std::uint64_t>{7, 1}));
  gate.end(yard, later);
  EXPECT_EQ(gate.waiting(), 0U);
}

TEST_F(state_gate_test, KEEP_1_a_newer_state_takes_the_place_of_one_that_waits_and_its_promises) {
  std::vector<int> told;
  const auto first = gate.begin(yard);
  gate.pass(state_of(yard, 1), [&](const auto& kept) { told.push_back(kept ? 1 : -1); });
  const auto second = gate.begin(yard);
  gate.pass(state_of(yard, 2), [&](const auto& kept) { told.push_back(kept ? 2 : -2); });
  gate.end(yard, first);
  EXPECT_TRUE(out.empty());
  gate.end(yard, second);
  EXPECT_EQ(out, (std::vector<std::uint64_t>{2}));
  EXPECT_EQ(told, (std::vector<int>{1, 2}));
}

TEST_F(state_gate_test, OWN_1_the_state_of_a_site_that_another_node_holds_is_dropped_and_refused) {
  bool is_refused = false;
  const auto open = gate.begin(yard);
  gate.pass(state_of(yard, 1), [&](const auto& kept) { is_refused = !kept; });
  gate.forget(yard, {domain::errc::conflict, "another"});
  gate.end(yard, open);
  EXPECT_TRUE(is_refused);
  EXPECT_TRUE(out.empty());
}

} // namespace
} // namespace busbar::node
