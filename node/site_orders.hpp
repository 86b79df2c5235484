#pragma once
// What the API orders of the sites that this node holds: operators' orders, charging profiles,
// faults of simulated stations. Checked here, obeyed by the site's actors. Thread-safe.

#include "actors/engine_port.hpp"
#include "node/node_frame.hpp"

#include <memory>
#include <optional>

namespace busbar::node {

class site_orders {
public:
  explicit site_orders(node_frame& frame) : frame_(frame) {}

  [[nodiscard]] domain::result<void> submit(const domain::driver_request& request);
  [[nodiscard]] domain::result<void> inject(const actors::fault_request& fault);
  [[nodiscard]] domain::result<void> order(const domain::site_id& site,
                                           const domain::operator_order& order,
                                           const domain::cause& by);
  [[nodiscard]] std::optional<domain::fallback_load>
  what_remains(const domain::site_id& site, const domain::node_constraint& order) const;
  [[nodiscard]] std::shared_ptr<const control::smart_charging::profile_book>
  profiles(const domain::site_id& site, domain::station_index station) const;
  [[nodiscard]] domain::result<void> manage(const actors::profile_request& request);
  /// To a station's feeder, which passes it on.
  [[nodiscard]] domain::result<void> send_direct(const domain::site_id& site,
                                                 const domain::station_id& station,
                                                 actors::direct_order order) const;
  /// Why it has no such station; nothing where it has.
  [[nodiscard]] domain::result<void> has_station(const domain::site_id& site,
                                                 const domain::station_id& station) const;

private:
  node_frame& frame_;
};

} // namespace busbar::node
