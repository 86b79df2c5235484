#pragma once
// Charging profiles and composite schedules as JSON: names and units of OCPP 1.6, times RFC 3339.

#include "control/smart_charging/composite.hpp"
#include "domain/charging_profile.hpp"
#include "text/json_writer.hpp"

#include <cstdint>
#include <string>

namespace busbar::ocpp::v16 {

/// "10", "10.5": a rate without loss.
[[nodiscard]] std::string rate_text(std::int64_t tenths);

/// As csChargingProfiles of SetChargingProfile.req.
void write_profile(text::json_writer& json, const domain::charging_profile& profile);
void write_schedule(text::json_writer& json,
                    const control::smart_charging::composite_schedule& schedule);
/// As the member of that name; a number with at most one decimal.
void write_rate(text::json_writer& json, const char* name, std::int64_t tenths);

} // namespace busbar::ocpp::v16
