// Any engine node answers for all: requests for what another node holds, over real sockets between
// two servers.

#include "adapters/http/peers/peer_client.hpp"
#include "adapters/store/history_archive.hpp"

#include "tests/adapters/http/fake_cluster.hpp"
#include "tests/adapters/http/raw_server.hpp"
#include "tests/adapters/http/server_fixture.hpp"
#include "tests/adapters/store/store_facts.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <thread>

namespace busbar::tests {
namespace {

using adapters::http::peers::peer_client;
using namespace std::chrono_literals;
using ports::shard_standing;

/// engine-1 is asked; engine-2 holds the site "depot".
class http_forwarder : public server_fixture {
protected:
  void SetUp() override {
    server_fixture::SetUp();
    cluster = &group;
    peers = &client;
    engine.set_place("depot", ports::site_place::elsewhere);
    other.publish(make_view(make_site("depot", 3)));
    auto bounds = settings;
    others = adapters::http::api::make_server(
        bounds, other, [] { return std::string{}; }, test_assets, {{}, &others_group, &client});
    ASSERT_TRUE(others->start());
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
  void owned_by_the_other() { owned_by("127.0.0.1:" + std::to_string(others->port())); }

  fake_cluster group;
  fake_cluster others_group;
  fake_engine other;
  peer_client client;
  std::unique_ptr<adapters::http::server::http_server> others;
};

TEST_F(http_forwarder, a_site_of_another_node_is_answered_by_its_owner) {
  owned_by_the_other();
  const auto answer = ask("GET", "/api/v1/sites/depot");
  EXPECT_EQ(answer.status, 200U) << answer.body;
  EXPECT_EQ(nlohmann::json::parse(answer.body)["site"], "depot");
  EXPECT_EQ(answer.header("X-Busbar-Answered-By"), "engine-2");
  EXPECT_EQ(answer.header("Cache-Control"), "private, no-cache") << "as its owner states";
  EXPECT_EQ(ask("GET", "/api/v1/stations?site=depot&limit=1").status, 200U);
  EXPECT_EQ(ask("HEAD", "/api/v1/sites/depot/plan").status, 200U);
  EXPECT_EQ(ask("GET", "/api/v1/sites/garage").header("X-Busbar-Answered-By"), "")
      << "of this node";
}

TEST_F(http_forwarder, an_answer_that_the_client_has_already_is_304_by_its_version) {
  owned_by_the_other();
  const auto first = ask("GET", "/api/v1/sites/depot");
  ASSERT_FALSE(first.header("ETag").empty());
  const auto again =
      ask("GET", "/api/v1/sites/depot", "If-None-Match: " + first.header("ETag") + "\r\n");
  EXPECT_EQ(again.status, 304U);
}

TEST_F(http_forwarder, a_request_of_a_driver_reaches_the_owner_once) {
  owned_by_the_other();
  const auto answer = ask("POST", "/api/v1/requests",
                          "Content-Type: application/json\r\nX-Request-Id: mine-1\r\n",
                          R"({"kind": "start", "site": "depot", "station": "CP-001",
                              "driver": "Alice", "request": "r-7"})");
  EXPECT_EQ(answer.status, 202U) << answer.body;
  EXPECT_EQ(answer.header("X-Request-Id"), "mine-1");
  ASSERT_EQ(other.submitted.size(), 1U);
  EXPECT_EQ(other.submitted.front().id, domain::request_id{"r-7"});
  EXPECT_TRUE(engine.submitted.empty());
}

TEST_F(http_forwarder, what_the_owner_refuses_is_passed_on_as_it_is) {
  owned_by_the_other();
  EXPECT_EQ(post("/api/v1/requests", R"({"kind": "start", "site": "depot", "driver": "Alice",
                                         "station": "nowhere"})")
                .status,
            404U);
  EXPECT_EQ(ask("GET", "/api/v1/stations?site=depot&limit=0").status, 400U);
}

TEST_F(http_forwarder, a_station_or_session_without_a_site_is_looked_for_where_its_file_has_it) {
  owned_by_the_other();
  // Both have the station by its file; the owner does not have it, and states so.
  const auto station = ask("GET", "/api/v1/stations/CP-depot");
  EXPECT_EQ(station.status, 404U);
  EXPECT_EQ(station.header("X-Busbar-Answered-By"), "engine-2");
  EXPECT_EQ(ask("GET", "/api/v1/sessions/CP-depot.9.1").header("X-Busbar-Answered-By"),
            "engine-2");
  for (const auto* none : {"CP-depot", "CP-depot.1", ".1.2", "..", "CP-yard.9.1"})
    EXPECT_EQ(ask("GET", std::string{"/api/v1/sessions/"} + none).header("X-Busbar-Answered-By"),
              "")
        << none;
}

TEST_F(http_forwarder, a_session_of_another_node_is_asked_for_there_while_the_own_history_is_lost) {
  owned_by_the_other();
  const scratch_folder scratch;
  const auto lost = std::move(
      adapters::store::history_archive::open({scratch.write("taken", "a file")}).value());
  ASSERT_TRUE(comes_true([&] { return lost->status().state == ports::archive_state::lost; }));
  server->stop();
  archive = lost.get();
  start();
  EXPECT_EQ(ask("GET", "/api/v1/sessions/CP-depot.9.1").header("X-Busbar-Answered-By"),
            "engine-2");
  EXPECT_EQ(ask("GET", "/api/v1/sessions/CP-yard.9.1").status, 503U) << "of no other node";
}

TEST_F(http_forwarder, a_forwarded_request_that_is_wrong_again_is_421_with_the_owners_address) {
  owned_by("10.0.0.8:8000");
  const auto answer = ask("GET", "/api/v1/sites/depot", "X-Busbar-Forwarded: engine-3\r\n");
  EXPECT_EQ(answer.status, 421U);
  EXPECT_EQ(answer.header("X-Busbar-Owner"), "http://10.0.0.8:8000");
  EXPECT_EQ(client.statistics().at("connections_total"), 0);
}

TEST_F(http_forwarder, a_request_that_no_node_answers_is_503_after_a_hand_over) {
  std::string nowhere;
  { nowhere = raw_server{[] { return std::string{}; }}.address(); }
  owned_by(nowhere);
  const auto began = std::chrono::steady_clock::now();
  const auto answer = ask("GET", "/api/v1/sites/depot");
  const auto took = std::chrono::steady_clock::now() - began;
  EXPECT_EQ(answer.status, 503U) << answer.body;
  EXPECT_EQ(answer.header("Retry-After"), "1");
  EXPECT_NE(answer.body.find("no engine node answers for it now: engine node 'engine-2' at"),
            std::string::npos)
      << answer.body;
  EXPECT_GE(took, 2s);
  group.add({6, shard_standing::unowned, "", "", 0, {}, {domain::site_id{"depot"}}});
  EXPECT_NE(ask("GET", "/api/v1/sites/depot").body.find("its shard has no owner"),
            std::string::npos);
  owned_by("");
  EXPECT_NE(ask("GET", "/api/v1/sites/depot").body.find("--advertise"), std::string::npos);
}

TEST_F(http_forwarder, a_request_waits_for_a_hand_over_to_another_node_or_to_this_one) {
  // The table is behind: engine-2's server answers that it does not hold the yard.
  engine.set_place("yard", ports::site_place::elsewhere);
  other.set_place("yard", ports::site_place::elsewhere);
  group.add({4, shard_standing::elsewhere, "engine-2",
             "127.0.0.1:" + std::to_string(others->port()), 9, noon, {domain::site_id{"yard"}}});
  raw_client asker{server->port()};
  asker.send("GET /api/v1/sites/yard HTTP/1.1\r\nHost: busbar\r\n\r\n");
  while (client.statistics().at("answers_4xx_total") < 1) std::this_thread::yield();
  other.publish(make_view(make_site("yard", 3)));
  EXPECT_EQ(asker.receive().status, 200U);
  engine.set_place("lot", ports::site_place::coming);
  group.add({5, shard_standing::here, "engine-1", "10.0.0.7:8000", 9, noon,
             {domain::site_id{"lot"}}});
  asker.send("GET /api/v1/sites/lot HTTP/1.1\r\nHost: busbar\r\n\r\n");
  while (server->statistics().at("requests_total") < 2) std::this_thread::yield();
  engine.publish(make_view(make_site("lot", 3)));
  EXPECT_EQ(asker.receive().status, 200U);
}

TEST_F(http_forwarder, a_peer_that_answers_garbage_is_502_and_asked_once_for_an_order) {
  const raw_server garbage{[] { return std::string{"SSH-2.0\r\n\r\n"}; }};
  owned_by(garbage.address());
  const auto read = ask("GET", "/api/v1/sites/depot");
  EXPECT_EQ(read.status, 502U);
  EXPECT_EQ(read.body.find("outcome"), std::string::npos);
  const auto changed = post("/api/v1/requests", R"({"kind": "start", "site": "depot",
      "driver": "Alice", "station": "CP-001"})");
  EXPECT_EQ(changed.status, 502U);
  EXPECT_NE(changed.body.find("the outcome is unknown: it may have been done"), std::string::npos);
  EXPECT_EQ(garbage.requests(), 2) << "an order whose outcome is unknown is not asked twice";
}

