#include "adapters/ocpp/station/profile_calls.hpp"

#include "ocpp/v16/charging_profile_writer.hpp"
#include "text/json_writer.hpp"

#include <algorithm>

namespace busbar::adapters::ocpp::station {

namespace smart = control::smart_charging;

namespace {

/// EN 50160: ten percent below the nominal voltage.
constexpr std::int64_t lowest_voltage_permille = 900;

std::uint8_t lines_seen(const domain::reading& newest) {
  const auto used = std::ranges::count_if(newest.current_ma, [](auto ma) { return ma > 500; });
  return static_cast<std::uint8_t>(std::max<std::ptrdiff_t>(used, 1));
}

} // namespace

smart::profile_form grant_form_of(const station_state& state) {
  const auto& known = state.abilities;
  return smart::grant_forms(known.level_max, known.unit).at(known.grants.place);
}

smart::rate_terms terms_of(const station_state& state, std::size_t connector,
                           const smart::profile_form& form) {
  const auto& place = state.place.connectors[connector];
  smart::rate_terms terms;
  terms.current_min = place.current_min;
  const bool is_dc = place.kind == domain::current_kind::dc;
  // A DC outlet's current here is that of its three input lines: its rate is power.
  terms.unit = is_dc ? smart::rate_unit::watt : form.unit;
  if (form.states_phases && !is_dc) terms.phases = place.line_count;
  terms.lines = is_dc ? 3 : lines_seen(state.connectors[connector].newest);
  const auto volts = state.place.volts.count();
  terms.volts_min =
      domain::millivolts{is_dc ? volts : volts * lowest_voltage_permille / 1'000};
  return terms;
}

std::string set_profile_payload(std::int32_t connector, const domain::charging_profile& profile) {
  text::json_writer json;
  json.begin_object().member("connectorId", connector).key("csChargingProfiles");
  busbar::ocpp::v16::write_profile(json, profile);
  return json.end_object().take();
}

std::vector<station_call> fallback_calls(const station_state& state) {
  const auto& known = state.abilities.fallback;
  const auto form = smart::fallback_forms(state.abilities.unit).at(known.place);
  const auto call_for = [&](std::size_t place, std::int32_t connector) {
    const auto profile = smart::fallback_profile(state.place.when_lost.current,
                                                 terms_of(state, place, form), connector);
    station_call call{errand::fallback, "SetChargingProfile",
                      set_profile_payload(connector, profile)};
    call.form = known.place;
    return call;
  };
  if (!form.is_for_each) return {call_for(0, 0)};
  std::vector<station_call> made;
  for (std::size_t place = 0; place < state.connectors.size(); ++place)
    made.push_back(call_for(place, static_cast<std::int32_t>(place + 1)));
  return made;
}

station_call grant_call(const station_state& state, std::size_t connector,
                        const held_grant& grant, std::int32_t transaction) {
  const auto place = static_cast<std::int32_t>(connector + 1);
  const auto form = grant_form_of(state);
  const auto profile =
      smart::grant_profile({grant.current, grant.lease, grant.issued_at},
                           terms_of(state, connector, form), place, form.stack_level,
                           transaction);
  station_call call{errand::grant, "SetChargingProfile", set_profile_payload(place, profile)};
  call.connector = connector;
  call.owner = grant.owner;
  call.number = grant.number;
  call.form = state.abilities.grants.place;
  call.is_decrease = grant.current < state.connectors[connector].accepted_current;
  return call;
}

} // namespace busbar::adapters::ocpp::station
