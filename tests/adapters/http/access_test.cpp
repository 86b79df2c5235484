// Logins, cookies, rates and bindings over a real socket.

#include "adapters/http/peers/peer_client.hpp"
#include "adapters/sqlite/sqlite.hpp"
#include "tests/adapters/http/access_fixture.hpp"
#include "tests/adapters/http/fake_cluster.hpp"
#include "tests/builders/slack.hpp"

namespace busbar::tests {
namespace {

using namespace std::chrono_literals;
using domain::role;
using nlohmann::json;

constexpr const char* limit_body = R"({"node": "f1", "current_a": 20, "duration_s": 600})";

class http_access : public access_fixture {
protected:
  void SetUp() override {
    access_fixture::SetUp();
    add("anna", role::admin);
  }
  raw_answer log_in(const std::string& password, const std::string& more = "",
                    const std::string& headers = "") {
    return post_as(headers, "/api/v1/access/login",
                   R"({"name": "anna", "password": ")" + password + "\"" + more + "}");
  }
  [[nodiscard]] static domain::instant now() {
    return std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now());
  }
  /// The value of a cookie that the answer sets.
  static std::string cookie_of(const raw_answer& answer, const std::string& name) {
    const auto begin = answer.head.find("Set-Cookie: " + name + "=");
    if (begin == std::string::npos) return "";
    const auto value = answer.head.find('=', begin) + 1;
    return answer.head.substr(value, answer.head.find("\r\n", value) - value);
  }
};

TEST_F(http_access, a_login_gives_tokens_and_a_refresh_gives_new_ones_once) {
  start_guarded();
  const auto first = log_in(test_password);
  ASSERT_EQ(first.status, 200U) << first.body;
  const auto grant = json::parse(first.body);
  EXPECT_EQ(grant["principal"]["role"], "admin");
  EXPECT_EQ(grant["expires_in_s"], 900);
  EXPECT_EQ(first.header("Cache-Control"), "no-store");
  EXPECT_EQ(ask("GET", "/api/v1/sites", bearer(grant["access_token"])).status, 200U);
  EXPECT_EQ(ask("GET", "/api/v1/sites", "Authorization: bearer " +
                                            grant["access_token"].get<std::string>() + "\r\n")
                .status,
            200U)
      << "a scheme in any case";
  const auto body = R"({"refresh_token": ")" + grant["refresh_token"].get<std::string>() + "\"}";
  const auto second = post("/api/v1/access/refresh", body);
  ASSERT_EQ(second.status, 200U);
  EXPECT_EQ(post("/api/v1/access/refresh", body).status, 401U);
  EXPECT_EQ(ask("GET", "/api/v1/sites", bearer(json::parse(second.body)["access_token"])).status,
            401U)
      << "the second use has ended the login";
}

