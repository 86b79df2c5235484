#pragma once
// The state of a charge point, as every door shows it: one that is heard of and free is ready,
// which is ACTIVATED, with a vehicle or without; one that is not heard of is DISCONNECTED.

#include "domain/site_view.hpp"

namespace busbar::domain {

/// Of what a connector has reported, however long ago.
[[nodiscard]] constexpr connector_state reported_state(const connector_view& connector) {
  return connector.state == connector_state::disconnected ? connector_state::activated
                                                          : connector.state;
}

[[nodiscard]] constexpr connector_state point_state(const connector_view& connector) {
  return connector.is_stale ? connector_state::disconnected : reported_state(connector);
}

/// A vehicle is plugged in, as far as the connector has reported.
[[nodiscard]] constexpr bool is_plugged(const connector_view& connector) {
  return connector.state == connector_state::activated ||
         connector.state == connector_state::supplying;
}

} // namespace busbar::domain
