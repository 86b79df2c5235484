#pragma once
// What a replay says of its segments and of one plan, for people and for programs.

#include "apps/replay/segment_replay.hpp"
#include "domain/site.hpp"
#include "site/stepped_site.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace busbar::apps::replay {

[[nodiscard]] std::string text_of(const segment_report& report);
[[nodiscard]] nlohmann::ordered_json json_of(const segment_report& report);

/// Why the newest plan grants the connectors of `place` (a station or a connector) what it does;
/// empty: the site has no such place.
[[nodiscard]] std::string reasons_of(const site::stepped_site& at, const std::string& place);

} // namespace busbar::apps::replay
