#pragma once
// Core profile: 16 messages.

#include "ocpp/v16/forms/choices.hpp"
#include "ocpp/v16/forms/smart_charging.hpp"
#include "ocpp/v16/message_form.hpp"

#include <array>
#include <span>

namespace busbar::ocpp::v16::forms {

inline constexpr std::array id_tag_info{
    time("expiryDate"),
    text("parentIdTag", 20),
    choice("status", authorization_status).needed(),
};

inline constexpr std::array authorize{text("idTag", 20).needed()};
inline constexpr std::array authorize_answer{object("idTagInfo", id_tag_info).needed()};

inline constexpr std::array boot_notification{
    text("chargePointVendor", 20).needed(),
    text("chargePointModel", 20).needed(),
    text("chargePointSerialNumber", 25),
    text("chargeBoxSerialNumber", 25),
    text("firmwareVersion", 50),
    text("iccid", 20),
    text("imsi", 20),
    text("meterType", 25),
    text("meterSerialNumber", 25),
};
inline constexpr auto registration_status = one_of("Accepted", "Pending", "Rejected");
inline constexpr std::array boot_notification_answer{
    choice("status", registration_status).needed(),
    time("currentTime").needed(),
    integer("interval").needed(),
};

inline constexpr auto availability_type = one_of("Inoperative", "Operative");
inline constexpr auto availability_status = one_of("Accepted", "Rejected", "Scheduled");
inline constexpr std::array change_availability{
    integer("connectorId").needed(),
    choice("type", availability_type).needed(),
};
inline constexpr std::array change_availability_answer{
    choice("status", availability_status).needed()};

inline constexpr auto configuration_status =
    one_of("Accepted", "Rejected", "RebootRequired", "NotSupported");
inline constexpr std::array change_configuration{
    text("key", 50).needed(),
    text("value", 500).needed(),
};
inline constexpr std::array change_configuration_answer{
    choice("status", configuration_status).needed()};

/// Of messages whose answer is Accepted or Rejected alone.
inline constexpr std::array plain_answer{choice("status", accepted_or_rejected).needed()};

inline constexpr auto data_transfer_status =
    one_of("Accepted", "Rejected", "UnknownMessageId", "UnknownVendorId");
inline constexpr std::array data_transfer{
    text("vendorId", 255).needed(),
    text("messageId", 50),
    text("data"),
};
inline constexpr std::array data_transfer_answer{
    choice("status", data_transfer_status).needed(),
    text("data"),
};

inline constexpr std::array configuration_key{
    text("key", 50).needed(),
    boolean("readonly").needed(),
    text("value", 500),
};
inline constexpr std::array get_configuration{text_list("key", 50)};
inline constexpr std::array get_configuration_answer{
    list("configurationKey", configuration_key),
    text_list("unknownKey", 50),
};

inline constexpr std::array heartbeat_answer{time("currentTime").needed()};

inline constexpr std::array sampled_value{
    text("value").needed(),
    choice("context", reading_context),
    choice("format", value_format),
    choice("measurand", measurand),
    choice("phase", phase),
    choice("location", location),
    choice("unit", unit_of_measure),
};
inline constexpr std::array meter_value{
    time("timestamp").spared(),
    list("sampledValue", sampled_value).needed().of_at_least(1),
};
inline constexpr std::array meter_values{
    integer("connectorId").needed(),
    integer("transactionId"),
    list("meterValue", meter_value).needed().of_at_least(1),
};

inline constexpr std::array remote_start_transaction{
    integer("connectorId"),
    text("idTag", 20).needed(),
    object("chargingProfile", charging_profile),
};
inline constexpr std::array remote_stop_transaction{integer("transactionId").needed()};

inline constexpr auto reset_type = one_of("Hard", "Soft");
inline constexpr std::array reset{choice("type", reset_type).needed()};

inline constexpr std::array start_transaction{
    integer("connectorId").needed(),
    text("idTag", 20).spared(),
    integer("meterStart").spared(),
    integer("reservationId"),
    time("timestamp").spared(),
};
inline constexpr std::array start_transaction_answer{
    object("idTagInfo", id_tag_info).needed(),
    integer("transactionId").needed(),
};

inline constexpr std::array status_notification{
    integer("connectorId").needed(),
    choice("errorCode", station_error).spared(),
    text("info", 50),
    choice("status", connector_status).needed(),
    time("timestamp"),
    text("vendorId", 255),
    text("vendorErrorCode", 50),
};

/// All units but the last one: a stop has no Hertz.
inline constexpr std::array stopped_sampled_value{
    text("value").needed(),
    choice("context", reading_context),
    choice("format", value_format),
    choice("measurand", measurand),
    choice("phase", phase),
    choice("location", location),
    choice("unit", std::span(unit_of_measure).first(unit_of_measure.size() - 1)),
};
inline constexpr std::array transaction_data{
    time("timestamp").spared(),
    list("sampledValue", stopped_sampled_value).needed(),
};
inline constexpr std::array stop_transaction{
    text("idTag", 20),
    integer("meterStop").spared(),
    time("timestamp").spared(),
    integer("transactionId").spared(),
    choice("reason", stop_reason),
    list("transactionData", transaction_data),
};
inline constexpr std::array stop_transaction_answer{object("idTagInfo", id_tag_info)};

inline constexpr auto unlock_status = one_of("Unlocked", "UnlockFailed", "NotSupported");
inline constexpr std::array unlock_connector{integer("connectorId").needed()};
inline constexpr std::array unlock_connector_answer{choice("status", unlock_status).needed()};

} // namespace busbar::ocpp::v16::forms
