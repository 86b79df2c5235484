#pragma once
// Times as the options of `busbar replay` state them.

#include "domain/time.hpp"
#include "domain/time_zone.hpp"

#include <optional>
#include <string>

namespace busbar::apps::replay {

/// RFC 3339, or "14:03", "14:03:20": the first such time of the site's day at or after `begun`.
[[nodiscard]] std::optional<domain::instant> time_from(const std::string& text,
                                                       domain::instant begun,
                                                       const domain::time_zone& zone);

} // namespace busbar::apps::replay
