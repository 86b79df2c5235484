#include "adapters/http/json/profile_json.hpp"

#include "domain/time_text.hpp"
#include "ocpp/v16/charging_profile_writer.hpp"

namespace busbar::adapters::http::json {

namespace {

namespace smart = control::smart_charging;

std::string time_text(smart::instant at) { return domain::text_of(domain::instant{at}); }

template <class Value>
void member_if(text::json_writer& json, const char* name, const std::optional<Value>& value) {
  if (value) json.member(name, *value);
}

void write_contribution(text::json_writer& json, const smart::contribution& part) {
  json.begin_object().member("start", time_text(part.start)).member("end", time_text(part.end));
  ocpp::v16::write_rate(json, "limit", part.limit_tenths);
  member_if(json, "numberPhases", part.phases);
  json.member("leads", part.leads).end_object();
}

void write_level(text::json_writer& json, const smart::level_view& level) {
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

void write_limit_now(text::json_writer& json, const std::optional<smart::setpoint>& point) {
  if (!point) {
    json.null();
    return;
  }
  json.begin_object();
  ocpp::v16::write_rate(json, "limit", point->limit_tenths);
  member_if(json, "numberPhases", point->phases);
  json.member("chargingProfileId", point->profile).end_object();
}

void write_effects(text::json_writer& json, const std::vector<smart::held_back>& effects) {
  json.begin_array();
  for (const auto& each : effects) {
    json.begin_object().member("chargingProfileId", each.profile);
    json.member("time_s", each.time.count()).member("energy_wh", each.energy_wh).end_object();
  }
  json.end_array();
}

} // namespace

void write_connector_profiles(text::json_writer& json, const smart::profile_book& book,
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
  ocpp::v16::write_schedule(json, smart::compose(store, connector, asked.now, asked.duration,
                                                 asked.unit));
  json.key("held_back");
  write_effects(json, book.effect_on(place));
  json.end_object();
}

} // namespace busbar::adapters::http::json
