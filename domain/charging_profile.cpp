#include "domain/charging_profile.hpp"

#include "domain/enum_text.hpp"

#include <array>

namespace busbar::domain {

namespace {

constexpr std::array rate_unit_names{"A", "W"};
constexpr std::array purpose_names{"ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"};
constexpr std::array profile_kind_names{"Absolute", "Recurring", "Relative"};
constexpr std::array recurrency_names{"Daily", "Weekly"};

} // namespace

const char* name_of(rate_unit unit) { return text_of(rate_unit_names, unit); }
const char* name_of(profile_purpose serves) { return text_of(purpose_names, serves); }
const char* name_of(profile_kind kind) { return text_of(profile_kind_names, kind); }
const char* name_of(profile_recurrency recurs) { return text_of(recurrency_names, recurs); }

} // namespace busbar::domain
