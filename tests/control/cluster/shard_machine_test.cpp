#include "control/cluster/shard_machine.hpp"
#include "tests/control/cluster/shard_table.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace busbar::control::cluster {
namespace {

using std::chrono::milliseconds;

constexpr domain::instant now{std::chrono::hours{1}};
constexpr shard_terms terms{};

/// In touch with the log half a second ago; its fence, if it has one, stands at offset 100.
shard shard_in(shard_state state) {
  shard of;
  of.state = state;
  of.acknowledged_at = now - milliseconds{500};
  if (state == shard_state::wanted) of.confirm_after = now - milliseconds{200};
  if (state >= shard_state::fencing) of.attempt = 3;
  if (state >= shard_state::fencing) of.permit = command_permit::verifying;
  if (state >= shard_state::recovering) of.fence = 100;
  if (state >= shard_state::owning) of.permit = command_permit::granted;
  of.awaits_successor = state == shard_state::letting_go;
  of.let_go_at = now - domain::seconds{1};
  return of;
}

struct named_shard {
  std::string name;
  shard of;
};

std::vector<named_shard> all_shards() {
  std::vector<named_shard> all;
  for (const auto state : {shard_state::none, shard_state::wanted, shard_state::fencing,
                           shard_state::recovering, shard_state::owning, shard_state::letting_go})
    all.push_back({text_of(state), shard_in(state)});
  auto suspended = shard_in(shard_state::owning);
  suspended.permit = command_permit::suspended;
  all.push_back({"owning, suspended", suspended});
  auto last = shard_in(shard_state::letting_go);
  last.awaits_successor = false;
  last.is_leaving = true;
  last.permit = command_permit::withdrawn;
  all.push_back({"letting go, the last", last});
  auto unfenced = last;
  unfenced.fence.reset();
  unfenced.is_leaving = false;
  all.push_back({"letting go, unfenced", unfenced});
  auto ended = shard_in(shard_state::none);
  ended.has_ended = true;
  all.push_back({"ended", ended});
  return all;
}

struct named_event {
  const char* name;
  shard_event event;
  domain::instant at = now;
};

const std::vector<named_event>& all_events() {
  static const std::vector<named_event> events{
      {"assigned", assigned{}},
      {"revoked", revoked{}},
      {"lost", lost{}},
      {"leave to another", leave{true}},
      {"leave, the last", leave{false}},
      {"name taken", name_taken{}},
      {"own fence at 100", fence_appended{3, 100}},
      {"fence of an earlier attempt", fence_appended{2, 90}},
      {"fence failed", fence_failed{3}},
      {"own fence read", fence_read{100, 3U}},
      {"foreign fence before", fence_read{99, std::nullopt}},
      {"foreign fence after", fence_read{101, std::nullopt}},
      {"caught up to 99", caught_up{99}},
      {"caught up to 100", caught_up{100}},
      {"write acknowledged", write_acknowledged{now}},
      {"write failed", write_failed{}},
      {"heartbeat acknowledged", heartbeat_acknowledged{now}},
      {"checkpoint written", checkpoint_written{}},
      {"clock", clock_tick{}},
      {"clock 3 s later", clock_tick{}, now + domain::seconds{3}},
      {"clock 4.5 s later", clock_tick{}, now + milliseconds{4'500}},
  };
  return events;
}

/// "state | event | state afterwards, whether it commands, and what it does".
std::string row_of(const named_shard& named, const named_event& event) {
  auto of = named.of;
  const auto effects = advance(of, event.event, event.at, terms);
  std::string text = named.name + " | " + event.name + " | " + text_of(of.state);
  if (may_command(of, event.at, terms)) text += " commands";
  const char* between = ": ";
  for (const auto effect : effects) text += std::exchange(between, ", ") + text_of(effect);
  return text;
}

std::vector<std::string> lines_of(const char* text) {
  std::vector<std::string> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) lines.push_back(line);
  return lines;
}

TEST(shard_machine, OWN_2_every_event_in_every_state_does_what_the_table_says) {
  const auto expected = lines_of(shard_table);
  std::size_t row = 0;
  for (const auto& shard : all_shards())
    for (const auto& event : all_events()) {
      ASSERT_LT(row, expected.size());
      EXPECT_EQ(row_of(shard, event), expected[row++]);
    }
  EXPECT_EQ(row, expected.size());
}

TEST(shard_machine, OWN_2_a_shard_that_is_given_to_a_node_out_of_touch_waits) {
  shard of;
  EXPECT_TRUE(advance(of, assigned{}, now, terms).is_empty());
  EXPECT_EQ(of.state, shard_state::wanted);
  EXPECT_FALSE(advance(of, write_acknowledged{now}, now, terms).is_empty());
  EXPECT_EQ(of.state, shard_state::fencing);
}

TEST(shard_machine, OWN_2_a_fence_that_another_one_follows_gives_nothing) {
  auto of = shard_in(shard_state::fencing);
  EXPECT_TRUE(advance(of, fence_read{101, std::nullopt}, now, terms).is_empty());
  EXPECT_TRUE(advance(of, fence_appended{3, 100}, now, terms).is_empty());
  EXPECT_EQ(of.state, shard_state::wanted);
  // The group's word is needed first, and one from after the fence was read.
  EXPECT_TRUE(advance(of, heartbeat_acknowledged{now}, now, terms).is_empty());
  const auto later = now + milliseconds{500};
  EXPECT_EQ(*advance(of, heartbeat_acknowledged{later}, later, terms).begin(),
            shard_effect::append_fence);
}

TEST(shard_machine, OWN_4_a_shard_that_is_asked_for_and_given_again_while_it_is_fenced_is_owned) {
  auto of = shard_in(shard_state::fencing);
  for (const shard_event& event :
       {shard_event{revoked{}}, shard_event{assigned{}}, shard_event{fence_appended{3, 100}},
        shard_event{heartbeat_acknowledged{now}}, shard_event{caught_up{101}}})
    static_cast<void>(advance(of, event, now, terms));
  EXPECT_EQ(of.state, shard_state::owning);
  EXPECT_TRUE(may_command(of, now, terms));
}

TEST(shard_machine, OWN_4_a_shard_is_given_back_once_however_long_it_is_let_go) {
  auto of = shard_in(shard_state::letting_go);
  EXPECT_EQ(*advance(of, checkpoint_written{}, now, terms).begin(), shard_effect::release);
  EXPECT_TRUE(may_command(of, now, terms));
  for (const auto effect : advance(of, fence_read{101, std::nullopt}, now, terms))
    EXPECT_NE(effect, shard_effect::release);
  EXPECT_EQ(of.state, shard_state::none);
}

TEST(shard_machine, OWN_4_a_node_that_was_suspended_while_it_let_go_is_silent_before_any_event) {
  auto of = shard_in(shard_state::letting_go);
  const auto edge = of.let_go_at + domain::seconds{4};
  // It could still be in touch: that alone would let it command.
  of.acknowledged_at = edge - domain::seconds{1};
  EXPECT_TRUE(may_command(of, edge - domain::microseconds{1}, terms));
  EXPECT_FALSE(may_command(of, edge, terms));
}

TEST(shard_machine, OWN_5_after_a_silence_it_reads_to_the_end_before_it_commands) {
  auto of = shard_in(shard_state::owning);
  const auto edge = *of.acknowledged_at + domain::seconds{5};
  EXPECT_TRUE(may_command(of, edge - domain::microseconds{1}, terms));
  EXPECT_FALSE(may_command(of, edge, terms));
  // The first event after the pause is the acknowledgement itself.
  std::vector<std::string> effects;
  for (const auto effect : advance(of, heartbeat_acknowledged{edge}, edge, terms))
    effects.push_back(text_of(effect));
  EXPECT_EQ(effects, (std::vector<std::string>{"stop_commanding", "read_to_end"}));
  EXPECT_FALSE(may_command(of, edge, terms));
  EXPECT_EQ(*advance(of, caught_up{120}, edge, terms).begin(), shard_effect::plan_at_once);
  EXPECT_TRUE(may_command(of, edge, terms));
}

TEST(shard_machine, OWN_5_an_acknowledgement_of_what_was_sent_before_the_silence_ends_it_not) {
  auto of = shard_in(shard_state::owning);
  const auto edge = *of.acknowledged_at + domain::seconds{5};
  EXPECT_FALSE(advance(of, write_acknowledged{now - domain::seconds{1}}, edge, terms).is_empty());
  EXPECT_EQ(of.permit, command_permit::suspended);
}

} // namespace
} // namespace busbar::control::cluster
