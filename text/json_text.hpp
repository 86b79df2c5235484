#pragma once
// Text as JSON, strictly: one document, every name once in its object, every number one that a
// double holds, not nested deeper than any format here could ever be. Every reader of JSON that
// comes from outside begins here.

#include "domain/fault_list.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <limits>
#include <optional>
#include <string>

namespace busbar::text {

inline constexpr std::size_t json_depth_max = 64;

/// Absent, with its faults told as "/json/pointer: value: what is allowed", where `text` is no
/// such document, or one of more values and names than `count_max`: a byte of text can take forty
/// of memory, and the time that goes with it.
[[nodiscard]] std::optional<nlohmann::json>
parse_json(const std::string& text, domain::fault_list& faults,
           std::size_t count_max = std::numeric_limits<std::size_t>::max());

/// `value` as it stands in a fault, cut to 80 bytes.
[[nodiscard]] std::string shown(const nlohmann::json& value);
/// `name` as one part of a JSON pointer.
[[nodiscard]] std::string pointer_part(const std::string& name);

} // namespace busbar::text
