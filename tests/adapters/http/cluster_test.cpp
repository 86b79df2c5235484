// The group of engine nodes, as a node shows it.

#include "tests/adapters/http/fake_cluster.hpp"
#include "tests/adapters/http/server_fixture.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <vector>

namespace busbar::tests {
namespace {

using nlohmann::json;

class http_cluster : public server_fixture {
protected:
  void SetUp() override {
    server_fixture::SetUp();
    cluster = &group;
    drain = [this](bool is_drained, const ports::caller&) { drains.push_back(is_drained); };
    start();
  }
  json items(const std::string& query) {
    return json::parse(ask("GET", "/api/v1/cluster/shards" + query).body)["items"];
  }

  fake_cluster group;
  std::vector<bool> drains;
};

TEST_F(http_cluster, shows_each_node_with_its_address_shards_and_sites) {
  const auto shown = json::parse(ask("GET", "/api/v1/cluster").body);
  EXPECT_EQ(shown["node"], "engine-1");
  EXPECT_EQ(shown["shards"], 4);
  EXPECT_EQ(shown["nodes"], json::parse(R"([
    {"node": "engine-1", "is_this_one": true, "is_drained": false,
     "address": "http://10.0.0.7:8000", "shards": [3], "sites": ["garage"]},
    {"node": "engine-2", "is_this_one": false, "is_drained": null,
     "address": "http://10.0.0.8:8000", "shards": [6], "sites": ["depot"]},
    {"node": "engine-3", "is_this_one": false, "is_drained": null, "address": null,
     "shards": [9], "sites": []}])"));
}

TEST_F(http_cluster, shows_each_shard_with_its_owner_epoch_and_time) {
  const auto shown = items("");
  ASSERT_EQ(shown.size(), 4U);
  EXPECT_EQ(shown[0], json::parse(R"({"shard": 3, "state": "here", "owner": "engine-1",
    "address": "http://10.0.0.7:8000", "epoch": 124, "since": "2026-05-01T12:00:00Z",
    "sites": ["garage"]})"));
  EXPECT_EQ(shown[1], json::parse(R"({"shard": 4, "state": "unowned", "owner": null,
    "address": null, "epoch": null, "since": null, "sites": ["yard"]})"));
}

TEST_F(server_fixture, a_node_that_does_not_run_yet_is_in_no_cluster) {
  start();
  EXPECT_EQ(json::parse(ask("GET", "/api/v1/cluster").body),
            json::parse(R"({"node": "", "shards": 0, "nodes": []})"));
}

constexpr const char* drain_path = "/api/v1/cluster/nodes/engine-1/drain";

TEST_F(http_cluster, drains_this_node_and_puts_it_back) {
  const auto drained = ask("POST", drain_path);
  EXPECT_EQ(drained.status, 202U);
  EXPECT_EQ(json::parse(drained.body), json::parse(R"({"node": "engine-1", "is_drained": true})"));
  EXPECT_EQ(ask("DELETE", drain_path).status, 202U);
  EXPECT_EQ(drains, (std::vector{true, false}));
}

TEST_F(http_cluster, drains_no_node_where_no_other_one_holds_sites) {
  group.add({6, ports::shard_standing::unowned, "", "", 0, {}, {domain::site_id{"depot"}}});
  group.add({9, ports::shard_standing::unowned, "", "", 0, {}, {}});
  EXPECT_EQ(ask("POST", drain_path).status, 409U);
  EXPECT_EQ(ask("DELETE", drain_path).status, 202U);
  EXPECT_EQ(drains, (std::vector{false}));
}

TEST_F(http_cluster, another_node_is_drained_by_itself_alone) {
  EXPECT_EQ(ask("POST", "/api/v1/cluster/nodes/engine-2/drain").status, 421U);
  EXPECT_EQ(ask("POST", "/api/v1/cluster/nodes/engine-3/drain").status, 503U)
      << "it states no address";
  const auto unknown = ask("POST", "/api/v1/cluster/nodes/engine-4/drain");
  EXPECT_EQ(unknown.status, 404U);
  EXPECT_THAT(unknown.body, testing::HasSubstr("engine node 'engine-4' is not known here"));
  EXPECT_TRUE(drains.empty());
}

TEST_F(server_fixture, a_node_of_no_group_cannot_be_drained) {
  start();
  EXPECT_EQ(ask("POST", drain_path).status, 404U);
}

TEST_F(http_cluster, pages_and_filters_shards) {
  EXPECT_EQ(items("?state=elsewhere").size(), 2U);
  EXPECT_EQ(items("?owner=engine-3")[0]["shard"], 9);
  EXPECT_EQ(items("?limit=1&after=2")[0]["shard"], 6);
  EXPECT_EQ(ask("GET", "/api/v1/cluster/shards?state=gone").status, 400U);
  EXPECT_EQ(ask("GET", "/api/v1/cluster?node=engine-1").status, 400U);
}

} // namespace
} // namespace busbar::tests
