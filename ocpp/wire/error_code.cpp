#include "ocpp/wire/error_code.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace busbar::ocpp::wire {

namespace {

using enum error_code;

constexpr std::array<std::pair<std::string_view, error_code>, 20> spellings{{
    {"notimplemented", not_implemented},
    {"unknownaction", not_implemented},
    {"notsupported", not_supported},
    {"messagetypenotsupported", not_supported},
    {"internalerror", internal_error},
    {"protocolerror", protocol_error},
    {"securityerror", security_error},
    {"formationviolation", formation_violation},
    {"formatviolation", formation_violation},
    {"rpcframeworkerror", formation_violation},
    {"propertyconstraintviolation", property_constraint_violation},
    {"propertyconstraintviolated", property_constraint_violation},
    {"occurenceconstraintviolation", occurence_constraint_violation},
    {"occurrenceconstraintviolation", occurence_constraint_violation},
    {"occurenceconstraintviolated", occurence_constraint_violation},
    {"occurrenceconstraintviolated", occurence_constraint_violation},
    {"typeconstraintviolation", type_constraint_violation},
    {"typeconstraintviolated", type_constraint_violation},
    {"genericerror", generic_error},
    {"generic", generic_error},
}};

/// Longer than every spelling: what does not fit is none of them.
using letters = std::array<char, 48>;

/// The letters of `text` as small ones; nothing where there are more than fit.
std::string_view letters_of(std::string_view text, letters& room) {
  std::size_t size = 0;
  for (const char each : text) {
    const bool is_capital = each >= 'A' && each <= 'Z';
    if (!is_capital && (each < 'a' || each > 'z')) continue;
    if (size == room.size()) return {};
    room[size++] = is_capital ? static_cast<char>(each - 'A' + 'a') : each;
  }
  return {room.data(), size};
}

} // namespace

error_code error_code_from(std::string_view text) {
  letters room{};
  const auto name = letters_of(text, room);
  const auto* found = std::ranges::find(spellings, name, &decltype(spellings)::value_type::first);
  return found == spellings.end() ? generic_error : found->second;
}

} // namespace busbar::ocpp::wire
