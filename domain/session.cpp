#include "domain/session.hpp"

#include "domain/enum_text.hpp"

#include <array>

namespace busbar::domain {

namespace {

constexpr std::array session_fact_names{"unspecified", "ACCEPTED", "DENIED", "IN_PROGRESS",
    "COMPLETED", "SETTLED", "CHANGED"};

} // namespace

const char* name_of(session_fact_kind kind) { return text_of(session_fact_names, kind); }

} // namespace busbar::domain
