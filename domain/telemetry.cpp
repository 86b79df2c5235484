#include "domain/telemetry.hpp"

#include "domain/enum_text.hpp"

#include <array>

namespace busbar::domain {

namespace {

constexpr std::array connector_state_names{"unspecified", "DISCONNECTED", "ACTIVATED", "SUPPLYING",
    "FAULTED", "UNAVAILABLE"};

} // namespace

const char* name_of(connector_state state) { return text_of(connector_state_names, state); }

} // namespace busbar::domain
