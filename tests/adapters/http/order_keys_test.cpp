// Orders with an Idempotency-Key are done once, and what is done once is answered as it was.

#include "adapters/http/server/order_keys.hpp"

#include "adapters/http/server/problem.hpp"
#include "tests/adapters/http/server_fixture.hpp"

#include <nlohmann/json.hpp>

#include <set>

namespace busbar::tests {
namespace {

using namespace adapters::http::server;
using nlohmann::json;

constexpr const char* start_body =
    R"({"kind": "start", "site": "garage", "station": "CP-001", "driver": "Alice"})";
constexpr const char* shedding = "/api/v1/sites/garage/load-shedding";

class http_order_keys : public server_fixture {
protected:
  raw_answer with_key(const std::string& key, const std::string& target, const std::string& body) {
    return ask("POST", target,
               "Content-Type: application/json\r\nIdempotency-Key: " + key + "\r\n", body);
  }
};

TEST_F(http_order_keys, an_order_that_is_given_twice_under_one_key_is_done_once) {
  start();
  const auto first = with_key("k-1", "/api/v1/requests", start_body);
  ASSERT_EQ(first.status, 202U) << first.body;
  EXPECT_EQ(first.header("Idempotency-Replayed"), "");
  const auto again = with_key("\"k-1\"", "/api/v1/requests", start_body);
  EXPECT_EQ(again.status, 202U);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.header("Idempotency-Replayed"), "true");
  EXPECT_EQ(engine.submitted.size(), 1U);
  EXPECT_EQ(with_key("k-2", "/api/v1/requests", start_body).status, 202U);
  EXPECT_EQ(engine.submitted.size(), 2U) << "another key is another order";
}

TEST_F(http_order_keys, KEEP_1_the_key_is_the_id_of_a_drivers_request_so_the_log_knows_it_too) {
  start();
  EXPECT_EQ(with_key("k-1", "/api/v1/requests", start_body).status, 202U);
  EXPECT_EQ(engine.submitted.at(0).id, domain::request_id{"k-1"});
  const auto named = with_key("k-2", "/api/v1/requests", R"({"kind": "start", "site": "garage",
      "station": "CP-001", "driver": "Alice", "request": "mine"})");
  EXPECT_EQ(json::parse(named.body)["request"], "mine");
  ASSERT_EQ(with_key("\"k-3\"", "/api/v1/requests", start_body).status, 202U);
  EXPECT_EQ(engine.submitted.at(2).id, domain::request_id{"k-3"}) << "without its quotes";
}

TEST_F(http_order_keys, another_order_under_a_key_that_was_used_is_422) {
  start();
  ASSERT_EQ(with_key("k-1", shedding, R"({"level": 2})").status, 202U);
  const auto other = with_key("k-1", shedding, R"({"level": 3})");
  EXPECT_EQ(other.status, 422U);
  EXPECT_NE(other.body.find("another order was given under the key 'k-1'"), std::string::npos);
  EXPECT_EQ(with_key("k-1", "/api/v1/requests", start_body).status, 422U);
  EXPECT_EQ(engine.ordered.size(), 1U);
}

TEST_F(http_order_keys, a_refusal_leaves_its_key_for_the_next_try) {
  start();
  engine.refusal = domain::error{domain::errc::unavailable, "the log is away"};
  EXPECT_EQ(with_key("k-1", shedding, R"({"level": 2})").status, 503U);
  engine.refusal.reset();
  const auto taken = with_key("k-1", shedding, R"({"level": 2})");
  EXPECT_EQ(taken.status, 202U);
  EXPECT_EQ(taken.header("Idempotency-Replayed"), "");
  EXPECT_EQ(engine.ordered.size(), 1U);
}

TEST_F(http_order_keys, an_order_that_may_have_been_done_is_not_done_under_its_key_again) {
  start();
  engine.refusal = domain::error{domain::errc::timeout, "it may be in force"};
  EXPECT_EQ(with_key("k-1", shedding, R"({"level": 2})").status, 504U);
  engine.refusal.reset();
  const auto again = with_key("k-1", shedding, R"({"level": 2})");
  EXPECT_EQ(again.status, 504U);
  EXPECT_EQ(again.header("Idempotency-Replayed"), "true");
  EXPECT_TRUE(engine.ordered.empty());
}

TEST_F(http_order_keys, an_order_that_comes_while_the_first_one_waits_gets_its_answer) {
  engine.holds_answers = true;
  start();
  const std::string body = R"({"level": 2})";
  const auto text = std::string{"POST "} + shedding +
                    " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nIdempotency-Key: "
                    "k-1\r\nContent-Length: " +
                    std::to_string(body.size()) + "\r\n\r\n" + body;
  raw_client first{server->port()};
  raw_client second{server->port()};
  ASSERT_TRUE(first.send(text));
  while (engine.held_count() == 0) std::this_thread::yield();
  ASSERT_TRUE(second.send(text));
  ASSERT_TRUE(reaches("requests_total", 2));
  engine.let_answer();
  const auto one = first.receive();
  const auto two = second.receive();
  EXPECT_EQ(one.status, 202U);
  EXPECT_EQ(two.status, 202U);
  EXPECT_EQ(one.body, two.body);
  EXPECT_EQ(two.header("Idempotency-Replayed"), "true");
  EXPECT_EQ(engine.ordered.size(), 1U);
}