TEST_F(http_access, whatever_is_wrong_with_a_login_or_a_token_is_one_sentence) {
  start_guarded();
  auto problem_of = [](const raw_answer& answer) {
    auto problem = json::parse(answer.body);
    EXPECT_EQ(problem["status"], 401);
    return problem["detail"].get<std::string>();
  };
  const auto wrong = log_in("Wrong-word-77", "", "X-Forwarded-For: 192.0.2.1\r\n");
  const auto unknown = post_as("X-Forwarded-For: 192.0.2.2\r\n", "/api/v1/access/login",
                               R"({"name": "nobody", "password": "Wrong-word-77"})");
  EXPECT_EQ(problem_of(wrong), problem_of(unknown));
  EXPECT_EQ(wrong.header("WWW-Authenticate"), "Bearer realm=\"busbar\"");
  const auto none = problem_of(ask("GET", "/api/v1/sites"));
  for (const auto* token : {"x", "eyJhbGciOiJub25lIn0.e30.", "busbar_AAAA", "a.b.c"})
    EXPECT_EQ(problem_of(ask("GET", "/api/v1/sites", bearer(token))), none) << token;
  EXPECT_EQ(problem_of(ask("GET", "/api/v1/sites", "Authorization: Basic YTpi\r\n")), none);
  EXPECT_EQ(ask("GET", "/api/v1/sites", bearer(std::string(1'048'576, 'A'))).status, 431U)
      << "beyond the bound of any head";
  EXPECT_EQ(problem_of(ask("GET", "/api/v1/sites", bearer(std::string(7'000, 'A')))), none);
}

TEST_F(http_access, too_many_failures_are_429_with_the_time_to_wait) {
  start_guarded();
  const std::string from = "X-Forwarded-For: 192.0.2.66\r\n";
  EXPECT_EQ(log_in("Wrong-word-77", "", from).status, 401U);
  const auto early = log_in(test_password, "", from);
  EXPECT_EQ(early.status, 429U);
  EXPECT_EQ(early.header("Retry-After"), "1");
}

TEST_F(http_access, others_behind_the_same_address_keep_no_login_from_going_on) {
  start_guarded();
  const std::string from = "X-Forwarded-For: 2001:db8:0:7::1\r\n";
  const auto grant = json::parse(log_in(test_password, "", from).body);
  const std::string other = "X-Forwarded-For: 2001:db8:0:7::2\r\n";
  const auto try_login = [&](const std::string& name) {
    return post_as(other, "/api/v1/access/login",
                   R"({"name": ")" + name + R"(", "password": "Wrong-word-77"})");
  };
  const auto renew = [&](const std::string& headers, const std::string& token) {
    return post_as(headers, "/api/v1/access/refresh", R"({"refresh_token": ")" + token + "\"}");
  };
  for (int i = 0; i < 10; ++i) static_cast<void>(try_login("eve " + std::to_string(i)));
  EXPECT_NE(try_login("eve").header("RateLimit").find("r=0"), std::string::npos) << "used up";
  for (int i = 0; i < 10; ++i) EXPECT_EQ(renew(other, "made up").status, 401U) << i;
  EXPECT_EQ(renew(other, "made up").status, 429U);
  EXPECT_EQ(post_as(other, "/api/v1/access/logout", R"({"refresh_token": "made up"})").status,
            429U);
  const auto renewed = renew(from, grant["refresh_token"]);
  EXPECT_EQ(renewed.status, 200U) << renewed.body;
  EXPECT_EQ(renew(from, json::parse(renewed.body)["refresh_token"]).status, 200U)
      << "and the one after it";
  EXPECT_EQ(log_in(test_password, "", from).status, 200U) << "from where she was last";
  for (int i = 0; i < 10; ++i) static_cast<void>(log_in("Wrong-word-77", "", from));
  EXPECT_EQ(log_in("Wrong-word-77", "", from).status, 429U) << "ten tries, from home too";
}

TEST_F(http_access, the_page_has_cookies_that_scripts_and_other_pages_do_not_use) {
  start_guarded();
  const auto given = log_in(test_password, R"(, "cookie": true)", "Origin: http://busbar\r\n");
  ASSERT_EQ(given.status, 200U) << given.body;
  EXPECT_FALSE(json::parse(given.body).contains("access_token"));
  const auto access_cookie = cookie_of(given, "busbar_access");
  EXPECT_NE(access_cookie.find("; Path=/; Max-Age=900; HttpOnly; SameSite=Strict"),
            std::string::npos)
      << access_cookie;
  EXPECT_EQ(access_cookie.find("Secure"), std::string::npos) << "plain HTTP";
  EXPECT_NE(cookie_of(given, "busbar_refresh").find("; Path=/api/v1/access;"), std::string::npos);
  const auto cookie =
      "Cookie: other=1; busbar_access=" + access_cookie.substr(0, access_cookie.find(';')) + "\r\n";
  EXPECT_EQ(ask("GET", "/api/v1/sites", cookie).status, 200U);
  const std::string target = "/api/v1/sites/garage/site-constraints";
  EXPECT_EQ(post_as(cookie, target, limit_body).status, 403U) << "from nowhere";
  EXPECT_EQ(post_as(cookie + "Origin: http://evil\r\n", target, limit_body).status, 403U);
  EXPECT_EQ(post_as(cookie + "Origin: null\r\n", target, limit_body).status, 403U);
  EXPECT_TRUE(engine.ordered.empty());
  const auto own = post_as(cookie + "Origin: http://busbar\r\n", target, limit_body);
  EXPECT_NE(own.status, 403U) << own.body;
}

TEST_F(http_access, over_tls_the_cookies_are_secure_and_a_logout_takes_them_away) {
  start_guarded();
  const auto given = log_in(test_password, R"(, "cookie": true)", "Origin: https://busbar\r\n");
  EXPECT_NE(cookie_of(given, "busbar_access").find("; Secure"), std::string::npos);
  const auto refresh = cookie_of(given, "busbar_refresh");
  const auto cookie = "Cookie: busbar_refresh=" + refresh.substr(0, refresh.find(';')) + "\r\n";
  EXPECT_EQ(ask("POST", "/api/v1/access/refresh", cookie).status, 403U)
      << "without an origin another page may have sent it";
  const auto renewed = ask("POST", "/api/v1/access/refresh", cookie + "Origin: https://busbar\r\n");
  EXPECT_EQ(renewed.status, 200U) << renewed.body;
  const auto next = cookie_of(renewed, "busbar_refresh");
  const auto out = ask("POST", "/api/v1/access/logout",
                       "Cookie: busbar_refresh=" + next.substr(0, next.find(';')) +
                           "\r\nOrigin: https://busbar\r\n");
  EXPECT_EQ(out.status, 204U);
  EXPECT_NE(cookie_of(out, "busbar_access").find("; Path=/; Max-Age=0"), std::string::npos);
  const auto was = cookie_of(renewed, "busbar_access");
  EXPECT_EQ(ask("GET", "/api/v1/sites", "Cookie: busbar_access=" + was.substr(0, was.find(';')) +
                                            "\r\n")
                .status,
            401U);
}

TEST_F(http_access, rates_are_stated_and_health_and_page_have_none) {
  const auto who = bearer_of("ben", role::viewer);
  start_guarded();
  const auto first = ask("GET", "/api/v1/sites", who);
  EXPECT_EQ(first.header("RateLimit-Policy"), "\"relaxed\";q=300;w=60");
  EXPECT_EQ(first.header("RateLimit"), "\"relaxed\";r=299;t=60");
  for (int i = 1; i < 300; ++i) ASSERT_EQ(ask("GET", "/api/v1/sites", who).status, 200U) << i;
  const auto refused = ask("GET", "/api/v1/sites", who);
  EXPECT_EQ(refused.status, 429U);
  EXPECT_GE(std::atoi(refused.header("Retry-After").c_str()), 1);
  EXPECT_NE(refused.header("RateLimit").find("r=0"), std::string::npos);
  EXPECT_EQ(ask("GET", "/api/v1/sites").status, 401U) << "strangers have their own";
  for (const auto* open : {"/health", "/health/live", "/", "/openapi.json"}) {
    const auto answer = ask("GET", open, who);
    EXPECT_EQ(answer.status, 200U) << open;
    EXPECT_EQ(answer.header("RateLimit"), "") << open;
  }
}

TEST_F(http_access, an_order_carries_the_user_or_the_token_that_gave_it) {
  const auto ben = bearer_of("ben", role::site_operator);
  start_guarded();
  const auto expires = domain::instant{std::chrono::ceil<std::chrono::days>(
      std::chrono::system_clock::now() + std::chrono::hours{24})};
  const auto day = std::chrono::duration_cast<std::chrono::days>(expires.time_since_epoch());
  const std::chrono::year_month_day date{std::chrono::sys_days{day}};
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT00:00:00Z", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  const auto made = post_as(ben, "/api/v1/access/tokens",
                            std::string{R"({"name": "gateway", "role": "operator", )"} +
                                R"("expires_at": ")" + text + "\"}");
  ASSERT_EQ(made.status, 200U) << made.body;
  const std::string token = json::parse(made.body)["token"];
  const std::string target = "/api/v1/sites/garage/load-shedding";
  ASSERT_EQ(post_as(ben, target, R"({"level": 1})").status, 202U);
  ASSERT_EQ(post_as(bearer(token), target, R"({"level": 2})").status, 202U);
  ASSERT_EQ(engine.callers.size(), 2U);
  EXPECT_EQ(text_of(engine.callers[0].who.value()), "user ben");
  EXPECT_EQ(text_of(engine.callers[1].who.value()), "program gateway of ben");
  EXPECT_EQ(post_as(bearer(token), "/api/v1/access/tokens", R"({"name": "x"})").status, 403U)
      << "a token makes no tokens";
  EXPECT_EQ(ask("GET", "/metrics", bearer(token)).status, 200U) << "as Prometheus does";
  const auto listed = json::parse(ask("GET", "/api/v1/access/tokens", ben).body);
  EXPECT_EQ(listed["items"][0]["tail"], token.substr(token.size() - 8));
  EXPECT_EQ(ask("GET", "/api/v1/access/tokens", ben).body.find(token), std::string::npos)
      << "shown once";
}

TEST_F(http_access, the_key_of_an_order_is_of_the_one_who_gave_it) {
  const auto ben = bearer_of("ben", role::site_operator);
  const auto eve = bearer_of("eve", role::site_operator);
  start_guarded();
  const std::string key = "Idempotency-Key: k-1\r\n";
  const std::string target = "/api/v1/sites/garage/load-shedding";
  EXPECT_EQ(post_as(ben + key, target, R"({"level": 1})").status, 202U);
  EXPECT_EQ(post_as(ben + key, target, R"({"level": 1})").header("Idempotency-Replayed"), "true");
  EXPECT_EQ(post_as(eve + key, target, R"({"level": 1})").status, 422U);
}

TEST_F(http_access, answers_with_secrets_are_not_kept_under_a_key) {
  start_guarded();
  const std::string key = "Idempotency-Key: k-1\r\n";
  const auto first = log_in(test_password, "", key), second = log_in(test_password, "", key);
  ASSERT_EQ(second.status, 200U);
  EXPECT_EQ(second.header("Idempotency-Replayed"), "");
  EXPECT_NE(json::parse(first.body)["refresh_token"], json::parse(second.body)["refresh_token"]);
}

TEST_F(http_access, tokens_of_others_are_shown_to_administrators_alone) {
  const auto ben = bearer_of("ben", role::viewer);
  const auto eve = bearer_of("eve", role::site_operator);
  start_guarded();
  std::promise<std::string> made;
  access->add_token(*access->principal_of(grant_of("ben").access_token, now()),
                    {"own", role::viewer, {}, now() + std::chrono::hours{1}},
                    [&](const auto& given) {
                      made.set_value(std::get<ports::made_token>(given).about.id);
                    });
  const auto id = made.get_future().get();
  const auto total = [&](const std::string& who) {
    return json::parse(ask("GET", "/api/v1/access/tokens", who).body)["total"].get<int>();
  };
  EXPECT_EQ(total(eve), 0);
  EXPECT_EQ(total(ben), 1);
  EXPECT_EQ(total(bearer(grant_of("anna").access_token)), 1);
  EXPECT_EQ(ask("DELETE", "/api/v1/access/tokens/" + id, eve).status, 404U);
  EXPECT_EQ(ask("DELETE", "/api/v1/access/tokens/" + id, ben).status, 204U);
  EXPECT_EQ(total(ben), 0);
}

TEST_F(http_access, one_who_is_bound_to_a_site_sees_its_events_alone) {
  const auto who = bearer_of("ben", role::viewer, std::vector{domain::site_id{"depot"}});
  for (int i = 0; i < 1'500; ++i) engine.record("of the garage");
  engine.record({domain::site_id{"depot"}, noon, domain::speaker::central, domain::severity::info,
                 "note", "CP-001", "of the depot"});
  engine.record({{}, noon, domain::speaker::central, domain::severity::info, "note", "log",
                 "of the node"});
  start_guarded();
  for (const auto* more : {"", "?after=0", "?limit=1"}) {
    const auto target = std::string{"/api/v1/events"} + more;
    const auto listed = json::parse(ask("GET", target, who).body);
    ASSERT_EQ(listed["items"].size(), 1U) << target;
    EXPECT_EQ(listed["items"][0]["text"], "of the depot");
  }
  const auto sites = json::parse(ask("GET", "/api/v1/sites", who).body);
  ASSERT_EQ(sites["items"].size(), 1U);
  EXPECT_EQ(sites["items"][0]["site"], "depot");
  EXPECT_EQ(ask("GET", "/api/v1/sites/garage", who).status, 404U);
  EXPECT_EQ(ask("GET", "/api/v1/sites/garage", who).body.find("did you mean"), std::string::npos);
  EXPECT_EQ(ask("GET", "/metrics", who).status, 403U) << "of all sites together";
}

TEST_F(http_access, a_stream_shows_the_own_sites_and_ends_when_its_user_is_disabled) {
  const auto who = bearer_of("ben", role::viewer, std::vector{domain::site_id{"depot"}});
  start_guarded();
  raw_client client{server->port()};
  client.send("GET /api/v1/stream HTTP/1.1\r\nHost: busbar\r\n" + who + "\r\n");
  const auto head = client.take_until("\r\n\r\n");
  ASSERT_NE(head.find("200 OK"), std::string::npos) << head;
  EXPECT_EQ(head.find("RateLimit"), std::string::npos);
  engine.record("of the garage");
  engine.record({domain::site_id{"depot"}, noon, domain::speaker::central, domain::severity::info,
                 "note", "CP-001", "of the depot"});
  const auto seen = client.take_until("of the depot");
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.find("garage"), std::string::npos);
  const auto begun = std::chrono::steady_clock::now();
  change("ben", {{}, {}, true, {}});
  EXPECT_TRUE(client.is_closed_by_server());
  // Half a second is promised of a machine that has the time.
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 2s + tests::slack());
}

TEST_F(http_access, a_stream_ends_with_its_login_and_not_with_its_access_token) {
  const auto who = bearer_of("ben", role::viewer);
  start_guarded();
  raw_client client{server->port()};
  client.send("GET /api/v1/stream HTTP/1.1\r\nHost: busbar\r\n" + who + "\r\n");
  ASSERT_FALSE(client.take_until("heartbeat").empty());
  auto store = std::move(adapters::sqlite::database::open(scratch.place_of("access.db")).value());
  engine.record("still seen");
  ASSERT_FALSE(client.take_until("still seen").empty());
  const auto begun = std::chrono::steady_clock::now();
  // Twelve hours have gone since the last refresh.
  const auto ended = std::to_string((now() - 1s).time_since_epoch().count());
  ASSERT_TRUE(store->run("UPDATE families SET ends_at = " + ended));
  EXPECT_TRUE(client.is_closed_by_server());
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 2s + tests::slack());
}