TEST_F(http_forwarder, an_order_that_is_never_answered_is_504_and_may_have_been_done) {
  const raw_server silent{[] { return std::string{}; }};
  owned_by(silent.address());
  const auto answer = post("/api/v1/requests", R"({"kind": "start", "site": "depot",
      "driver": "Alice", "station": "CP-001"})");
  EXPECT_EQ(answer.status, 504U) << answer.body;
  EXPECT_NE(answer.body.find("the outcome is unknown: it may have been done"), std::string::npos);
  EXPECT_EQ(answer.header("Idempotency-Key").size(), 32U) << "to give it again";
  EXPECT_EQ(silent.requests(), 1);
}

TEST_F(http_forwarder, an_order_that_comes_over_two_nodes_under_one_key_is_done_once) {
  owned_by_the_other();
  const std::string body = R"({"kind": "start", "site": "depot", "station": "CP-001",
                               "driver": "Alice"})";
  const auto* head = "Content-Type: application/json\r\nIdempotency-Key: k-1\r\n";
  const auto passed = ask("POST", "/api/v1/requests", head, body);
  EXPECT_EQ(passed.status, 202U) << passed.body;
  EXPECT_EQ(passed.header("Idempotency-Key"), "k-1");
  const auto direct = raw_client{others->port()}.ask("POST", "/api/v1/requests", head, body);
  EXPECT_EQ(direct.status, 202U);
  EXPECT_EQ(direct.body, passed.body);
  EXPECT_EQ(direct.header("Idempotency-Replayed"), "true");
  EXPECT_EQ(ask("POST", "/api/v1/requests", head, body).header("Idempotency-Replayed"), "true");
  ASSERT_EQ(other.submitted.size(), 1U);
  EXPECT_EQ(other.submitted.front().id, domain::request_id{"k-1"});
}

