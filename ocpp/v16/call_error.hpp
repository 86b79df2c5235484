#pragma once
// What is wrong with a payload itself, not with the station's state: answered with a CALLERROR of
// OCPP-J 1.6, 4.2.3.

#include "ocpp/wire/error_code.hpp"

#include <string>
#include <variant>
#include <vector>

namespace busbar::ocpp::v16 {

using call_error_code = wire::error_code;
/// Spelled as 1.6 does: "OccurenceConstraintViolation".
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
