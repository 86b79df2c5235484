#pragma once
// What the API orders of the sites that this node holds: operators' orders, charging profiles,
// faults of simulated stations. Passed on from here, decided and obeyed by the site's actors.
// Thread-safe.

#include "control/smart_charging/profile_book.hpp"
#include "node/node_frame.hpp"
#include "node/order_watch.hpp"
#include "ports/orders.hpp"

#include <chrono>
#include <memory>

namespace busbar::node {

class site_orders {
public:
  explicit site_orders(node_frame& frame) : frame_(frame) {}

  void submit(const domain::driver_request& request, ports::kept_listener then);
  [[nodiscard]] domain::result<void> inject(const ports::fault_request& fault);
  /// Decided and answered by the site that owns the places (`ports::orders::order`).
  void order(ports::order_request request, const domain::cause& by, ports::order_listener answer);
  /// Refuses what no site has answered in time.
  void look() { waiting_.look(std::chrono::steady_clock::now()); }
  /// The node ends: refuses all that wait.
  void end() { waiting_.end(); }
  [[nodiscard]] std::shared_ptr<const control::smart_charging::profile_book>
  profiles(const domain::site_id& site, const domain::station_id& station) const;
  [[nodiscard]] domain::result<void> manage(const ports::profile_request& request);
  /// To a station's feeder, which passes it on.
  [[nodiscard]] domain::result<void> send_direct(const domain::site_id& site,
                                                 const domain::station_id& station,
                                                 actors::direct_order order) const;
  /// Why it has no such station; nothing where it has.
  [[nodiscard]] domain::result<void> has_station(const domain::site_id& site,
                                                 const domain::station_id& station) const;

private:
  node_frame& frame_;
  order_watch waiting_;
};

} // namespace busbar::node
