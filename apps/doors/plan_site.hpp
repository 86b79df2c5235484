#pragma once
// The `site` of `busbar plan`: topology and what is known of it now, in one object.

#include "apps/doors/json_fields.hpp"
#include "apps/doors/plan_question.hpp"

#include <nlohmann/json.hpp>

namespace busbar::apps::doors {

/// Fills the question's image (all but `now`) and node order. Each connector becomes a station
/// of its own. The topology stays absent where faults leave nothing to go on with.
void read_plan_site(const nlohmann::json& site, const std::string& pointer,
                    plan_question& question, fault_list& faults);

} // namespace busbar::apps::doors
