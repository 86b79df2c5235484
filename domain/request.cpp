#include "domain/request.hpp"

#include "domain/enum_text.hpp"

#include <array>

namespace busbar::domain {

namespace {

constexpr std::array request_names{"unspecified", "start", "stop", "reserve", "change"};

} // namespace

const char* name_of(request_kind kind) { return text_of(request_names, kind); }

} // namespace busbar::domain
