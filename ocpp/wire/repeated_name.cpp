#include "ocpp/wire/repeated_name.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace busbar::ocpp::wire {

namespace {

using simdjson::dom::element;
using simdjson::dom::object;
using name = std::optional<std::string_view>;

/// Objects of messages have at most 9 members. Larger ones are sorted: comparing each with each
/// would take a hostile frame of one object 0.1 s.
constexpr std::size_t compared_at_once = 16;

name repeated_of_many(const object& members) {
  std::vector<std::string_view> names;
  for (const auto& member : members) names.push_back(member.key);
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  return twice == names.end() ? name{} : name{*twice};
}

name repeated_in(const object& members) {
  std::array<std::string_view, compared_at_once> names;
  std::size_t count = 0;
  for (const auto& member : members) {
    if (count == names.size()) return repeated_of_many(members);
    const auto end = names.begin() + static_cast<std::ptrdiff_t>(count);
    if (std::find(names.begin(), end, member.key) != end) return member.key;
    names[count++] = member.key;
  }
  return std::nullopt;
}

name repeated_below(const object& members) {
  if (const auto twice = repeated_in(members)) return twice;
  for (const auto& member : members)
    if (const auto twice = repeated_name(member.value)) return twice;
  return std::nullopt;
}

} // namespace

name repeated_name(const element& value) {
  if (value.is_object()) return repeated_below(object(value));
  if (!value.is_array()) return std::nullopt;
  for (const auto each : simdjson::dom::array(value))
    if (const auto twice = repeated_name(each)) return twice;
  return std::nullopt;
}

} // namespace busbar::ocpp::wire
