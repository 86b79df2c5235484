#pragma once
// What MeterValues and the end of a transaction report, for the history: every measurand, old
// samples too (OCPP-8). Signed samples stay out.

#include "adapters/ocpp/station/station_effects.hpp"
#include "domain/time.hpp"
#include "ocpp/v16/sample.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace busbar::adapters::ocpp::station {

/// In kilo and in other degrees is read as the plain unit; rounded down. A sample without a time,
/// or one of the future, is of `now`; one that no meter can mean is left out.
[[nodiscard]] std::vector<reported_sample>
history_of(std::span<const busbar::ocpp::v16::sample> samples, std::int32_t connector,
           domain::instant now);

} // namespace busbar::adapters::ocpp::station
