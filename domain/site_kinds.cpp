#include "domain/site_kinds.hpp"

#include "domain/enum_text.hpp"

#include <array>

namespace busbar::domain {

namespace {

constexpr std::array node_kind_names{"unspecified", "service", "transformer", "feeder", "panel"};
constexpr std::array limit_source_names{"unspecified", "rating", "continuous_factor", "breaker",
    "cable", "transformer", "thermal", "service_power", "service_current", "phase_imbalance",
    "power_factor", "voltage", "frequency", "operator", "demand_response", "peak_demand",
    "meter_lost"};
constexpr std::array policy_names{"unspecified", "equal", "priority", "soc-deficit",
    "earliest-deadline", "least-laxity", "first-come", "greatest-total", "plan-ahead"};
constexpr std::array fallback_names{"unspecified", "maintain", "reduce", "stop"};
constexpr std::array stale_names{"unspecified", "safe-zero", "hold-last", "exclude"};
constexpr std::array priority_names{"unspecified", "weighted", "strict"};

} // namespace

const char* name_of(node_kind kind) { return text_of(node_kind_names, kind); }
const char* name_of(limit_source source) { return text_of(limit_source_names, source); }
const char* name_of(policy which) { return text_of(policy_names, which); }
const char* name_of(fallback_action action) { return text_of(fallback_names, action); }
const char* name_of(stale_input_policy which) { return text_of(stale_names, which); }
const char* name_of(priority_order which) { return text_of(priority_names, which); }
std::optional<limit_source> limit_source_from(const std::string& name) {
  return value_of<limit_source>(limit_source_names, name);
}
std::optional<policy> policy_from(const std::string& name) {
  return value_of<policy>(policy_names, name);
}

} // namespace busbar::domain
