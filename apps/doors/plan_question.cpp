#include "apps/doors/plan_question.hpp"

#include "apps/doors/json_fields.hpp"
#include "apps/doors/plan_site.hpp"
#include "apps/doors/plan_state_json.hpp"

namespace busbar::apps::doors {

using nlohmann::json;

namespace {

constexpr const char* now_allowed = "is required: the time of the image as in RFC 3339";

/// Where nlohmann's parser stopped, in its own words without its code.
std::string syntax_fault(const json::parse_error& error) {
  const std::string text = error.what();
  const auto start = text.find("at line");
  return "/: " + (start == std::string::npos ? text : text.substr(start)) + ": a JSON document";
}

/// Equal names in one object would be read as the last of them: the parser is asked to tell.
std::optional<json> parse(const std::string& text, fault_list& faults) {
  std::vector<std::set<std::string>> open;
  const auto watch = [&](int, json::parse_event_t event, json& part) {
    if (event == json::parse_event_t::object_start) open.emplace_back();
    if (event == json::parse_event_t::object_end) open.pop_back();
    if (event == json::parse_event_t::key && !open.back().insert(part.get<std::string>()).second)
      faults.push_back("/: " + shown(part) + ": a name stands once in an object");
    return true;
  };
  try {
    return json::parse(text, watch);
  } catch (const json::parse_error& error) {
    faults.push_back(syntax_fault(error));
    return std::nullopt;
  }
}

} // namespace

std::variant<plan_question, std::vector<std::string>> read_plan_question(const std::string& text) {
  fault_list faults;
  if (text.size() > plan_bytes_max)
    return fault_list{"/: " + std::to_string(text.size()) + " bytes: at most " +
                      std::to_string(plan_bytes_max)};
  const auto document = parse(text, faults);
  if (!document || !faults.empty()) return faults;

  plan_question question;
  json_fields fields{*document, "", faults};
  const auto* now = fields.find("now");
  if (!now || now->is_null()) fields.fail_absent("now", now_allowed);
  question.image.now = fields.time("now").value_or(domain::instant{});
  const auto* site = fields.required("site");
  if (site) read_plan_site(*site, "/site", question, faults);
  const auto* state = fields.find("state");
  if (state && !state->is_null() && question.image.topology)
    question.state = read_plan_state(*state, "/state", *question.image.topology, faults);
  fields.end();
  if (!faults.empty()) return faults;
  return question;
}

} // namespace busbar::apps::doors
