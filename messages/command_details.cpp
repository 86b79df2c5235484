#include "messages/command_details.hpp"

#include <chrono>
#include <limits>
#include <optional>

namespace busbar::messages::border {

namespace {

using domain::charging_profile;
using domain::command_kind;
using domain::profile_order;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr std::int64_t int_max = std::numeric_limits<std::int32_t>::max();

/// The domain's enumerations of profiles have no `unspecified`.
template <class Schema, class Enum> Schema put_choice(Enum value) {
  return static_cast<Schema>(static_cast<std::uint8_t>(value) + 1);
}
template <class Schema, class Enum> Schema put_choice(const std::optional<Enum>& value) {
  return value ? put_choice<Schema>(*value) : Schema::unspecified;
}
template <class Enum, class Schema> Enum take_choice(Schema value) {
  return static_cast<Enum>(static_cast<std::uint8_t>(value) - 1);
}
template <class Enum, class Schema> std::optional<Enum> take_optional(Schema value) {
  return value == Schema::unspecified ? std::nullopt : std::optional{take_choice<Enum>(value)};
}

flatbuffers::Optional<std::int64_t> put_seconds(const std::optional<seconds>& time) {
  if (!time) return flatbuffers::nullopt;
  return time->count();
}
flatbuffers::Optional<std::int64_t> put_time(const std::optional<sys_seconds>& at) {
  if (!at) return flatbuffers::nullopt;
  return at->time_since_epoch().count();
}
template <class Value>
flatbuffers::Optional<Value> put_optional(const std::optional<Value>& value) {
  if (!value) return flatbuffers::nullopt;
  return *value;
}
template <class Value>
std::optional<Value> take_optional(const flatbuffers::Optional<Value>& value) {
  return value ? std::optional{*value} : std::nullopt;
}
std::optional<sys_seconds> take_time(const flatbuffers::Optional<std::int64_t>& at) {
  return at ? std::optional{sys_seconds{seconds{*at}}} : std::nullopt;
}

schema::SchedulePeriod put_period(const domain::schedule_period& from) {
  return {from.start.count(), from.limit_tenths, from.phases.value_or(std::uint8_t{0})};
}

bool period_is_right(const schema::SchedulePeriod& from, field_check& check) {
  return check.in_range("start_s", from.start_s(), 0, domain::profile_seconds_max) &&
         check.in_range("limit_tenths", from.limit_tenths(), 0, domain::rate_max_tenths) &&
         check.in_range("phases", from.phases(), 0, 3);
}

domain::schedule_period take_period(const schema::SchedulePeriod& from) {
  const auto phases = from.phases() == 0 ? std::nullopt : std::optional{from.phases()};
  return {seconds{from.start_s()}, from.limit_tenths(), phases};
}

flatbuffers::Offset<schema::ChargingProfile> put_profile(flatbuffers::FlatBufferBuilder& builder,
                                                         const charging_profile& from) {
  const auto& plan = from.plan;
  const auto periods = put_structs<schema::SchedulePeriod>(builder, plan.periods, put_period);
  return schema::CreateChargingProfile(
      builder, from.id, from.stack_level, put_optional(from.transaction),
      put_choice<schema::ProfilePurpose>(from.serves), put_choice<schema::ProfileKind>(from.kind),
      put_choice<schema::ProfileRecurrency>(from.recurs), put_time(from.valid_from),
      put_time(from.valid_to), put_time(plan.starts_at), put_seconds(plan.duration),
      put_choice<schema::RateUnit>(plan.unit), put_optional(plan.minimum_tenths), periods);
}

bool is_time_or_absent(const char* field, const flatbuffers::Optional<std::int64_t>& at,
                       field_check& check) {
  return !at || check.in_range(field, *at, bounds::profile_time_s_min, bounds::profile_time_s_max);
}

bool profile_is_right(const schema::ChargingProfile& from, field_check& check) {
  const auto duration = take_optional(from.duration_s());
  const auto minimum = take_optional(from.minimum_tenths());
  return check.in_range("installs.stack_level", from.stack_level(), 0, int_max) &&
         check.is_set("installs.purpose", from.purpose(), schema::ProfilePurpose::MAX) &&
         check.is_set("installs.kind", from.kind(), schema::ProfileKind::MAX) &&
         check.is_known("installs.recurrency", from.recurrency(),
                        schema::ProfileRecurrency::MAX) &&
         is_time_or_absent("installs.valid_from_s", from.valid_from_s(), check) &&
         is_time_or_absent("installs.valid_to_s", from.valid_to_s(), check) &&
         is_time_or_absent("installs.starts_at_s", from.starts_at_s(), check) &&
         (!duration || check.in_range("installs.duration_s", *duration, 0,
                                      domain::profile_seconds_max)) &&
         check.is_set("installs.unit", from.unit(), schema::RateUnit::MAX) &&
         (!minimum || check.in_range("installs.minimum_tenths", *minimum, 0,
                                     domain::rate_max_tenths)) &&
         check.in_range("installs.periods", static_cast<std::int64_t>(size_of(from.periods())), 1,
                        bounds::profile_periods_max);
}

/// Without its periods.
charging_profile take_profile(const schema::ChargingProfile& from) {
  charging_profile to;
  to.id = from.profile();
  to.stack_level = from.stack_level();
  to.transaction = take_optional(from.transaction());
  to.serves = take_choice<domain::profile_purpose>(from.purpose());
  to.kind = take_choice<domain::profile_kind>(from.kind());
  to.recurs = take_optional<domain::profile_recurrency>(from.recurrency());
  to.valid_from = take_time(from.valid_from_s());
  to.valid_to = take_time(from.valid_to_s());
  to.plan.starts_at = take_time(from.starts_at_s());
  if (from.duration_s()) to.plan.duration = seconds{*from.duration_s()};
  to.plan.unit = take_choice<domain::rate_unit>(from.unit());
  to.plan.minimum_tenths = take_optional(from.minimum_tenths());
  return to;
}

flatbuffers::Offset<schema::CommandDetail> put_detail(flatbuffers::FlatBufferBuilder& builder,
                                                      std::uint32_t place,
                                                      const domain::command& from) {
  static const profile_order no_order;
  const auto& order = from.profile.order ? *from.profile.order : no_order;
  flatbuffers::Offset<schema::ChargingProfile> installs = 0;
  if (order.installs) installs = put_profile(builder, *order.installs);
  const auto& clears = order.clears;
  constexpr domain::fallback none{domain::fallback_action::unspecified, {}, domain::seconds{0}};
  const auto when_lost = from.when_lost.value_or(none);
  return schema::CreateCommandDetail(
      builder, place, from.lines, order.is_station_wide, installs, put_optional(clears.id),
      put_optional(clears.connector), put_choice<schema::ProfilePurpose>(clears.serves),
      put_optional(clears.stack_level), from.is_export,
      enum_cast<schema::FallbackAction>(when_lost.action),
      static_cast<std::int32_t>(when_lost.current.count()),
      static_cast<std::uint32_t>(when_lost.timeout.count()));
}

bool has_detail(const domain::command& command) {
  return command.lines != 0 || command.is_export || command.when_lost || command.profile.order;
}

bool is_about_profiles(command_kind kind) {
  return kind == command_kind::set_charging_profile || kind == command_kind::clear_charging_profile;
}

/// Only the kind that a field belongs to may carry it.
bool detail_is_right(const schema::CommandDetail& from, command_kind kind, field_check& check) {
  const bool sets_phases = kind == command_kind::set_phases;
  if (!check.in_range("lines", from.lines(), sets_phases ? 1 : 0, sets_phases ? 3 : 0))
    return false;
  if (from.lines() == 2) return check.in_range("lines", 2, 3, 3);
  if (!check.in_range("is_export", from.is_export(), 0, kind == command_kind::grant))
    return false;
  const bool says_when_lost = from.when_lost() != schema::FallbackAction::unspecified;
  const auto action_max = kind == command_kind::grant ? schema::FallbackAction::MAX
                                                      : schema::FallbackAction::unspecified;
  if (!check.is_known("when_lost", from.when_lost(), action_max) ||
      !check.in_range("when_lost_ma", from.when_lost_ma(), 0,
                      says_when_lost ? bounds::connector_ma_max : 0) ||
      !check.in_range("when_lost_after_s", from.when_lost_after_s(), 0,
                      says_when_lost ? bounds::lease_s_max : 0))
    return false;
  const bool installs = kind == command_kind::set_charging_profile;
  if (!check.in_range("installs", from.installs() != nullptr ? 1 : 0, installs ? 1 : 0,
                      installs ? 1 : 0))
    return false;
  const auto level = take_optional(from.clears_stack_level());
  return (!installs || profile_is_right(*from.installs(), check)) &&
         check.is_known("clears_purpose", from.clears_purpose(), schema::ProfilePurpose::MAX) &&
         (!level || check.in_range("clears_stack_level", *level, 0, int_max));
}

domain::result<void> take_detail(const schema::CommandDetail& from, domain::command& to) {
  to.lines = from.lines();
  to.is_export = from.is_export();
  if (from.when_lost() != schema::FallbackAction::unspecified)
    to.when_lost = {enum_cast<domain::fallback_action>(from.when_lost()),
                    domain::milliamperes{from.when_lost_ma()},
                    domain::seconds{from.when_lost_after_s()}};
  if (!is_about_profiles(to.kind)) return {};
  profile_order order;
  order.is_station_wide = from.is_station_wide();
  if (from.installs() != nullptr) {
    order.installs = take_profile(*from.installs());
    auto taken = take_structs("installs.periods", from.installs()->periods(),
                              order.installs->plan.periods, period_is_right, take_period,
                              bounds::profile_periods_max);
    if (!taken) return taken.failure();
  }
  order.clears = {take_optional(from.clears_profile()), take_optional(from.clears_connector()),
                  take_optional<domain::profile_purpose>(from.clears_purpose()),
                  take_optional(from.clears_stack_level())};
  to.profile.order = std::make_shared<const profile_order>(std::move(order));
  return {};
}

/// The first command whose kind needs a detail that did not come.
domain::result<void> check_complete(const std::vector<domain::command>& commands) {
  for (std::size_t place = 0; place < commands.size(); ++place) {
    const auto& each = commands[place];
    const bool needs = is_about_profiles(each.kind) || each.kind == command_kind::set_phases;
    if (needs && !has_detail(each))
      return domain::error{domain::errc::missing_field,
                           "commands[" + std::to_string(place) + "] is " + name_of(each.kind) +
                               " and has no entry in details"};
  }
  return {};
}

} // namespace

flatbuffers::Offset<detail_vector> put_details(flatbuffers::FlatBufferBuilder& builder,
                                               const std::vector<domain::command>& commands) {
  std::vector<flatbuffers::Offset<schema::CommandDetail>> details;
  for (std::size_t place = 0; place < commands.size(); ++place)
    if (has_detail(commands[place]))
      details.push_back(put_detail(builder, static_cast<std::uint32_t>(place), commands[place]));
  if (details.empty()) return 0;
  return builder.CreateVector(details);
}

domain::result<void> take_details(const detail_vector* details,
                                  std::vector<domain::command>& commands) {
  field_check check;
  const std::size_t size = size_of(details);
  if (!check.is_size("details", size, bounds::batch_entries_max)) return check.failure();
  std::int64_t lowest = 0;
  const auto last = static_cast<std::int64_t>(commands.size()) - 1;
  for (std::size_t place = 0; place < size; ++place) {
    const auto& entry = *details->Get(static_cast<flatbuffers::uoffset_t>(place));
    if (!check.in_range("command", entry.command(), lowest, last))
      return check.failure("details", place);
    lowest = std::int64_t{entry.command()} + 1;
    auto& command = commands[entry.command()];
    if (!detail_is_right(entry, command.kind, check)) return check.failure("details", place);
    if (auto taken = take_detail(entry, command); !taken) return taken.failure();
  }
  return check_complete(commands);
}

} // namespace busbar::messages::border
