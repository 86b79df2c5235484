#include "ocpp/v16/message_check.hpp"

#include "domain/fault_list.hpp"
#include "domain/time_text.hpp"
#include "ocpp/v16/charging_profile_payload.hpp"
#include "ocpp/v16/station_time.hpp"
#include "ocpp/v16/value_text.hpp"
#include "text/json_text.hpp"
#include "text/suggestion.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <optional>
#include <string>

namespace busbar::ocpp::v16 {

namespace {

using simdjson::dom::element;
using enum wire::error_code;

/// Parts of the deepest place, /meterValue/0/sampledValue/0/unit, with room.
constexpr std::size_t place_parts = 12;
constexpr double exact_integers_below = 9'007'199'254'740'992.0;

/// Whether the message can be read without the value in hand.
enum class standing : std::uint8_t { essential, spared, item };

class checker {
public:
  checker(tolerance_set allowed, verdict& found) : allowed_(allowed), found_(found) {}

  void check_object(fields_of_object fields, const element& value, standing stands);

private:
  /// A member's name, or an item's number.
  struct place_part {
    std::string_view name;
    std::optional<std::size_t> item;
  };

  void check_value(const field& of, const element& value, standing stands);
  void check_text(const field& of, const element& value, standing stands);
  void check_integer(const element& value, standing stands);
  void check_tenths(const element& value, standing stands);
  void check_boolean(const element& value, standing stands);
  void check_time(const element& value, standing stands);
  void check_choice(const field& of, const element& value, standing stands);
  void check_list(const field& of, const element& value, standing stands);
  void check_missing(fields_of_object fields, std::uint32_t seen, standing stands);
  void unknown_member(fields_of_object fields, std::string_view name);

  /// True where it is taken.
  bool takes(tolerance which);
  bool takes_unread(standing stands);
  /// A value of another type whose meaning is plain.
  void takes_or(tolerance which, const element& value, const char* wanted);
  void wrong_type(const element& value, standing stands, const char* wanted);
  void wrong_value(const element& value, const std::string& allowed);
  void add(call_error_code code, const std::string& detail);
  [[nodiscard]] std::string pointer() const;
  void enter(place_part part) {
    assert(depth_ < place_.size());
    place_[depth_++] = part;
  }
  void leave() { --depth_; }

  tolerance_set allowed_;
  verdict& found_;
  std::array<place_part, place_parts> place_;
  std::size_t depth_ = 0;
};

bool keeps_more(const verdict& found) {
  return found.faults.size() < domain::fault_list::kept_max;
}

standing standing_of(const field& of, standing parent) {
  if (parent != standing::essential) return parent;
  return of.need == presence::required ? standing::essential : standing::spared;
}

/// The place of `name` in `fields`, from `hint` on and round: members mostly come in order.
std::size_t place_of(fields_of_object fields, std::string_view name, std::size_t hint) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::size_t place = hint + i < fields.size() ? hint + i : hint + i - fields.size();
    if (fields[place].name == name) return place;
  }
  return fields.size();
}

void checker::check_object(fields_of_object fields, const element& value, standing stands) {
  simdjson::dom::object members;
  if (value.get(members)) return wrong_type(value, stands, "an object");
  std::uint32_t seen = 0;
  std::size_t hint = 0;
  for (const auto& member : members) {
    const auto place = place_of(fields, member.key, hint);
    if (place == fields.size()) {
      unknown_member(fields, member.key);
      continue;
    }
    seen |= 1U << place;
    hint = place + 1 < fields.size() ? place + 1 : 0;
    enter({fields[place].name, {}});
    check_value(fields[place], member.value, standing_of(fields[place], stands));
    leave();
  }
  check_missing(fields, seen, stands);
}

void checker::check_missing(fields_of_object fields, std::uint32_t seen, standing stands) {
  for (std::size_t place = 0; place < fields.size(); ++place) {
    const auto& of = fields[place];
    if ((seen >> place & 1U) != 0 || of.need == presence::optional) continue;
    if (of.need == presence::spared ? takes(tolerance::missing_member) : takes_unread(stands))
      continue;
    enter({of.name, {}});
    add(occurence_constraint_violation, "is required");
    leave();
  }
}

void checker::unknown_member(fields_of_object fields, std::string_view name) {
  if (takes(tolerance::unknown_member)) return;
  const auto cut = domain::shortened(std::string(name), shown_bytes);
  enter({cut, {}});
  const auto nearest = keeps_more(found_) ? text::did_you_mean(name, fields, [](const field& each) {
    return each.name;
  })
                                    : std::string{};
  add(formation_violation, "is not a field of this PDU" + nearest);
  leave();
}

void checker::check_value(const field& of, const element& value, standing stands) {
  switch (of.type) {
  case value_type::text:
  case value_type::uri: return check_text(of, value, stands);
  case value_type::integer: return check_integer(value, stands);
  case value_type::tenths: return check_tenths(value, stands);
  case value_type::boolean: return check_boolean(value, stands);
  case value_type::time: return check_time(value, stands);
  case value_type::choice: return check_choice(of, value, stands);
  case value_type::object: return check_object(of.parts, value, stands);
  case value_type::text_list:
  case value_type::object_list: return check_list(of, value, stands);
  }
}