TEST_F(http_access, users_are_kept_by_administrators_and_the_last_one_stays) {
  start_guarded();
  const auto anna = bearer(grant_of("anna").access_token);
  EXPECT_EQ(post_as(anna, "/api/v1/access/users",
                    R"({"name": "ben", "role": "viewer", "password": "short", "sites": []})")
                .status,
            422U);
  EXPECT_EQ(post_as(anna, "/api/v1/access/users",
                    R"({"name": "ben", "role": "viewer", "password": "Copper-bar-77"})")
                .status,
            204U);
  EXPECT_EQ(post_as(anna, "/api/v1/access/users",
                    R"({"name": "Ben", "role": "viewer", "password": "Copper-bar-77"})")
                .status,
            409U);
  const auto kind = "Content-Type: application/json\r\n";
  EXPECT_EQ(ask("PATCH", "/api/v1/access/users/anna", anna + kind, R"({"role": "viewer"})").status,
            409U);
  EXPECT_EQ(ask("PATCH", "/api/v1/access/users/ben", anna + kind,
                R"({"role": "operator", "sites": ["garage"]})")
                .status,
            204U);
  const auto users = json::parse(ask("GET", "/api/v1/access/users", anna).body)["items"];
  ASSERT_EQ(users.size(), 2U);
  EXPECT_EQ(users[1]["sites"], json::array({"garage"}));
  EXPECT_EQ(users.dump().find("argon2"), std::string::npos);
  EXPECT_EQ(ask("DELETE", "/api/v1/access/users/ben", anna).status, 204U);
  EXPECT_EQ(ask("DELETE", "/api/v1/access/users/ben", anna).status, 404U);
  EXPECT_EQ(ask("DELETE", "/api/v1/access/users/anna", anna).status, 409U);
}

