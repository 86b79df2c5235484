// What is recorded of requests, over a real socket and a real store.

#include "adapters/access/audit_chain.hpp"
#include "tests/adapters/http/access_fixture.hpp"

namespace busbar::tests {
namespace {

using domain::role;
using nlohmann::json;

class http_audit : public access_fixture {
protected:
  void SetUp() override {
    access_fixture::SetUp();
    audit = std::move(adapters::access::audit_log::open(scratch.path()).value());
    store = std::move(adapters::access::database::open(scratch.place_of("access.db")).value());
    anna = bearer_of("anna", role::admin);
    ben = bearer_of("ben", role::site_operator);
    vera = bearer_of("vera", role::viewer);
    start_guarded();
  }
  /// Oldest first, as another process reads them.
  [[nodiscard]] std::vector<ports::audit_entry> recorded() {
    auto all = adapters::access::entries(*store, {}).value();
    std::reverse(all.begin(), all.end());
    return all;
  }
  [[nodiscard]] ports::audit_record last() { return recorded().back().record; }

  const std::string shed = "/api/v1/sites/garage/load-shedding";
  std::string anna, ben, vera;
  std::unique_ptr<adapters::access::database> store;
};

TEST_F(http_audit, a_change_is_on_the_disk_when_its_answer_is_there) {
  ASSERT_EQ(post_as(ben + "X-Request-Id: mine-1\r\nX-Forwarded-For: 192.0.2.9\r\n", shed,
                    R"({"level": 1})")
                .status,
            202U);
  const auto all = recorded();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].number, 1);
  const auto& one = all[0].record;
  EXPECT_EQ(text_of(one.actor), "user ben");
  EXPECT_EQ(one.address, "192.0.2.9");
  EXPECT_EQ(one.request, "mine-1");
  EXPECT_EQ(one.category, "load_management");
  EXPECT_EQ(one.operation, "POST /api/v1/sites/{site}/load-shedding");
  EXPECT_EQ(one.subject, shed);
  EXPECT_EQ(one.detail, R"({"level":1})");
  EXPECT_EQ(one.outcome, 202);
}

TEST_F(http_audit, tries_that_are_refused_are_recorded_and_plain_reads_are_not) {
  EXPECT_EQ(post_as(vera, shed, R"({"level": 1})").status, 403U);
  EXPECT_EQ(last().outcome, 403);
  EXPECT_EQ(text_of(last().actor), "user vera");
  EXPECT_EQ(ask("GET", "/api/v1/access/users", vera).status, 403U);
  EXPECT_EQ(last().operation, "GET /api/v1/access/users");
  EXPECT_EQ(ask("GET", "/api/v1/sites", vera).status, 200U);
  EXPECT_EQ(ask("GET", "/api/v1/sites").status, 401U);
  EXPECT_EQ(recorded().size(), 2U);
}

TEST_F(http_audit, changes_that_strangers_are_refused_are_counted_and_one_entry) {
  const std::string users = "/api/v1/access/users";
  for (int i = 0; i < 30; ++i) {
    const auto from = "X-Forwarded-For: 192.0.2." + std::to_string(i % 10) + "\r\n";
    EXPECT_EQ(post_as(from, i % 2 == 0 ? shed : users, "{}").status, 401U);
  }
  const std::string cookie = "Cookie: busbar_access=x\r\nOrigin: http://evil\r\n";
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(post_as("X-Forwarded-For: 192.0.2.0\r\n" + cookie, shed, "{}").status, 403U);
  EXPECT_EQ(recorded().size(), 0U) << "the disk is not theirs to fill";
  EXPECT_EQ(server->statistics().at("refused_strangers_total"), 40);
  server.reset();
  audit.reset();
  ASSERT_EQ(recorded().size(), 1U);
  EXPECT_EQ(last().outcome, 401);
  EXPECT_EQ(text_of(last().actor), "system") << "nobody was known";
  const auto sum = json::parse(last().detail);
  EXPECT_EQ(sum["refused"], 40);
  EXPECT_EQ(sum["addresses"].size(), 8U);
  EXPECT_EQ(sum["addresses"]["192.0.2.0"], 13) << "3 of 30, and 10";
  EXPECT_EQ(sum["other_addresses"], 6) << "3 each of two";
}

TEST_F(http_audit, what_strangers_are_refused_is_summed_up_by_the_next_request_that_is_due) {
  server.reset();
  guarding.strangers_every = domain::microseconds{1};
  start_guarded();
  EXPECT_EQ(post_as("", shed, "{}").status, 401U);
  EXPECT_EQ(ask("GET", "/health").status, 200U);
  EXPECT_EQ(post_as(ben, shed, R"({"level": 1})").status, 202U) << "written behind the sum";
  ASSERT_EQ(recorded().size(), 2U);
  EXPECT_EQ(recorded()[0].record.operation, "changes of strangers");
}

TEST_F(http_audit, another_pages_changes_have_the_rate_of_strangers) {
  const std::string cookie = "Cookie: busbar_access=x\r\nOrigin: http://evil\r\n";
  for (int i = 0; i < 100; ++i) ASSERT_EQ(post_as(cookie, shed, "{}").status, 403U) << i;
  EXPECT_EQ(post_as(cookie, shed, "{}").status, 429U);
}

