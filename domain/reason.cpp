#include "domain/reason.hpp"

#include "domain/enum_text.hpp"

#include <array>

namespace busbar::domain {

namespace {

constexpr std::array rule_names{"unspecified", "LIM-1", "max", "demand", "turn", "not_wanted",
    "ramp", "fallback", "input_lost", "load_shedding", "operator", "derating", "disobedience"};
constexpr std::array binding_line_names{"unspecified", "L1", "L2", "L3", "primary L1", "primary L2",
    "primary L3", "power", "L1", "L2", "L3"};

} // namespace

const char* name_of(rule which) { return text_of(rule_names, which); }
const char* name_of(binding_line which) { return text_of(binding_line_names, which); }

} // namespace busbar::domain
