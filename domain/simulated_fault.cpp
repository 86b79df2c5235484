#include "domain/simulated_fault.hpp"

#include "domain/enum_text.hpp"

#include <array>

namespace busbar::domain {

namespace {

constexpr std::array fault_names{"unspecified", "clear", "station_fault", "monitor_failure",
    "silence", "disobey", "meter_loss", "low_voltage", "low_frequency", "low_power_factor"};

} // namespace

const char* name_of(fault_kind kind) { return text_of(fault_names, kind); }
std::optional<fault_kind> fault_kind_from(const std::string& name) {
  return value_of<fault_kind>(fault_names, name);
}

} // namespace busbar::domain
