#pragma once
// The codes of a CALLERROR (OCPP-J, 4.2.3), by meaning. How a version spells them is the version's
// (`ocpp/v16/call_error.hpp`); what a station sends is understood in every spelling.

#include <cstdint>
#include <string_view>

namespace busbar::ocpp::wire {

enum class error_code : std::uint8_t {
  /// the action is not known
  not_implemented,
  /// the action is known and switched off
  not_supported,
  /// the receiver failed by itself
  internal_error,
  /// the payload is incomplete, or the message does not fit the state of the conversation
  protocol_error,
  /// a rule of security forbids it
  security_error,
  /// not of the structure that the message has: no JSON, not an object, a member that it has not
  formation_violation,
  /// a field has a value outside of its own definition
  property_constraint_violation,
  /// a required field is absent, a list has too few items
  occurence_constraint_violation,
  /// a field has another type
  type_constraint_violation,
  /// anything else
  generic_error,
};
inline constexpr std::uint8_t error_code_count = 10;

/// What a station means by `text`: letters alone count, capitals as small ones, the spellings of
/// 1.6, its errata and 2.x alike. Generic where it means none of them.
[[nodiscard]] error_code error_code_from(std::string_view text);

} // namespace busbar::ocpp::wire
