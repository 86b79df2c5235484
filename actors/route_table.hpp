#pragma once
// Where the engine node, its sites and their feeders are right now: written by actors as they are
// spawned or restarted, read by the ingest thread, drivers and stations. Sites come and go; what is
// placed at one that has gone does nothing. Thread-safe.

#include "actors/interfaces.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <utility>
#include <vector>

namespace busbar::actors {

/// Whether messages may be sent to a site's actors.
enum class site_traffic : std::uint8_t {
  flows,
  /// Another context is to replace the site's: its actors are to get no more.
  held,
  /// Another context has replaced it, and its actors do not all run yet.
  opening,
};

/// One site's addresses. Handles are empty until their actors run. To be kept until what was found
/// in it has been used: `route_table::hold` tells when it is in use no more.
struct site_routes {
  std::shared_ptr<const site_layout> layout;
  domain::epoch owner = 0;
  site_actor site;
  std::vector<feeder_actor> feeders;
  /// Operators' orders go in here, whatever the traffic.
  std::shared_ptr<site_inbox> inbox;
  site_traffic traffic = site_traffic::flows;
  /// One for all routes between two calls of `hold`.
  std::shared_ptr<const void> users = std::make_shared<int>(0);
};

class route_table {
public:
  /// No actor of the site runs yet. `opening`: what comes for it waits until all do.
  void add(const domain::site_id& id, std::shared_ptr<const site_layout> layout,
           domain::epoch owner, std::shared_ptr<site_inbox> inbox,
           site_traffic traffic = site_traffic::flows) {
    auto routes = std::make_shared<site_routes>();
    routes->feeders.resize(layout->bays.size());
    routes->layout = std::move(layout);
    routes->owner = owner;
    routes->inbox = std::move(inbox);
    routes->traffic = traffic;
    const std::unique_lock lock{guard_};
    slots_[id].newest = std::move(routes);
  }
  /// Nothing finds the site from now on.
  void remove(const domain::site_id& id) {
    const std::unique_lock lock{guard_};
    slots_.erase(id);
  }
  /// The site goes on under another layout: no actor of it runs yet.
  void replace(const std::shared_ptr<const site_layout>& layout, domain::epoch owner,
               const std::shared_ptr<site_inbox>& inbox) {
    change(layout->site->id, [&](site_routes& routes) {
      routes.layout = layout;
      routes.owner = owner;
      routes.inbox = inbox;
      routes.traffic = site_traffic::opening;
      routes.site = nullptr;
      routes.feeders.assign(layout->bays.size(), feeder_actor{});
    });
  }
  void place(const domain::site_id& id, const site_actor& site) {
    change(id, [&](site_routes& routes) {
      routes.site = site;
      open_if_whole(routes);
    });
  }
  void place(const domain::site_id& id, bay_index bay, const feeder_actor& feeder) {
    change(id, [&](site_routes& routes) {
      routes.feeders[bay] = feeder;
      open_if_whole(routes);
    });
  }
  /// The site's actors are to get nothing from now on. Nothing is sent to them any more once the
  /// answer has expired.
  [[nodiscard]] std::weak_ptr<const void> hold(const domain::site_id& id) {
    std::weak_ptr<const void> users;
    change(id, [&](site_routes& routes) {
      users = std::exchange(routes.users, std::make_shared<int>(0));
      routes.traffic = site_traffic::held;
    });
    return users;
  }
  /// What waits for the site is let through to the actors that run.
  void let_through(const domain::site_id& id) {
    change(id, [](site_routes& routes) { routes.traffic = site_traffic::flows; });
  }
  void place(const engine_node_actor& node) {
    const std::unique_lock lock{guard_};
    node_ = node;
  }
  /// Empty before it runs.
  [[nodiscard]] engine_node_actor node() const {
    const std::shared_lock lock{guard_};
    return node_;
  }
  /// Null for an unknown site.
  [[nodiscard]] std::shared_ptr<const site_routes> find(const domain::site_id& id) const {
    const std::shared_lock sites_stay{guard_};
    const auto found = slots_.find(id);
    if (found == slots_.end()) return nullptr;
    const std::lock_guard lock{found->second.guard};
    return found->second.newest;
  }
  /// Lets go of every actor: no handle may outlive its system.
  void release() {
    const std::unique_lock lock{guard_};
    node_ = nullptr;
    for (auto& [id, place] : slots_)
      apply_to(place, [](site_routes& routes) {
        routes.site = nullptr;
        for (auto& feeder : routes.feeders) feeder = nullptr;
      });
  }

private:
  struct slot {
    mutable std::mutex guard;
    std::shared_ptr<const site_routes> newest;
  };
  static void open_if_whole(site_routes& routes) {
    const auto runs = [](const auto& actor) { return static_cast<bool>(actor); };
    if (routes.traffic == site_traffic::opening && routes.site &&
        std::ranges::all_of(routes.feeders, runs))
      routes.traffic = site_traffic::flows;
  }
  template <class Change> void change(const domain::site_id& id, Change apply) {
    const std::shared_lock sites_stay{guard_};
    if (const auto found = slots_.find(id); found != slots_.end())
      apply_to(found->second, apply);
  }
  template <class Change> static void apply_to(slot& place_of, Change apply) {
    const std::lock_guard lock{place_of.guard};
    auto next = std::make_shared<site_routes>(*place_of.newest);
    apply(*next);
    place_of.newest = std::move(next);
  }
  std::map<domain::site_id, slot> slots_;
  /// Of which sites there are, and of the node.
  mutable std::shared_mutex guard_;
  engine_node_actor node_;
};

} // namespace busbar::actors
