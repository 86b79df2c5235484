#pragma once
// OCPP 1.6 request payloads about charging profiles, read from JSON and checked as a station must
// check them: all faults of a payload are named. Used by the API and by `busbar ocpp profiles`.

#include "control/smart_charging/profile_store.hpp"
#include "ocpp/v16/call_error.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>

namespace busbar::ocpp::v16 {

namespace smart = control::smart_charging;

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

} // namespace busbar::ocpp::v16
