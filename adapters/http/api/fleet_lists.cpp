#include "adapters/http/api/fleet_lists.hpp"

#include "adapters/http/api/forwarder.hpp"
#include "adapters/http/json/page_writer.hpp"
#include "adapters/http/json/query_reader.hpp"
#include "adapters/http/server/problem.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

namespace busbar::adapters::http::api {

using namespace server;
using json::list_order;
using ports::shard_standing;

namespace {

struct joined_list {
  std::string_view path;
  list_order order = list_order::by_site;
};

constexpr std::array joined_lists{
    joined_list{"/api/v1/sites"},
    joined_list{"/api/v1/stations"},
    joined_list{"/api/v1/sessions", list_order::open_by_site},
    joined_list{"/api/v1/drivers", list_order::by_driver},
    joined_list{"/api/v1/violations"},
    joined_list{"/api/v1/circuit-breakers"},
    joined_list{"/api/circuit-breakers"},
    joined_list{"/api/v1/watchdogs"},
    joined_list{"/api/watchdogs"},
    joined_list{"/cp"},
    joined_list{"/telemetry"},
    joined_list{"/api/v1/fail-safe"},
    joined_list{"/api/fail-safe/status"},
    joined_list{"/api/load-shedding/status"},
    joined_list{"/api/site-constraints/status"},
    joined_list{"/api/site-constraints/service"},
    joined_list{"/api/site-constraints/feeder"},
    joined_list{"/api/site-constraints/transformer"},
    joined_list{"/api/metrics/tracking-error"},
    joined_list{"/api/v1/capabilities"},
    joined_list{"/api/v1/phase-balance"},
    joined_list{"/api/phase-balance"},
};

list_order order_of(std::string_view path) {
  const auto* found = std::ranges::find(joined_lists, path, &joined_list::path);
  return found == joined_lists.end() ? list_order::by_site : found->order;
}

const std::string* value_of(const request& asked, std::string_view name) {
  const auto found = std::ranges::find(asked.query, name, &query_parameter::name);
  return found == asked.query.end() ? nullptr : &found->value;
}

/// Every node knows what has ended, so only what is open is asked of others.
bool is_of_this_node_alone(const request& asked) {
  if (!asked.forwarded_by.empty() || value_of(asked, "site") != nullptr) return true;
  const auto* state = value_of(asked, "state");
  return order_of(asked.path) == list_order::open_by_site && state != nullptr && *state != "open";
}

/// Of the list from its first item to the page's last one.
request from_the_first(request asked, std::uint64_t end) {
  std::erase_if(asked.query,
                [](const auto& each) { return each.name == "limit" || each.name == "after"; });
  asked.query.push_back({"limit", std::to_string(end)});
  return asked;
}

std::string target_of(const request& asked) {
  auto query = asked.query;
  const bool asks_for_open = order_of(asked.path) == list_order::open_by_site;
  if (asks_for_open && value_of(asked, "state") == nullptr) query.push_back({"state", "open"});
  std::string target = asked.path;
  char before = '?';
  for (const auto& each : query) {
    target += before + percent_encoded(each.name) + "=" + percent_encoded(each.value);
    before = '&';
  }
  return target;
}

std::string too_far_text(std::uint64_t end) {
  return "a list of all engine nodes ends at " + std::to_string(fleet_lists::end_max) +
         ", after and limit together state " + std::to_string(end) +
         ": state a site, or a narrower filter";
}

domain::result<std::string> joined_text(const json::list_merge& how,
                                        const std::vector<json::list_part>& parts,
                                        const std::vector<std::string>& incomplete) try {
  return json::merge_lists(how, parts, incomplete);
} catch (const std::exception& failure) {
  // The thread is that of all questions to other nodes.
  return domain::error{domain::errc::malformed, failure.what()};
}

} // namespace

std::vector<std::string> fleet_list_operations() {
  std::vector<std::string> all;
  for (const auto& each : joined_lists) all.push_back("GET " + std::string{each.path});
  return all;
}

/// A list whose parts are on their way.
struct fleet_lists::gathering {
  gathering(std::shared_ptr<std::atomic<std::size_t>> counted, request wanted, responder back)
      : waiting(std::move(counted)), asked(std::move(wanted)), reply(std::move(back)) {}
  ~gathering() { --*waiting; }
  gathering(const gathering&) = delete;
  gathering& operator=(const gathering&) = delete;

