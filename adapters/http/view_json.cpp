#include "adapters/http/view_json.hpp"
#include "domain/point_state.hpp"
#include "domain/shortfall_text.hpp"
#include "domain/time_text.hpp"


#include <algorithm>
#include <array>
#include <cstdio>

namespace busbar::adapters::http {

bool is_whole(const domain::site_view& view) {
  if (view.topology == nullptr) return false;
  const domain::site& topology = *view.topology;
  return !topology.nodes.empty() && view.nodes.size() == topology.nodes.size() &&
         view.connectors.size() == topology.connectors.size() &&
         view.stations.size() == topology.stations.size() &&
         std::all_of(view.sessions.begin(), view.sessions.end(), [&](const auto& session) {
           return session.connector.value() < topology.connectors.size();
         }) &&
         std::all_of(view.constraints.begin(), view.constraints.end(), [&](const auto& each) {
           return each.node.value() < topology.nodes.size();
         });
}

std::shared_ptr<const domain::site_view> whole_view(const actors::engine_port& engine,
                                                    const domain::site_id& site) {
  auto view = engine.view(site);
  return view != nullptr && is_whole(*view) ? view : nullptr;
}

std::string topology_text(const domain::site& topology) {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016llx",
                static_cast<unsigned long long>(topology.revision));
  return text.data();
}

const char* text_of(domain::current_kind kind) {
  switch (kind) {
  case domain::current_kind::ac: return "ac";
  case domain::current_kind::dc: return "dc";
  default: return "unspecified";
  }
}

void write_lines(text::json_writer& json, const char* name,
                 const domain::per_line<domain::milliamperes>& lines) {
  json.key(name).begin_array();
  for (const domain::milliamperes each : lines) json.value(each.count());
  json.end_array();
}

void write_time_or_null(text::json_writer& json, const char* name, domain::instant at) {
  if (at == domain::instant{}) json.null_member(name);
  else json.member(name, domain::text_of(at));
}

void write_reason(text::json_writer& json, const domain::site& topology,
                  const domain::reason& because) {
  json.begin_object().member("rule", name_of(because.which));
  if (because.node && because.node->value() < topology.nodes.size()) {
    json.member("node", topology.nodes[because.node->value()].id.text());
    json.member("line", name_of(because.line)).member("source", name_of(because.source));
  }
  if (because.place != 0) json.member("place", because.place);
  if (because.turn_by) json.member("turn_by", domain::text_of(*because.turn_by));
  if (because.rests_until) json.member("rests_until", domain::text_of(*because.rests_until));
  if (because.switches_until)
    json.member("switches_until", domain::text_of(*because.switches_until));
  if (because.is_kept) json.member("kept", true);
  json.end_object();
}

namespace {

void write_also(text::json_writer& json, const domain::site& topology,
                const std::vector<domain::room_need>& needs) {
  json.key("also").begin_array();
  for (const auto& each : needs) {
    const bool is_power = each.line == domain::binding_line::power;
    json.begin_object().member("node", topology.nodes[each.node.value()].id.text());
    json.member("line", name_of(each.line)).member("source", name_of(each.source));
    json.member(is_power ? "more_w" : "more_ma", each.more).end_object();
  }
  json.end_array();
}

} // namespace

void write_why(text::json_writer& json, const domain::site& topology,
               const domain::connector_view& now) {
  json.key("because");
  write_reason(json, topology, now.because);
  const auto& lifting = now.lifted_by;
  const bool is_power = now.because.line == domain::binding_line::power;
  json.key("lifted_by").begin_object();
  json.member("text", text_of(lifting, now.because, topology));
  if (lifting.unused > 0) json.member(is_power ? "unused_w" : "unused_ma", lifting.unused);
  if (lifting.more > 0) json.member(is_power ? "more_w" : "more_ma", lifting.more);
  if (lifting.leaving)
    json.member("leaving", topology.connectors[lifting.leaving->value()].id.text());
  if (!lifting.also.empty()) write_also(json, topology, lifting.also);
  if (lifting.level_by_hand) json.member("level_by_hand", *lifting.level_by_hand);
  json.end_object();
}

