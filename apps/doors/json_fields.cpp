#include "apps/doors/json_fields.hpp"

#include "domain/time_text.hpp"
#include "text/suggestion.hpp"

#include <cmath>

namespace busbar::apps::doors {

using nlohmann::json;

std::optional<std::int64_t> whole(const json& value, integer_range range) {
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return std::nullopt;
  if (value.is_number_integer()) {
    const auto number = value.get<std::int64_t>();
    return number >= range.low && number <= range.high ? std::optional(number) : std::nullopt;
  }
  if (!value.is_number_float()) return std::nullopt;
  const auto number = value.get<double>();
  const bool is_inside = number >= static_cast<double>(range.low) &&
                         number <= static_cast<double>(range.high);
  if (!is_inside || number != std::floor(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::string text_of(integer_range range) {
  return "an integer from " + std::to_string(range.low) + " to " + std::to_string(range.high);
}

json_fields::json_fields(const json& value, std::string pointer, fault_list& faults)
    : value_(value), pointer_(std::move(pointer)), faults_(faults), is_object_(value.is_object()) {
  if (!is_object_)
    faults_.add((pointer_.empty() ? "/" : pointer_) + ": " + shown(value) + ": an object");
}

std::string json_fields::at(const std::string& name) const {
  return pointer_ + "/" + pointer_part(name);
}

void json_fields::fail(const std::string& name, const json& value, const std::string& allowed) {
  faults_.add(at(name) + ": " + shown(value) + ": " + allowed);
}

void json_fields::fail_absent(const std::string& name, const std::string& allowed) {
  absent_.emplace_back(name, at(name) + ": absent: " + allowed);
}

void json_fields::fail_choice(const std::string& name, const json& value,
                              const std::vector<std::string>& allowed) {
  std::string names;
  for (const auto& each : allowed) names += (names.empty() ? "" : ", ") + each;
  const auto* text = value.get_ptr<const std::string*>();
  fail(name, value, "one of " + names + (text ? text::did_you_mean(*text, allowed) : ""));
}

const json* json_fields::find(const char* name) {
  known_.insert(name);
  if (!is_object_) return nullptr;
  const auto member = value_.find(name);
  return member == value_.end() ? nullptr : &*member;
}

const json* json_fields::required(const char* name) {
  const auto* value = find(name);
  if (!value && is_object_) fail_absent(name, "is required");
  return value;
}

std::optional<std::int64_t> json_fields::integer(const char* name, integer_range range) {
  const auto* value = find(name);
  if (!value || value->is_null()) return std::nullopt;
  const auto number = whole(*value, range);
  if (!number) fail(name, *value, text_of(range));
  return number;
}

std::int64_t json_fields::required_integer(const char* name, integer_range range) {
  const auto* value = required(name);
  if (!value) return range.low;
  const auto number = whole(*value, range);
  if (!number) fail(name, *value, text_of(range));
  return number.value_or(range.low);
}

std::optional<std::int64_t> json_fields::thousandths(const char* name, integer_range range) {
  const auto* value = find(name);
  if (!value || value->is_null()) return std::nullopt;
  if (value->is_number()) {
    const auto number = value->get<double>() * 1000;
    const bool is_inside = number >= static_cast<double>(range.low) &&
                           number <= static_cast<double>(range.high);
    if (is_inside) return std::llround(number);
  }
  fail(name, *value, "a number from " + std::to_string(range.low / 1000) + " to " +
                         std::to_string(range.high / 1000));
  return std::nullopt;
}

std::optional<bool> json_fields::boolean(const char* name) {
  const auto* value = find(name);
  if (!value) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  fail(name, *value, "true or false");
  return std::nullopt;
}

std::optional<domain::instant> json_fields::time(const char* name) {
  const auto* value = find(name);
  if (!value || value->is_null()) return std::nullopt;
  const auto found = value->is_string()
                         ? domain::instant_from(value->get_ref<const std::string&>())
                         : std::nullopt;
  if (!found) fail(name, *value, "a time as in RFC 3339 with a zone, \"2026-05-01T12:00:00Z\"");
  return found;
}

std::optional<std::string> json_fields::text(const char* name) {
  const auto* value = find(name);
  if (!value) return std::nullopt;
  if (value->is_string()) return value->get<std::string>();
  fail(name, *value, "a text");
  return std::nullopt;
}

std::string json_fields::required_id(const char* name) {
  constexpr std::size_t size_max = 64;
  const auto* value = required(name);
  if (!value) return {};
  if (value->is_string()) {
    const auto& id = value->get_ref<const std::string&>();
    if (!id.empty() && id.size() <= size_max) return id;
  }
  fail(name, *value, "a text of 1 to 64 bytes");
  return {};
}

const json& json_fields::required_array(const char* name, std::size_t size_max) {
  static const json nothing = json::array();
  const auto* value = required(name);
  if (!value) return nothing;
  if (value->is_array() && value->size() <= size_max) return *value;
  fail(name, value->is_array() ? json(value->size()) : *value,
       "an array of at most " + std::to_string(size_max) + " members");
  return nothing;
}

void json_fields::end() {
  if (!is_object_) return;
  std::string allowed;
  for (const auto& name : known_) allowed += (allowed.empty() ? "" : ", ") + name;
  std::set<std::string, std::less<>> meant;
  for (const auto& member : value_.items()) {
    if (known_.contains(member.key())) continue;
    text::nearest_name nearest{member.key()};
    // What is only counted needs no suggestion.
    if (faults_.size() < fault_list::kept_max)
      for (const auto& each : known_) nearest.offer(each);
    meant.emplace(nearest.found());
    fail(member.key(), member.value(), "unknown field, known are: " + allowed + nearest.text());
  }
  for (const auto& [name, text] : absent_)
    if (!meant.contains(name)) faults_.add(text);
}

} // namespace busbar::apps::doors
