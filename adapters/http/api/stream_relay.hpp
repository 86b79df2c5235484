#pragma once
// Streams of sites that other engine nodes hold: their `site` and `site_delta` events are read from
// their owners and passed on as they are. The journal and the heartbeat of such a stream are this
// node's own, so that the numbers of entries stay those of one journal through every hand-over.

#include "adapters/http/server/stream_source.hpp"
#include "ports/cluster.hpp"
#include "ports/peers.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace busbar::adapters::http::api {

/// Through which events of other nodes come to readers; nothing does once it is closed.
/// Thread-safe.
class relay_door {
public:
  template <class Deliver> void pass(Deliver deliver) {
    const std::lock_guard lock{guard_};
    if (is_open_) deliver();
  }
  void close() {
    const std::lock_guard lock{guard_};
    is_open_ = false;
  }

private:
  std::mutex guard_;
  bool is_open_ = true;
};

class stream_relay {
public:
  /// Both outlive it.
  stream_relay(const ports::cluster& cluster, ports::peers& peers)
      : cluster_(cluster), peers_(peers) {}

  /// Follows the sites that `wanted` has of other nodes until the answer is let go of. Where one of
  /// their streams ends (the site goes to another node, or its owner is away) the reader's does,
  /// too: it comes back, and finds the site where it is by then.
  /// `counted` makes a text one that counts as unsent; called while the door is open.
  [[nodiscard]] std::vector<std::shared_ptr<void>>
  follow(const server::subscription& wanted, const std::weak_ptr<server::stream_reader>& reader,
         const std::shared_ptr<relay_door>& door,
         const std::function<server::shared_text(server::shared_text)>& counted) const;

private:
  const ports::cluster& cluster_;
  ports::peers& peers_;
};

} // namespace busbar::adapters::http::api
