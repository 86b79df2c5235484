#include "ocpp/v16/charging_profile_payload.hpp"

#include "domain/fault_list.hpp"
#include "domain/time_text.hpp"
#include "text/json_text.hpp"
#include "text/suggestion.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <initializer_list>
#include <limits>
#include <set>

namespace busbar::ocpp::v16 {
namespace {

using nlohmann::json;
using enum wire::error_code;

using call_errors = std::vector<call_error>;

/// Reads the members of one JSON object; notes every fault and reads on with defaults.
class fields {
public:
  fields(const json& object, std::string path, call_errors& faults)
      : object_(object), path_(std::move(path)), faults_(faults) {
    if (!object.is_object()) fail(formation_violation, "", "is not an object");
  }

  /// Before anything is required: what a misspelt field is meant to be is not missing as well.
  void allow_only(std::initializer_list<const char*> names) {
    if (!object_.is_object()) return;
    for (const auto& member : object_.items()) {
      if (std::ranges::find(names, member.key()) != names.end()) continue;
      text::nearest_name nearest{member.key()};
      // No more faults than this are ever shown.
      if (faults_.size() < domain::fault_list::kept_max)
        for (const auto* each : names) nearest.offer(each);
      meant_.emplace(nearest.found());
      fail(formation_violation, member.key(), "is not a field of this PDU" + nearest.text());
    }
  }

  const json* find(const char* name) {
    const auto found = object_.is_object() ? object_.find(name) : object_.end();
    return found == object_.end() ? nullptr : &*found;
  }

  const json* require(const char* name) {
    const auto* value = find(name);
    if (!value && object_.is_object() && !meant_.contains(name))
      fail(occurence_constraint_violation, name, "is required");
    return value;
  }

  std::optional<std::int64_t> integer(const char* name, std::int64_t low, std::int64_t high) {
    const auto* value = find(name);
    if (!value) return std::nullopt;
    if (!value->is_number_integer()) return wrong_type(name, *value, "an integer");
    const bool is_huge = value->is_number_unsigned() &&
                         value->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX);
    const auto number = is_huge ? INT64_MAX : value->get<std::int64_t>();
    if (number >= low && number <= high) return number;
    return wrong_value(name, *value, std::to_string(low) + ".." + std::to_string(high));
  }

  std::int64_t required_integer(const char* name, std::int64_t low, std::int64_t high) {
    if (!require(name)) return 0;
    return integer(name, low, high).value_or(0);
  }

  std::optional<std::int64_t> tenths(const char* name) {
    const auto* value = find(name);
    if (!value) return std::nullopt;
    if (!value->is_number()) return wrong_type(name, *value, "a number");
    const auto number = tenths_of(value->get<double>());
    if (number && *number >= 0 && *number <= smart::rate_max_tenths) return number;
    return wrong_value(name, *value, "0..1000000000 with at most one decimal");
  }

  std::optional<smart::instant> time(const char* name) {
    const auto* value = find(name);
    if (!value) return std::nullopt;
    const auto at = value->is_string() ? domain::instant_from(value->get_ref<const std::string&>())
                                       : std::nullopt;
    if (at) return std::chrono::floor<smart::seconds>(*at);
    wrong_type(name, *value, "a dateTime (RFC 3339)");
    return std::nullopt;
  }

  template <class Value>
  std::optional<Value> choice(const char* name,
                              std::initializer_list<std::pair<const char*, Value>> choices) {
    const auto* value = find(name);
    if (!value) return std::nullopt;
    std::string allowed;
    for (const auto& [text, meaning] : choices) {
      if (*value == text) return meaning;
      allowed += (allowed.empty() ? "" : ", ") + std::string(text);
    }
    const auto name_of = [](const auto& each) { return each.first; };
    if (value->is_string())
      wrong_value(name, *value,
                  allowed + text::did_you_mean(value->get_ref<const std::string&>(), choices,
                                               name_of));
    else wrong_type(name, *value, "a string");
    return std::nullopt;
  }

