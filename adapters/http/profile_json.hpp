#pragma once
// Charging profiles of a station as JSON: names and units of OCPP 1.6, times RFC 3339.

#include "adapters/http/json_writer.hpp"
#include "control/smart_charging/composite.hpp"
#include "control/smart_charging/profile_book.hpp"

namespace busbar::adapters::http {

/// What is asked about a station's profiles.
struct profile_question {
  control::smart_charging::instant now{};
  control::smart_charging::seconds duration{};
  control::smart_charging::rate_unit unit{};
};

/// "10", "10.5": a rate without loss.
[[nodiscard]] std::string rate_text(std::int64_t tenths);

/// As csChargingProfiles of SetChargingProfile.req.
void write_profile(json_writer& json, const domain::charging_profile& profile);
void write_schedule(json_writer& json, const control::smart_charging::composite_schedule& schedule);
/// One connector: its transaction, limit now, stack, schedule, and what was held back.
void write_connector_profiles(json_writer& json, const control::smart_charging::profile_book& book,
                              std::size_t place, const profile_question& asked);

} // namespace busbar::adapters::http
