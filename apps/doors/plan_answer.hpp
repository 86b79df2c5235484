#pragma once
// The answer of `busbar plan` (docs/formats/plan-output.schema.json).

#include "apps/doors/plan_question.hpp"

#include <nlohmann/json.hpp>

namespace busbar::apps::doors {

/// Makes the plan and writes it, nodes and connectors in the document's order.
[[nodiscard]] nlohmann::ordered_json answer_plan(const plan_question& question);

} // namespace busbar::apps::doors
