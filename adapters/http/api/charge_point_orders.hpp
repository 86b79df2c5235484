#pragma once
// The orders of /api/v1/chargepoints/{id}: each becomes one CALL of OCPP 1.6, its payload held
// strictly to the table of its action. Internal to this folder.

#include "adapters/http/api/charge_point_resources.hpp"
#include "adapters/http/json/query_reader.hpp"
#include "adapters/http/server/message.hpp"
#include "adapters/http/server/problem.hpp"
#include "adapters/http/server/router.hpp"
#include "ocpp/v16/message_form.hpp"
#include "ports/charge_points.hpp"
#include "text/json_writer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::http::api {

/// A gateway that has the station named first in the path, or why there is none.
struct found_stations {
  ports::charge_points* stations = nullptr;
  std::optional<server::response> refusal;
};
[[nodiscard]] found_stations find_station(const charge_point_source& source,
                                          const server::request& asked);

/// On which terms an order is given; `wait_s` is read by itself.
struct order_terms {
  /// It waits for a station that is absent.
  bool waits = false;
  std::optional<std::uint64_t> deadline_s;
};
/// Reads `absent` and `deadline_s`.
[[nodiscard]] order_terms read_terms(json::query_reader& query);

/// What is wrong with a payload, strictly, and with a URL in it that a station is to open.
[[nodiscard]] std::vector<server::input_fault>
payload_faults(const ports::charge_points& stations, ocpp::v16::action which,
               const std::string& payload);

/// The record of an order.
void write_order(text::json_writer& json, const ports::order_standing& order);

void add_charge_point_orders(server::router& routes, const charge_point_source& source);

} // namespace busbar::adapters::http::api
