#pragma once
// What the API shows of the charging profiles of a station. What stands in OCPP payloads is written
// as there (ocpp/v16/charging_profile_writer.hpp).

#include "control/smart_charging/composite.hpp"
#include "control/smart_charging/profile_book.hpp"
#include "text/json_writer.hpp"

namespace busbar::adapters::http::json {

/// What is asked about a station's profiles.
struct profile_question {
  control::smart_charging::instant now{};
  control::smart_charging::seconds duration{};
  control::smart_charging::rate_unit unit{};
};

/// One connector: its transaction, limit now, stack, schedule, and what was held back.
void write_connector_profiles(text::json_writer& json,
                              const control::smart_charging::profile_book& book,
                              std::size_t place, const profile_question& asked);

} // namespace busbar::adapters::http::json
