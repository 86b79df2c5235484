#pragma once
// A door's text as JSON, strictly: one document, every name once in its object, not nested deeper
// than a door's formats could ever be.

#include "apps/doors/json_fields.hpp"

#include <optional>
#include <string>

namespace busbar::apps::doors {

constexpr int json_depth_max = 64;

/// Absent, with the fault told, where `text` is no such document.
[[nodiscard]] std::optional<nlohmann::json> parse_json(const std::string& text,
                                                       fault_list& faults);

} // namespace busbar::apps::doors
