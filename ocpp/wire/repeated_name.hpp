#pragma once
// simdjson keeps every member of an object, also those of one name: what reads the first and what
// reads the last of them would read two messages.

#include <simdjson.h>

#include <optional>
#include <string_view>

namespace busbar::ocpp::wire {

/// A name that stands twice in one object, in `value` or below it. REQUIRES: nested at most
/// `frame_depth_max` deep, which the parser holds.
[[nodiscard]] std::optional<std::string_view> repeated_name(const simdjson::dom::element& value);

} // namespace busbar::ocpp::wire
