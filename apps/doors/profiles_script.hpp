#pragma once
// The script of `busbar ocpp profiles` (docs/formats/ocpp-profiles-input.schema.json): one station
// and what happens to it, step by step.

#include "control/smart_charging/profile.hpp"
#include "domain/fault_list.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace busbar::apps::doors {

namespace smart = control::smart_charging;

/// An OCPP request, unchecked: the station answers for its payload.
struct ocpp_request {
  enum class action : std::uint8_t { set, clear, get_composite };
  action what{};
  nlohmann::json payload;
};
struct start_step {
  std::int32_t connector = 0;
  /// Absent: assumed.
  std::optional<std::int32_t> transaction;
};
struct stop_step {
  std::int32_t transaction = 0;
};
struct limit_question {
  std::int32_t connector = 0;
  std::optional<smart::rate_unit> unit;
};
struct profiles_question {};
struct periods_question {
  std::int32_t profile = 0;
  smart::instant until{};
};

struct script_step {
  smart::instant at{};
  std::variant<ocpp_request, start_step, stop_step, limit_question, profiles_question,
               periods_question>
      what;
};

struct profiles_script {
  smart::station_settings station;
  std::vector<script_step> steps;
};

/// Bound on the bytes of a script: 8 MiB.
inline constexpr std::size_t script_bytes_max = 8u << 20;
/// Bound on its values and names together: more than 8 MiB of the shortest periods have
/// (`{"startPeriod":1,"limit":1}` and a comma: 28 B for 5).
inline constexpr std::size_t script_values_max = 2'000'000;

/// A script, or every fault as "/json/pointer: value: what is allowed".
[[nodiscard]] std::variant<profiles_script, domain::fault_list>
read_profiles_script(const std::string& text);

} // namespace busbar::apps::doors
