#include "ocpp/v16/tolerance.hpp"

#include <algorithm>
#include <array>

namespace busbar::ocpp::v16 {

namespace {

using enum tolerance;

constexpr std::array<tolerance_row, tolerance_count> rows{{
    {longer_text, "longer_text", "a text longer than its field: taken, shown up to 255 characters"},
    {unknown_member, "unknown_member", "a member that the message has not: ignored"},
    {unknown_value, "unknown_value",
     "a value that its enumeration has not: read as unknown, a sample with it is left out"},
    {value_case, "value_case",
     "a value in other capitals or with spaces around it: read as the one that is meant"},
    {time_without_zone, "time_without_zone",
     "a time without a zone: read as UTC, or with the offset that the station's settings state"},
    {time_form, "time_form",
     "a time in a neighbouring form (a space for the T, no seconds, +0200): read as it is meant"},
    {unreadable_time, "unreadable_time",
     "a text that is no time: the time of receipt stands in its place"},
    {implausible_time, "implausible_time",
     "a time before 2010 or after 2100: the time of receipt stands in its place"},
    {null_member, "null_member", "null where a value may be absent: absent"},
    {missing_member, "missing_member",
     "a required member without which the fact can be read: absent"},
    {value_as_text, "value_as_text", "a number or truth value in quotes: read as what it holds"},
    {number_for_text, "number_for_text", "a number or truth value for a text: read as its text"},
    {fractional_number, "fractional_number", "an integer with a fraction: cut off"},
    {finer_number, "finer_number", "a number with more than one decimal: rounded down to one"},
    {empty_list, "empty_list", "a list with fewer items than required: taken as it is"},
    {unreadable_member, "unreadable_member",
     "a member of another type, without which the fact can be read: absent"},
    {unreadable_item, "unreadable_item", "a faulty item of a list: left out, the others are taken"},
    {empty_sample, "empty_sample", "a sample whose value is empty: left out"},
    {unreadable_sample, "unreadable_sample",
     "a sample whose value is no number, or beyond what it can be: left out"},
    {celcius, "celcius", "the unit Celcius, as the protocol spells it: Celsius"},
}};

} // namespace

std::span<const tolerance_row> all_tolerances() { return rows; }

std::string_view name_of(tolerance which) { return rows[static_cast<std::size_t>(which)].name; }

std::optional<tolerance> tolerance_from(std::string_view name) {
  const auto* found = std::ranges::find(rows, name, &tolerance_row::name);
  return found == rows.end() ? std::nullopt : std::optional{found->is};
}

} // namespace busbar::ocpp::v16
