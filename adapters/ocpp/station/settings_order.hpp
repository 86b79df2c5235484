#pragma once
// The settings that a site wants of a station, and the order that brings them back
// (`ports::reset_configuration`): GetConfiguration, then ChangeConfiguration of each that differs,
// one after the other.

#include "adapters/ocpp/station/payload.hpp"
#include "adapters/ocpp/station/station_state.hpp"
#include "ocpp/wire/frame.hpp"

#include <string>
#include <vector>

namespace busbar::adapters::ocpp::station {

/// Those of every station, and those that its site's file states, which come first where both do.
[[nodiscard]] std::vector<wanted_setting> wanted_settings(const station_place& place);
/// Those of them that an answer to GetConfiguration lists with their value.
[[nodiscard]] std::vector<wanted_setting>
settings_that_hold(const station_place& place, const busbar::ocpp::wire::frame& answer);
/// As ChangeConfiguration.req.
[[nodiscard]] std::string change_payload(const wanted_setting& of);

/// What is ordered, as the record shows it: {"configurationKey": [{"key", "value"}]}.
[[nodiscard]] std::string wanted_payload(const station_place& place);
/// The first CALL of order `number`.
[[nodiscard]] station_call settings_call(std::uint64_t number);
/// What an order that ends before its outcome has come to; empty: nothing.
[[nodiscard]] std::string answer_so_far(const std::vector<settled_setting>& settled);
/// The answer to one of its CALLs: the next one is queued, or the order has its outcome, accepted
/// where every key has or gets its value. An error to GetConfiguration fails it.
void settings_answered(station_state& state, const station_call& call,
                       const busbar::ocpp::wire::frame& answer, station_effects& out);

} // namespace busbar::adapters::ocpp::station
