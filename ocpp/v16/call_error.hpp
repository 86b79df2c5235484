#pragma once
// What is wrong with a payload itself, not with the station's state: answered with a CALLERROR of
// OCPP-J 1.6, 4.2.3.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace busbar::ocpp::v16 {

/// The error codes that a payload can earn, spelled as the protocol does.
enum class call_error_code : std::uint8_t {
  /// not of the PDU's structure: not an object, a member that it does not have
  formation_violation,
  /// a field has another type
  type_constraint_violation,
  /// a required field is absent, a list is empty
  occurence_constraint_violation,
  /// a field has a value outside of its own definition
  property_constraint_violation,
};
[[nodiscard]] const char* name_of(call_error_code code);

struct call_error {
  call_error_code code{};
  /// JSON pointer within the payload.
  std::string pointer;
  /// What stands there, what is allowed.
  std::string detail;

  [[nodiscard]] std::string description() const { return pointer + ": " + detail; }
};

/// A request, or everything that is wrong with it, in the order of the payload's definition.
template <class Request> using parsed = std::variant<Request, std::vector<call_error>>;

} // namespace busbar::ocpp::v16
