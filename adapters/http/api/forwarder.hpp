#pragma once
// Passes requests for what another engine node holds on to that node, once: any node answers for
// all (docs/adr/0023). What follows from what came of it: control/cluster/forwarding.hpp.

#include "adapters/http/server/router.hpp"
#include "control/cluster/forwarding.hpp"
#include "ports/cluster.hpp"
#include "ports/peers.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace busbar::adapters::http::api {

/// The engine node that has passed a request on: it is not passed on again.
inline constexpr const char* forwarded_header = "X-Busbar-Forwarded";
/// The owner of the site that is asked for, of an answer 421: "http://host:port", or "https://".
inline constexpr const char* owner_header = "X-Busbar-Owner";
/// The engine node that has answered in the place of the one that was asked.
inline constexpr const char* answered_header = "X-Busbar-Answered-By";

class forwarder : public std::enable_shared_from_this<forwarder> {
public:
  using own_handler =
      std::function<std::optional<server::response>(server::request&, const server::responder&)>;

  /// All outlive it. `own_answer` answers a request from what this node holds. `scheme`: by which
  /// the nodes of the group speak, "http://".
  forwarder(const ports::cluster& cluster, ports::peers& peers, own_handler own_answer,
            std::string scheme)
      : cluster_(cluster), peers_(peers), own_answer_(std::move(own_answer)),
        scheme_(std::move(scheme)) {}

  /// REQUIRES: `refusal.missing`.
  void take(const server::request& asked, server::response refusal,
            const server::responder& reply);

private:
  struct passed_request;
  using shared_request = std::shared_ptr<passed_request>;

  [[nodiscard]] std::optional<domain::site_id> site_of(const server::elsewhere& missing) const;
  /// The shard of the site that is asked for, or the node itself as if it owned one.
  [[nodiscard]] std::optional<ports::shard_view> place_of(const passed_request& passed) const;
  [[nodiscard]] server::response with_owner(server::response refusal) const;
  void ask_owner(const shared_request& passed);
  void take_outcome(const shared_request& passed, ports::peer_outcome outcome);
  void follow(const shared_request& passed, control::cluster::forward_outcome outcome,
              const std::string& why);
  void ask_again(const shared_request& passed);

  const ports::cluster& cluster_;
  ports::peers& peers_;
  const own_handler own_answer_;
  const std::string scheme_;
  const std::shared_ptr<std::atomic<std::size_t>> under_way_ =
      std::make_shared<std::atomic<std::size_t>>(0);
};

} // namespace busbar::adapters::http::api
