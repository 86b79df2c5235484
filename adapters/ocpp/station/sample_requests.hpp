#pragma once
// Stations sample every 10 s. What a start or a grant has come to is asked for sooner, by a trigger
// for meter values, of stations that know triggers.

#include "adapters/ocpp/station/station_state.hpp"

namespace busbar::adapters::ocpp::station {

/// The current at the connector is about to change: a sample is due once it may have.
void expect_sample(connector_state& at, domain::instant now);
/// Samples that are due are asked for where a transaction runs.
void ask_for_samples(station_state& state, domain::instant now, station_effects& out);
/// A station that does not know the trigger, as `status` of its answer or its error says, is not
/// asked again.
void trigger_refused(station_state& state, std::string_view status);

} // namespace busbar::adapters::ocpp::station
