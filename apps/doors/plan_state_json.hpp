#pragma once
// What is remembered from image to image, as the `state` of `busbar plan`: rows by id, so that
// connectors may come, go and change places between two images; what is at its default is left out.

#include "apps/doors/json_fields.hpp"
#include "apps/doors/plan_question.hpp"
#include "domain/site.hpp"

#include <nlohmann/json.hpp>

namespace busbar::apps::doors {

/// Rows of connectors and nodes that `site` does not have are left out.
[[nodiscard]] door_state read_plan_state(const nlohmann::json& state, const std::string& pointer,
                                         const domain::site& site, fault_list& faults);

[[nodiscard]] nlohmann::ordered_json json_of(const door_state& state, const domain::site& site);

} // namespace busbar::apps::doors
