#include "apps/doors/profiles_script.hpp"

#include "domain/time_text.hpp"
#include "ocpp/v16/charging_profile_payload.hpp"
#include "text/json_text.hpp"
#include "text/suggestion.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <set>

namespace busbar::apps::doors {

using ocpp::v16::rate_unit_from;
using ocpp::v16::tenths_of;

namespace {

using nlohmann::json;

constexpr std::int64_t int_max = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t int_min = std::numeric_limits<std::int32_t>::min();
/// More than `script_bytes_max` has room for: the shortest step takes 44 B.
constexpr std::size_t steps_max = 200'000;

/// Collects every fault of a document.
class script_reader {
public:
  profiles_script read(const json& document);
  domain::fault_list faults;

private:
  /// Faults are only counted from now on: their text is not made.
  [[nodiscard]] bool is_full() const { return faults.size() >= domain::fault_list::kept_max; }
  void fail(const std::string& path, const json& value, const std::string& allowed) {
    faults.add(is_full() ? "" : path + ": " + text::shown(value) + ": " + allowed);
  }
  void missing(const std::string& path) {
    if (!meant_.contains(path)) faults.add(is_full() ? "" : path + ": absent: is required");
  }

  bool is_object(const json& value, const std::string& path,
                 std::initializer_list<const char*> names);
  void fail_unknown(const std::string& path, const std::string& name, const json& value,
                    std::initializer_list<const char*> names);
  std::optional<std::int64_t> integer(const json& object, const std::string& path,
                                      const char* name, std::int64_t low, std::int64_t high);
  std::int64_t required_integer(const json& object, const std::string& path, const char* name,
                                std::int64_t low, std::int64_t high);
  std::optional<std::int64_t> tenths(const json& object, const std::string& path,
                                     const char* name);
  smart::instant required_time(const json& object, const std::string& path, const char* name);
  std::optional<smart::rate_unit> unit(const json& object, const std::string& path);
  void read_station(const json& object);
  void read_units(const json& list);
  void read_step(const json& object, const std::string& path);
  bool read_event(const json& step, const std::string& path, script_step& into);
  bool read_question(const json& step, const std::string& path, script_step& into);
  bool read_start(const json& step, const std::string& path, start_step& into);

