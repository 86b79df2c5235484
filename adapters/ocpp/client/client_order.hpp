#pragma once
// What the answers to orders share. Internal to this folder.

#include "adapters/ocpp/client/client_state.hpp"
#include "adapters/ocpp/station/payload.hpp"
#include "text/json_writer.hpp"

#include <string>
#include <string_view>

namespace busbar::adapters::ocpp::client {

/// A CALL of the central system whose payload has been held to its table.
struct order_context {
  client_state& state;
  const station::json_element& payload;
  domain::instant now;
};

/// {"status": "Accepted"}.
[[nodiscard]] inline std::string status(std::string_view what) {
  text::json_writer json;
  return json.begin_object().member("status", what).end_object().take();
}

[[nodiscard]] inline std::string accepted_where(bool is_done) {
  return status(is_done ? "Accepted" : "Rejected");
}

[[nodiscard]] inline bool has_connector(const order_context& order, std::int64_t connector,
                                        std::int64_t from = 1) {
  return connector >= from && connector <= order.state.body.connectors();
}

} // namespace busbar::adapters::ocpp::client
