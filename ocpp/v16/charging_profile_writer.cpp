#include "ocpp/v16/charging_profile_writer.hpp"

#include "domain/time_text.hpp"

#include <optional>
#include <vector>

namespace busbar::ocpp::v16 {

namespace {

namespace smart = control::smart_charging;
using text::json_writer;

std::string time_text(smart::instant at) { return domain::text_of(domain::instant{at}); }

template <class Value>
void member_if(json_writer& json, const char* name, const std::optional<Value>& value) {
  if (value) json.member(name, *value);
}

void time_member_if(json_writer& json, const char* name, const std::optional<smart::instant>& at) {
  if (at) json.member(name, time_text(*at));
}

/// Of a profile, or of a composite schedule.
template <class Period>
void write_periods(json_writer& json, const std::vector<Period>& periods) {
  json.key("chargingSchedulePeriod").begin_array();
  for (const auto& period : periods) {
    json.begin_object().member("startPeriod", period.start.count());
    write_rate(json, "limit", period.limit_tenths);
    member_if(json, "numberPhases", period.phases);
    json.end_object();
  }
  json.end_array();
}

void write_plan(json_writer& json, const domain::charging_schedule& plan) {
  json.begin_object();
  if (plan.duration) json.member("duration", plan.duration->count());
  time_member_if(json, "startSchedule", plan.starts_at);
  json.member("chargingRateUnit", name_of(plan.unit));
  if (plan.minimum_tenths) write_rate(json, "minChargingRate", *plan.minimum_tenths);
  write_periods(json, plan.periods);
  json.end_object();
}

} // namespace

void write_rate(json_writer& json, const char* name, std::int64_t tenths) {
  json.key(name).raw(rate_text(tenths));
}

std::string rate_text(std::int64_t tenths) {
  const auto whole = std::to_string(tenths / 10);
  return tenths % 10 == 0 ? whole : whole + "." + std::to_string(tenths % 10);
}

void write_profile(json_writer& json, const domain::charging_profile& profile) {
  json.begin_object().member("chargingProfileId", profile.id);
  member_if(json, "transactionId", profile.transaction);
  json.member("stackLevel", profile.stack_level);
  json.member("chargingProfilePurpose", name_of(profile.serves));
  json.member("chargingProfileKind", name_of(profile.kind));
  if (profile.recurs) json.member("recurrencyKind", name_of(*profile.recurs));
  time_member_if(json, "validFrom", profile.valid_from);
  time_member_if(json, "validTo", profile.valid_to);
  json.key("chargingSchedule");
  write_plan(json, profile.plan);
  json.end_object();
}

void write_schedule(json_writer& json, const smart::composite_schedule& schedule) {
  json.begin_object().member("scheduleStart", time_text(schedule.start));
  json.member("duration", schedule.duration.count());
  json.member("chargingRateUnit", name_of(schedule.unit));
  write_periods(json, schedule.periods);
  json.end_object();
}

} // namespace busbar::ocpp::v16