namespace {

template <class Quantity>
void write_or_null(text::json_writer& json, const char* name,
                   const std::optional<Quantity>& number) {
  if (number) json.member(name, number->count());
  else json.null_member(name);
}

void write_current_or_null(text::json_writer& json, const char* name,
                           const std::optional<domain::per_line<domain::milliamperes>>& lines) {
  if (lines) write_lines(json, name, *lines);
  else json.null_member(name);
}

} // namespace

void write_fallback(text::json_writer& json, const domain::fallback& fallback) {
  json.begin_object().member("action", name_of(fallback.action));
  json.member("ma", fallback.current.count());
  json.member("timeout_s", fallback.timeout.count()).end_object();
}

void write_limit(text::json_writer& json, const domain::limit& limit) {
  json.begin_object().member("source", name_of(limit.source));
  if (limit.current) write_lines(json, "ma", *limit.current);
  if (limit.power) json.member("w", limit.power->count());
  json.end_object();
}

void write_node_constraint(text::json_writer& json, const domain::site_view& view,
                           const domain::node_constraint& constraint) {
  const bool is_over = constraint.until && view.at >= *constraint.until;
  json.begin_object().member("node", view.topology->nodes[constraint.node.value()].id.text());
  json.member("source", name_of(constraint.limit.source));
  write_current_or_null(json, "limit_ma", constraint.limit.current);
  write_or_null(json, "limit_w", constraint.limit.power);
  write_time_or_null(json, "from", constraint.from);
  write_time_or_null(json, "until", constraint.until.value_or(domain::instant{}));
  json.member("counts", name_of(constraint.counts));
  write_guaranteed(json, constraint.guaranteed);
  write_if_engine_stops(json, constraint.if_engine_stops, constraint.until);
  json.member("is_in_force", view.at >= constraint.from && !is_over).end_object();
}

void write_guaranteed(text::json_writer& json,
                      const std::optional<domain::guaranteed_minimum>& minimum) {
  if (!minimum) return static_cast<void>(json.null_member("guaranteed"));
  json.key("guaranteed").begin_object().member("each_w", minimum->each.count());
  json.member("of_rated_permille", minimum->of_rated.count());
  json.member("simultaneity_permille", minimum->simultaneity.count()).end_object();
}

void write_if_engine_stops(text::json_writer& json,
                           const std::optional<domain::fallback_load>& load,
                           const std::optional<domain::instant>& until) {
  if (!load) return static_cast<void>(json.null_member("if_engine_stops"));
  json.key("if_engine_stops").begin_object();
  write_lines(json, "ma", load->line);
  json.member("w", load->power.count());
  write_time_or_null(json, "until", until.value_or(domain::instant{}));
  json.end_object();
}

void write_connector_constraint(text::json_writer& json,
                                const domain::connector_constraint& constraint) {
  json.begin_object();
  write_current_or_null(json, "limit_ma", constraint.current);
  write_or_null(json, "limit_w", constraint.power);
  write_or_null(json, "output_ma", constraint.output);
  json.key("ramp");
  if (constraint.ramp) write_limit_ramp(json, *constraint.ramp);
  else json.null();
  json.member("until", domain::text_of(constraint.until)).end_object();
}

void write_limit_ramp(text::json_writer& json, const domain::limit_ramp& ramp) {
  json.begin_object().member("from_ma", ramp.from.count()).member("step_ma", ramp.step.count());
  json.member("every_us", ramp.every.count());
  json.member("begun_at", domain::text_of(ramp.begun_at)).end_object();
}

void write_shedding_members(text::json_writer& json, const domain::site_view& view) {
  const domain::shedding_view& now = view.shedding;
  const bool is_active = now.level > 0;
  json.member("enabled", now.settings.is_enabled).member("level", now.level);
  json.member("active", is_active);
  json.member("state", is_active ? "active" : now.settings.is_enabled ? "inactive" : "off");
  json.member("is_forced", now.is_forced);
  write_time_or_null(json, "changed_at", now.changed_at);
  write_or_null(json, "load_permille", now.load);
  write_or_null(json, "load_unexplained_permille", now.unexplained);
  if (now.node && now.node->value() < view.topology->nodes.size())
    json.member("node", view.topology->nodes[now.node->value()].id.text());
  else json.null_member("node");
  json.member("connectors_reduced", now.connectors_reduced);
  json.member("reduced_by_ma", now.reduced_by.count());
}

