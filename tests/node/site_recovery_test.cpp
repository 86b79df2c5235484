// KEEP-1, KEEP-2: what the log holds of a site after its newest snapshot, and which requests have
// their answer.

#include "node/site_recovery.hpp"

#include "adapters/embedded/embedded_log.hpp"
#include "domain/request.hpp"
#include "domain/session.hpp"
#include "messages/codec.hpp"
#include "messages/shard_codec.hpp"
#include "messages/topics.hpp"
#include "node/position_ledger.hpp"
#include "tests/simulator/example_site.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace busbar::node {
namespace {

using domain::request_kind;
using domain::session_fact_kind;

class site_recovery_test : public testing::Test {
protected:
  site_recovery_test() : site(tests::example_site("garage.toml")) {
    frame.log = adapters::embedded::make_embedded_log();
    auto topics = messages::all_topics(1);
    topics.push_back(messages::owners_topic_settings(1));
    EXPECT_TRUE(frame.log->ensure_topics(topics));
    frame.positions = std::make_shared<position_ledger>(1);
    frame.shards = std::make_shared<shard_register>("engine-1", 1, 1);
    producer = std::move(frame.log->producer().value());
    snapshot.site = site->id;
    snapshot.topology_hash = site->topology_hash;
  }

  void write(const char* topic, ports::shared_bytes bytes) {
    EXPECT_TRUE(producer->publish(topic, site->id.text(), std::move(bytes)));
  }
  void ask(const std::string& id, request_kind kind = request_kind::start) {
    domain::driver_request request;
    request.id = domain::request_id{id};
    request.site = site->id;
    request.driver = domain::driver_id{"Alice"};
    request.kind = kind;
    request.station = site->stations[0].id;
    write(messages::requests_topic, messages::encode(request));
  }
  void tell(session_fact_kind kind, const std::string& request, const char* session = "s-1",
            bool is_bill_open = false) {
    domain::session_fact fact;
    fact.is_bill_open = is_bill_open;
    fact.kind = kind;
    fact.site = site->id;
    fact.request = domain::request_id{request};
    fact.session = domain::session_id{session};
    fact.driver = domain::driver_id{"Alice"};
    fact.station = site->stations[0].id;
    fact.connector = site->connectors[0].id;
    fact.at = domain::instant{std::chrono::seconds{1'000}};
    write(messages::sessions_topic, messages::encode(fact));
  }
  /// The same under the fence that begins `fence`.
  void tell_under(domain::epoch fence, session_fact_kind kind, const char* session) {
    domain::session_fact fact;
    fact.kind = kind;
    fact.site = site->id;
    fact.session = domain::session_id{session};
    fact.driver = domain::driver_id{"Alice"};
    fact.station = site->stations[0].id;
    fact.connector = site->connectors[0].id;
    write(messages::sessions_topic, messages::encode_under(fence, fact));
  }
  void mark(domain::epoch owner) {
    EXPECT_TRUE(producer->publish(messages::sessions_topic, messages::shard_key(0, 1),
                                  messages::encode(domain::shard_owner{0, owner, "e", "", {}})));
  }
  /// A row of the owners' table.
  void own(domain::epoch owner) {
    EXPECT_TRUE(producer->publish(messages::owners_topic, messages::shard_key(0, 1),
                                  messages::encode(domain::shard_owner{0, owner, "e", "", {}})));
  }
  /// This node's fence begins `epoch`.
  void fence(domain::epoch epoch) {
    const auto now = domain::instant{std::chrono::seconds{1'000}};
    frame.shards->want({0}, now);
    frame.shards->in_touch(now, now);
    const auto fences = frame.shards->take_fences();
    ASSERT_EQ(fences.size(), 1U);
    frame.shards->fence_answered(fences[0], static_cast<std::int64_t>(epoch) - 1, now);
  }
  recovered_site recovered(bool with_snapshot = true) {
    auto all = recover(frame, {{site, with_snapshot ? &snapshot : nullptr}},
                       std::chrono::seconds{5});
    EXPECT_TRUE(all);
    return std::move(all.value().at(site->id));
  }
  static std::vector<std::string> texts(const std::vector<domain::request_id>& ids) {
    std::vector<std::string> all;
    for (const auto& id : ids) all.push_back(id.text());
    return all;
  }

  std::shared_ptr<const domain::site> site;
  node_frame frame;
  std::unique_ptr<ports::log_producer> producer;
  domain::site_state snapshot;
};

TEST_F(site_recovery_test, KEEP_1_requests_that_the_state_includes_are_known_by_their_ids) {
  ask("old-1");
  ask("old-2", request_kind::stop);
  ask("new");
  snapshot.positions = {0, 0, 0, 2};
  const auto found = recovered();
  EXPECT_EQ(texts(found.answered), (std::vector<std::string>{"old-1", "old-2"}));
  ASSERT_EQ(found.waiting.size(), 1U);
  EXPECT_EQ(found.waiting[0].offset, 2);
  // The next snapshot goes on from the place that this one names.
  EXPECT_EQ(found.state.positions.requests, 2);
}

TEST_F(site_recovery_test, KEEP_1_a_stop_whose_session_is_over_is_known_by_its_id) {
  tell(session_fact_kind::accepted, "start");
  tell(session_fact_kind::completed, "start");
  ask("stop", request_kind::stop);
  snapshot.positions = {0, 0, 0, 0};
  const auto found = recovered();
  EXPECT_TRUE(found.waiting.empty());
  EXPECT_EQ(texts(found.answered), (std::vector<std::string>{"start", "start", "stop"}));
}

TEST_F(site_recovery_test, KEEP_1_a_reported_stop_waits_until_the_bill_is_settled) {
  domain::driver_request stop;
  stop.id = domain::request_id{"stop"};
  stop.site = site->id;
  stop.driver = domain::driver_id{"Alice"};
  stop.kind = request_kind::stop;
  stop.station = site->stations[0].id;
  stop.begun_by = domain::request_id{"start"};
  stop.reported.emplace().register_stop_wh = 5'037;
  stop.reported->ended_at = domain::instant{std::chrono::seconds{1'000}};
  write(messages::requests_topic, messages::encode(stop));
  tell(session_fact_kind::accepted, "start");
  tell(session_fact_kind::completed, "start", "s-1", true);
  snapshot.positions = {0, 0, 0, 0};
  EXPECT_EQ(recovered().waiting.size(), 1U) << "its register is not in the bill yet";
  tell(session_fact_kind::settled, "start");
  EXPECT_TRUE(recovered().waiting.empty());
}

TEST_F(site_recovery_test, KEEP_1_the_newest_requests_before_the_snapshot_are_known) {
  for (std::int64_t i = 0; i <= requests_known_max; ++i) ask("r-" + std::to_string(i));
  snapshot.positions = {0, 0, 0, requests_known_max + 1};
  const auto known = recovered().answered;
  ASSERT_EQ(known.size(), static_cast<std::size_t>(requests_known_max));
  EXPECT_EQ(known.front().text(), "r-1");
}

TEST_F(site_recovery_test, KEEP_1_of_a_site_without_a_snapshot_no_request_has_an_answer) {
  ask("unread");
  const auto found = recovered(false);
  EXPECT_TRUE(found.answered.empty());
  EXPECT_TRUE(found.waiting.empty());
}

TEST_F(site_recovery_test, OWN_2_facts_of_an_older_owner_after_the_own_mark_do_not_count) {
  tell_under(7, session_fact_kind::accepted, "s-1");
  mark(12);
  tell_under(7, session_fact_kind::completed, "s-1");
  snapshot.positions = {0, 0, 0, 0};
  const auto open = recovered().state.sessions;
  ASSERT_EQ(open.size(), 1U) << "the next owner completes it";
  EXPECT_EQ(open[0].id.text(), "s-1");
}

TEST_F(site_recovery_test, OWN_2_a_mark_before_the_state_s_positions_is_known_from_the_table) {
  mark(12);
  tell_under(7, session_fact_kind::accepted, "s-1");
  own(7);
  own(12);
  fence(30);
  snapshot.positions = {0, 0, 1, 0};
  EXPECT_TRUE(recovered().state.sessions.empty());
}

TEST_F(site_recovery_test, OWN_2_a_row_of_the_table_takes_nothing_from_facts_before_its_mark) {
  tell_under(7, session_fact_kind::accepted, "s-1");
  mark(12);
  own(12);
  fence(30);
  snapshot.positions = {0, 0, 0, 0};
  EXPECT_EQ(recovered().state.sessions.size(), 1U);
}

TEST_F(site_recovery_test, OWN_2_a_row_of_an_owner_after_this_node_is_forged_and_takes_no_facts) {
  tell_under(7, session_fact_kind::accepted, "s-1");
  own(31);
  fence(30);
  snapshot.positions = {0, 0, 0, 0};
  EXPECT_EQ(recovered().state.sessions.size(), 1U);
}

TEST_F(site_recovery_test, KEEP_1_a_reservation_after_the_snapshot_is_in_the_state) {
  tell(session_fact_kind::accepted, "reserve", "");
  snapshot.positions = {0, 0, 0, 0};
  const auto kept = recovered().state.reservations;
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].driver.text(), "Alice");
  EXPECT_EQ(kept[0].until, domain::instant{std::chrono::seconds{1'900}});
}

} // namespace
} // namespace busbar::node
