#pragma once
// The standard configuration keys of OCPP 1.6 and of its security extension: type, unit, range,
// access, and the component and variable of 2.0.1 that means the same. Vendors' own keys are text.

#include "ocpp/v16/message_form.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace busbar::ocpp::v16 {

enum class key_type : std::uint8_t {
  /// "true" or "false"
  boolean,
  integer,
  text,
  /// texts with commas between them, from `configuration_key::allowed` where that has any
  list,
  /// measurands with commas between them, each with its phase where it has one: "Voltage.L1-N"
  measurand_list,
  /// one entry a connector, the connector before a point: "0.RST,1.RTS"
  rotation_list,
  /// 16 to 20 bytes as hexadecimal digits
  hex_key,
};

enum class key_access : std::uint8_t {
  read_only,
  read_write,
  /// never answered (keys of authentication)
  write_only,
  /// read-only or not, as the station's maker chooses
  makers_choice,
};

enum class key_effect : std::uint8_t {
  /// A station may answer RebootRequired to any key; the protocol asks it of none.
  at_once,
  /// with the station's next connection, which it makes by itself
  next_connection,
};

struct configuration_key {
  std::string_view name;
  feature_profile profile{};
  bool is_required = false;
  key_access access{};
  key_type type{};
  /// "s", "Wh", "%"; empty: none.
  std::string_view unit;
  /// Of an integer.
  std::int64_t low = 0;
  std::int64_t high = 0;
  choices allowed;
  key_effect effect = key_effect::at_once;
  /// Of 2.0.1, "OCPPCommCtrlr"; empty: it has none.
  std::string_view component;
  /// "HeartbeatInterval", an instance in brackets.
  std::string_view variable;
};

/// By profile, then by name.
[[nodiscard]] std::span<const configuration_key> standard_keys();
/// Compared without case; null: a vendor's own.
[[nodiscard]] const configuration_key* standard_key(std::string_view name);
/// Why `value` cannot be one of `key`, with what is allowed; absent where it can.
[[nodiscard]] std::optional<std::string> fault_of(const configuration_key& key,
                                                  std::string_view value);

} // namespace busbar::ocpp::v16
