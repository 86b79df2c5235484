#pragma once
// Plays a script of `busbar ocpp profiles` against one profile store.

#include "apps/doors/profiles_script.hpp"

#include <nlohmann/json.hpp>

namespace busbar::apps::doors {

/// {"answers": [one for each step, in order]} as docs/formats/ocpp-profiles-output.schema.json.
[[nodiscard]] nlohmann::ordered_json run_profiles_script(const profiles_script& script);

} // namespace busbar::apps::doors
