// Session facts of a node that was cut off, written when its link healed, do not count (OWN-2).

#include "messages/fact_gate.hpp"

#include "messages/codec.hpp"

#include <gtest/gtest.h>

namespace busbar::messages {
namespace {

ports::record fact_under(domain::epoch fence, const char* site = "yard-1",
                         std::int32_t shard = 0) {
  domain::session_fact fact;
  fact.site = domain::site_id{site};
  fact.session = domain::session_id{"s-1"};
  fact.kind = domain::session_fact_kind::in_progress;
  ports::record made;
  made.key = site;
  made.place.partition = shard;
  made.value = encode_under(fence, fact);
  return made;
}

TEST(fact_gate, OWN_2_drops_facts_of_an_older_fence_after_those_of_a_newer_one) {
  fact_gate gate;
  EXPECT_TRUE(gate.admits(fact_under(7)));
  EXPECT_TRUE(gate.admits(fact_under(12)));
  EXPECT_FALSE(gate.admits(fact_under(7)));
  EXPECT_TRUE(gate.admits(fact_under(12)));
  EXPECT_EQ(gate.dropped(), 1U);
}

TEST(fact_gate, OWN_2_compares_the_facts_of_each_shard_apart) {
  fact_gate gate;
  EXPECT_TRUE(gate.admits(fact_under(12)));
  EXPECT_TRUE(gate.admits(fact_under(7, "yard-2", 1)));
  EXPECT_FALSE(gate.admits(fact_under(7, "yard-3")));
}

TEST(fact_gate, OWN_2_drops_facts_of_an_older_fence_after_the_mark_of_a_newer_owner) {
  fact_gate gate;
  EXPECT_TRUE(gate.admits(fact_under(7)));
  gate.take_mark({0, 12, "engine-2", "", {}});
  EXPECT_FALSE(gate.admits(fact_under(7)));
  EXPECT_TRUE(gate.admits(fact_under(12)));
}

TEST(fact_gate, takes_facts_that_name_no_fence) {
  fact_gate gate;
  EXPECT_TRUE(gate.admits(fact_under(12)));
  EXPECT_TRUE(gate.admits(fact_under(0)));
  EXPECT_TRUE(gate.admits({}));
  EXPECT_TRUE(gate.admits(fact_under(12)));
}

TEST(fact_gate, a_fact_is_read_the_same_whatever_fence_it_names) {
  const auto fact = messages::decode_session_fact(*fact_under(9).value);
  ASSERT_TRUE(fact);
  EXPECT_EQ(fact.value().session.text(), "s-1");
  EXPECT_EQ(messages::fact_fence_named_by(fact_under(9)), 9U);
  EXPECT_EQ(*messages::encode(fact.value()), *encode_under(0, fact.value()));
}

} // namespace
} // namespace busbar::messages
