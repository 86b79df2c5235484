#pragma once
// The fields of everything that a recording keeps, each with its name: what is written, read,
// compared and named where it differs. One list a type, in the order of its declaration.

#include "control/safety/breaker.hpp"
#include "control/safety/obedience.hpp"
#include "domain/command.hpp"
#include "domain/command_result.hpp"
#include "domain/decision.hpp"
#include "domain/event.hpp"
#include "domain/operator_order.hpp"
#include "domain/reason.hpp"
#include "domain/request.hpp"
#include "domain/safety_settings.hpp"
#include "domain/session.hpp"
#include "domain/site_state.hpp"
#include "domain/telemetry.hpp"
#include "site/bay_report.hpp"
#include "site/grant_ledger.hpp"
#include "site/site_step.hpp"
#include "site/station_work.hpp"
#include "site/table_settings.hpp"

namespace busbar::recording {

/// A changelog state as a recording keeps it: what is long, as its hash.
struct state_record {
  domain::site_id site;
  std::uint64_t topology_hash = 0;
  domain::epoch owner = 0;
  domain::instant at{};
  std::uint64_t plan_number = 0;
  std::vector<domain::told_state> told;
  std::vector<domain::session_state> sessions;
  std::vector<domain::session_state> unsettled;
  /// Of its bytes.
  std::uint64_t planner_memory = 0;
  std::vector<domain::node_constraint> node_constraints;
  std::vector<domain::connector_constraint> connector_constraints;
  std::optional<domain::shedding_state> shedding;
  /// Of the stations and bytes of all of them.
  std::uint64_t profiles = 0;
  /// Of its bytes on the log; 0: nothing is configured.
  std::uint64_t configured = 0;
  std::vector<domain::left_load> left_behind;
  domain::instant left_until{};
  std::vector<domain::node_warmth> warmth;
  /// Of its bytes; 0: none.
  std::uint64_t part_memory = 0;
  std::vector<domain::reservation_state> reservations;
  bool operator==(const state_record&) const = default;
};
[[nodiscard]] state_record record_of(const domain::site_state& state);

/// `each(visit)` calls visit(name, member pointer) for each field.
template <class Value> struct field_list;

#define BUSBAR_FIELDS(type, ...)                                                                   \
  template <> struct field_list<type> {                                                            \
    using it = type;                                                                               \
    template <class Visit> static constexpr void each(Visit&& visit) { __VA_ARGS__; }              \
  }
#define BUSBAR_FIELD(name) visit(#name, &it::name)

BUSBAR_FIELDS(domain::reading, BUSBAR_FIELD(measured_at), BUSBAR_FIELD(connector),
              BUSBAR_FIELD(current_ma), BUSBAR_FIELD(power_w), BUSBAR_FIELD(voltage_mv),
              BUSBAR_FIELD(energy_wh), BUSBAR_FIELD(temperature_mc), BUSBAR_FIELD(soc_permille),
              BUSBAR_FIELD(state), BUSBAR_FIELD(has_soc), BUSBAR_FIELD(has_temperature),
              BUSBAR_FIELD(obeyed));
BUSBAR_FIELDS(domain::meter_reading, BUSBAR_FIELD(measured_at), BUSBAR_FIELD(node),
              BUSBAR_FIELD(current_ma), BUSBAR_FIELD(power_w), BUSBAR_FIELD(voltage_mv),
              BUSBAR_FIELD(frequency_mhz), BUSBAR_FIELD(power_factor_permille));
BUSBAR_FIELDS(domain::health_report, BUSBAR_FIELD(checked_at), BUSBAR_FIELD(station),
              BUSBAR_FIELD(is_healthy), BUSBAR_FIELD(failures));
BUSBAR_FIELDS(domain::command_result, BUSBAR_FIELD(connector), BUSBAR_FIELD(number),
              BUSBAR_FIELD(answer), BUSBAR_FIELD(why), BUSBAR_FIELD(answered_at),
              BUSBAR_FIELD(register_at), BUSBAR_FIELD(reported));
BUSBAR_FIELDS(domain::reported_transaction, BUSBAR_FIELD(began_at),
              BUSBAR_FIELD(register_start_wh), BUSBAR_FIELD(ended_at),
              BUSBAR_FIELD(register_stop_wh));
BUSBAR_FIELDS(domain::driver_request, BUSBAR_FIELD(id), BUSBAR_FIELD(site), BUSBAR_FIELD(driver),
              BUSBAR_FIELD(kind), BUSBAR_FIELD(station), BUSBAR_FIELD(session),
              BUSBAR_FIELD(asked_at), BUSBAR_FIELD(energy_wanted), BUSBAR_FIELD(departs_at),
              BUSBAR_FIELD(connector), BUSBAR_FIELD(reported), BUSBAR_FIELD(why),
              BUSBAR_FIELD(begun_by));
BUSBAR_FIELDS(site::direct_order, BUSBAR_FIELD(station), BUSBAR_FIELD(kind), BUSBAR_FIELD(fault),
              BUSBAR_FIELD(now));
BUSBAR_FIELDS(site::profile_errand, BUSBAR_FIELD(station), BUSBAR_FIELD(place),
              BUSBAR_FIELD(kind), BUSBAR_FIELD(order), BUSBAR_FIELD(now));
BUSBAR_FIELDS(site::node_sum, BUSBAR_FIELD(node), BUSBAR_FIELD(drawn), BUSBAR_FIELD(power),
              BUSBAR_FIELD(measured_at), BUSBAR_FIELD(released), BUSBAR_FIELD(released_at));
BUSBAR_FIELDS(site::step::branch_standing, BUSBAR_FIELD(branch), BUSBAR_FIELD(is_overdue));

BUSBAR_FIELDS(domain::limit, BUSBAR_FIELD(source), BUSBAR_FIELD(current), BUSBAR_FIELD(power));
BUSBAR_FIELDS(domain::guaranteed_minimum, BUSBAR_FIELD(each), BUSBAR_FIELD(of_rated),
              BUSBAR_FIELD(simultaneity));
BUSBAR_FIELDS(domain::fallback_load, BUSBAR_FIELD(line), BUSBAR_FIELD(power));
BUSBAR_FIELDS(domain::node_constraint, BUSBAR_FIELD(node), BUSBAR_FIELD(limit), BUSBAR_FIELD(from),
              BUSBAR_FIELD(until), BUSBAR_FIELD(counts), BUSBAR_FIELD(guaranteed),
              BUSBAR_FIELD(if_engine_stops));
BUSBAR_FIELDS(domain::lift_node_constraint, BUSBAR_FIELD(node), BUSBAR_FIELD(source));
BUSBAR_FIELDS(domain::limit_ramp, BUSBAR_FIELD(from), BUSBAR_FIELD(step), BUSBAR_FIELD(every),
              BUSBAR_FIELD(begun_at));
BUSBAR_FIELDS(domain::connector_constraint, BUSBAR_FIELD(connector), BUSBAR_FIELD(current),
              BUSBAR_FIELD(power), BUSBAR_FIELD(until), BUSBAR_FIELD(output), BUSBAR_FIELD(ramp));
BUSBAR_FIELDS(domain::lift_connector_constraint, BUSBAR_FIELD(connector));
BUSBAR_FIELDS(domain::shedding_settings, BUSBAR_FIELD(is_enabled), BUSBAR_FIELD(rise),
              BUSBAR_FIELD(fall), BUSBAR_FIELD(unexplained), BUSBAR_FIELD(dwell_up),
              BUSBAR_FIELD(dwell_down));
BUSBAR_FIELDS(domain::configure_shedding, BUSBAR_FIELD(settings), BUSBAR_FIELD(forced_level));

BUSBAR_FIELDS(domain::reason, BUSBAR_FIELD(which), BUSBAR_FIELD(node), BUSBAR_FIELD(line),
              BUSBAR_FIELD(source), BUSBAR_FIELD(place), BUSBAR_FIELD(turn_by),
              BUSBAR_FIELD(rests_until), BUSBAR_FIELD(switches_until), BUSBAR_FIELD(is_kept));
BUSBAR_FIELDS(domain::fallback, BUSBAR_FIELD(action), BUSBAR_FIELD(current),
              BUSBAR_FIELD(timeout));
BUSBAR_FIELDS(domain::command, BUSBAR_FIELD(connector), BUSBAR_FIELD(kind), BUSBAR_FIELD(number),
              BUSBAR_FIELD(current), BUSBAR_FIELD(lease), BUSBAR_FIELD(because),
              BUSBAR_FIELD(session), BUSBAR_FIELD(driver), BUSBAR_FIELD(fault),
              BUSBAR_FIELD(lines), BUSBAR_FIELD(is_export), BUSBAR_FIELD(when_lost),
              BUSBAR_FIELD(profile));
BUSBAR_FIELDS(domain::session_fact, BUSBAR_FIELD(session), BUSBAR_FIELD(request),
              BUSBAR_FIELD(site), BUSBAR_FIELD(station), BUSBAR_FIELD(driver), BUSBAR_FIELD(kind),
              BUSBAR_FIELD(at), BUSBAR_FIELD(power), BUSBAR_FIELD(energy), BUSBAR_FIELD(cost),
              BUSBAR_FIELD(why), BUSBAR_FIELD(energy_wanted), BUSBAR_FIELD(departs_at),
              BUSBAR_FIELD(connector), BUSBAR_FIELD(register_start_wh),
              BUSBAR_FIELD(register_now_wh), BUSBAR_FIELD(is_bill_open),
              BUSBAR_FIELD(began_at));
BUSBAR_FIELDS(domain::cause, BUSBAR_FIELD(kind), BUSBAR_FIELD(name));
BUSBAR_FIELDS(domain::event, BUSBAR_FIELD(site), BUSBAR_FIELD(at), BUSBAR_FIELD(speaker),
              BUSBAR_FIELD(level), BUSBAR_FIELD(kind), BUSBAR_FIELD(subject), BUSBAR_FIELD(text),
              BUSBAR_FIELD(caused_by));
BUSBAR_FIELDS(domain::decided_grant, BUSBAR_FIELD(connector), BUSBAR_FIELD(target),
              BUSBAR_FIELD(granted), BUSBAR_FIELD(reserved), BUSBAR_FIELD(because),
              BUSBAR_FIELD(is_export));
BUSBAR_FIELDS(domain::decided_limit, BUSBAR_FIELD(node), BUSBAR_FIELD(limit), BUSBAR_FIELD(source),
              BUSBAR_FIELD(reserved));
BUSBAR_FIELDS(domain::decision, BUSBAR_FIELD(site), BUSBAR_FIELD(topology_hash),
              BUSBAR_FIELD(owner), BUSBAR_FIELD(plan_number), BUSBAR_FIELD(at),
              BUSBAR_FIELD(image_hash), BUSBAR_FIELD(limits), BUSBAR_FIELD(grants));
BUSBAR_FIELDS(domain::session_state, BUSBAR_FIELD(id), BUSBAR_FIELD(request), BUSBAR_FIELD(driver),
              BUSBAR_FIELD(connector), BUSBAR_FIELD(started_at), BUSBAR_FIELD(register_start_wh),
              BUSBAR_FIELD(register_now_wh), BUSBAR_FIELD(energy_wanted),
              BUSBAR_FIELD(departs_at), BUSBAR_FIELD(start_waits), BUSBAR_FIELD(stop_waits),
              BUSBAR_FIELD(stopping_because), BUSBAR_FIELD(is_reported),
              BUSBAR_FIELD(register_begun_wh));
BUSBAR_FIELDS(domain::told_state, BUSBAR_FIELD(connector), BUSBAR_FIELD(number),
              BUSBAR_FIELD(told), BUSBAR_FIELD(acknowledged), BUSBAR_FIELD(is_export));
BUSBAR_FIELDS(domain::shedding_state, BUSBAR_FIELD(chosen), BUSBAR_FIELD(level),
              BUSBAR_FIELD(changed_at));

BUSBAR_FIELDS(domain::left_owner, BUSBAR_FIELD(station), BUSBAR_FIELD(connector),
              BUSBAR_FIELD(wiring), BUSBAR_FIELD(until), BUSBAR_FIELD(ends_below));
BUSBAR_FIELDS(domain::left_load, BUSBAR_FIELD(node), BUSBAR_FIELD(line), BUSBAR_FIELD(of));
BUSBAR_FIELDS(domain::node_warmth::temperatures, BUSBAR_FIELD(oil), BUSBAR_FIELD(fast_rise),
              BUSBAR_FIELD(slow_rise));
BUSBAR_FIELDS(domain::node_warmth, BUSBAR_FIELD(node), BUSBAR_FIELD(breaker_ppm),
              BUSBAR_FIELD(transformer), BUSBAR_FIELD(breaker_rule),
              BUSBAR_FIELD(transformer_rule));
BUSBAR_FIELDS(domain::reservation_state, BUSBAR_FIELD(station), BUSBAR_FIELD(driver),
              BUSBAR_FIELD(until));
BUSBAR_FIELDS(state_record, BUSBAR_FIELD(site), BUSBAR_FIELD(topology_hash), BUSBAR_FIELD(owner),
              BUSBAR_FIELD(at), BUSBAR_FIELD(plan_number), BUSBAR_FIELD(told),
              BUSBAR_FIELD(sessions), BUSBAR_FIELD(unsettled), BUSBAR_FIELD(planner_memory),
              BUSBAR_FIELD(node_constraints), BUSBAR_FIELD(connector_constraints),
              BUSBAR_FIELD(shedding), BUSBAR_FIELD(profiles), BUSBAR_FIELD(configured),
              BUSBAR_FIELD(left_behind), BUSBAR_FIELD(left_until), BUSBAR_FIELD(warmth),
              BUSBAR_FIELD(part_memory), BUSBAR_FIELD(reservations));

BUSBAR_FIELDS(control::safety::obedience_settings, BUSBAR_FIELD(margin),
              BUSBAR_FIELD(margin_share), BUSBAR_FIELD(response), BUSBAR_FIELD(patience),
              BUSBAR_FIELD(readings_to_clear));
BUSBAR_FIELDS(control::safety::breaker_settings, BUSBAR_FIELD(window), BUSBAR_FIELD(calls_min),
              BUSBAR_FIELD(failures_min), BUSBAR_FIELD(failure_rate), BUSBAR_FIELD(slow_rate),
              BUSBAR_FIELD(slow_after), BUSBAR_FIELD(open_wait), BUSBAR_FIELD(probes));
/// But for `obedience`, which has a list of its own.
BUSBAR_FIELDS(site::ledger_settings, BUSBAR_FIELD(lease_grace), BUSBAR_FIELD(follows_within),
              BUSBAR_FIELD(answer_after), BUSBAR_FIELD(raise_after), BUSBAR_FIELD(excess_after));
/// But for `ledger`, which has a list of its own.
BUSBAR_FIELDS(site::table_settings, BUSBAR_FIELD(answer_within), BUSBAR_FIELD(slow_after),
              BUSBAR_FIELD(progress_every), BUSBAR_FIELD(monitor_failures));

#undef BUSBAR_FIELD
#undef BUSBAR_FIELDS

template <class Value>
concept has_fields = requires { sizeof(field_list<Value>); };

} // namespace busbar::recording
