#pragma once
// The table of orders under /api/v1/chargepoints/{id}/: method, name and action of each, and what
// makes its payload. Role and rate of each stand in openapi.json. Internal to this folder.

#include "adapters/http/json/query_reader.hpp"
#include "adapters/http/server/message.hpp"
#include "ocpp/v16/message_form.hpp"
#include "ports/charge_points.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

namespace busbar::adapters::http::api {

/// Fills in what a body may leave to the gateway; the action that it comes to.
using body_completion = ocpp::v16::action (*)(nlohmann::json& body, ports::charge_points& from);

/// An order with a body: the payload is the body.
struct order_route {
  server::method verb;
  const char* name;
  ocpp::v16::action action;
  /// The body may be absent.
  bool is_plain = false;
  /// Null: nothing is left to the gateway.
  body_completion complete = nullptr;
  /// Its `connectorId` stands in the path, last of what does.
  bool is_of_connector = false;
};

/// A payload, or why there is none.
using payload_or_refusal = std::variant<std::string, server::response>;

/// An order without a body: path and query make the payload.
struct question_route {
  server::method verb;
  const char* name;
  ocpp::v16::action action;
  payload_or_refusal (*make)(const server::request& asked, json::query_reader& query);
};

[[nodiscard]] std::span<const order_route> order_routes();
[[nodiscard]] std::span<const question_route> question_routes();

/// 0 to 2^31 - 1, last of what stands in the path; absent: another text.
[[nodiscard]] std::optional<std::int64_t> number_in_path(const server::request& asked);
/// The 404 for such a text.
[[nodiscard]] server::response no_number(const server::request& asked);

/// Where its payload has a URL that a station is to open, as JSON pointer; empty: nowhere.
[[nodiscard]] const char* url_pointer_of(ocpp::v16::action which);

} // namespace busbar::adapters::http::api