TEST_F(http_access, a_password_of_ninety_days_opens_nothing_but_its_own_change) {
  start_guarded();
  clock_ahead_s = -91 * 86'400;
  add("old", role::admin);
  clock_ahead_s = 0;
  const auto old = bearer(grant_of("old").access_token);
  const auto refused = ask("GET", "/api/v1/sites", old);
  EXPECT_EQ(refused.status, 403U);
  EXPECT_NE(refused.body.find("/api/v1/access/password"), std::string::npos);
  EXPECT_EQ(json::parse(ask("GET", "/api/v1/access", old).body)["password"]["is_expiring"], true);
  const auto changed = post_as(old, "/api/v1/access/password",
                               R"({"old_password": "Copper-bar-77",
                                   "new_password": "Silver-bar-78"})");
  ASSERT_EQ(changed.status, 200U) << changed.body;
  EXPECT_EQ(ask("GET", "/api/v1/sites", bearer(json::parse(changed.body)["access_token"])).status,
            200U);
  EXPECT_EQ(ask("GET", "/api/v1/sites", old).status, 401U) << "logins of before have ended";
}

TEST_F(http_access, without_access_control_all_is_open_and_says_so) {
  start();
  EXPECT_EQ(ask("GET", "/api/v1/sites").status, 200U);
  EXPECT_EQ(json::parse(ask("GET", "/api/v1/access").body)["enabled"], false);
  EXPECT_EQ(log_in(test_password).status, 404U);
  EXPECT_EQ(ask("GET", "/api/v1/sites").header("RateLimit"), "");
}

