#pragma once
// Which known name is meant by one that is not known.

#include <span>
#include <string>
#include <string_view>

namespace busbar::text {

/// " (did you mean `max_a`?)": the known name that at most a third of its letters, and at most
/// three, tell from `name` (Levenshtein's distance, where two neighbours that changed places count
/// as one; the first of equally near ones). Empty where
/// none is so near.
[[nodiscard]] std::string did_you_mean(std::string_view name, std::span<const std::string> known);

} // namespace busbar::text