  profiles_script script_;
  /// What misspelt fields are meant to be: that is not absent as well.
  std::set<std::string> meant_;
};

bool script_reader::is_object(const json& value, const std::string& path,
                              std::initializer_list<const char*> names) {
  if (!value.is_object()) {
    fail(path.empty() ? "/" : path, value, "must be an object");
    return false;
  }
  for (const auto& member : value.items()) {
    if (std::ranges::find(names, member.key()) != names.end()) continue;
    if (is_full()) faults.add("");
    else fail_unknown(path, member.key(), member.value(), names);
  }
  return true;
}

void script_reader::fail_unknown(const std::string& path, const std::string& name,
                                 const json& value, std::initializer_list<const char*> names) {
  std::string allowed;
  text::nearest_name nearest{name};
  for (const auto* each : names) {
    allowed += (allowed.empty() ? "" : ", ") + std::string(each);
    nearest.offer(each);
  }
  if (!nearest.found().empty()) meant_.insert(path + "/" + std::string{nearest.found()});
  fail(path + "/" + text::pointer_part(name), value,
       "unknown field, known are: " + (allowed.empty() ? "none" : allowed) + nearest.text());
}

std::optional<std::int64_t> script_reader::integer(const json& object, const std::string& path,
                                                   const char* name, std::int64_t low,
                                                   std::int64_t high) {
  if (!object.contains(name)) return std::nullopt;
  const auto& value = object[name];
  const bool is_whole = value.is_number() && value.get<double>() == std::floor(value.get<double>());
  const bool is_inside = is_whole && value.get<double>() >= static_cast<double>(low) &&
                         value.get<double>() <= static_cast<double>(high);
  if (is_inside) return static_cast<std::int64_t>(value.get<double>());
  fail(path + "/" + name, value,
       "an integer of " + std::to_string(low) + ".." + std::to_string(high));
  return std::nullopt;
}

std::int64_t script_reader::required_integer(const json& object, const std::string& path,
                                             const char* name, std::int64_t low,
                                             std::int64_t high) {
  if (!object.contains(name)) missing(path + "/" + name);
  return integer(object, path, name, low, high).value_or(low);
}

std::optional<std::int64_t> script_reader::tenths(const json& object, const std::string& path,
                                                  const char* name) {
  if (!object.contains(name) || object[name].is_null()) return std::nullopt;
  const auto& value = object[name];
  const auto number = value.is_number() ? tenths_of(value.get<double>()) : std::nullopt;
  if (number && *number >= 0 && *number <= smart::rate_max_tenths) return number;
  fail(path + "/" + name, value, "a number of 0..1000000000 with at most one decimal");
  return std::nullopt;
}

smart::instant script_reader::required_time(const json& object, const std::string& path,
                                            const char* name) {
  if (!object.contains(name)) {
    missing(path + "/" + name);
    return {};
  }
  const auto& value = object[name];
  const auto at = value.is_string() ? domain::instant_from(value.get_ref<const std::string&>())
                                    : std::nullopt;
  if (at) return std::chrono::floor<smart::seconds>(*at);
  fail(path + "/" + name, value, "a time as in RFC 3339 with a zone, \"2026-05-01T12:00:00Z\"");
  return {};
}

std::optional<smart::rate_unit> script_reader::unit(const json& object, const std::string& path) {
  if (!object.contains("chargingRateUnit")) return std::nullopt;
  const auto& value = object["chargingRateUnit"];
  const auto found = value.is_string() ? rate_unit_from(value.get<std::string>()) : std::nullopt;
  if (!found) fail(path + "/chargingRateUnit", value, "\"A\" or \"W\"");
  return found;
}

void script_reader::read_units(const json& list) {
  auto& units = script_.station.units;
  units.clear();
  if (list.is_array())
    for (const auto& each : list) {
      if (each == "Current") units.push_back(smart::rate_unit::ampere);
      else if (each == "Power") units.push_back(smart::rate_unit::watt);
      else fail("/station/rate_units", each, "\"Current\" or \"Power\"");
    }
  if (units.empty()) fail("/station/rate_units", list, "a list of \"Current\", \"Power\"");
}

void script_reader::read_station(const json& object) {
  const std::string path = "/station";
  if (!is_object(object, path,
                 {"connectors", "supply_v", "phases", "limit_a", "limit_w", "max_stack_level",
                  "max_periods", "max_profiles", "rate_units"}))
    return;
  auto& station = script_.station;
  const auto setting = [&](const char* name, auto& into, std::int64_t low, std::int64_t high) {
    if (const auto value = integer(object, path, name, low, high))
      into = static_cast<std::remove_reference_t<decltype(into)>>(*value);
  };
  station.connectors =
      static_cast<std::int32_t>(required_integer(object, path, "connectors", 1, 1000));
  setting("supply_v", station.supply_v, 1, 1000);
  setting("phases", station.phases, 1, 3);
  setting("max_stack_level", station.stack_level_max, 0, int_max);
  setting("max_periods", station.periods_max, 1, 10'000);
  setting("max_profiles", station.profiles_max, 0, 10'000);
  station.own_limit_a_tenths = tenths(object, path, "limit_a");
  station.own_limit_w_tenths = tenths(object, path, "limit_w");
  if (object.contains("rate_units")) read_units(object["rate_units"]);
}

bool script_reader::read_start(const json& step, const std::string& path, start_step& into) {
  if (!is_object(step, path, {"connectorId", "transactionId", "assumed"})) return false;
  into.connector = static_cast<std::int32_t>(
      required_integer(step, path, "connectorId", 1, script_.station.connectors));
  const bool is_assumed = step.value("assumed", json(false)) == true;
  if (step.contains("assumed") && !step["assumed"].is_boolean())
    fail(path + "/assumed", step["assumed"], "true or false");
  if (is_assumed && step.contains("transactionId"))
    fail(path + "/transactionId", step["transactionId"], "an assumed transaction has no id");
  if (!is_assumed)
    into.transaction = static_cast<std::int32_t>(
        required_integer(step, path, "transactionId", int_min, int_max));
  return true;
}

bool script_reader::read_event(const json& step, const std::string& path, script_step& into) {
  using action = ocpp_request::action;
  const std::initializer_list<std::pair<const char*, action>> requests{
      {"SetChargingProfile", action::set},
      {"ClearChargingProfile", action::clear},
      {"GetCompositeSchedule", action::get_composite}};
  for (const auto& [name, what] : requests)
    if (step.contains(name)) {
      into.what = ocpp_request{what, step[name]};
      return true;
    }
  if (step.contains("start")) {
    start_step start;
    if (!read_start(step["start"], path + "/start", start)) return true;
    into.what = start;
    return true;
  }
  if (!step.contains("stop")) return false;
  if (is_object(step["stop"], path + "/stop", {"transactionId"}))
    into.what = stop_step{static_cast<std::int32_t>(
        required_integer(step["stop"], path + "/stop", "transactionId", int_min, int_max))};
  return true;
}

bool script_reader::read_question(const json& step, const std::string& path, script_step& into) {
  if (step.contains("limit")) {
    const auto& limit = step["limit"];
    const auto at = path + "/limit";
    if (!is_object(limit, at, {"connectorId", "chargingRateUnit"})) return true;
    const auto connector =
        required_integer(limit, at, "connectorId", 0, script_.station.connectors);
    into.what = limit_question{static_cast<std::int32_t>(connector), unit(limit, at)};
    return true;
  }
  if (step.contains("profiles")) {
    is_object(step["profiles"], path + "/profiles", {});
    into.what = profiles_question{};
    return true;
  }
  if (!step.contains("periods")) return false;
  const auto& periods = step["periods"];
  const auto at = path + "/periods";
  if (!is_object(periods, at, {"chargingProfileId", "until"})) return true;
  const auto id = required_integer(periods, at, "chargingProfileId", int_min, int_max);
  periods_question question{static_cast<std::int32_t>(id), required_time(periods, at, "until")};
  // A step every 24 h over a century is the most that is laid out.
  if (question.until - into.at > smart::seconds{smart::seconds_max})
    fail(at + "/until", periods["until"], "at most 100 years after the step");
  into.what = question;
  return true;
}

void script_reader::read_step(const json& object, const std::string& path) {
  const std::initializer_list<const char*> known{
      "at",    "SetChargingProfile", "ClearChargingProfile", "GetCompositeSchedule", "start",
      "stop",  "limit",              "profiles",             "periods"};
  if (!is_object(object, path, known)) return;
  script_step step;
  step.at = required_time(object, path, "at");
  if (object.size() != 2) {
    fail(path, object, "\"at\" and one of the actions");
    return;
  }
  if (!read_event(object, path, step)) read_question(object, path, step);
  script_.steps.push_back(std::move(step));
}

profiles_script script_reader::read(const json& document) {
  if (!is_object(document, "", {"station", "steps"})) return {};
  if (document.contains("station")) read_station(document["station"]);
  else missing("/station");
  if (!document.contains("steps")) {
    missing("/steps");
    return {};
  }
  const auto& steps = document["steps"];
  if (!steps.is_array()) fail("/steps", steps, "a list of steps");
  else if (steps.size() > steps_max)
    fail("/steps", steps.size(), "at most " + domain::grouped(steps_max) + " steps");
  else
    for (std::size_t i = 0; i < steps.size(); ++i)
      read_step(steps[i], "/steps/" + std::to_string(i));
  return std::move(script_);
}

} // namespace

std::variant<profiles_script, domain::fault_list> read_profiles_script(const std::string& text) {
  domain::fault_list faults;
  const auto document = text::parse_json(text, faults, script_values_max);
  if (!document) return faults;
  script_reader reader;
  auto script = reader.read(*document);
  if (!reader.faults.empty()) return std::move(reader.faults);
  return script;
}

} // namespace busbar::apps::doors
