#include "domain/operator_order.hpp"

#include "domain/enum_text.hpp"

#include <array>

namespace busbar::domain {

namespace {

constexpr std::array counted_names{"unspecified", "everything", "chargers"};

} // namespace

const char* name_of(counted_load which) { return text_of(counted_names, which); }

} // namespace busbar::domain
