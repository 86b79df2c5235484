#pragma once
// The enumerations of OCPP 1.6 that more than one message uses, or that are long.

#include <array>
#include <string_view>

namespace busbar::ocpp::v16::forms {

template <class... Texts> constexpr auto one_of(Texts... texts) {
  return std::array<std::string_view, sizeof...(Texts)>{std::string_view(texts)...};
}

inline constexpr auto accepted_or_rejected = one_of("Accepted", "Rejected");
inline constexpr auto certificate_use =
    one_of("CentralSystemRootCertificate", "ManufacturerRootCertificate");
inline constexpr auto charging_rate_unit = one_of("A", "W");
inline constexpr auto hash_algorithm = one_of("SHA256", "SHA384", "SHA512");
inline constexpr auto trigger_status = one_of("Accepted", "Rejected", "NotImplemented");

inline constexpr auto authorization_status =
    one_of("Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx");

inline constexpr auto charging_profile_purpose =
    one_of("ChargePointMaxProfile", "TxDefaultProfile", "TxProfile");

inline constexpr auto reading_context =
    one_of("Interruption.Begin", "Interruption.End", "Sample.Clock", "Sample.Periodic",
           "Transaction.Begin", "Transaction.End", "Trigger", "Other");
inline constexpr auto value_format = one_of("Raw", "SignedData");
inline constexpr auto measurand = one_of(
    "Energy.Active.Export.Register", "Energy.Active.Import.Register",
    "Energy.Reactive.Export.Register", "Energy.Reactive.Import.Register",
    "Energy.Active.Export.Interval", "Energy.Active.Import.Interval",
    "Energy.Reactive.Export.Interval", "Energy.Reactive.Import.Interval", "Power.Active.Export",
    "Power.Active.Import", "Power.Offered", "Power.Reactive.Export", "Power.Reactive.Import",
    "Power.Factor", "Current.Import", "Current.Export", "Current.Offered", "Voltage", "Frequency",
    "Temperature", "SoC", "RPM");
inline constexpr auto phase =
    one_of("L1", "L2", "L3", "N", "L1-N", "L2-N", "L3-N", "L1-L2", "L2-L3", "L3-L1");
inline constexpr auto location = one_of("Cable", "EV", "Inlet", "Outlet", "Body");
/// Both spellings of Celsius are in use. Hertz is a unit in MeterValues, not in StopTransaction.
inline constexpr auto unit_of_measure =
    one_of("Wh", "kWh", "varh", "kvarh", "W", "kW", "VA", "kVA", "var", "kvar", "A", "V", "K",
           "Celcius", "Celsius", "Fahrenheit", "Percent", "Hertz");

inline constexpr auto stop_reason =
    one_of("EmergencyStop", "EVDisconnected", "HardReset", "Local", "Other", "PowerLoss", "Reboot",
           "Remote", "SoftReset", "UnlockCommand", "DeAuthorized");

inline constexpr auto station_error = one_of(
    "ConnectorLockFailure", "EVCommunicationError", "GroundFailure", "HighTemperature",
    "InternalError", "LocalListConflict", "NoError", "OtherError", "OverCurrentFailure",
    "PowerMeterFailure", "PowerSwitchFailure", "ReaderFailure", "ResetFailure", "UnderVoltage",
    "OverVoltage", "WeakSignal");
inline constexpr auto connector_status =
    one_of("Available", "Preparing", "Charging", "SuspendedEVSE", "SuspendedEV", "Finishing",
           "Reserved", "Unavailable", "Faulted");

} // namespace busbar::ocpp::v16::forms
