#pragma once
// What drivers and the log are told of a session, made of what is remembered of it.

#include "domain/event.hpp"
#include "domain/request.hpp"
#include "domain/session.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "site/session_notes.hpp"

#include <optional>
#include <string>

namespace busbar::site {

/// The fact that denies `request`.
[[nodiscard]] domain::session_fact denied(const domain::driver_request& request,
                                          domain::instant now, std::string why);

/// A fact about a session at a connector of `site`, with its bill as of now.
[[nodiscard]] domain::session_fact fact_about(const domain::site& site, const session_notes& open,
                                              domain::session_fact_kind kind, domain::instant now);

/// LIFE-1: what a register says beyond what can have flowed is for people to look at.
[[nodiscard]] std::optional<domain::event>
energy_event(const domain::site& site, const session_notes& open, domain::instant now);

} // namespace busbar::site