void write_node_members(text::json_writer& json, const domain::site_view& view, std::size_t place) {
  const domain::node_view& node = view.nodes[place];
  write_lines(json, "limit_ma", node.limit_now);
  write_lines(json, "allowed_ma", node.allowed);
  write_lines(json, "unmanaged_ma", node.unmanaged);
  json.key("left_behind").begin_array();
  for (const domain::left_view& left : node.left_behind) {
    json.begin_object().member("station", left.station.text());
    json.member("connector", left.connector.text());
    write_lines(json, "current_ma", left.line);
    json.member("until", domain::text_of(left.until)).end_object();
  }
  json.end_array();
  write_or_null(json, "limit_w", node.power_limit);
  json.member("source", name_of(node.source)).key("sources").begin_array();
  for (const domain::limit& each : node.sources) write_limit(json, each);
  json.end_array();
  write_lines(json, "reserved_ma", node.reserved);
  write_lines(json, "measured_ma", node.measured);
  json.member("power_w", node.power.count()).member("is_meter_stale", node.is_meter_stale);
}

void write_node_state(text::json_writer& json, const domain::site_view& view, std::size_t place) {
  json.begin_object().member("node", view.topology->nodes[place].id.text());
  write_node_members(json, view, place);
  json.end_object();
}

const char* state_name(const domain::connector_view& connector) {
  return name_of(domain::point_state(connector));
}

const char* direction_of(const domain::connector_view& connector) {
  return connector.is_export ? "export" : "charge";
}

void write_battery(text::json_writer& json, const domain::connector_view& connector) {
  if (!connector.battery) return static_cast<void>(json.null());
  const domain::battery_view& now = *connector.battery;
  json.begin_object();
  write_or_null(json, "capacity_wh", now.capacity);
  write_or_null(json, "energy_to_full_wh", now.energy_to_full);
  json.member("departure_need_permille", now.departure_need.count());
  json.member("exported_wh", now.exported.count());
  write_or_null(json, "export_max_w", now.export_max);
  json.end_object();
}

void write_line_names(text::json_writer& json, const std::optional<domain::line_set>& lines) {
  if (!lines) {
    json.null();
    return;
  }
  json.begin_array();
  for (const auto line : domain::all_lines)
    if (lines->contains(line)) json.value(name_of(line));
  json.end_array();
}

void write_connector_members(text::json_writer& json, const domain::site_view& view,
                             std::size_t place) {
  const domain::connector_view& now = view.connectors[place];
  json.member("state", state_name(now)).member("is_stale", now.is_stale);
  json.member("is_plugged", domain::is_plugged(now));
  write_time_or_null(json, "last_heard", now.last_heard);
  json.member("target_ma", now.target.count()).member("grant_ma", now.granted.count());
  json.member("reserve_ma", now.reserved.count());
  write_lines(json, "drawn_ma", now.drawn);
  json.member("power_w", now.power.count()).member("energy_wh", now.energy_wh);
  write_or_null(json, "soc_permille", now.soc);
  write_why(json, *view.topology, now);
  json.member("setpoint_ma", now.acknowledged.count());
  write_or_null(json, "tracking_error_ma", now.tracking_error);
  json.member("tracking_samples", now.tracking_samples).key("lines_now");
  if (now.lines_now) json.value(*now.lines_now);
  else json.null();
  json.key("used_lines");
  write_line_names(json, now.used_lines);
  json.member("escalation", name_of(now.step)).key("constraint");
  if (now.constraint) write_connector_constraint(json, *now.constraint);
  else json.null();
  json.member("direction", direction_of(now)).key("battery");
  write_battery(json, now);
  write_wants(json, now.energy_wanted, now.departs_at);
  json.member("shortfall_wh", now.shortfall.count());
}

