#pragma once
// Files that stations put here: places for orders that state none, and what has come.

#include "adapters/http/api/charge_point_resources.hpp"
#include "adapters/http/server/message.hpp"
#include "adapters/http/server/router.hpp"
#include "ocpp/v16/message_form.hpp"
#include "ports/uploads.hpp"

#include <optional>
#include <string>
#include <variant>

namespace busbar::adapters::http::api {

/// A place of this process's own, in the payload of an order.
struct upload_place {
  std::string payload;
  std::string url;
};

/// The payload of GetDiagnostics or GetLog with a place in it where it states none. Absent: it
/// states one, or is another order. A response: there is no place for it. `until`: of the order.
[[nodiscard]] std::optional<std::variant<upload_place, server::response>>
place_for(ports::uploads* receiver, ocpp::v16::action which, const std::string& payload,
          const server::request& asked, domain::instant until);

/// `receiver`: null: no files are taken here.
void add_upload_resources(server::router& routes, const charge_point_source& stations,
                          const ports::uploads* receiver);

} // namespace busbar::adapters::http::api
