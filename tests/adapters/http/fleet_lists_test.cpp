// Lists without a site are of the whole fleet: over real sockets between two servers.

#include "adapters/http/api/fleet_lists.hpp"
#include "adapters/http/api/openapi_text.hpp"
#include "adapters/http/peers/peer_client.hpp"
#include "tests/adapters/http/fake_cluster.hpp"
#include "tests/adapters/http/raw_server.hpp"
#include "tests/adapters/http/server_fixture.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace busbar::tests {
namespace {

using adapters::http::peers::peer_client;
using nlohmann::json;
using ports::shard_standing;

/// engine-1 is asked and holds the garage; engine-2 holds the depot.
class http_fleet_lists : public server_fixture {
protected:
  void SetUp() override {
    server_fixture::SetUp();
    cluster = &group;
    peers = &client;
    other.publish(make_view(make_site("depot", 3)));
    others = adapters::http::api::make_server(
        settings, other, [] { return std::string{}; }, test_assets, {{}, &others_group, &client});
    ASSERT_TRUE(others->start());
    group.add({4, shard_standing::here, "engine-1", "", 3, noon, {domain::site_id{"yard"}}});
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
  json list(const std::string& target, const std::string& headers = "") {
    const auto answer = ask("GET", target, headers);
    EXPECT_EQ(answer.status, 200U) << answer.body;
    return json::parse(answer.body, nullptr, false);
  }
  static std::vector<std::string> sites_in(const json& page) {
    std::vector<std::string> found;
    for (const auto& item : page["items"]) found.push_back(item["site"]);
    return found;
  }

  fake_cluster group;
  fake_cluster others_group;
  fake_engine other;
  peer_client client;
  std::unique_ptr<adapters::http::server::http_server> others;
};

TEST_F(http_fleet_lists, sites_of_all_nodes_stand_in_the_order_of_their_ids) {
  const auto page = list("/api/v1/sites");
  EXPECT_EQ(sites_in(page), (std::vector<std::string>{"depot", "garage"}));
  EXPECT_EQ(page["total"], 2);
  EXPECT_FALSE(page.contains("incomplete"));
  EXPECT_EQ(list("/api/v1/sites?q=DEP")["total"], 1) << "filters go to every node";
}

TEST_F(http_fleet_lists, pages_go_over_the_nodes) {
  const auto all = list("/api/v1/stations?limit=5000");
  json joined = json::array();
  std::string after = "0";
  while (!after.empty()) {
    const auto page = list("/api/v1/stations?limit=2&after=" + after);
    for (const auto& item : page["items"]) joined.push_back(item);
    after = page["next"].is_null() ? "" : page["next"].get<std::string>();
  }
  EXPECT_GT(all["items"].size(), 3U);
  EXPECT_EQ(joined, all["items"]);
}

TEST_F(http_fleet_lists, a_node_that_does_not_answer_is_named_and_the_others_are_shown) {
  std::string nowhere;
  { nowhere = raw_server{[] { return std::string{}; }}.address(); }
  for (const auto& address : {nowhere, std::string{}}) {
    owned_by(address);
    const auto page = list("/api/v1/sites");
    EXPECT_EQ(sites_in(page), std::vector<std::string>{"garage"});
    EXPECT_EQ(page["incomplete"], json({"engine-2"}));
  }
  group.add({6, shard_standing::unowned, "", "", 0, {}, {domain::site_id{"depot"}}});
  EXPECT_EQ(list("/api/v1/sites")["incomplete"], json({"shard 6"}));
}

TEST_F(http_fleet_lists, what_another_node_asks_for_is_of_this_node_alone) {
  EXPECT_EQ(sites_in(list("/api/v1/sites", "X-Busbar-Forwarded: engine-3\r\n")),
            std::vector<std::string>{"garage"});
  EXPECT_EQ(client.statistics().at("connections_total"), 0);
}

TEST_F(http_fleet_lists, with_a_site_the_list_is_of_its_owner) {
  EXPECT_EQ(list("/api/v1/stations?site=garage")["items"][0]["site"], "garage");
  EXPECT_EQ(client.statistics().at("connections_total"), 0);
}

TEST_F(http_fleet_lists, a_page_beyond_the_bound_and_a_wrong_parameter_are_refused_at_once) {
  const auto far = ask("GET", "/api/v1/stations?limit=1000&after=4001");
  EXPECT_EQ(far.status, 400U);
  EXPECT_NE(far.body.find("ends at 5000, after and limit together state 5001"), std::string::npos)
      << far.body;
  const auto wrong = ask("GET", "/api/v1/stations?limit=x");
  EXPECT_EQ(wrong.status, 400U);
  EXPECT_NE(wrong.body.find("limit"), std::string::npos);
  EXPECT_EQ(client.statistics().at("connections_total"), 0);
}

TEST_F(http_fleet_lists, a_list_that_the_client_has_already_is_304_by_its_version) {
  const auto first = ask("GET", "/api/v1/stations");
  ASSERT_FALSE(first.header("ETag").empty());
  const auto version = "If-None-Match: " + first.header("ETag") + "\r\n";
  EXPECT_EQ(ask("GET", "/api/v1/stations", version).status, 304U);
}

/// Lists that are of one node, and why: the journal is every node's, shards and users are the
/// group's, and OCPP stations and tags are of the gateway that they are connected to.
const std::set<std::string> of_one_node{"GET /api/v1/events", "GET /api/v1/cluster/shards",
                                        "GET /api/v1/access/users", "GET /api/v1/access/tokens",
                                        "GET /api/v1/chargepoints", "GET /api/v1/id-tags"};

TEST(fleet_lists, every_list_of_the_contract_is_joined_or_stated_to_be_of_one_node) {
  const auto contract = json::parse(adapters::http::api::openapi_text());
  const auto joined = adapters::http::api::fleet_list_operations();
  std::set<std::string> paged;
  for (const auto& [path, operations] : contract["paths"].items()) {
    if (!operations.contains("get") || path.find('{') != std::string::npos) continue;
    for (const auto& each : operations["get"].value("parameters", json::array()))
      if (each.value("$ref", "") == "#/components/parameters/limit") paged.insert("GET " + path);
  }
  for (const auto& each : of_one_node) EXPECT_EQ(paged.erase(each), 1U) << each;
  EXPECT_EQ(paged, (std::set<std::string>{joined.begin(), joined.end()}));
}

} // namespace
} // namespace busbar::tests
