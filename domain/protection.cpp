#include "domain/protection.hpp"

#include "domain/enum_text.hpp"

#include <array>

namespace busbar::domain {

namespace {

constexpr std::array cooling_names{"unspecified", "onan-distribution", "onan", "onaf"};

} // namespace

const char* name_of(cooling how) { return text_of(cooling_names, how); }
std::optional<cooling> cooling_from(const std::string& name) {
  return value_of<cooling>(cooling_names, name);
}

} // namespace busbar::domain
