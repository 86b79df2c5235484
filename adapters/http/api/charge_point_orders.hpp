#pragma once
// The orders of /api/v1/chargepoints/{id}: each becomes one CALL of OCPP 1.6, its payload held
// strictly to the table of its action. Internal to this folder.

#include "adapters/http/api/charge_point_resources.hpp"
#include "adapters/http/server/message.hpp"
#include "adapters/http/server/router.hpp"
#include "ports/charge_points.hpp"
#include "text/json_writer.hpp"

#include <optional>

namespace busbar::adapters::http::api {

/// A gateway that has the station named first in the path, or why there is none.
struct found_stations {
  ports::charge_points* stations = nullptr;
  std::optional<server::response> refusal;
};
[[nodiscard]] found_stations find_station(const charge_point_source& source,
                                          const server::request& asked);

/// The record of an order.
void write_order(text::json_writer& json, const ports::order_standing& order);

void add_charge_point_orders(server::router& routes, const charge_point_source& source);

} // namespace busbar::adapters::http::api
