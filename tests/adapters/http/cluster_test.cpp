// The group of engine nodes, as a node shows it.

#include "tests/adapters/http/fake_cluster.hpp"
#include "tests/adapters/http/server_fixture.hpp"

#include <nlohmann/json.hpp>

namespace busbar::tests {
namespace {

using nlohmann::json;

class http_cluster : public server_fixture {
protected:
  void SetUp() override {
    server_fixture::SetUp();
    cluster = &group;
    start();
  }
  json items(const std::string& query) {
    return json::parse(ask("GET", "/api/v1/cluster/shards" + query).body)["items"];
  }

  fake_cluster group;
};

TEST_F(http_cluster, shows_each_node_with_its_address_shards_and_sites) {
  const auto shown = json::parse(ask("GET", "/api/v1/cluster").body);
  EXPECT_EQ(shown["node"], "engine-1");
  EXPECT_EQ(shown["shards"], 4);
  EXPECT_EQ(shown["nodes"], json::parse(R"([
    {"node": "engine-1", "is_this_one": true, "address": "http://10.0.0.7:8000", "shards": [3],
     "sites": ["garage"]},
    {"node": "engine-2", "is_this_one": false, "address": "http://10.0.0.8:8000", "shards": [6],
     "sites": ["depot"]},
    {"node": "engine-3", "is_this_one": false, "address": null, "shards": [9], "sites": []}])"));
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

TEST_F(http_cluster, pages_and_filters_shards) {
  EXPECT_EQ(items("?state=elsewhere").size(), 2U);
  EXPECT_EQ(items("?owner=engine-3")[0]["shard"], 9);
  EXPECT_EQ(items("?limit=1&after=2")[0]["shard"], 6);
  EXPECT_EQ(ask("GET", "/api/v1/cluster/shards?state=gone").status, 400U);
  EXPECT_EQ(ask("GET", "/api/v1/cluster?node=engine-1").status, 400U);
}

} // namespace
} // namespace busbar::tests
