#pragma once
// Smart Charging profile: 3 messages, and the charging profile that RemoteStartTransaction carries.

#include "ocpp/v16/forms/choices.hpp"
#include "ocpp/v16/message_form.hpp"

#include <array>

namespace busbar::ocpp::v16::forms {

inline constexpr std::array schedule_period{
    integer("startPeriod").needed(),
    tenths("limit").needed(),
    integer("numberPhases"),
};
inline constexpr std::array charging_schedule{
    integer("duration"),
    time("startSchedule"),
    choice("chargingRateUnit", charging_rate_unit).needed(),
    list("chargingSchedulePeriod", schedule_period).needed(),
    tenths("minChargingRate"),
};
inline constexpr auto charging_profile_kind = one_of("Absolute", "Recurring", "Relative");
inline constexpr auto recurrency_kind = one_of("Daily", "Weekly");
inline constexpr std::array charging_profile{
    integer("chargingProfileId").needed(),
    integer("transactionId"),
    integer("stackLevel").needed(),
    choice("chargingProfilePurpose", charging_profile_purpose).needed(),
    choice("chargingProfileKind", charging_profile_kind).needed(),
    choice("recurrencyKind", recurrency_kind),
    time("validFrom"),
    time("validTo"),
    object("chargingSchedule", charging_schedule).needed(),
};

inline constexpr auto clear_profile_status = one_of("Accepted", "Unknown");
inline constexpr std::array clear_charging_profile{
    integer("id"),
    integer("connectorId"),
    choice("chargingProfilePurpose", charging_profile_purpose),
    integer("stackLevel"),
};
inline constexpr std::array clear_charging_profile_answer{
    choice("status", clear_profile_status).needed()};

inline constexpr std::array get_composite_schedule{
    integer("connectorId").needed(),
    integer("duration").needed(),
    choice("chargingRateUnit", charging_rate_unit),
};
inline constexpr std::array get_composite_schedule_answer{
    choice("status", accepted_or_rejected).needed(),
    integer("connectorId"),
    time("scheduleStart"),
    object("chargingSchedule", charging_schedule),
};

inline constexpr auto set_profile_status = one_of("Accepted", "Rejected", "NotSupported");
inline constexpr std::array set_charging_profile{
    integer("connectorId").needed(),
    object("csChargingProfiles", charging_profile).needed(),
};
inline constexpr std::array set_charging_profile_answer{
    choice("status", set_profile_status).needed()};

} // namespace busbar::ocpp::v16::forms
