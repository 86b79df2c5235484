#include "adapters/http/api/stream_relay.hpp"

#include "adapters/http/api/forwarder.hpp"

#include <chrono>
#include <map>
#include <string_view>
#include <utility>

namespace busbar::adapters::http::api {

using namespace server;
using ports::shard_standing;

namespace {

constexpr std::chrono::milliseconds head_patience{2'000};
constexpr std::string_view event_end = "\n\n";
/// `site` and `site_delta`.
constexpr std::string_view passed_on = "event: site";

/// What of the events goes to this node's reader.
std::string of_sites(const std::string& events) {
  std::string kept;
  std::string_view left{events};
  while (!left.empty()) {
    const auto end = left.find(event_end);
    const auto length = end == std::string_view::npos ? left.size() : end + event_end.size();
    if (left.starts_with(passed_on)) kept += left.substr(0, length);
    left.remove_prefix(length);
  }
  return kept;
}

/// By the address of their owner; empty: of those that no node answers for now.
std::map<std::string, std::string> sites_by_address(const ports::cluster& cluster,
                                                    const std::vector<domain::site_id>& sites) {
  std::map<std::string, std::string> found;
  for (const auto& site : sites) {
    const auto shard = cluster.shard_of(site);
    const bool is_held = shard && shard->standing == shard_standing::elsewhere;
    auto& list = found[is_held ? shard->address : std::string{}];
    list += (list.empty() ? "" : ",") + site.text();
  }
  return found;
}

} // namespace

std::vector<std::shared_ptr<void>>
stream_relay::follow(const subscription& wanted, const std::weak_ptr<stream_reader>& reader,
                     const std::shared_ptr<relay_door>& door,
                     const std::function<shared_text(shared_text)>& counted) const {
  std::vector<std::shared_ptr<void>> followed;
  const auto deliver = [reader, door, counted](shared_text text) {
    door->pass([&] {
      if (const auto there = reader.lock()) there->deliver(counted(std::move(text)));
    });
  };
  std::vector<ports::peer_header> headers{{forwarded_header, cluster_.node()}};
  if (!wanted.credential.empty())
    headers.push_back({"Authorization", "Bearer " + wanted.credential});
  for (const auto& [address, sites] : sites_by_address(cluster_, wanted.relayed)) {
    if (address.empty()) {
      deliver(nullptr);
      continue;
    }
    const auto target = "/api/v1/stream?journal=false&site=" + percent_encoded(sites);
    followed.push_back(peers_.follow(
        {address, "GET", target, headers, "", head_patience},
        {[deliver](const std::string& events) {
           auto kept = of_sites(events);
           if (!kept.empty()) deliver(std::make_shared<const std::string>(std::move(kept)));
         },
         [deliver](const std::string&) { deliver(nullptr); }}));
  }
  return followed;
}

} // namespace busbar::adapters::http::api
