#pragma once
// The first field in which two values of one type differ: its path and both values as texts.

#include "recording/delta_codec.hpp"

#include <optional>
#include <string>

namespace busbar::recording {

struct field_difference {
  /// "grants[7].because.node"; empty: the values as wholes.
  std::string field;
  std::string recorded;
  std::string replayed;
};

template <number_like Value> std::string text_of_value(const Value& value) {
  return std::to_string(number_of(value));
}
inline std::string text_of_value(const std::string& value) { return '"' + value + '"'; }
template <class Tag> std::string text_of_value(const domain::text_id<Tag>& value) {
  return '"' + value.text() + '"';
}
template <class Value> std::string text_of_value(const std::optional<Value>& value) {
  if constexpr (requires { text_of_value(*value); })
    return value ? text_of_value(*value) : std::string{"none"};
  else return value ? "some" : "none";
}
template <class Value> std::string text_of_value(const domain::maybe<Value>& value) {
  return text_of_value(std::optional<Value>(value));
}
template <class Value> std::string text_of_value(const std::vector<Value>& value) {
  return std::to_string(value.size()) + " entries";
}
template <class Value, std::size_t size>
std::string text_of_value(const std::array<Value, size>& value) {
  std::string text;
  for (const auto& each : value) text += (text.empty() ? "" : " ") + text_of_value(each);
  return text;
}
inline std::string text_of_value(const domain::shared_profile_order& value) {
  return value.order ? "an order" : "none";
}

template <class Value>
std::optional<field_difference> difference_of(const Value& recorded, const Value& replayed);

template <class Value>
std::optional<field_difference> within(const std::string& name, const Value& recorded,
                                       const Value& replayed) {
  auto found = difference_of(recorded, replayed);
  if (!found) return found;
  const bool is_nested = !found->field.empty() && found->field.front() != '[';
  found->field = name + (is_nested ? "." : "") + found->field;
  return found;
}

template <class Value>
std::optional<field_difference> difference_of(const std::vector<Value>& recorded,
                                              const std::vector<Value>& replayed) {
  for (std::size_t i = 0; i < std::min(recorded.size(), replayed.size()); ++i)
    if (auto found = within("[" + std::to_string(i) + "]", recorded[i], replayed[i])) return found;
  if (recorded.size() == replayed.size()) return std::nullopt;
  return field_difference{{}, text_of_value(recorded), text_of_value(replayed)};
}

/// Absent: they are the same.
template <class Value>
std::optional<field_difference> difference_of(const Value& recorded, const Value& replayed) {
  if (recorded == replayed) return std::nullopt;
  std::optional<field_difference> found;
  if constexpr (has_fields<Value>) {
    field_list<Value>::each([&](const char* name, auto member) {
      if (!found) found = within(name, recorded.*member, replayed.*member);
    });
    if (!found) found = field_difference{"(a field that is not recorded)", "", ""};
  } else if constexpr (requires { recorded.has_value(); *recorded; }) {
    if (recorded && replayed) return difference_of(*recorded, *replayed);
    found = field_difference{{}, text_of_value(recorded), text_of_value(replayed)};
  } else {
    found = field_difference{{}, text_of_value(recorded), text_of_value(replayed)};
  }
  return found;
}

} // namespace busbar::recording