  template <class Value>
  Value required_choice(const char* name,
                        std::initializer_list<std::pair<const char*, Value>> choices) {
    if (!require(name)) return Value{};
    return choice<Value>(name, choices).value_or(Value{});
  }

  [[nodiscard]] std::string path_of(const std::string& name) const { return path_ + "/" + name; }

  void fail(call_error_code code, const std::string& name, const std::string& what) {
    faults_.push_back({code, name.empty() ? path_ : path_of(name), what});
  }

private:
  std::nullopt_t wrong_type(const char* name, const json& value, const std::string& wanted) {
    fail(type_constraint_violation, name, text::shown(value) + ": must be " + wanted);
    return std::nullopt;
  }
  std::nullopt_t wrong_value(const char* name, const json& value, const std::string& allowed) {
    fail(property_constraint_violation, name, text::shown(value) + ": allowed: " + allowed);
    return std::nullopt;
  }

  const json& object_;
  std::string path_;
  call_errors& faults_;
  std::set<std::string> meant_;
};

constexpr auto int_max = std::numeric_limits<std::int32_t>::max();
constexpr auto int_min = std::numeric_limits<std::int32_t>::min();

std::optional<std::int32_t> narrow(std::optional<std::int64_t> value) {
  return value ? std::optional{static_cast<std::int32_t>(*value)} : std::nullopt;
}

const std::initializer_list<std::pair<const char*, smart::rate_unit>> rate_units{
    {"A", smart::rate_unit::ampere}, {"W", smart::rate_unit::watt}};
const std::initializer_list<std::pair<const char*, smart::purpose>> purposes{
    {"ChargePointMaxProfile", smart::purpose::charge_point_max},
    {"TxDefaultProfile", smart::purpose::tx_default},
    {"TxProfile", smart::purpose::tx}};
const std::initializer_list<std::pair<const char*, smart::profile_kind>> kinds{
    {"Absolute", smart::profile_kind::absolute},
    {"Recurring", smart::profile_kind::recurring},
    {"Relative", smart::profile_kind::relative}};
const std::initializer_list<std::pair<const char*, smart::recurrency>> recurrencies{
    {"Daily", smart::recurrency::daily}, {"Weekly", smart::recurrency::weekly}};

smart::schedule_period read_period(const json& object, const std::string& path,
                                   call_errors& faults) {
  fields in(object, path, faults);
  in.allow_only({"startPeriod", "limit", "numberPhases"});
  smart::schedule_period period;
  period.start = smart::seconds{in.required_integer("startPeriod", 0, smart::seconds_max)};
  in.require("limit");
  period.limit_tenths = in.tenths("limit").value_or(0);
  if (const auto phases = in.integer("numberPhases", 1, 3))
    period.phases = static_cast<std::uint8_t>(*phases);
  return period;
}

void read_periods(fields& in, smart::charging_schedule& plan, call_errors& faults) {
  const auto* list = in.require("chargingSchedulePeriod");
  if (!list) return;
  if (!list->is_array())
    return in.fail(type_constraint_violation, "chargingSchedulePeriod", "must be a list");
  if (list->empty())
    return in.fail(occurence_constraint_violation, "chargingSchedulePeriod",
                   "has at least one period");
  const auto path = in.path_of("chargingSchedulePeriod");
  for (std::size_t i = 0; i < list->size(); ++i)
    plan.periods.push_back(read_period((*list)[i], path + "/" + std::to_string(i), faults));
}

smart::charging_schedule read_schedule(const json& object, const std::string& path,
                              call_errors& faults) {
  fields in(object, path, faults);
  in.allow_only({"duration", "startSchedule", "chargingRateUnit", "chargingSchedulePeriod",
                 "minChargingRate"});
  smart::charging_schedule plan;
  if (const auto duration = in.integer("duration", 0, smart::seconds_max))
    plan.duration = smart::seconds{*duration};
  plan.starts_at = in.time("startSchedule");
  plan.unit = in.required_choice("chargingRateUnit", rate_units);
  plan.minimum_tenths = in.tenths("minChargingRate");
  read_periods(in, plan, faults);
  return plan;
}

smart::charging_profile read_profile(const json& object, const std::string& path,
                                     call_errors& faults) {
  fields in(object, path, faults);
  in.allow_only({"chargingProfileId", "transactionId", "stackLevel", "chargingProfilePurpose",
                 "chargingProfileKind", "recurrencyKind", "validFrom", "validTo",
                 "chargingSchedule"});
  smart::charging_profile profile;
  profile.id =
      static_cast<std::int32_t>(in.required_integer("chargingProfileId", int_min, int_max));
  profile.transaction = narrow(in.integer("transactionId", int_min, int_max));
  profile.stack_level = static_cast<std::int32_t>(in.required_integer("stackLevel", 0, int_max));
  profile.serves = in.required_choice("chargingProfilePurpose", purposes);
  profile.kind = in.required_choice("chargingProfileKind", kinds);
  profile.recurs = in.choice("recurrencyKind", recurrencies);
  profile.valid_from = in.time("validFrom");
  profile.valid_to = in.time("validTo");
  if (const auto* plan = in.require("chargingSchedule"))
    profile.plan = read_schedule(*plan, in.path_of("chargingSchedule"), faults);
  return profile;
}

template <class Request>
parsed<Request> result_of(Request request, call_errors faults) {
  if (!faults.empty()) return faults;
  return request;
}

} // namespace

