#include "adapters/http/profile_json.hpp"

#include "domain/time_text.hpp"

namespace busbar::adapters::http {

namespace {

namespace smart = control::smart_charging;

std::string time_text(smart::instant at) { return domain::text_of(domain::instant{at}); }

void rate_member(json_writer& json, const char* name, std::int64_t tenths) {
  json.key(name).raw(rate_text(tenths));
}

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
    rate_member(json, "limit", period.limit_tenths);
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
  if (plan.minimum_tenths) rate_member(json, "minChargingRate", *plan.minimum_tenths);
  write_periods(json, plan.periods);
  json.end_object();
}

void write_contribution(json_writer& json, const smart::contribution& part) {
  json.begin_object().member("start", time_text(part.start)).member("end", time_text(part.end));
  rate_member(json, "limit", part.limit_tenths);
  member_if(json, "numberPhases", part.phases);
  json.member("leads", part.leads).end_object();
}

void write_level(json_writer& json, const smart::level_view& level) {
  const auto& profile = level.entry->profile;
  json.begin_object().member("chargingProfileId", profile.id);
  json.member("connectorId", level.entry->connector);
  json.member("chargingProfilePurpose", name_of(profile.serves));
  json.member("stackLevel", profile.stack_level);
  json.member("chargingRateUnit", name_of(profile.plan.unit));
  json.member("speaks_now", level.speaks_now).member("leads_now", level.leads_now);
  json.member("in_force_s", level.in_force.count()).member("leading_s", level.leading.count());
  json.key("contributions").begin_array();
  for (const auto& part : level.contributions) write_contribution(json, part);
  json.end_array().end_object();
}

void write_limit_now(json_writer& json, const std::optional<smart::setpoint>& point) {
  if (!point) {
    json.null();
    return;
  }
  json.begin_object();
  rate_member(json, "limit", point->limit_tenths);
  member_if(json, "numberPhases", point->phases);
  json.member("chargingProfileId", point->profile).end_object();
}

void write_effects(json_writer& json, const std::vector<smart::held_back>& effects) {
  json.begin_array();
  for (const auto& each : effects) {
    json.begin_object().member("chargingProfileId", each.profile);
    json.member("time_s", each.time.count()).member("energy_wh", each.energy_wh).end_object();
  }
  json.end_array();
}

} // namespace

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

void write_connector_profiles(json_writer& json, const smart::profile_book& book,
                              std::size_t place, const profile_question& asked) {
  const auto& store = book.store();
  const auto connector = static_cast<std::int32_t>(place + 1);
  const auto* running = store.running(connector);
  json.begin_object().member("connectorId", connector).key("transactionId");
  if (running && running->id) json.value(*running->id);
  else json.null();
  json.key("limit_now");
  write_limit_now(json, smart::limit_at(store, connector, asked.now, asked.unit).connector);
  json.key("stack").begin_array();
  for (const auto& level :
       smart::view_stack(store, connector, asked.now, asked.now + asked.duration))
    write_level(json, level);
  json.end_array().key("schedule");
  write_schedule(json, smart::compose(store, connector, asked.now, asked.duration, asked.unit));
  json.key("held_back");
  write_effects(json, book.effect_on(place));
  json.end_object();
}

} // namespace busbar::adapters::http