TEST_F(http_order_keys, a_key_is_a_plain_word_and_means_nothing_to_a_read) {
  start();
  const std::string too_long(65, 'x');
  for (const std::string wrong : {"a b", "\"", "\"\"", "<x>", "a\"b", too_long.c_str()})
    EXPECT_EQ(with_key(wrong, shedding, R"({"level": 2})").status, 400U) << wrong;
  EXPECT_TRUE(engine.ordered.empty());
  EXPECT_EQ(ask("GET", shedding, "Idempotency-Key: a b\r\n").status, 200U);
}

request order_of(const std::string& key) {
  request asked;
  asked.verb = method::post;
  asked.target = asked.path = shedding;
  asked.key = key;
  return asked;
}

response answer_of(unsigned status, std::size_t bytes = 2) {
  return json_response(std::string(bytes, 'x'), status);
}

class order_keys_alone : public testing::Test {
protected:
  std::shared_ptr<order_keys> make(key_settings with) {
    return std::make_shared<order_keys>(with);
  }
  /// 0: it is to be done. 1: it waits.
  unsigned enter_and_answer(order_keys& keys, const std::string& key, const response& answer) {
    const auto entered = keys.enter(order_of(key), late);
    if (entered.order) entered.order->settle(answer);
    return entered.answer ? entered.answer->status : entered.order ? 0U : 1U;
  }
  std::vector<unsigned> came;
  responder late = [this](const response& answer) { came.push_back(answer.status); };
};

TEST_F(order_keys_alone, the_oldest_answered_keys_are_forgotten_and_those_under_way_are_not) {
  const auto keys = make({.keys_max = 3});
  const auto under_way = keys->enter(order_of("a"), late);
  EXPECT_EQ(enter_and_answer(*keys, "b", answer_of(202)), 0U);
  EXPECT_EQ(enter_and_answer(*keys, "c", answer_of(202)), 0U);
  EXPECT_EQ(enter_and_answer(*keys, "b", answer_of(202)), 202U);
  EXPECT_EQ(enter_and_answer(*keys, "d", answer_of(202)), 0U);
  EXPECT_EQ(enter_and_answer(*keys, "b", answer_of(202)), 0U) << "forgotten for d";
  EXPECT_EQ(enter_and_answer(*keys, "a", answer_of(202)), 1U) << "still under way";
}

TEST_F(order_keys_alone, more_orders_under_way_than_there_is_room_for_are_refused) {
  const auto keys = make({.keys_max = 2});
  const auto first = keys->enter(order_of("a"), late);
  const auto second = keys->enter(order_of("b"), late);
  EXPECT_EQ(enter_and_answer(*keys, "c", answer_of(202)), 503U);
  second.order->settle(answer_of(409));
  EXPECT_EQ(enter_and_answer(*keys, "c", answer_of(202)), 0U);
}

TEST_F(order_keys_alone, answers_are_kept_within_their_bytes) {
  const auto keys = make({.answer_bytes_max = 100});
  EXPECT_EQ(enter_and_answer(*keys, "a", answer_of(202, 60)), 0U);
  EXPECT_EQ(enter_and_answer(*keys, "b", answer_of(202, 60)), 0U);
  EXPECT_EQ(enter_and_answer(*keys, "b", answer_of(202)), 202U);
  EXPECT_EQ(enter_and_answer(*keys, "a", answer_of(202)), 0U) << "forgotten for b";
}

TEST_F(order_keys_alone, requests_that_wait_for_one_key_are_bounded) {
  const auto keys = make({.waiting_max = 1});
  const auto first = keys->enter(order_of("a"), late);
  EXPECT_EQ(enter_and_answer(*keys, "a", {}), 1U);
  EXPECT_EQ(enter_and_answer(*keys, "a", {}), 409U);
  first.order->settle(answer_of(202));
  EXPECT_EQ(came, std::vector{202U});
}

TEST_F(order_keys_alone, an_order_that_is_given_up_frees_its_key_and_those_that_wait) {
  const auto keys = make({});
  {
    const auto first = keys->enter(order_of("a"), late);
    EXPECT_EQ(enter_and_answer(*keys, "a", {}), 1U);
  }
  EXPECT_EQ(came, std::vector{503U});
  EXPECT_EQ(enter_and_answer(*keys, "a", answer_of(202)), 0U);
}

TEST_F(order_keys_alone, what_another_node_holds_leaves_its_key) {
  const auto keys = make({});
  auto moved = problem(421, "elsewhere", shedding);
  moved.missing = elsewhere{domain::site_id{"garage"}, {}, {}};
  const auto first = keys->enter(order_of("a"), late);
  EXPECT_EQ(enter_and_answer(*keys, "a", {}), 1U);
  first.order->settle(moved);
  EXPECT_EQ(came, std::vector{421U}) << "it is passed on for itself";
  EXPECT_EQ(enter_and_answer(*keys, "a", answer_of(202)), 0U);
}

TEST(order_keys, made_keys_are_keys_and_differ) {
  std::set<std::string> made;
  for (int turn = 0; turn < 100; ++turn) made.insert(new_key());
  EXPECT_EQ(made.size(), 100U);
  EXPECT_EQ(key_from(*made.begin()), *made.begin());
  EXPECT_EQ(made.begin()->size(), 32U);
}

} // namespace
} // namespace busbar::tests