std::optional<smart::rate_unit> rate_unit_from(const std::string& text) {
  if (text == "A") return smart::rate_unit::ampere;
  if (text == "W") return smart::rate_unit::watt;
  return std::nullopt;
}

std::optional<std::int64_t> tenths_of(double value) {
  // Beyond 2^53 tenths a double cannot tell them apart; far above every range that is read.
  if (!(std::abs(value) < 1e14)) return std::nullopt;
  const auto tenths = std::llround(value * 10);
  // Division rounds correctly, so this is the double that the decimal text of `tenths` reads as.
  if (static_cast<double>(tenths) / 10.0 != value) return std::nullopt;
  return tenths;
}

parsed<set_profile_request> parse_set_profile(const nlohmann::json& payload) {
  call_errors faults;
  fields in(payload, "", faults);
  in.allow_only({"connectorId", "csChargingProfiles"});
  set_profile_request request;
  request.connector =
      static_cast<std::int32_t>(in.required_integer("connectorId", int_min, int_max));
  if (const auto* profile = in.require("csChargingProfiles"))
    request.profile = read_profile(*profile, "/csChargingProfiles", faults);
  return result_of(std::move(request), std::move(faults));
}

parsed<get_composite_request> parse_get_composite(const nlohmann::json& payload) {
  call_errors faults;
  fields in(payload, "", faults);
  in.allow_only({"connectorId", "duration", "chargingRateUnit"});
  get_composite_request request;
  request.connector =
      static_cast<std::int32_t>(in.required_integer("connectorId", int_min, int_max));
  request.duration = smart::seconds{in.required_integer("duration", 0, smart::seconds_max)};
  request.unit = in.choice("chargingRateUnit", rate_units);
  return result_of(request, std::move(faults));
}

parsed<smart::clear_filter> parse_clear_profile(const nlohmann::json& payload) {
  call_errors faults;
  fields in(payload, "", faults);
  in.allow_only({"id", "connectorId", "chargingProfilePurpose", "stackLevel"});
  smart::clear_filter filter;
  filter.id = narrow(in.integer("id", int_min, int_max));
  filter.connector = narrow(in.integer("connectorId", int_min, int_max));
  filter.serves = in.choice("chargingProfilePurpose", purposes);
  filter.stack_level = narrow(in.integer("stackLevel", 0, int_max));
  return result_of(filter, std::move(faults));
}

} // namespace busbar::ocpp::v16
