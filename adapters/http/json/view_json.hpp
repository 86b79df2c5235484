#pragma once
// Writes the parts of a site's snapshot as openapi.json states them. The snapshot is one that
// `is_whole` holds for.

#include "domain/site_view.hpp"
#include "ports/engine_node.hpp"
#include "text/json_writer.hpp"

#include <memory>

namespace busbar::adapters::http::json {

/// Has a topology, and tables of its sizes.
[[nodiscard]] bool is_whole(const domain::site_view& view);

/// The newest snapshot where there is one and it is whole; null otherwise.
[[nodiscard]] std::shared_ptr<const domain::site_view>
whole_view(const ports::engine_node& engine, const domain::site_id& site);

/// Sixteen hexadecimal digits.
[[nodiscard]] std::string topology_text(const domain::site& topology);

/// "ac", "dc".
[[nodiscard]] const char* text_of(domain::current_kind kind);

// Each writes one object.
void write_reason(text::json_writer& json, const domain::site& topology,
                  const domain::reason& because);
/// `because`, why it has what it has, and `lifted_by`, what would lift that.
void write_why(text::json_writer& json, const domain::site& topology,
               const domain::connector_view& now);
void write_node_state(text::json_writer& json, const domain::site_view& view, std::size_t place);
void write_connector_now(text::json_writer& json, const domain::site_view& view, std::size_t place);
void write_station_state(text::json_writer& json, const domain::site_view& view, std::size_t place);
void write_session_now(text::json_writer& json, const domain::site_view& view,
                       const domain::session_view& session);
void write_violation(text::json_writer& json, const domain::violation& violation);
void write_fallback(text::json_writer& json, const domain::fallback& fallback);
void write_limit(text::json_writer& json, const domain::limit& limit);
/// What an order guarantees to the chargers; null: nothing.
void write_guaranteed(text::json_writer& json,
                      const std::optional<domain::guaranteed_minimum>& minimum);
/// What flows, and until when, where the engine stops while an order is in force; null where that
/// is no more than the order allows.
void write_if_engine_stops(text::json_writer& json,
                           const std::optional<domain::fallback_load>& load,
                           const std::optional<domain::instant>& until);
void write_node_constraint(text::json_writer& json, const domain::site_view& view,
                           const domain::node_constraint& constraint);
void write_connector_constraint(text::json_writer& json,
                                const domain::connector_constraint& constraint);
void write_limit_ramp(text::json_writer& json, const domain::limit_ramp& ramp);
/// "ACTIVATED": of the point, at every door the same (domain/point_state.hpp).
[[nodiscard]] const char* state_name(const domain::connector_view& connector);
/// "charge" or "export": the way of what it is granted.
[[nodiscard]] const char* direction_of(const domain::connector_view& connector);
/// null where nothing is known of one.
void write_battery(text::json_writer& json, const domain::connector_view& connector);
void write_journal_entry(text::json_writer& json, const ports::journal_entry& entry);

// Each writes members into the object that is open.
void write_node_members(text::json_writer& json, const domain::site_view& view, std::size_t place);
void write_connector_members(text::json_writer& json, const domain::site_view& view,
                             std::size_t place);
/// `energy_wanted_wh` and `departs_at`; null: not said.
void write_wants(text::json_writer& json, const std::optional<domain::watt_hours>& energy,
                 const std::optional<domain::instant>& departs_at);
/// What the session will have at its departure, and what it will miss; null: not known.
void write_forecast(text::json_writer& json, const domain::site_view& view,
                    const domain::session_view& session);
void write_violation_members(text::json_writer& json, const domain::violation& violation);
/// Level, load and what the level does; not the settings.
void write_shedding_members(text::json_writer& json, const domain::site_view& view);

void write_lines(text::json_writer& json, const char* name,
                 const domain::per_line<domain::milliamperes>& lines);
/// null for the beginning of time, which stands for "never".
void write_time_or_null(text::json_writer& json, const char* name, domain::instant at);

} // namespace busbar::adapters::http::json
