#pragma once
// One message of each topic, with every field set, whose bytes are golden.

#include "messages/codec.hpp"
#include "messages/topics.hpp"

namespace busbar::messages::testing {

inline constexpr domain::instant noon{std::chrono::seconds{1'777'636'800}}; // 2026-05-01T12:00:00Z

inline domain::telemetry_batch example_telemetry() {
  domain::reading reading;
  reading.measured_at = noon - domain::seconds{1};
  reading.connector = domain::connector_index{2U};
  reading.current_ma = {15'800, 15'750, -40};
  reading.power_w = 7'250;
  reading.voltage_mv = 229'400;
  reading.energy_wh = 1'234'567;
  reading.temperature_mc = 41'500;
  reading.soc_permille = 420;
  reading.state = domain::connector_state::supplying;
  reading.has_soc = true;
  reading.has_temperature = true;
  reading.obeyed = 77;
  domain::meter_reading meter;
  meter.measured_at = noon;
  meter.node = domain::node_index{1U};
  meter.current_ma = {61'000, 62'990, 40'000};
  meter.power_w = 37'700;
  meter.voltage_mv = 230'100;
  meter.frequency_mhz = 49'980;
  return {domain::site_id{"garage"},
          0x0123456789abcdef,
          noon,
          42,
          {reading},
          {meter},
          {{noon, domain::station_index{3U}, false, 3}}};
}

inline domain::driver_request example_request() {
  domain::driver_request request;
  request.id = domain::request_id{"r-17"};
  request.site = domain::site_id{"garage"};
  request.driver = domain::driver_id{"Alice"};
  request.kind = domain::request_kind::start;
  request.station = domain::station_id{"CP-001"};
  request.session = domain::session_id{"s-9"};
  request.asked_at = noon;
  request.energy_wanted = domain::watt_hours{21'000};
  request.departs_at = noon + std::chrono::hours{5};
  return request;
}

inline domain::reason example_reason() {
  return {domain::rule::limit, domain::node_index{2U}, domain::binding_line::l2,
          domain::limit_source::breaker};
}

inline domain::command_batch example_commands() {
  domain::command grant;
  grant.connector = domain::connector_index{2U};
  grant.kind = domain::command_kind::grant;
  grant.number = 78;
  grant.current = domain::milliamperes{14'000};
  grant.lease = domain::seconds{60};
  grant.because = example_reason();
  domain::command start;
  start.connector = domain::connector_index{3U};
  start.kind = domain::command_kind::start;
  start.number = 5;
  start.session = domain::session_id{"s-10"};
  start.driver = domain::driver_id{"Bob"};
  domain::command fault;
  fault.connector = domain::connector_index{4U};
  fault.kind = domain::command_kind::simulate_fault;
  fault.number = 6;
  fault.fault = domain::fault_kind::disobey;
  return {domain::site_id{"garage"}, 0x0123456789abcdef, 3, noon, {grant, start, fault}};
}

inline domain::charging_profile example_profile() {
  domain::charging_profile profile;
  profile.id = 41;
  profile.transaction = 7;
  profile.stack_level = 3;
  profile.serves = domain::profile_purpose::tx;
  profile.kind = domain::profile_kind::recurring;
  profile.recurs = domain::profile_recurrency::daily;
  profile.valid_from = std::chrono::sys_seconds{std::chrono::seconds{1'777'600'000}};
  profile.valid_to = std::chrono::sys_seconds{std::chrono::seconds{1'777'700'000}};
  profile.plan.duration = std::chrono::seconds{28'800};
  profile.plan.starts_at = std::chrono::sys_seconds{std::chrono::seconds{1'777'593'600}};
  profile.plan.unit = domain::rate_unit::watt;
  profile.plan.minimum_tenths = 13'800;
  profile.plan.periods = {{std::chrono::seconds{0}, 110'000, std::uint8_t{3}},
                          {std::chrono::seconds{3'600}, 0, std::nullopt}};
  return profile;
}

/// Commands that came after the first ones: their bytes stand in a golden file of their own.
inline domain::command_batch example_orders() {
  domain::command_batch batch;
  batch.site = domain::site_id{"garage"};
  batch.owner = 3;
  batch.issued_at = noon;
  domain::command set;
  set.kind = domain::command_kind::set_charging_profile;
  set.number = 8;
  set.profile.order = std::make_shared<const domain::profile_order>(
      domain::profile_order{true, example_profile(), {}});
  domain::command grant;
  grant.kind = domain::command_kind::grant;
  grant.number = 9;
  domain::command clear;
  clear.kind = domain::command_kind::clear_charging_profile;
  clear.number = 10;
  clear.profile.order = std::make_shared<const domain::profile_order>(
      domain::profile_order{false, {}, {41, 2, domain::profile_purpose::tx_default, 3}});
  domain::command phases;
  phases.kind = domain::command_kind::set_phases;
  phases.number = 11;
  phases.lines = 1;
  batch.commands = {set, grant, clear, phases};
  return batch;
}

inline domain::result_batch example_results() {
  return {domain::site_id{"garage"},
          0x0123456789abcdef,
          3,
          {{domain::connector_index{2U}, 78, domain::outcome::accepted, "", noon},
           {domain::connector_index{3U}, 5, domain::outcome::refused, "no vehicle", noon}}};
}

inline domain::session_fact example_session_fact() {
  domain::session_fact fact;
  fact.session = domain::session_id{"s-9"};
  fact.request = domain::request_id{"r-17"};
  fact.site = domain::site_id{"garage"};
  fact.station = domain::station_id{"CP-001"};
  fact.driver = domain::driver_id{"Alice"};
  fact.kind = domain::session_fact_kind::completed;
  fact.at = noon;
  fact.power = domain::watts{7'250};
  fact.energy = domain::watt_hours{20'100};
  fact.cost = domain::micro_currency{6'030'000};
  fact.why = "energy reached";
  fact.energy_wanted = domain::watt_hours{20'000};
  fact.departs_at = noon + std::chrono::hours{5};
  return fact;
}

inline domain::event example_event() {
  return {domain::site_id{"garage"},    noon,      domain::speaker::monitor,
          domain::severity::critical,   "fault",   "CP-001",
          "3 checks in a row have failed – no new driver"};
}

inline domain::decision example_decision() {
  using domain::milliamperes;
  domain::decision decision;
  decision.site = domain::site_id{"garage"};
  decision.topology_hash = 0x0123456789abcdef;
  decision.owner = 3;
  decision.plan_number = 1'000;
  decision.at = noon;
  decision.image_hash = 0xfedcba9876543210;
  decision.limits = {{domain::node_index{2U},
                      {milliamperes{63'000}, milliamperes{63'000}, milliamperes{63'000}},
                      domain::limit_source::breaker,
                      {milliamperes{61'000}, milliamperes{62'990}, milliamperes{40'000}}}};
  decision.grants = {{domain::connector_index{2U}, milliamperes{14'000}, milliamperes{14'000},
                      milliamperes{16'000}, example_reason()}};
  return decision;
}

inline domain::site_state example_site_state() {
  using domain::milliamperes;
  domain::session_state session;
  session.id = domain::session_id{"s-9"};
  session.request = domain::request_id{"r-17"};
  session.driver = domain::driver_id{"Alice"};
  session.connector = domain::connector_index{2U};
  session.started_at = noon - std::chrono::hours{1};
  session.register_start_wh = 1'214'467;
  session.register_now_wh = 1'234'567;
  session.energy_wanted = domain::watt_hours{21'000};
  session.departs_at = noon + std::chrono::hours{5};
  domain::site_state state;
  state.site = domain::site_id{"garage"};
  state.topology_hash = 0x0123456789abcdef;
  state.owner = 3;
  state.at = noon;
  state.plan_number = 1'000;
  state.told = {{domain::connector_index{2U}, 78, milliamperes{14'000}, milliamperes{16'000}}};
  state.sessions = {session};
  state.planner_memory = {1, 2, 3, 250};
  state.outline.bytes = std::make_shared<const std::vector<std::uint8_t>>(3, std::uint8_t{7});
  state.left_behind = {{domain::node_index{2U},
                        {milliamperes{16'000}, milliamperes{16'001}, milliamperes{16'002}}}};
  state.warmth = {{domain::node_index{1U},
                   domain::per_line<std::int64_t>{783'000, 1, 2},
                   domain::node_warmth::temperatures{domain::millidegrees_celsius{75'000},
                                                     domain::millidegrees_celsius{46'000},
                                                     domain::millidegrees_celsius{23'000}}}};
  state.left_until = noon + std::chrono::seconds{65};
  state.profiles = {{domain::station_index{1U}, std::make_shared<const std::vector<std::uint8_t>>(
                                                    std::vector<std::uint8_t>{66, 67, 80, 1})}};
  return state;
}

inline dead_letter example_dead_letter() {
  return {telemetry_topic, 7, 123'456, "garage", domain::errc::out_of_range,
          "readings[3].power_w is 5000000, allowed is -2000000..2000000",
          {0xDE, 0xAD, 0xBE, 0xEF}, 8'192, noon};
}

} // namespace busbar::messages::testing
