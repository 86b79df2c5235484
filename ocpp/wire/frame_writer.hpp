#pragma once
// Writes frames: one string, front to back. Payloads are JSON already (`text/json_writer.hpp`).

#include <string>
#include <string_view>

namespace busbar::ocpp::wire {

/// [2, id, action, payload]. REQUIRES: `payload_json` is a JSON object.
[[nodiscard]] std::string write_call(std::string_view id, std::string_view action,
                                     std::string_view payload_json);
/// [3, id, payload]. REQUIRES: `payload_json` is a JSON object.
[[nodiscard]] std::string write_result(std::string_view id, std::string_view payload_json);
/// [4, id, code, description, {}]: `code` as the version spells it, `description` cut to 255
/// characters.
[[nodiscard]] std::string write_error(std::string_view id, std::string_view code,
                                      std::string_view description);

} // namespace busbar::ocpp::wire
