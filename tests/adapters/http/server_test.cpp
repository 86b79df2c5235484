// The server's manners towards clients, good and bad, over real sockets.

#include "tests/adapters/http/server_fixture.hpp"
#include "tests/builders/slack.hpp"

#include <nlohmann/json.hpp>

#include <thread>

namespace busbar::tests {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

class http_server : public server_fixture {};

TEST_F(http_server, answers_several_requests_on_one_connection) {
  start();
  raw_client client{server->port()};
  for (int i = 0; i < 3; ++i) {
    const raw_answer answer = client.ask("GET", "/api/v1/sites");
    EXPECT_EQ(answer.status, 200u);
    EXPECT_EQ(json::parse(answer.body)["items"][0]["site"], "garage");
  }
  EXPECT_EQ(server->statistics().at("connections"), 1.0);
}

TEST_F(http_server, answers_pipelined_requests_in_order) {
  start();
  raw_client client{server->port()};
  client.send("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"
              "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.receive().status, 200u);
  EXPECT_EQ(client.receive().status, 404u);
}

TEST_F(http_server, closes_after_the_answer_where_the_client_asks_for_it) {
  start();
  raw_client client{server->port()};
  EXPECT_EQ(client.ask("GET", "/health/live", "Connection: close\r\n").status, 200u);
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(http_server, answers_404_as_a_problem_with_the_path) {
  start();
  const raw_answer answer = ask("GET", "/api/v1/nothing");
  EXPECT_EQ(answer.status, 404u);
  EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
  EXPECT_EQ(json::parse(answer.body)["instance"], "/api/v1/nothing");
}

TEST_F(http_server, answers_405_with_what_is_allowed) {
  start();
  const raw_answer answer = ask("DELETE", "/api/v1/sites");
  EXPECT_EQ(answer.status, 405u);
  EXPECT_EQ(answer.header("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(ask("GET", "/api/v1/faults").header("Allow"), "POST, OPTIONS");
}

TEST_F(http_server, answers_options_with_what_is_allowed) {
  start();
  const raw_answer answer = ask("OPTIONS", "/api/v1/sites/garage");
  EXPECT_EQ(answer.status, 204u);
  EXPECT_EQ(answer.header("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(ask("OPTIONS", "*").status, 204u);
  EXPECT_EQ(ask("OPTIONS", "/nowhere").status, 404u);
}

TEST_F(http_server, answers_head_as_get_without_the_body) {
  start();
  raw_client client{server->port()};
  const raw_answer body = client.ask("GET", "/api/v1/sites");
  const raw_answer head = client.ask("HEAD", "/api/v1/sites");
  EXPECT_EQ(head.status, 200u);
  EXPECT_EQ(head.header("Content-Length"), std::to_string(body.body.size()));
  EXPECT_EQ(client.ask("GET", "/health/live").status, 200u) << "nothing may follow the head";
}

TEST_F(http_server, refuses_an_oversized_body_before_reading_it) {
  settings.body_bytes_max = 1'000;
  start();
  const raw_answer answer = post("/api/v1/requests", std::string(1'001, ' '));
  EXPECT_EQ(answer.status, 413u);
  EXPECT_NE(answer.body.find("1000 bytes"), std::string::npos);
}

TEST_F(http_server, refuses_an_oversized_chunked_body) {
  settings.body_bytes_max = 1'000;
  start();
  raw_client client{server->port()};
  client.send("POST /api/v1/requests HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
              "Transfer-Encoding: chunked\r\n\r\n" "7d0\r\n" + std::string(2'000, ' ') + "\r\n");
  EXPECT_EQ(client.receive().status, 413u);
}

TEST_F(http_server, refuses_an_oversized_head) {
  start();
  EXPECT_EQ(ask("GET", "/", "X-Long: " + std::string(9'000, 'x') + "\r\n").status, 431u);
}

TEST_F(http_server, refuses_an_oversized_target) {
  start();
  EXPECT_EQ(ask("GET", "/" + std::string(3'000, 'x')).status, 414u);
}

TEST_F(http_server, refuses_what_is_not_http) {
  start();
  raw_client client{server->port()};
  client.send("\x16\x03\x01 this is TLS\r\n\r\n");
  EXPECT_EQ(client.receive().status, 400u);
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(http_server, refuses_wrong_escapes_in_the_target) {
  start();
  EXPECT_EQ(ask("GET", "/api/v1/%zz").status, 400u);
  EXPECT_EQ(ask("GET", "/api/v1/sites?q=%0").status, 400u);
  EXPECT_EQ(ask("GET", "/api/v1/sites/%00").status, 400u);
}

TEST_F(http_server, ends_a_request_that_trickles_in) {
  settings.request_time = 300ms;
  start();
  raw_client client{server->port()};
  client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ");
  EXPECT_EQ(client.receive().status, 408u);
  EXPECT_TRUE(client.is_closed_by_server());
  EXPECT_EQ(server->statistics().at("timeouts_total"), 1.0);
}

TEST_F(http_server, closes_a_connection_without_a_request_silently) {
  settings.request_time = 200ms;
  start();
  raw_client client{server->port()};
  EXPECT_EQ(client.receive().status, 0u);
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(http_server, asks_for_the_body_that_waits_for_it) {
  start();
  raw_client client{server->port()};
  client.send("POST /api/v1/faults HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
              "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.receive(false).status, 100u);
  client.send("{}");
  EXPECT_EQ(client.receive().status, 422u);
}

TEST_F(http_server, refuses_connections_above_its_bound) {
  settings.connections_max = 2;
  settings.streams_max = 2;
  start();
  raw_client first{server->port()};
  raw_client second{server->port()};
  EXPECT_EQ(first.ask("GET", "/health/live").status, 200u);
  EXPECT_EQ(second.ask("GET", "/health/live").status, 200u);
  raw_client third{server->port()};
  const raw_answer answer = third.receive();
  EXPECT_EQ(answer.status, 503u);
  EXPECT_EQ(answer.header("Retry-After"), "1");
  EXPECT_EQ(first.ask("GET", "/health/live").status, 200u);
}

TEST_F(http_server, stops_within_a_second_while_clients_hang_on) {
  start();
  raw_client idle{server->port()};
  raw_client half{server->port()};
  half.send("GET / HT");
  raw_client stream{server->port()};
  EXPECT_EQ(stream.ask("GET", "/api/v1/stream").status, 200u);
  EXPECT_EQ(idle.ask("GET", "/health/live").status, 200u);
  const auto begin = std::chrono::steady_clock::now();
  server->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s + tests::slack());
  EXPECT_TRUE(stream.is_closed_by_server());
  EXPECT_TRUE(idle.is_closed_by_server());
}

TEST_F(http_server, says_which_address_it_cannot_bind) {
  start();
  settings.port = server->port();
  const auto second =
      adapters::http::api::make_server(settings, engine, [] { return std::string{}; }, {});
  const auto started = second->start();
  ASSERT_FALSE(started.has_value());
  EXPECT_EQ(started.failure().code, domain::errc::unavailable);
  EXPECT_NE(started.failure().message.find("127.0.0.1:" + std::to_string(settings.port)),
            std::string::npos);
}

TEST_F(http_server, refuses_settings_outside_their_range) {
  settings.threads = 0;
  EXPECT_EQ(validate(settings).failure().code, domain::errc::out_of_range);
  settings.threads = 1;
  settings.address = "everywhere";
  EXPECT_NE(validate(settings).failure().message.find("'everywhere'"), std::string::npos);
}

TEST_F(http_server, serves_with_two_threads) {
  settings.threads = 2;
  start();
  std::vector<std::thread> clients;
  std::atomic<int> good{0};
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([&] {
      raw_client client{server->port()};
      for (int n = 0; n < 50; ++n) good += client.ask("GET", "/api/v1/stations").status == 200;
    });
  for (std::thread& each : clients) each.join();
  EXPECT_EQ(good, 8 * 50);
}

TEST_F(http_server, serves_the_page_so_that_no_request_leaves_the_machine) {
  start();
  const raw_answer page = ask("GET", "/");
  EXPECT_EQ(page.status, 200u);
  EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.header("Cache-Control"), "no-cache");
  EXPECT_NE(page.header("Content-Security-Policy").find("connect-src 'self'"), std::string::npos);
  EXPECT_EQ(ask("GET", "/", "If-None-Match: " + page.header("ETag") + "\r\n").status, 304u);
  const raw_answer script = ask("GET", "/assets/page-1a2b.js");
  EXPECT_EQ(script.header("Cache-Control"), "public, max-age=31536000, immutable");
}

TEST_F(http_server, says_so_where_it_was_built_without_the_page) {
  const auto bare =
      adapters::http::api::make_server(settings, engine, [] { return std::string{}; }, {});
  ASSERT_TRUE(bare->start().has_value());
  const raw_answer answer = raw_client{bare->port()}.ask("GET", "/");
  EXPECT_EQ(answer.status, 404u);
  EXPECT_NE(answer.body.find("built without the page"), std::string::npos);
}

} // namespace
} // namespace busbar::tests
