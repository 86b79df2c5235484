// Streams of sites that another engine node holds, over real sockets between two servers.

#include "adapters/http/peers/peer_client.hpp"
#include "tests/adapters/http/fake_cluster.hpp"
#include "tests/adapters/http/raw_server.hpp"
#include "tests/adapters/http/server_fixture.hpp"

#include <nlohmann/json.hpp>

namespace busbar::tests {
namespace {

using adapters::http::peers::peer_client;
using adapters::http::peers::peer_settings;
using nlohmann::json;
using ports::shard_standing;

/// engine-1 is asked; engine-2 holds the site "depot".
class http_stream_relay : public server_fixture {
protected:
  void SetUp() override {
    server_fixture::SetUp();
    cluster = &group;
    peers = &client;
    engine.set_place("depot", ports::site_place::elsewhere);
    depot = make_site("depot", 3);
    other.publish(make_view(depot));
    others = adapters::http::api::make_server(
        settings, other, [] { return std::string{}; }, test_assets, {{}, &others_group, &client});
    ASSERT_TRUE(others->start());
    owned_by("127.0.0.1:" + std::to_string(others->port()));
    start();
  }
  void TearDown() override {
    if (server) server->stop();
    others->stop();
  }
  void owned_by(const std::string& address) {
    group.add({6, shard_standing::elsewhere, "engine-2", address, 9, noon,
               {domain::site_id{"depot"}}});
  }
  void ask_for(raw_client& reader, const std::string& query, const std::string& headers = "") {
    reader.send("GET /api/v1/stream?" + query + " HTTP/1.1\r\nHost: busbar\r\n" + headers + "\r\n");
  }
  /// The next event of that name.
  static json next(raw_client& reader, const std::string& name) {
    if (reader.take_until("event: " + name + "\n").empty()) return {};
    reader.take_until("data: ");
    return json::parse(reader.take_until("\n\n"), nullptr, false);
  }

  fake_cluster group;
  fake_cluster others_group;
  fake_engine other;
  std::shared_ptr<domain::site> depot;
  peer_client client;
  std::unique_ptr<adapters::http::server::http_server> others;
};

TEST_F(http_stream_relay, a_site_of_another_node_is_shown_as_its_owner_shows_it) {
  raw_client reader{server->port()};
  ask_for(reader, "site=depot");
  const auto whole = next(reader, "site");
  EXPECT_EQ(whole["site"], "depot");
  EXPECT_EQ(whole["connectors"].size(), 3U);
  auto changed = make_view(depot, 2);
  changed.connectors[2].power = domain::watts{7};
  other.publish(changed);
  EXPECT_EQ(next(reader, "site_delta")["connectors"].size(), 1U);
}

TEST_F(http_stream_relay, the_journal_is_the_one_of_the_node_that_is_asked) {
  raw_client reader{server->port()};
  ask_for(reader, "site=depot");
  next(reader, "site");
  other.record("of the owner's journal");
  const auto number = engine.record("of this node's journal");
  const auto entry = next(reader, "journal");
  EXPECT_EQ(entry["number"], number);
  EXPECT_EQ(entry["text"], "of this node's journal");
}

TEST_F(http_stream_relay, own_sites_and_those_of_others_come_in_one_stream) {
  raw_client reader{server->port()};
  ask_for(reader, "site=garage,depot");
  EXPECT_EQ(next(reader, "site")["site"], "garage");
  EXPECT_EQ(next(reader, "site")["site"], "depot");
}

TEST_F(http_stream_relay, it_ends_when_the_site_leaves_its_owner_and_comes_back_where_it_is) {
  raw_client reader{server->port()};
  ask_for(reader, "site=depot");
  next(reader, "site");
  other.take_away("depot");
  EXPECT_TRUE(reader.is_closed_by_server());
  engine.publish(make_view(depot));
  raw_client again{server->port()};
  ask_for(again, "site=depot");
  EXPECT_EQ(next(again, "site")["site"], "depot");
  EXPECT_EQ(client.statistics().at("streams"), 0);
}

TEST_F(http_stream_relay, it_ends_where_no_node_answers_for_the_site) {
  std::string nowhere;
  { nowhere = raw_server{[] { return std::string{}; }}.address(); }
  for (const auto& address : {nowhere, std::string{}}) {
    owned_by(address);
    raw_client reader{server->port()};
    ask_for(reader, "site=depot");
    EXPECT_TRUE(reader.is_closed_by_server());
  }
}

TEST_F(http_stream_relay, an_answer_that_is_no_stream_or_too_long_an_event_ends_it) {
  for (const auto* answer :
       {"HTTP/1.1 421 Misdirected\r\nContent-Length: 0\r\n\r\n", "nothing of HTTP\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nevent: site\ndata: {}\n\n"}) {
    raw_server odd{[answer] { return std::string{answer}; }};
    owned_by(odd.address());
    raw_client reader{server->port()};
    ask_for(reader, "site=depot");
    EXPECT_TRUE(reader.is_closed_by_server()) << answer;
  }
}

TEST_F(http_stream_relay, a_reader_that_goes_away_ends_the_stream_of_the_owner) {
  {
    raw_client reader{server->port()};
    ask_for(reader, "site=depot");
    next(reader, "site");
    EXPECT_EQ(client.statistics().at("streams"), 1);
  }
  while (others->statistics().at("streams") > 0 || client.statistics().at("streams") > 0) {
    // What is sent finds out that nobody reads.
    other.publish(make_view(depot));
    std::this_thread::yield();
  }
}

TEST_F(http_stream_relay, what_another_node_asks_for_is_not_relayed_once_more) {
  raw_client reader{server->port()};
  ask_for(reader, "site=depot", "X-Busbar-Forwarded: engine-3\r\n");
  EXPECT_EQ(reader.receive().status, 421U);
}

TEST_F(http_stream_relay, a_stream_that_is_open_at_the_end_of_its_server_ends_with_it) {
  raw_client reader{server->port()};
  ask_for(reader, "site=depot");
  next(reader, "site");
  server->stop();
  for (int i = 2; i < 50; ++i) other.publish(make_view(depot, static_cast<std::uint64_t>(i)));
  EXPECT_TRUE(reader.is_closed_by_server());
}

} // namespace
} // namespace busbar::tests
