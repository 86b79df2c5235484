#pragma once
// Lists without a site are of the whole fleet, whichever engine node is asked: all nodes are asked
// together, and what does not answer in time is named (docs/adr/0023). How the parts become one
// list: json/list_merge.hpp.

#include "adapters/http/json/list_merge.hpp"
#include "adapters/http/server/router.hpp"
#include "ports/cluster.hpp"
#include "ports/peers.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::http::api {

/// The operations whose lists are joined: "GET /api/v1/sites".
[[nodiscard]] std::vector<std::string> fleet_list_operations();

class fleet_lists : public std::enable_shared_from_this<fleet_lists> {
public:
  /// Other nodes answer within it, or are named as missing.
  static constexpr std::chrono::milliseconds patience{500};
  /// Lists that wait for other nodes; more are refused with 503.
  static constexpr std::size_t waiting_max = 64;
  /// A page ends at this place of the list at the latest: all before it is read of every node.
  static constexpr std::uint64_t end_max = 5'000;

  /// Both outlive it.
  fleet_lists(const ports::cluster& cluster, ports::peers& peers)
      : cluster_(cluster), peers_(peers) {}

  /// `own_answer`: of this node alone, to a request of the same operation. Nothing: the answer
  /// comes through `reply`.
  [[nodiscard]] std::optional<server::response> take(const server::request& asked,
                                                     const server::handler& own_answer,
                                                     const server::responder& reply);

private:
  struct gathering;
  using shared_gathering = std::shared_ptr<gathering>;

  [[nodiscard]] std::vector<ports::shard_view> others() const;
  void ask_all(const shared_gathering& joined, const std::vector<ports::shard_view>& nodes);
  void finish(gathering& joined) const;

  const ports::cluster& cluster_;
  ports::peers& peers_;
  const std::shared_ptr<std::atomic<std::size_t>> waiting_ =
      std::make_shared<std::atomic<std::size_t>>(0);
};

} // namespace busbar::adapters::http::api