  const std::shared_ptr<std::atomic<std::size_t>> waiting;
  request asked;
  responder reply;
  json::list_page page;
  /// This node's, with its headers.
  response own;
  std::mutex guard;
  /// This node's first; the others in order of their names.
  std::map<std::string, json::list_part> others;
  std::vector<std::string> incomplete;
  std::size_t open = 0;
};

/// One shard of each other node that holds sites; shards with sites that none holds.
std::vector<ports::shard_view> fleet_lists::others() const {
  std::vector<ports::shard_view> found;
  for (auto& each : cluster_.view().shards) {
    if (each.sites.empty() || each.standing == shard_standing::here) continue;
    const bool is_known = each.standing == shard_standing::elsewhere &&
                          std::ranges::find(found, each.owner, &ports::shard_view::owner) !=
                              found.end();
    if (!is_known) found.push_back(std::move(each));
  }
  return found;
}

std::optional<response> fleet_lists::take(const request& asked, const handler& own_answer,
                                          const responder& reply) {
  auto own = own_answer(asked);
  // What is wrong with a request is stated by the handler.
  if (own.status != 200 || is_of_this_node_alone(asked)) return own;
  const auto nodes = others();
  if (nodes.empty()) return own;
  json::query_reader query{asked};
  const auto bounds = json::read_page(query);
  const auto end = bounds.offset + bounds.limit;
  if (end > end_max) return problem(400, too_far_text(end), asked.path);
  if (waiting_->fetch_add(1) >= waiting_max) {
    --*waiting_;
    return problem(503, "too many lists wait for other engine nodes", asked.path);
  }
  const auto joined = std::make_shared<gathering>(waiting_, from_the_first(asked, end), reply);
  joined->page = {bounds.offset, bounds.limit};
  joined->own = own_answer(joined->asked);
  ask_all(joined, nodes);
  return std::nullopt;
}

void fleet_lists::ask_all(const shared_gathering& joined,
                          const std::vector<ports::shard_view>& nodes) {
  std::vector<ports::shard_view> answering;
  for (const auto& each : nodes) {
    const bool is_held = each.standing == shard_standing::elsewhere;
    if (is_held && !each.address.empty()) answering.push_back(each);
    else
      joined->incomplete.push_back(is_held ? each.owner : "shard " + std::to_string(each.shard));
  }
  if (answering.empty()) return finish(*joined);
  joined->open = answering.size();
  const auto& asked = joined->asked;
  std::vector<ports::peer_header> headers{{forwarded_header, cluster_.node()},
                                          {"X-Request-Id", asked.by.request}};
  if (!asked.papers.credential.empty())
    headers.push_back({"Authorization", "Bearer " + asked.papers.credential});
  for (const auto& node : answering) {
    const auto take = [self = shared_from_this(), joined,
                       name = node.owner](ports::peer_outcome outcome) {
      const std::lock_guard lock{joined->guard};
      auto* answer = std::get_if<ports::peer_answer>(&outcome);
      if (answer != nullptr && answer->status == 200)
        joined->others[name] = {name, std::move(answer->body)};
      else joined->incomplete.push_back(name);
      if (--joined->open == 0) self->finish(*joined);
    };
    peers_.ask({node.address, "GET", target_of(asked), headers, "", patience}, take);
  }
}

void fleet_lists::finish(gathering& joined) const {
  std::vector<json::list_part> parts{{cluster_.node(), std::move(joined.own.text)}};
  for (auto& [name, part] : joined.others) parts.push_back(std::move(part));
  std::ranges::sort(joined.incomplete);
  const auto owner_of = [this](const std::string& site) {
    const auto shard = cluster_.shard_of(domain::site_id{site});
    return shard ? shard->owner : std::string{};
  };
  auto merged = joined_text({order_of(joined.asked.path), joined.page, owner_of}, parts,
                                  joined.incomplete);
  if (!merged) return joined.reply(problem(502, merged.failure().message, joined.asked.path));
  joined.own.text = std::move(merged.value());
  joined.reply(std::move(joined.own));
}

} // namespace busbar::adapters::http::api
