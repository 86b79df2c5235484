#pragma once
// How the parts of a site begin: the terms of its conversations, the first number of its commands,
// and the open sessions that the changelog remembers.

#include "control/safety/breaker.hpp"
#include "domain/ids.hpp"
#include "domain/site.hpp"
#include "domain/site_state.hpp"
#include "site/conversation.hpp"
#include "site/site_layout.hpp"

#include <memory>
#include <span>
#include <vector>

namespace busbar::site {

/// Numbers of one epoch are above those of every epoch before.
[[nodiscard]] constexpr domain::sequence first_number(domain::epoch owner) { return owner << 32; }

/// `breaker`: of the command channels, where the site's file says nothing else.
[[nodiscard]] conversation_terms terms_of(std::shared_ptr<const domain::site> site,
                                          domain::epoch owner,
                                          const control::safety::breaker_settings& breaker);

/// Into `notes`, by connector: open sessions and those whose bill waits for the register.
void restore_sessions(const domain::site_state& state, std::vector<connector_notes>& notes);

[[nodiscard]] std::unique_ptr<reservation>
reservation_of(const domain::reservation_state& kept);

/// The charging profiles that a station keeps; null where their bytes cannot be read. `notes`: of
/// all connectors of the site, with their sessions.
[[nodiscard]] std::unique_ptr<control::smart_charging::profile_book>
profiles_of(const site_layout& layout, const domain::station_profiles& kept,
            std::span<const connector_notes> notes);

} // namespace busbar::site
