#include "apps/doors/plan_question.hpp"

#include "apps/doors/plan_site.hpp"
#include "apps/doors/plan_state_json.hpp"

namespace busbar::apps::doors {

using nlohmann::json;

namespace {

constexpr const char* now_allowed = "is required: the time of the image as in RFC 3339";

} // namespace

std::variant<plan_question, domain::fault_list> read_plan_question(const std::string& text) {
  fault_list faults;
  const auto document = text::parse_json(text, faults);
  if (!document) return faults;

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
