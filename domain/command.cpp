#include "domain/command.hpp"

#include "domain/enum_text.hpp"

#include <array>

namespace busbar::domain {

namespace {

constexpr std::array command_names{"unspecified", "grant", "start", "stop", "reset", "unlock",
    "set_available", "set_unavailable", "simulate_fault", "set_charging_profile",
    "clear_charging_profile", "set_phases", "report"};

} // namespace

const char* name_of(command_kind kind) { return text_of(command_names, kind); }

} // namespace busbar::domain
