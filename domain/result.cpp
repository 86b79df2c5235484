#include "domain/result.hpp"

#include "domain/enum_text.hpp"

#include <array>

namespace busbar::domain {

namespace {

constexpr std::array errc_names{"unspecified", "malformed", "wrong_identifier", "out_of_range",
    "missing_field", "unknown_field", "unknown_reference", "too_large", "full", "wrong_topology",
    "stale", "unsafe", "duplicate", "conflict", "timeout", "unavailable", "forbidden"};

} // namespace

const char* name_of(errc code) { return text_of(errc_names, code); }

} // namespace busbar::domain
