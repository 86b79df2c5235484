#pragma once
// What is recorded of a request, and when.

#include "adapters/http/server/message.hpp"
#include "ports/audit.hpp"

#include <functional>
#include <optional>
#include <string>

namespace busbar::adapters::http::api {

/// Changes of known principals, whatever comes of them; logins and what else is open to strangers;
/// reads of the audit; reads that a known principal is refused. Not what came too often: its rate
/// is its record; nor what strangers are refused: it is summed up (`refused_strangers.hpp`).
[[nodiscard]] bool is_recorded(const server::request& asked, const std::string& operation,
                               const std::optional<server::response>& refusal);

/// Records the answer and passes it on once that is on the disk; where it cannot be, 503 stands in
/// the place of an answer to what was done. `audit` outlives it.
[[nodiscard]] std::function<void(server::response, const server::responder&)>
recorder_of(ports::audit& audit, const server::request& asked, const std::string& operation);

/// A body's fields without secrets, shortened; empty where it is no JSON object.
[[nodiscard]] std::string stated_in(const server::request& asked);

} // namespace busbar::adapters::http::api
