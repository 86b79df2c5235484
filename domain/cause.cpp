#include "domain/cause.hpp"

#include "domain/enum_text.hpp"

#include <array>
#include <utility>

namespace busbar::domain {

namespace {

constexpr std::array cause_names{"unspecified", "system", "user", "token", "device", "program"};

} // namespace

const char* name_of(cause_kind kind) { return text_of(cause_names, kind); }

cause caused_by_device(std::string id) { return {cause_kind::device, std::move(id)}; }
cause caused_by_program(std::string name) { return {cause_kind::program, std::move(name)}; }
cause caused_by_token(std::string token) { return {cause_kind::token, std::move(token)}; }

std::string text_of(const cause& by) {
  return by.name.empty() ? name_of(by.kind) : std::string{name_of(by.kind)} + " " + by.name;
}

} // namespace busbar::domain
