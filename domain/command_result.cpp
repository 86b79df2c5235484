#include "domain/command_result.hpp"

#include "domain/enum_text.hpp"

#include <array>

namespace busbar::domain {

namespace {

constexpr std::array outcome_names{"unspecified", "accepted", "refused"};

} // namespace

const char* name_of(outcome which) { return text_of(outcome_names, which); }

} // namespace busbar::domain
