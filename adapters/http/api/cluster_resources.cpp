#include "adapters/http/api/cluster_resources.hpp"

#include "adapters/http/json/body_reader.hpp"
#include "adapters/http/json/page_writer.hpp"
#include "domain/time_text.hpp"
#include "text/suggestion.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <utility>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

using ports::shard_standing;

constexpr std::array standings{"unowned", "here", "elsewhere"};

const char* name_of(shard_standing standing) {
  return standings[static_cast<std::size_t>(standing)];
}

void write_url(text::json_writer& json, const std::string& scheme, const std::string& address) {
  if (address.empty()) json.null_member("address");
  else json.member("address", scheme + address);
}

void write_sites(text::json_writer& json, const std::vector<domain::site_id>& sites) {
  json.key("sites").begin_array();
  for (const auto& site : sites) json.value(site.text());
  json.end_array();
}

/// Of one node, from its shards.
struct member_node {
  std::string address;
  std::vector<std::int32_t> shards;
  std::vector<domain::site_id> sites;
};

/// This node once it runs; every other one that owns a shard, or has owned one.
std::map<std::string, member_node> members_of(const ports::cluster_view& now) {
  std::map<std::string, member_node> all;
  for (const auto& [node, address] : now.addresses) all[node].address = address;
  if (!now.node.empty()) all[now.node].address = now.address;
  for (const auto& each : now.shards) {
    if (each.standing == shard_standing::unowned) continue;
    auto& member = all[each.owner];
    // Rows of a process before this one of the node may state another address.
    if (!each.address.empty()) member.address = each.address;
    member.shards.push_back(each.shard);
    member.sites.insert(member.sites.end(), each.sites.begin(), each.sites.end());
  }
  return all;
}

response show_cluster(const ports::cluster& cluster, const std::string& scheme,
                      const request& asked) {
  const query_reader query{asked};
  if (!query.faults().empty()) return query.problem_of(asked);
  const auto now = cluster.view();
  text::json_writer json;
  json.begin_object().member("node", now.node).member("shards", now.shards.size());
  json.key("nodes").begin_array();
  for (const auto& [name, member] : members_of(now)) {
    const bool is_this_one = name == now.node;
    json.begin_object().member("node", name).member("is_this_one", is_this_one);
    // A node knows of itself alone whether it is drained.
    if (is_this_one) json.member("is_drained", now.is_drained);
    else json.null_member("is_drained");
    write_url(json, scheme, member.address);
    json.key("shards").begin_array();
    for (const auto shard : member.shards) json.value(shard);
    json.end_array();
    write_sites(json, member.sites);
    json.end_object();
  }
  json.end_array().end_object();
  return json_response(json.take());
}

void write_shard(text::json_writer& json, const std::string& scheme,
                 const ports::shard_view& shard) {
  json.begin_object().member("shard", shard.shard).member("state", name_of(shard.standing));
  if (shard.owner.empty()) json.null_member("owner");
  else json.member("owner", shard.owner);
  write_url(json, scheme, shard.address);
  if (shard.epoch == 0) json.null_member("epoch");
  else json.member("epoch", shard.epoch);
  if (shard.since) json.member("since", domain::text_of(*shard.since));
  else json.null_member("since");
  write_sites(json, shard.sites);
  json.end_object();
}

response list_shards(const ports::cluster& cluster, const std::string& scheme,
                     const request& asked) {
  query_reader query{asked};
  page_writer page{read_page(query)};
  const auto state = query.choice("state", standings);
  const auto owner = query.text("owner");
  if (!query.faults().empty()) return query.problem_of(asked);
  for (const auto& each : cluster.view().shards) {
    const bool is_meant =
        (!state || *state == name_of(each.standing)) && (!owner || *owner == each.owner);
    if (is_meant && page.wants_next()) write_shard(page.json(), scheme, each);
  }
  return json_response(page.finish());
}

/// Of a node that is not this one: it is passed on where its address is known.
response of_other_node(const ports::cluster_view& now, const std::string& node,
                       const std::string& path) {
  const auto members = members_of(now);
  const auto found = members.find(node);
  if (found == members.end()) {
    std::vector<std::string> known;
    for (const auto& [name, member] : members) known.push_back(name);
    return problem(404,
                   "engine node '" + node + "' is not known here" +
                       text::did_you_mean(node, known, std::identity{}),
                   path);
  }
  if (found->second.address.empty())
    return problem(503, "engine node '" + node + "' states no address (--advertise)", path);
  auto refusal = problem(421, "this is engine node '" + now.node + "', not '" + node + "'", path);
  refusal.missing = elsewhere{};
  refusal.missing->node = ports::node_address{node, found->second.address};
  return refusal;
}

bool has_other_owner(const ports::cluster_view& now) {
  return std::ranges::any_of(now.shards, [](const auto& each) {
    return each.standing == shard_standing::elsewhere;
  });
}

response set_drained(const ports::cluster& cluster, const drain_handler& drain, bool is_drained,
                     const request& asked) {
  const query_reader query{asked};
  if (!query.faults().empty()) return query.problem_of(asked);
  const auto body = body_reader::of_optional(asked);
  if (auto refusal = body.refusal(asked)) return *refusal;
  const auto now = cluster.view();
  const auto& node = asked.captured.front();
  if (node != now.node) return of_other_node(now, node, asked.path);
  if (!drain) return problem(409, "this engine node shares its sites with no other", asked.path);
  if (is_drained && !has_other_owner(now))
    return problem(409,
                   "no other engine node holds sites that could take those of '" + node + "'",
                   asked.path);
  drain(is_drained, asked.by);
  text::json_writer json;
  json.begin_object().member("node", node).member("is_drained", is_drained).end_object();
  auto answer = json_response(json.take());
  answer.status = 202;
  return answer;
}

} // namespace

void add_cluster_resources(router& routes, const ports::cluster& cluster,
                           const std::string& scheme, drain_handler drain) {
  const std::string path = "/api/v1/cluster/nodes/{node}/drain";
  routes.add(method::post, path, [&cluster, drain](const request& asked) {
    return set_drained(cluster, drain, true, asked);
  });
  routes.add(method::remove, path, [&cluster, drain](const request& asked) {
    return set_drained(cluster, drain, false, asked);
  });
  routes.add(method::get, "/api/v1/cluster", [&cluster, scheme](const request& asked) {
    return show_cluster(cluster, scheme, asked);
  });
  routes.add(method::get, "/api/v1/cluster/shards", [&cluster, scheme](const request& asked) {
    return list_shards(cluster, scheme, asked);
  });
}

} // namespace busbar::adapters::http::api
