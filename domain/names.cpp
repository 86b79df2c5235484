// The stable texts of every enumeration in domain/.

#include "domain/conversation.hpp"
#include "domain/result.hpp"
#include "domain/operator_order.hpp"
#include "domain/site.hpp"
#include "domain/site_view.hpp"
#include "domain/telemetry.hpp"

#include <array>
#include <cstddef>

namespace busbar::domain {

namespace {

template <class Enum, std::size_t Size>
const char* look_up(const std::array<const char*, Size>& names, Enum value) {
  const auto place = static_cast<std::size_t>(value);
  return place < Size ? names[place] : "unspecified";
}

template <class Enum, std::size_t Size>
std::optional<Enum> find_name(const std::array<const char*, Size>& names, const std::string& name) {
  for (std::size_t place = 1; place < Size; ++place)
    if (name == names[place]) return static_cast<Enum>(place);
  return std::nullopt;
}

constexpr std::array errc_names{
    "unspecified",   "malformed",      "wrong_identifier",  "out_of_range", "missing_field",
    "unknown_field", "unknown_reference", "too_large",      "full",         "wrong_topology",
    "stale",         "unsafe",         "duplicate",         "conflict",     "timeout",
    "unavailable",   "forbidden"};
constexpr std::array node_kind_names{"unspecified", "service", "transformer", "feeder", "panel"};
constexpr std::array limit_source_names{
    "unspecified", "rating",          "continuous_factor", "breaker",      "cable",
    "transformer", "thermal",         "service_power",     "service_current", "phase_imbalance",
    "power_factor", "voltage",        "frequency",         "operator",     "demand_response",
    "peak_demand", "meter_lost"};
constexpr std::array policy_names{
    "unspecified",       "equal",        "priority",   "soc-deficit",
    "earliest-deadline", "least-laxity", "first-come", "greatest-total",
    "plan-ahead"};
constexpr std::array counted_names{"unspecified", "everything", "chargers"};
constexpr std::array fallback_names{"unspecified", "maintain", "reduce", "stop"};
constexpr std::array line_names{"L1", "L2", "L3"};
constexpr std::array connector_state_names{"unspecified", "DISCONNECTED", "ACTIVATED",
                                           "SUPPLYING",   "FAULTED",      "UNAVAILABLE"};
constexpr std::array request_names{"unspecified", "start", "stop", "reserve", "change"};
constexpr std::array rule_names{"unspecified", "LIM-1",         "max",      "demand",
                                "turn",        "not_wanted",    "ramp",     "fallback",
                                "input_lost",  "load_shedding", "operator", "derating",
                                "disobedience"};
constexpr std::array binding_line_names{"unspecified", "L1",         "L2",         "L3",
                                        "primary L1",  "primary L2", "primary L3", "power",
                                        "L1",          "L2",         "L3"};
constexpr std::array command_names{"unspecified", "grant",  "start",         "stop",
                                   "reset",       "unlock", "set_available", "set_unavailable",
                                   "simulate_fault", "set_charging_profile",
                                   "clear_charging_profile", "set_phases", "report"};
constexpr std::array fault_names{"unspecified", "clear",   "station_fault", "monitor_failure",
                                 "silence",     "disobey", "meter_loss",
                                 "low_voltage", "low_frequency", "low_power_factor"};
constexpr std::array outcome_names{"unspecified", "accepted", "refused"};
constexpr std::array session_fact_names{"unspecified", "ACCEPTED", "DENIED", "IN_PROGRESS",
                                        "COMPLETED",   "SETTLED",  "CHANGED"};
constexpr std::array severity_names{"unspecified", "info", "warning", "critical"};
constexpr std::array breaker_names{"unspecified", "closed", "open", "half-open"};
constexpr std::array role_names{"unspecified", "central", "cp", "monitor", "driver", "log"};

constexpr std::array cooling_names{"unspecified", "onan-distribution", "onan", "onaf"};
constexpr std::array stale_names{"unspecified", "safe-zero", "hold-last", "exclude"};
constexpr std::array priority_names{"unspecified", "weighted", "strict"};
constexpr std::array rate_unit_names{"A", "W"};
constexpr std::array purpose_names{"ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"};
constexpr std::array profile_kind_names{"Absolute", "Recurring", "Relative"};
constexpr std::array recurrency_names{"Daily", "Weekly"};
constexpr std::array escalation_names{"none",        "tell_again",      "lower_limit",
                                      "remote_stop", "set_unavailable", "operator"};

} // namespace

const char* name_of(errc code) { return look_up(errc_names, code); }
const char* name_of(node_kind kind) { return look_up(node_kind_names, kind); }
const char* name_of(limit_source source) { return look_up(limit_source_names, source); }
const char* name_of(policy which) { return look_up(policy_names, which); }
const char* name_of(fallback_action action) { return look_up(fallback_names, action); }
const char* name_of(line which) { return look_up(line_names, which); }
const char* name_of(connector_state state) { return look_up(connector_state_names, state); }
const char* name_of(request_kind kind) { return look_up(request_names, kind); }
const char* name_of(rule which) { return look_up(rule_names, which); }
const char* name_of(counted_load which) { return look_up(counted_names, which); }
const char* name_of(binding_line which) { return look_up(binding_line_names, which); }
const char* name_of(command_kind kind) { return look_up(command_names, kind); }
const char* name_of(fault_kind kind) { return look_up(fault_names, kind); }
const char* name_of(outcome which) { return look_up(outcome_names, which); }
const char* name_of(session_fact_kind kind) { return look_up(session_fact_names, kind); }
const char* name_of(severity how) { return look_up(severity_names, how); }
const char* name_of(role who) { return look_up(role_names, who); }

const char* name_of(cooling how) { return look_up(cooling_names, how); }
const char* name_of(stale_input_policy which) { return look_up(stale_names, which); }
const char* name_of(priority_order which) { return look_up(priority_names, which); }
const char* name_of(escalation step) { return look_up(escalation_names, step); }
const char* name_of(breaker_position position) { return look_up(breaker_names, position); }

const char* name_of(rate_unit unit) { return look_up(rate_unit_names, unit); }
const char* name_of(profile_purpose serves) { return look_up(purpose_names, serves); }
const char* name_of(profile_kind kind) { return look_up(profile_kind_names, kind); }
const char* name_of(profile_recurrency recurs) { return look_up(recurrency_names, recurs); }

std::optional<limit_source> limit_source_from(const std::string& name) {
  return find_name<limit_source>(limit_source_names, name);
}
std::optional<policy> policy_from(const std::string& name) {
  return find_name<policy>(policy_names, name);
}
std::optional<cooling> cooling_from(const std::string& name) {
  return find_name<cooling>(cooling_names, name);
}
std::optional<fault_kind> fault_kind_from(const std::string& name) {
  return find_name<fault_kind>(fault_names, name);
}
std::optional<role> role_from(const std::string& name) { return find_name<role>(role_names, name); }

} // namespace busbar::domain
