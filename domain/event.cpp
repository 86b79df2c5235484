#include "domain/event.hpp"

#include "domain/enum_text.hpp"

#include <array>

namespace busbar::domain {

namespace {

constexpr std::array severity_names{"unspecified", "info", "warning", "critical"};
constexpr std::array speaker_names{"unspecified", "central", "cp", "monitor", "driver", "log"};

} // namespace

const char* name_of(severity how) { return text_of(severity_names, how); }
const char* name_of(speaker who) { return text_of(speaker_names, who); }
std::optional<speaker> speaker_from(const std::string& name) {
  return value_of<speaker>(speaker_names, name);
}

} // namespace busbar::domain
