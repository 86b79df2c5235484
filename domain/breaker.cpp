#include "domain/breaker.hpp"

#include "domain/enum_text.hpp"

#include <array>

namespace busbar::domain {

namespace {

constexpr std::array breaker_names{"unspecified", "closed", "open", "half-open"};

} // namespace

const char* name_of(breaker_position position) { return text_of(breaker_names, position); }

} // namespace busbar::domain
