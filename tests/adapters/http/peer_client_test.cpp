// Requests to other engine nodes over real sockets: what comes of good, bad and missing answers.

#include "adapters/http/peers/peer_client.hpp"

#include "tests/adapters/http/raw_server.hpp"
#include "tests/adapters/http/server_fixture.hpp"

#include <chrono>
#include <future>
#include <vector>

namespace busbar::tests {
namespace {

using adapters::http::peers::peer_client;
using adapters::http::peers::peer_settings;
using namespace std::chrono_literals;
using ports::peer_fault;

class http_peers : public server_fixture {
protected:
  using expected_outcome = std::future<ports::peer_outcome>;

  static expected_outcome begin(peer_client& client, ports::peer_request request) {
    const auto told = std::make_shared<std::promise<ports::peer_outcome>>();
    client.ask(std::move(request),
               [told](ports::peer_outcome outcome) { told->set_value(std::move(outcome)); });
    return told->get_future();
  }
  static ports::peer_outcome outcome_of(peer_client& client, const std::string& address,
                                        const std::string& method = "GET",
                                        std::chrono::milliseconds patience = 5s) {
    auto outcome = begin(client, {address, method, "/api/v1/sites", {}, "", patience});
    if (outcome.wait_for(20s) != std::future_status::ready)
      return ports::peer_failure{peer_fault::busy, "never"};
    return outcome.get();
  }
  static ports::peer_failure failure_of(peer_client& client, const raw_server& server,
                                        const std::string& method = "GET",
                                        std::chrono::milliseconds patience = 5s) {
    const auto outcome = outcome_of(client, server.address(), method, patience);
    const auto* failure = std::get_if<ports::peer_failure>(&outcome);
    return failure == nullptr ? ports::peer_failure{peer_fault::busy, "answered"} : *failure;
  }
  [[nodiscard]] std::string address() const {
    return "127.0.0.1:" + std::to_string(server->port());
  }
};

TEST_F(http_peers, an_answer_comes_whole_and_its_connection_serves_the_next_request) {
  start();
  peer_client client;
  for (int turn = 0; turn < 3; ++turn) {
    const auto outcome = outcome_of(client, address());
    const auto* answer = std::get_if<ports::peer_answer>(&outcome);
    ASSERT_NE(answer, nullptr);
    EXPECT_EQ(answer->status, 200U);
    EXPECT_EQ(answer->content_type, "application/json");
    EXPECT_NE(answer->body.find("\"garage\""), std::string::npos);
  }
  EXPECT_EQ(client.statistics().at("connections_total"), 1);
  EXPECT_EQ(client.statistics().at("answers_2xx_total"), 3);
  EXPECT_EQ(client.statistics().at("requests"), 0);
}

TEST_F(http_peers, a_kept_connection_that_the_other_side_has_closed_is_not_used) {
  start();
  peer_client client;
  ASSERT_TRUE(std::holds_alternative<ports::peer_answer>(outcome_of(client, address())));
  settings.port = server->port();
  server->stop();
  start();
  const auto outcome = outcome_of(client, address(), "POST");
  EXPECT_TRUE(std::holds_alternative<ports::peer_answer>(outcome));
  EXPECT_EQ(client.statistics().at("connections_total"), 2);
}

TEST_F(http_peers, where_nothing_listens_nothing_was_sent) {
  peer_client client;
  std::string address;
  { address = raw_server{[] { return std::string{}; }}.address(); }
  const auto outcome = outcome_of(client, address);
  EXPECT_EQ(std::get<ports::peer_failure>(outcome).fault, peer_fault::unreachable);
  for (const std::string wrong : {"", "nowhere", "127.0.0.1:0", "a b:80", "[::1:80"})
    EXPECT_EQ(std::get<ports::peer_failure>(outcome_of(client, wrong)).fault,
              peer_fault::unreachable)
        << wrong;
  EXPECT_EQ(client.statistics().at("unreachable_total"), 6);
}

TEST_F(http_peers, what_is_not_http_is_named_and_counted) {
  peer_client client;
  for (const std::string garbage :
       {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 700 Odd\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 301 Moved\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "HTTP/1.1 200 OK\r\nContent-Le"}) {
    const raw_server other{[&] { return garbage; }};
    EXPECT_EQ(failure_of(client, other).fault, peer_fault::garbled) << garbage;
  }
  const raw_server endless{[] { return "HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x'); }};
  EXPECT_EQ(failure_of(client, endless).fault, peer_fault::garbled) << "a head that is too long";
  EXPECT_EQ(client.statistics().at("garbled_total"), 7);
}

TEST_F(http_peers, an_answer_of_10_MB_is_refused_whether_it_states_its_length_or_not) {
  peer_client client;
  const std::string much(10'000'000, 'x');
  const raw_server stated{[&] {
    return "HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n" + much;
  }};
  EXPECT_EQ(failure_of(client, stated).detail,
            "its answer has 10000000 bytes, allowed are 8388608");
  const raw_server unstated{[&] { return "HTTP/1.1 200 OK\r\n\r\n" + much; }};
  EXPECT_EQ(failure_of(client, unstated).fault, peer_fault::too_large);
  EXPECT_EQ(client.statistics().at("too_large_total"), 2);
}

TEST_F(http_peers, a_peer_that_never_answers_is_given_up) {
  peer_client client;
  const raw_server silent{[] { return std::string{}; }};
  const auto failure = failure_of(client, silent, "GET", 200ms);
  EXPECT_EQ(failure.fault, peer_fault::unanswered);
  EXPECT_EQ(failure.detail, "no answer in time");
  EXPECT_EQ(silent.requests(), 1);
}

TEST_F(http_peers, more_requests_than_are_allowed_are_refused_at_once) {
  peer_client client{{.requests_max = 2}};
  const raw_server silent{[] { return std::string{}; }};
  auto first = begin(client, {silent.address(), "GET", "/", {}, "", 300ms});
  auto second = begin(client, {silent.address(), "GET", "/", {}, "", 300ms});
  EXPECT_EQ(std::get<ports::peer_failure>(outcome_of(client, silent.address())).fault,
            peer_fault::busy);
  ASSERT_EQ(first.wait_for(20s), std::future_status::ready);
  ASSERT_EQ(second.wait_for(20s), std::future_status::ready);
  EXPECT_EQ(client.statistics().at("refused_busy_total"), 1);
  EXPECT_EQ(client.statistics().at("requests"), 0);
}

TEST_F(http_peers, one_node_gets_a_part_of_the_requests_alone) {
  start();
  peer_client client{{.requests_max = 3, .requests_of_one_max = 2}};
  const raw_server silent{[] { return std::string{}; }};
  auto first = begin(client, {silent.address(), "GET", "/", {}, "", 300ms});
  auto second = begin(client, {silent.address(), "GET", "/", {}, "", 300ms});
  const auto third = outcome_of(client, silent.address());
  EXPECT_EQ(std::get<ports::peer_failure>(third).fault, peer_fault::busy);
  EXPECT_EQ(std::get<ports::peer_failure>(third).detail, "too many requests to it are under way");
  EXPECT_TRUE(std::holds_alternative<ports::peer_answer>(outcome_of(client, address())));
  ASSERT_EQ(first.wait_for(20s), std::future_status::ready);
  ASSERT_EQ(second.wait_for(20s), std::future_status::ready);
  EXPECT_EQ(std::get<ports::peer_failure>(outcome_of(client, silent.address(), "GET", 300ms)).fault,
            peer_fault::unanswered)
      << "there is room again";
}

TEST_F(http_peers, a_client_that_ends_leaves_what_is_under_way_unanswered) {
  const raw_server silent{[] { return std::string{}; }};
  std::future<ports::peer_outcome> outcome;
  {
    peer_client client;
    outcome = begin(client, {silent.address(), "GET", "/", {}, "", 5s});
  }
  EXPECT_THROW(static_cast<void>(outcome.get()), std::future_error);
}

} // namespace
} // namespace busbar::tests
