#pragma once
// Plays a script of `busbar ocpp profiles` against one profile store.

#include "apps/doors/profiles_script.hpp"
#include "domain/result.hpp"

#include <string>

namespace busbar::apps::doors {

/// {"answers": [one for each step, in order]} as docs/formats/ocpp-profiles-output.schema.json.
/// errc::too_large: the script asks for more work than is done for one, with the step at which.
[[nodiscard]] domain::result<std::string> run_profiles_script(const profiles_script& script);

} // namespace busbar::apps::doors
