// Orders are answered by the site that owns their places, when it does, and requests have names.

#include "tests/adapters/http/server_fixture.hpp"

#include <nlohmann/json.hpp>

namespace busbar::tests {
namespace {

using nlohmann::json;

constexpr const char* shedding = "/api/v1/sites/garage/load-shedding";
constexpr const char* currents = "/api/v1/stations/CP-001/phase-currents";
constexpr const char* limit = R"({"l1_ma": 8000, "l2_ma": 8000, "l3_ma": 8000, "duration_s": 60})";

class http_late : public server_fixture {
protected:
  std::string order_text(const char* body) const {
    return std::string("POST ") + shedding +
           " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(std::string(body).size()) + "\r\n\r\n" + body;
  }
};

TEST_F(http_late, an_answer_that_is_owed_keeps_no_other_request_waiting) {
  engine.holds_answers = true;
  start();
  raw_client first{server->port()};
  ASSERT_TRUE(first.send(order_text(R"({"level": 3})")));
  // The server has one thread: it answers others meanwhile.
  while (engine.held_count() == 0) EXPECT_EQ(ask("GET", "/health/live").status, 200u);
  engine.let_answer();
  const raw_answer answer = first.receive();
  EXPECT_EQ(answer.status, 202u);
  EXPECT_EQ(json::parse(answer.body)["forced_level"], 3);
}

TEST_F(http_late, a_site_that_does_not_answer_is_a_504_with_the_order_not_taken) {
  engine.refusal = domain::error{domain::errc::timeout, "the site has not answered within 5 s: the "
                                                        "order is not taken"};
  start();
  const raw_answer answer = post(currents, limit);
  EXPECT_EQ(answer.status, 504u);
  const json body = json::parse(answer.body);
  EXPECT_EQ(body["code"], "timeout");
  EXPECT_EQ(body["title"], "Gateway Timeout");
  EXPECT_EQ(body["detail"], "the site has not answered within 5 s: the order is not taken");
}

TEST_F(http_late, an_answer_that_never_comes_is_a_504_and_a_later_one_is_dropped) {
  engine.holds_answers = true;
  settings.answer_time = std::chrono::milliseconds{50};
  start();
  raw_client client{server->port()};
  ASSERT_TRUE(client.send(order_text(R"({"level": 3})")));
  EXPECT_EQ(client.receive().status, 504u);
  engine.let_answer();
  // The connection goes on with the next request's answer.
  EXPECT_EQ(client.ask("GET", "/health/live").status, 200u);
}

TEST_F(http_late, an_answer_after_the_server_has_gone_is_dropped) {
  engine.holds_answers = true;
  start();
  raw_client client{server->port()};
  ASSERT_TRUE(client.send(order_text(R"({"level": 3})")));
  while (engine.held_count() == 0) std::this_thread::yield();
  server.reset();
  engine.let_answer();
  EXPECT_EQ(client.receive().status, 0u);
}

TEST_F(http_late, the_site_decides_by_how_it_stands_and_not_by_what_was_published) {
  start();
  auto newer = make_view(make_site("garage", 3));
  newer.shedding.settings.rise = domain::permille{800};
  newer.shedding.settings.fall = domain::permille{700};
  engine.owners_view = std::make_shared<const domain::site_view>(newer);
  // Below the published rise of 950, but not below the site's own.
  const raw_answer refused = post(shedding, R"({"fall_permille": 820})");
  EXPECT_EQ(refused.status, 422u);
  const json body = json::parse(refused.body);
  ASSERT_EQ(body["errors"].size(), 1U);
  EXPECT_EQ(body["errors"][0]["pointer"], "/fall_permille");
  EXPECT_EQ(body["errors"][0]["detail"], "fall is 820, rise is 800; fall is to be below rise");
  // What is left out is the site's own.
  const json taken = json::parse(post(shedding, R"({"fall_permille": 790})").body);
  EXPECT_EQ(taken["settings"]["rise_permille"], 800);
}

TEST_F(http_late, a_request_has_a_name_and_an_order_carries_it_with_its_address) {
  start();
  const raw_answer named = ask("POST", shedding,
                               "Content-Type: application/json\r\nX-Request-Id: shift-7.a\r\n",
                               R"({"level": 1})");
  EXPECT_EQ(named.header("X-Request-Id"), "shift-7.a");
  ASSERT_EQ(engine.callers.size(), 1U);
  EXPECT_EQ(engine.callers[0].request, "shift-7.a");
  EXPECT_EQ(engine.callers[0].address, "127.0.0.1");
  const auto first = ask("GET", "/health/live").header("X-Request-Id");
  const auto second = ask("GET", "/nowhere").header("X-Request-Id");
  EXPECT_TRUE(first.starts_with("http-")) << first;
  EXPECT_NE(first, second);
}

TEST_F(http_late, a_name_that_could_not_stand_in_a_log_is_replaced) {
  start();
  for (const auto* stated : {"a b", "\"", "", "<x>"}) {
    const auto given =
        ask("GET", "/health/live", std::string("X-Request-Id: ") + stated + "\r\n");
    EXPECT_TRUE(given.header("X-Request-Id").starts_with("http-")) << stated;
  }
  const auto longest = std::string(64, 'x');
  EXPECT_EQ(ask("GET", "/health/live", "X-Request-Id: " + longest + "\r\n").header("X-Request-Id"),
            longest);
  EXPECT_NE(
      ask("GET", "/health/live", "X-Request-Id: x" + longest + "\r\n").header("X-Request-Id"),
      "x" + longest);
}

} // namespace
} // namespace busbar::tests