TEST_F(http_forwarder, an_order_without_a_key_is_passed_on_with_one_and_its_answer_states_it) {
  owned_by_the_other();
  const auto answer = post("/api/v1/requests", R"({"kind": "start", "site": "depot",
      "driver": "Alice", "station": "CP-001"})");
  EXPECT_EQ(answer.status, 202U);
  const auto key = answer.header("Idempotency-Key");
  EXPECT_EQ(key.size(), 32U);
  EXPECT_EQ(other.submitted.at(0).id, domain::request_id{key});
  EXPECT_EQ(ask("GET", "/api/v1/sites/depot").header("Idempotency-Key"), "");
}

TEST_F(http_forwarder, headers_of_one_connection_and_of_the_client_alone_are_not_passed_on) {
  const raw_server peer{[] {
    return std::string{"HTTP/1.1 200 OK\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\n"
                       "Keep-Alive: timeout=99\r\nSet-Cookie: a=b\r\nServer: other\r\n"
                       "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"};
  }};
  owned_by(peer.address());
  const auto answer = ask("GET", "/api/v1/stations?site=depot&q=%2F",
                          "Connection: keep-alive, X-Mine\r\nX-Mine: 1\r\nTE: trailers\r\n"
                          "Proxy-Authorization: p\r\nUpgrade: h2c\r\nCookie: c=d\r\n"
                          "X-Forwarded-For: 1.2.3.4\r\nAccept-Encoding: gzip\r\n");
  EXPECT_EQ(answer.status, 200U);
  for (const auto* none : {"X-Hop", "Keep-Alive", "Set-Cookie"})
    EXPECT_EQ(answer.header(none), "") << none;
  EXPECT_EQ(answer.header("Server"), "busbar");
  const auto head = peer.head();
  EXPECT_TRUE(head.starts_with("GET /api/v1/stations?site=depot&q=%2F HTTP/1.1\r\n")) << head;
  EXPECT_NE(head.find("Host: " + peer.address() + "\r\n"), std::string::npos) << head;
  EXPECT_NE(head.find("X-Busbar-Forwarded: engine-1\r\n"), std::string::npos) << head;
  for (const auto* none : {"X-Mine", "TE:", "Proxy-Auth", "Upgrade", "Cookie", "Forwarded-For",
                           "Accept-Encoding"})
    EXPECT_EQ(head.find(none), std::string::npos) << none;
}

