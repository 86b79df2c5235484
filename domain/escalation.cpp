#include "domain/escalation.hpp"

#include "domain/enum_text.hpp"

#include <array>

namespace busbar::domain {

namespace {

constexpr std::array escalation_names{"none", "tell_again", "lower_limit", "remote_stop",
    "set_unavailable", "operator"};

} // namespace

const char* name_of(escalation step) { return text_of(escalation_names, step); }

} // namespace busbar::domain
