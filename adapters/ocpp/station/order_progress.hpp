#pragma once
// OCPP-11: what a station reports of orders that go on after their answer: firmware, diagnostics
// and logs by their statuses, transactions by their start and end.

#include "adapters/ocpp/station/station_effects.hpp"
#include "ocpp/wire/frame.hpp"

#include <string>

namespace busbar::adapters::ocpp::station {

/// Nothing for a message that no order brings about. `answer`: the payload that it was answered.
void report_progress(const busbar::ocpp::wire::frame& call, const std::string& answer,
                     station_effects& out);

} // namespace busbar::adapters::ocpp::station