TEST_F(http_forwarder, two_nodes_of_one_address_send_no_request_in_circles) {
  owned_by("127.0.0.1:" + std::to_string(server->port()));
  const auto before = server->statistics().at("requests_total");
  const auto answer = ask("GET", "/api/v1/sites/depot");
  EXPECT_EQ(answer.status, 503U) << answer.body;
  EXPECT_NE(answer.body.find("does not hold it"), std::string::npos) << answer.body;
  // Every 100 ms for 2 s, and the client's own.
  EXPECT_LE(server->statistics().at("requests_total") - before, 22);
}

TEST_F(http_forwarder, only_addresses_of_the_table_are_asked) {
  owned_by_the_other();
  const raw_server stranger{[] { return std::string{"HTTP/1.1 200 OK\r\n\r\n"}; }};
  const auto host = stranger.address();
  EXPECT_EQ(ask("GET", "http://" + host + "/api/v1/sites/depot").status, 400U);
  EXPECT_EQ(ask("GET", "//" + host + "/api/v1/sites/depot").status, 404U);
  EXPECT_EQ(ask("CONNECT", host).status, 400U);
  EXPECT_EQ(raw_client{server->port()}
                .ask("GET", "/api/v1/sites/depot", "X-Forwarded-Host: " + host + "\r\n")
                .status,
            200U);
  EXPECT_EQ(stranger.requests(), 0);
}

TEST_F(http_forwarder, a_node_that_stalls_holds_up_no_other_request) {
  const raw_server silent{[] { return std::string{}; }};
  owned_by(silent.address());
  std::vector<std::unique_ptr<raw_client>> waiting;
  for (int turn = 0; turn < 32; ++turn) {
    waiting.push_back(std::make_unique<raw_client>(server->port()));
    waiting.back()->send("GET /api/v1/sites/depot HTTP/1.1\r\nHost: busbar\r\n\r\n");
  }
  while (client.statistics().at("requests") < 32) std::this_thread::yield();
  const auto refused = ask("GET", "/api/v1/sites/depot");
  EXPECT_EQ(refused.status, 503U);
  EXPECT_NE(refused.body.find("too many requests to it are under way"), std::string::npos);
  EXPECT_EQ(refused.header("Retry-After"), "1");
  EXPECT_EQ(ask("GET", "/api/v1/sites/garage").status, 200U) << "of this node";
  engine.set_place("yard", ports::site_place::elsewhere);
  other.publish(make_view(make_site("yard", 3)));
  group.add({4, shard_standing::elsewhere, "engine-3",
             "127.0.0.1:" + std::to_string(others->port()), 9, noon, {domain::site_id{"yard"}}});
  EXPECT_EQ(ask("GET", "/api/v1/sites/yard").status, 200U) << "of a third one";
  EXPECT_EQ(client.statistics().at("requests"), 32) << "all of this while they wait";
}

TEST_F(http_forwarder, requests_that_wait_for_a_hand_over_are_bounded) {
  group.add({6, shard_standing::unowned, "", "", 0, {}, {domain::site_id{"depot"}}});
  std::vector<std::unique_ptr<raw_client>> waiting;
  for (int turn = 0; turn < 256; ++turn) {
    waiting.push_back(std::make_unique<raw_client>(server->port()));
    waiting.back()->send("GET /api/v1/sites/depot HTTP/1.1\r\nHost: busbar\r\n\r\n");
  }
  ASSERT_TRUE(reaches("requests_total", 256));
  const auto refused = ask("GET", "/api/v1/sites/depot");
  EXPECT_EQ(refused.status, 503U);
  EXPECT_NE(refused.body.find("too many requests wait for other engine nodes"), std::string::npos)
      << refused.body;
  for (const auto& each : waiting) EXPECT_EQ(each->receive().status, 503U);
}

TEST_F(http_forwarder, a_station_is_found_that_comes_to_this_node_while_its_request_waits) {
  std::string nowhere;
  { nowhere = raw_server{[] { return std::string{}; }}.address(); }
  owned_by(nowhere);
  raw_client asker{server->port()};
  asker.send("GET /api/v1/stations/CP-depot HTTP/1.1\r\nHost: busbar\r\n\r\n");
  while (client.statistics().at("unreachable_total") < 1) std::this_thread::yield();
  auto here = make_site("depot", 3);
  here->stations.front().id = domain::station_id{"CP-depot"};
  engine.publish(make_view(here));
  EXPECT_EQ(asker.receive().status, 200U);
}

} // namespace
} // namespace busbar::tests
