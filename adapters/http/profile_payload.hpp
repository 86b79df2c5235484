#pragma once
// OCPP 1.6 request payloads about charging profiles as JSON, checked as a station must: what is
// wrong with the payload itself (not with the station's state) is answered with a CALLERROR of
// OCPP-J 1.6, 4.2.3. Used by the API and by `busbar ocpp profiles`.

#include "control/smart_charging/profile_store.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace busbar::adapters::http {

namespace smart = control::smart_charging;

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

struct set_profile_request {
  std::int32_t connector = 0;
  smart::charging_profile profile;
};

struct get_composite_request {
  std::int32_t connector = 0;
  smart::seconds duration{};
  std::optional<smart::rate_unit> unit;
};

[[nodiscard]] parsed<set_profile_request> parse_set_profile(const nlohmann::json& payload);
[[nodiscard]] parsed<get_composite_request> parse_get_composite(const nlohmann::json& payload);
[[nodiscard]] parsed<smart::clear_filter> parse_clear_profile(const nlohmann::json& payload);

[[nodiscard]] std::optional<smart::rate_unit> rate_unit_from(const std::string& text);
/// A number of at most one decimal (told apart exactly, 16.1 as well as 0.3), in tenths.
[[nodiscard]] std::optional<std::int64_t> tenths_of(double value);

} // namespace busbar::adapters::http