void checker::check_text(const field& of, const element& value, standing stands) {
  std::string_view text;
  if (value.get(text)) {
    if (value.is_number() || value.is_bool())
      return takes_or(tolerance::number_for_text, value, "a text");
    return wrong_type(value, stands, "a text");
  }
  if (of.type == value_type::uri && !is_uri(text)) return wrong_value(value, "a URI (RFC 3986)");
  if (of.length_max == 0 || text.size() <= of.length_max) return;
  if (characters_in(text) <= of.length_max || takes(tolerance::longer_text)) return;
  wrong_value(value, "at most " + std::to_string(of.length_max) + " characters");
}

void checker::check_integer(const element& value, standing stands) {
  if (value.is_int64() || value.is_uint64()) return;
  double number = 0;
  if (!value.get(number)) {
    if (std::trunc(number) == number) return;
    return takes_or(tolerance::fractional_number, value, "an integer");
  }
  std::string_view text;
  if (!value.get(text) && integer_from(text))
    return takes_or(tolerance::value_as_text, value, "an integer");
  wrong_type(value, stands, "an integer");
}

void checker::check_tenths(const element& value, standing stands) {
  if (value.is_int64() || value.is_uint64()) return;
  double number = 0;
  if (value.get(number)) {
    std::string_view text;
    if (!value.get(text) && number_from(text))
      return takes_or(tolerance::value_as_text, value, "a number");
    return wrong_type(value, stands, "a number");
  }
  const bool is_whole = std::abs(number) >= exact_integers_below;
  if (is_whole || tenths_of(number) || takes(tolerance::finer_number)) return;
  wrong_value(value, "a number with at most one decimal");
}

void checker::check_boolean(const element& value, standing stands) {
  if (value.is_bool()) return;
  std::string_view text;
  if (!value.get(text) && truth_from(text))
    return takes_or(tolerance::value_as_text, value, "true or false");
  wrong_type(value, stands, "true or false");
}

void checker::check_time(const element& value, standing stands) {
  std::string_view text;
  if (value.get(text)) return wrong_type(value, stands, "a dateTime (RFC 3339)");
  if (domain::instant_from(text)) return;
  const auto flags = read_time(text).flags;
  const bool is_allowed = (flags.bits() & ~allowed_.bits()) == 0;
  const bool is_unread = flags.has(tolerance::unreadable_time);
  if (is_allowed && (!is_unread || stands != standing::essential)) {
    found_.used.add(flags);
    return;
  }
  add(type_constraint_violation, shown(value) + ": must be a dateTime (RFC 3339)");
}

void checker::check_choice(const field& of, const element& value, standing stands) {
  std::string_view text;
  if (value.get(text)) return wrong_type(value, stands, "a text");
  if (std::ranges::find(of.allowed, text) != of.allowed.end()) return;
  const bool is_meant = !meant_choice(of.allowed, text).empty();
  if (takes(is_meant ? tolerance::value_case : tolerance::unknown_value)) return;
  if (!keeps_more(found_)) return wrong_value(value, "");
  std::string allowed;
  for (const auto each : of.allowed) allowed += (allowed.empty() ? "" : ", ") + std::string(each);
  wrong_value(value, allowed + text::did_you_mean(text, of.allowed));
}

void checker::check_list(const field& of, const element& value, standing stands) {
  simdjson::dom::array items;
  if (value.get(items)) return wrong_type(value, stands, "a list");
  std::size_t number = 0;
  for (const auto item : items) {
    enter({{}, number++});
    if (of.type == value_type::text_list) check_text(of, item, standing::item);
    else check_object(of.parts, item, standing::item);
    leave();
  }
  if (number >= of.items_min || takes(tolerance::empty_list)) return;
  add(occurence_constraint_violation,
      "has at least " + std::to_string(of.items_min) + (of.items_min == 1 ? " item" : " items"));
}

bool checker::takes(tolerance which) {
  if (!allowed_.has(which)) return false;
  found_.used.add(which);
  return true;
}

bool checker::takes_unread(standing stands) {
  if (stands == standing::essential) return false;
  return takes(stands == standing::item ? tolerance::unreadable_item
                                        : tolerance::unreadable_member);
}

void checker::takes_or(tolerance which, const element& value, const char* wanted) {
  if (!takes(which)) add(type_constraint_violation, shown(value) + ": must be " + wanted);
}

void checker::wrong_type(const element& value, standing stands, const char* wanted) {
  const bool is_taken = value.is_null() && stands == standing::spared
                            ? takes(tolerance::null_member)
                            : takes_unread(stands);
  if (!is_taken) add(type_constraint_violation, shown(value) + ": must be " + wanted);
}

void checker::wrong_value(const element& value, const std::string& allowed) {
  add(property_constraint_violation, shown(value) + ": allowed: " + allowed);
}

void checker::add(call_error_code code, const std::string& detail) {
  ++found_.fault_count;
  if (keeps_more(found_)) found_.faults.push_back({code, pointer(), detail});
}

std::string checker::pointer() const {
  std::string text;
  for (std::size_t i = 0; i < depth_; ++i) {
    const auto& part = place_[i];
    text += "/" + (part.item ? std::to_string(*part.item)
                             : text::pointer_part(std::string(part.name)));
  }
  return text;
}

} // namespace

verdict check(action which, direction way, const element& payload, tolerance_set tolerances) {
  const auto& form = form_of(which);
  const bool is_tolerated = form.is_fact || way == direction::response;
  verdict found;
  checker it(is_tolerated ? tolerances : tolerance_set::none(), found);
  it.check_object(form.fields(way), payload, standing::essential);
  return found;
}

} // namespace busbar::ocpp::v16
