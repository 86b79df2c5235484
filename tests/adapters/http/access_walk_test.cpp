// Every operation of openapi.json, asked by everybody: who is let in is what the contract states.

#include "adapters/http/api/openapi_text.hpp"
#include "adapters/http/api/operation_table.hpp"
#include "tests/adapters/http/access_fixture.hpp"

#include <algorithm>
#include <set>

namespace busbar::tests {
namespace {

using nlohmann::json;

struct operation {
  std::string verb;
  std::string path;
  std::string template_path;
  std::string body;
  std::string least;
  std::set<std::string> marks;
};

std::string filled(std::string path) {
  const std::map<std::string, std::string> places{
      {"site", "garage"}, {"station", "CP-001"}, {"session", "s-17"}, {"id", "wallbox-1"},
      {"n", "1"}, {"connectorID", "1"}, {"profileID", "41"}, {"user", "nobody"},
      {"token", "none"}};
  for (const auto& [name, value] : places) {
    const auto at = path.find("{" + name + "}");
    if (at != std::string::npos) path.replace(at, name.size() + 2, value);
  }
  return path;
}

std::vector<operation> all_operations() {
  const auto contract = json::parse(adapters::http::api::openapi_text());
  std::vector<operation> all;
  for (const auto& [path, operations] : contract["paths"].items())
    for (const char* verb : {"get", "post", "put", "patch", "delete"}) {
      if (!operations.contains(verb)) continue;
      const auto& stated = operations[verb];
      operation one{verb, filled(path), path, "", stated["x-least-role"], {}};
      std::transform(one.verb.begin(), one.verb.end(), one.verb.begin(),
                     [](char c) { return static_cast<char>(c - 32); });
      if (stated.contains("requestBody"))
        one.body = stated["requestBody"]["content"]["application/json"]["example"].dump();
      for (const auto& mark : stated.value("x-access", json::array())) one.marks.insert(mark);
      all.push_back(std::move(one));
    }
  return all;
}

class access_walk : public access_fixture {
protected:
  void SetUp() override {
    access_fixture::SetUp();
    add("first", domain::role::admin);
  }
  /// From an address of its own, so that none uses up another one's rate.
  raw_answer ask_as(const std::string& papers, const operation& what) {
    const auto from = "X-Forwarded-For: 192.0.2." + std::to_string(address) + "\r\n";
    const auto kind = what.body.empty() ? "" : "Content-Type: application/json\r\n";
    return ask(what.verb, what.path, papers + from + kind, what.body);
  }
  /// Each operation is answered by the status that `expected` gives for it; 0: by any that is no
  /// refusal of who asks.
  void walk(const std::string& papers, const std::function<unsigned(const operation&)>& expected) {
    ++address;
    for (const auto& each : all_operations()) {
      const auto answer = ask_as(papers, each);
      const auto wanted = expected(each);
      const auto what = each.verb + " " + each.template_path + ": " + answer.body;
      if (wanted == 0) {
        EXPECT_NE(answer.status, 401U) << what;
        EXPECT_NE(answer.status, 403U) << what;
        EXPECT_NE(answer.status, 429U) << what;
        EXPECT_NE(answer.status, 0U) << what;
      } else EXPECT_EQ(answer.status, wanted) << what;
    }
  }
  [[nodiscard]] static bool is_open(const operation& each) { return each.least == "nobody"; }
  /// A login with an example's name and password is refused as one, by the operation itself.
  [[nodiscard]] static bool is_login(const operation& each) {
    return each.template_path.starts_with("/api/v1/access/") && is_open(each) &&
           !each.template_path.ends_with("/logout");
  }
  void walk_as_stranger(const std::string& papers) {
    walk(papers, [](const operation& each) -> unsigned {
      return is_open(each) && !is_login(each) ? 0 : 401;
    });
    EXPECT_TRUE(engine.submitted.empty() && engine.ordered.empty() && engine.configured.empty());
  }
  void walk_with_role(domain::role granted) {
    const auto who = bearer_of(name_of(granted), granted);
    // What the examples of the contract do to users has to find some: "ben" is added by them.
    walk(who, [granted](const operation& each) -> unsigned {
      if (is_login(each)) return 401;
      // Slowed by the wrong login of the walk before it: it gets as far as its password.
      if (each.template_path == "/api/v1/access/password") return 429;
      if (is_open(each)) return 0;
      return granted >= *domain::role_from(each.least) ? 0 : 403;
    });
  }
  int address = 0;
};

TEST_F(access_walk, without_a_token_nothing_but_what_is_open_is_answered) {
  start_guarded();
  walk_as_stranger("");
}

TEST_F(access_walk, a_viewer_reads) {
  start_guarded();
  walk_with_role(domain::role::viewer);
  EXPECT_TRUE(engine.submitted.empty() && engine.ordered.empty() && engine.configured.empty());
}

TEST_F(access_walk, an_operator_also_orders) {
  start_guarded();
  walk_with_role(domain::role::site_operator);
  EXPECT_FALSE(engine.submitted.empty());
  EXPECT_FALSE(engine.ordered.empty());
  EXPECT_TRUE(engine.configured.empty() && engine.reloaded.empty());
}

TEST_F(access_walk, an_administrator_may_everything) {
  start_guarded();
  walk_with_role(domain::role::admin);
  EXPECT_FALSE(engine.configured.empty());
  EXPECT_FALSE(engine.reloaded.empty());
}

TEST_F(access_walk, for_an_administrator_of_another_site_this_one_does_not_exist) {
  const auto who =
      bearer_of("elsewhere", domain::role::admin, std::vector{domain::site_id{"depot"}});
  start_guarded();
  ++address;
  for (const auto& each : all_operations()) {
    const auto answer = ask_as(who, each);
    const auto what = each.verb + " " + each.template_path + ": " + answer.body;
    // A stream has no body here: http_access reads one.
    EXPECT_TRUE(is_open(each) || answer.body.find("\"garage\"") == std::string::npos) << what;
    if (each.template_path.find("{site}") != std::string::npos) {
      EXPECT_EQ(answer.status, 404U) << what;
    }
    if (each.marks.contains("all-sites")) {
      EXPECT_EQ(answer.status, 403U) << what;
    }
  }
  // Its own site has a station of the same name.
  const domain::site_id own{"depot"};
  for (const auto& each : engine.submitted) EXPECT_EQ(each.site, own);
  for (const auto& each : engine.ordered) EXPECT_EQ(each.first, own);
  for (const auto& each : engine.configured) EXPECT_EQ(each.first, own);
  for (const auto& each : engine.managed) EXPECT_EQ(each.site, own);
  for (const auto& each : engine.injected) EXPECT_EQ(each.site, own);
  for (const auto& each : engine.asked) EXPECT_EQ(each.first, own);
  EXPECT_TRUE(engine.reloaded.empty());
  EXPECT_EQ(stations.orders.size(), 1U) << "the one that was there before";
}

TEST_F(access_walk, an_expired_token_is_none) {
  add("late", domain::role::admin);
  clock_ahead_s = -16 * 60;
  const auto who = bearer(grant_of("late").access_token);
  clock_ahead_s = 0;
  start_guarded();
  walk_as_stranger(who);
}

TEST_F(access_walk, the_token_of_a_disabled_user_is_none) {
  const auto who = bearer_of("gone", domain::role::admin);
  change("gone", {{}, {}, true, {}});
  start_guarded();
  walk_as_stranger(who);
}

TEST(operation_table, states_a_role_and_a_rate_for_every_operation) {
  using control::access::rate_class;
  const auto& table = adapters::http::api::own_operations();
  EXPECT_EQ(table.size(), all_operations().size());
  for (const auto& [name, terms] : table) {
    const bool is_change = !name.starts_with("GET ");
    EXPECT_FALSE(is_change && terms.rate == rate_class::none) << name;
    const bool tries_a_secret = name.ends_with("/login") || name.ends_with("/set-up") ||
                                name.ends_with("/refresh") || name.ends_with("/logout") ||
                                name.ends_with("/password");
    EXPECT_EQ(terms.rate == rate_class::strict, tries_a_secret) << name;
    const bool is_of_access = name.find(" /api/v1/access/") != std::string::npos;
    EXPECT_TRUE(terms.least || !is_change || is_of_access) << name;
  }
  EXPECT_EQ(table.at("POST /api/v1/sites/{site}/reload").least, domain::role::admin);
  EXPECT_EQ(table.at("POST /api/v1/sites/{site}/site-constraints").least,
            domain::role::site_operator);
  EXPECT_EQ(table.at("GET /metrics").least, domain::role::viewer);
  EXPECT_FALSE(table.at("GET /health/ready").least);
}

TEST(operation_table, a_contract_that_leaves_one_out_is_refused_by_its_name) {
  using adapters::http::api::read_operations;
  const auto read = read_operations(R"({"paths": {"/a": {"get": {"x-least-role": "viewer"}}}})");
  ASSERT_FALSE(read);
  EXPECT_NE(read.failure().message.find("GET /a"), std::string::npos);
  EXPECT_FALSE(read_operations(
      R"({"paths": {"/a": {"get": {"x-least-role": "king", "x-rate": "none"}}}})"));
  EXPECT_FALSE(read_operations("{}"));
}

} // namespace
} // namespace busbar::tests
