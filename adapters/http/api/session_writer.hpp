#pragma once
// Sessions in JSON: open ones as a site's view has them, others as their facts do.

#include "domain/session.hpp"
#include "domain/site_view.hpp"
#include "ports/engine_node.hpp"
#include "text/json_writer.hpp"

namespace busbar::adapters::http::api {

/// `session` is one of the view's.
void write_open_session(text::json_writer& json, const domain::site_view& view,
                        const domain::session_view& session);

/// "open", "completed" or "denied"; open: the newest fact is one of progress.
[[nodiscard]] const char* state_of(const domain::session_fact& fact);

/// One that has ended or was denied, or was open when it was written.
void write_past_session(text::json_writer& json, const ports::engine_node& engine,
                        const domain::session_fact& fact);

} // namespace busbar::adapters::http::api