void write_wants(text::json_writer& json, const std::optional<domain::watt_hours>& energy,
                 const std::optional<domain::instant>& departs_at) {
  write_or_null(json, "energy_wanted_wh", energy);
  write_time_or_null(json, "departs_at", departs_at.value_or(domain::instant{}));
}

void write_forecast(text::json_writer& json, const domain::site_view& view,
                    const domain::session_view& session) {
  const auto& forecast = session.forecast;
  if (!forecast || !session.departs_at) {
    for (const char* name : {"expected_wh", "shortfall_wh", "short_because_of", "short_text"})
      json.null_member(name);
    return;
  }
  json.member("expected_wh", forecast->expected.count());
  json.member("shortfall_wh", forecast->shortfall.count());
  if (forecast->shortfall.is_zero()) {
    json.null_member("short_because_of").null_member("short_text");
    return;
  }
  json.key("short_because_of");
  write_reason(json, *view.topology, forecast->because);
  json.member("short_text", domain::text_of(*forecast, *session.departs_at, view.at,
                                            *view.topology));
}

void write_connector_now(text::json_writer& json, const domain::site_view& view,
                         std::size_t place) {
  const domain::site& topology = *view.topology;
  const domain::connector& connector = topology.connectors[place];
  json.begin_object().member("connector", connector.id.text());
  json.member("station", topology.stations[connector.station.value()].id.text());
  write_connector_members(json, view, place);
  json.end_object();
}

void write_station_state(text::json_writer& json, const domain::site_view& view,
                         std::size_t place) {
  const domain::station_view& now = view.stations[place];
  json.begin_object().member("station", view.topology->stations[place].id.text());
  json.member("is_healthy", now.is_healthy).member("closed_because", now.closed_because);
  json.end_object();
}

void write_session_now(text::json_writer& json, const domain::site_view& view,
                       const domain::session_view& session) {
  const domain::site& topology = *view.topology;
  const domain::connector& connector = topology.connectors[session.connector.value()];
  json.begin_object().member("session", session.id.text()).member("driver", session.driver.text());
  json.member("station", topology.stations[connector.station.value()].id.text());
  json.member("connector", connector.id.text());
  json.member("started_at", domain::text_of(session.started_at));
  json.member("power_w", session.power.count()).member("energy_wh", session.energy.count());
  json.member("cost_micro", session.cost.count());
  write_wants(json, session.energy_wanted, session.departs_at);
  write_forecast(json, view, session);
  json.end_object();
}

void write_violation_members(text::json_writer& json, const domain::violation& violation) {
  json.member("subject", violation.subject).member("what", violation.what);
  json.member("severity", name_of(violation.level));
  json.member("since", domain::text_of(violation.since));
  json.member("measured", violation.measured).member("allowed", violation.allowed);
  json.member("unit", violation.unit);
}

void write_violation(text::json_writer& json, const domain::violation& violation) {
  json.begin_object();
  write_violation_members(json, violation);
  json.end_object();
}

void write_journal_entry(text::json_writer& json, const actors::journal_entry& entry) {
  const domain::event& event = entry.event;
  json.begin_object().member("number", entry.number).member("at", domain::text_of(event.at));
  json.member("site", event.site.text()).member("role", name_of(event.speaker));
  json.member("level", name_of(event.level)).member("kind", event.kind);
  json.member("subject", event.subject).member("text", event.text);
  json.key("caused_by").begin_object().member("kind", name_of(event.caused_by.kind));
  json.member("name", event.caused_by.name).end_object();
  if (entry.fact) {
    const domain::session_fact& fact = *entry.fact;
    json.key("fact").begin_object().member("kind", name_of(fact.kind));
    json.member("session", fact.session.text()).member("request", fact.request.text());
    json.member("station", fact.station.text()).member("driver", fact.driver.text());
    json.member("power_w", fact.power.count()).member("energy_wh", fact.energy.count());
    json.member("cost_micro", fact.cost.count()).member("why", fact.why);
    write_wants(json, fact.energy_wanted, fact.departs_at);
    json.end_object();
  }
  json.end_object();
}

} // namespace busbar::adapters::http