/// Two nodes: engine-1 is asked, engine-2 holds the site "mill".
class http_access_of_peers : public http_access {
protected:
  void SetUp() override {
    http_access::SetUp();
    cluster = &group;
    peers = &client;
    engine.set_place("mill", ports::site_place::elsewhere);
    other.publish(make_view(make_site("mill", 3)));
  }
  void start_both(ports::access* of_other) {
    others = adapters::http::api::make_server(
        settings, other, [] { return std::string{}; }, test_assets,
        {{}, &others_group, &client, of_other, nullptr, {}});
    ASSERT_TRUE(others->start());
    group.add({6, ports::shard_standing::elsewhere, "engine-2",
               "127.0.0.1:" + std::to_string(others->port()), 9, noon,
               {domain::site_id{"mill"}}});
    start_guarded();
  }
  void TearDown() override {
    if (server) server->stop();
    if (others) others->stop();
  }

  fake_cluster group;
  fake_cluster others_group;
  fake_engine other;
  adapters::http::peers::peer_client client;
  std::unique_ptr<adapters::http::server::http_server> others;
};

TEST_F(http_access_of_peers, a_forwarded_request_is_admitted_by_both_nodes) {
  const auto ben = bearer_of("ben", role::site_operator);
  const auto eve = bearer_of("eve", role::viewer, std::vector{domain::site_id{"garage"}});
  start_both(access.get());
  EXPECT_EQ(ask("GET", "/api/v1/sites/mill", ben).header("X-Busbar-Answered-By"), "engine-2");
  EXPECT_EQ(post_as(ben, "/api/v1/sites/mill/load-shedding", R"({"level": 1})").status, 202U);
  ASSERT_EQ(other.callers.size(), 1U);
  EXPECT_EQ(text_of(other.callers[0].who.value()), "user ben");
  const auto foreign = ask("GET", "/api/v1/sites/mill", eve);
  EXPECT_EQ(foreign.status, 404U);
  EXPECT_EQ(foreign.header("X-Busbar-Answered-By"), "") << "not even asked";
  EXPECT_EQ(ask("GET", "/api/v1/sites/mill", "X-Busbar-Forwarded: engine-3\r\n").status, 401U)
      << "what claims to come from a node is trusted no more";
}

TEST_F(http_access_of_peers, a_cookie_is_passed_on_as_a_token) {
  add("ben", role::site_operator);
  const auto token = grant_of("ben").access_token;
  start_both(access.get());
  const auto cookie = "Cookie: busbar_access=" + token + "\r\nOrigin: http://busbar\r\n";
  EXPECT_EQ(post_as(cookie, "/api/v1/sites/mill/load-shedding", R"({"level": 1})").status, 202U);
}

TEST_F(http_access_of_peers, a_node_that_does_not_know_the_user_refuses_it) {
  const scratch_folder own;
  auto made = adapters::access::access_desk::open({own.path(), {19'456, 2}, {}, {}, {}, {}, {}});
  ASSERT_TRUE(made);
  const auto ben = bearer_of("ben", role::site_operator);
  start_both(made.value().get());
  const auto refused = ask("GET", "/api/v1/sites/mill", ben);
  EXPECT_EQ(refused.status, 401U);
  EXPECT_EQ(refused.header("X-Busbar-Answered-By"), "engine-2");
}

} // namespace
} // namespace busbar::tests
