#pragma once
// Secrets in frames and payloads, which are shown to people: keys and passwords of stations.

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace busbar::ocpp::v16 {

/// Of a configuration key: its value is shown to no one. "AuthorizationKey", "WifiPassword".
[[nodiscard]] bool is_secret_key(std::string_view key);

/// Values of secret configuration keys, passwords in URLs, private keys and the data of a
/// DataTransfer that names one of them become "***".
void blank_secrets(nlohmann::json& value);
/// The same in a text of JSON: one that has none stays as it is, one that may have some and cannot
/// be read becomes "***" as a whole.
[[nodiscard]] std::string blanked(const std::string& text);

} // namespace busbar::ocpp::v16