TEST_F(http_audit, a_login_is_recorded_with_its_name_and_never_its_secret) {
  post_as("X-Forwarded-For: 192.0.2.66\r\n", "/api/v1/access/login",
          R"({"name": "anna", "password": "Wrong-word-77"})");
  EXPECT_EQ(last().outcome, 401);
  EXPECT_EQ(last().category, "authentication");
  EXPECT_EQ(last().detail, R"({"name":"anna"})");
  ASSERT_EQ(post_as(anna, "/api/v1/access/users",
                    R"({"name": "eve", "role": "viewer", "password": "Copper-bar-77"})")
                .status,
            204U);
  EXPECT_EQ(last().category, "access");
  EXPECT_EQ(last().detail, R"({"name":"eve","role":"viewer"})");
  for (const auto& each : recorded())
    EXPECT_EQ(each.record.detail.find("77"), std::string::npos) << each.record.detail;
}

TEST_F(http_audit, a_change_that_cannot_be_recorded_is_not_taken) {
  ASSERT_TRUE(store->run("ALTER TABLE audit RENAME TO hidden"));
  EXPECT_EQ(post_as(ben, shed, R"({"level": 1})").status, 503U) << "the first one shows it";
  const auto taken = engine.ordered.size();
  const auto refused = post_as(ben, shed, R"({"level": 2})");
  EXPECT_EQ(refused.status, 503U);
  EXPECT_NE(refused.body.find("not taken"), std::string::npos) << refused.body;
  EXPECT_EQ(engine.ordered.size(), taken);
  EXPECT_EQ(ask("GET", "/api/v1/sites", vera).status, 200U) << "reads go on";
  ASSERT_TRUE(store->run("ALTER TABLE hidden RENAME TO audit"));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (post_as(ben, shed, R"({"level": 3})").status != 202U &&
         std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  EXPECT_EQ(last().detail, R"({"level":3})");
}

TEST_F(http_audit, is_read_by_administrators_page_by_page_and_reading_is_an_entry) {
  for (const char* level : {"1", "2", "3"})
    ASSERT_EQ(post_as(ben, shed, std::string{R"({"level": )"} + level + "}").status, 202U);
  EXPECT_EQ(ask("GET", "/api/audit/logs", ben).status, 403U);
  const auto first = json::parse(
      ask("GET", "/api/audit/logs?category=load_management&limit=2", anna).body);
  ASSERT_EQ(first["items"].size(), 2U);
  EXPECT_EQ(first["items"][0]["detail"], R"({"level":3})");
  EXPECT_EQ(first["items"][0]["actor"]["name"], "ben");
  const auto next = std::to_string(first["next"].get<int>());
  const auto second = json::parse(
      ask("GET", "/api/v1/audit/logs?category=load_management&before=" + next, anna).body);
  ASSERT_EQ(second["items"].size(), 1U);
  EXPECT_EQ(second["items"][0]["detail"], R"({"level":1})");
  EXPECT_TRUE(second["next"].is_null());
  EXPECT_EQ(last().operation, "GET /api/v1/audit/logs");
  EXPECT_EQ(text_of(last().actor), "user anna");
  EXPECT_EQ(ask("GET", "/api/audit/logs?category=wrong", anna).status, 400U);
  EXPECT_EQ(ask("GET", "/api/audit/logs?from=yesterday", anna).status, 400U);
  const auto bound =
      bearer_of("elsa", role::admin, std::vector{domain::site_id{"depot"}});
  EXPECT_EQ(ask("GET", "/api/audit/logs", bound).status, 403U) << "it is of all sites";
  EXPECT_EQ(adapters::access::verify(*store, {}).value().fault, "");
}

TEST_F(http_audit, is_counted_by_category_actor_and_day) {
  for (const char* level : {"1", "2", "3"})
    ASSERT_EQ(post_as(ben, shed, std::string{R"({"level": )"} + level + "}").status, 202U);
  EXPECT_EQ(post_as(vera, shed, "{}").status, 403U);
  EXPECT_EQ(ask("GET", "/api/audit/stats", ben).status, 403U);
  const auto answer = ask("GET", "/api/audit/stats?days=1", anna);
  ASSERT_EQ(answer.status, 200U) << answer.body;
  const auto figures = json::parse(answer.body);
  EXPECT_EQ(figures["all"], (json{{"entries", 5}, {"refused", 2}, {"failed", 0}}));
  EXPECT_TRUE(figures["is_whole"]);
  ASSERT_EQ(figures["categories"].size(), 2U);
  EXPECT_EQ(figures["categories"][1],
            (json{{"category", "load_management"}, {"entries", 4}, {"refused", 1}, {"failed", 0}}));
  ASSERT_EQ(figures["actors"].size(), 2U);
  EXPECT_EQ(figures["actors"][0]["name"], "ben");
  EXPECT_EQ(figures["actors"][0]["entries"], 4) << "three, and what was not shown to him";
  EXPECT_EQ(last().operation, "GET /api/audit/stats");
  // More than a page of them, long ago but for some.
  ASSERT_TRUE(store->run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
                         "i < 2500) INSERT INTO audit SELECT 1000 + i, (SELECT max(at) FROM audit) "
                         "- i, 0, '', '', '', 'data', '', '', '', 200, '' FROM n"));
  const auto many = json::parse(ask("GET", "/api/v1/audit/stats", anna).body);
  EXPECT_EQ(many["all"]["entries"], 2'506) << "and the question before";
  EXPECT_EQ(ask("GET", "/api/audit/stats?days=367", anna).status, 400U);
  EXPECT_EQ(ask("GET", "/api/audit/stats?days=0", anna).status, 400U);
}

} // namespace
} // namespace busbar::tests
