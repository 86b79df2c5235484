#pragma once
// A site as it was recorded: its file, the environment over it, what is configured on top.

#include "domain/result.hpp"
#include "domain/site.hpp"
#include "recording/recording_head.hpp"

#include <memory>

namespace busbar::apps::replay {

/// errc::conflict where this program makes another site of it than the one that recorded did:
/// then nothing that follows fits.
[[nodiscard]] domain::result<std::shared_ptr<const domain::site>>
recorded_site(const recording::recording_head& head);

} // namespace busbar::apps::replay
