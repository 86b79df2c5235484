// busbar.sessions.v1

#include "messages/border.hpp"
#include "messages/schema/sessions_generated.h"
#include "messages/shard_codec.hpp"

namespace busbar::messages {

namespace {

using namespace border;

bool fact_is_right(const schema::SessionFact& from, field_check& check) {
  using namespace bounds;
  return check.is_name_or_empty("session", text_of(from.session()), id_bytes_max) &&
         check.is_name_or_empty("request", text_of(from.request()), id_bytes_max) &&
         check.is_name("site", text_of(from.site()), id_bytes_max) &&
         check.is_name_or_empty("station", text_of(from.station()), id_bytes_max) &&
         check.is_name_or_empty("driver", text_of(from.driver()), id_bytes_max) &&
         check.is_set("kind", from.kind(), schema::SessionFactKind::MAX) &&
         check.in_range("at_us", from.at_us(), 0, time_us_max) &&
         check.in_range("power_w", from.power_w(), -connector_w_max, connector_w_max) &&
         check.in_range("energy_wh", from.energy_wh(), 0, session_wh_max) &&
         check.in_range("cost_micro", from.cost_micro(), 0, cost_micro_max) &&
         check.is_text("why", text_of(from.why()), text_bytes_max) &&
         check.in_range("energy_wanted_wh", from.energy_wanted_wh().value_or(0), 0,
                        wanted_wh_max) &&
         check.in_range("departs_at_us", from.departs_at_us().value_or(0), 0, time_us_max) &&
         check.is_name_or_empty("connector", text_of(from.connector()), id_bytes_max) &&
         check.in_range("register_start_wh", from.register_start_wh().value_or(0), 0,
                        register_wh_max) &&
         check.in_range("register_now_wh", from.register_now_wh().value_or(0), 0,
                        register_wh_max) &&
         check.in_range("began_at_us", from.began_at_us().value_or(0), 0, time_us_max);
}

} // namespace

ports::shared_bytes encode(const domain::session_fact& fact) { return encode_under(0, fact); }

ports::shared_bytes encode_under(domain::epoch fence, const domain::session_fact& fact) {
  auto& builder = empty_builder();
  const auto session = put_id(builder, fact.session);
  const auto request = put_id(builder, fact.request);
  const auto site = builder.CreateString(fact.site.text());
  const auto station = put_id(builder, fact.station);
  const auto driver = put_id(builder, fact.driver);
  const auto why = put_text(builder, fact.why, bounds::text_bytes_max);
  const auto connector = put_id(builder, fact.connector.value_or(domain::connector_id{}));
  schema::SessionFactBuilder table(builder);
  table.add_session(session);
  table.add_request(request);
  table.add_site(site);
  table.add_station(station);
  table.add_driver(driver);
  table.add_kind(enum_cast<schema::SessionFactKind>(fact.kind));
  table.add_at_us(to_us(fact.at));
  table.add_power_w(fact.power.count());
  table.add_energy_wh(fact.energy.count());
  table.add_cost_micro(fact.cost.count());
  table.add_why(why);
  if (fact.energy_wanted) table.add_energy_wanted_wh(fact.energy_wanted->count());
  if (fact.departs_at) table.add_departs_at_us(to_us(*fact.departs_at));
  table.add_connector(connector);
  if (fact.register_start_wh) table.add_register_start_wh(*fact.register_start_wh);
  if (fact.register_now_wh) table.add_register_now_wh(*fact.register_now_wh);
  table.add_is_bill_open(fact.is_bill_open);
  if (fact.began_at) table.add_began_at_us(to_us(*fact.began_at));
  table.add_fence(fence);
  schema::FinishSessionFactBuffer(builder, table.Finish());
  return finished_bytes(builder);
}

domain::epoch fact_fence_named_by(const ports::record& from) {
  if (from.value == nullptr) return 0;
  const auto message = open<schema::SessionFact>(*from.value, schema::SessionFactIdentifier());
  return message ? message.value().root->fence() : 0;
}

domain::result<domain::session_fact> decode_session_fact(bytes_view bytes) {
  auto message = open<schema::SessionFact>(bytes, schema::SessionFactIdentifier());
  if (!message) return message.failure();
  const schema::SessionFact& root = *message.value().root;
  field_check check;
  if (!fact_is_right(root, check)) return check.failure();
  domain::session_fact fact;
  fact.session = id_of<domain::session_id>(root.session());
  fact.request = id_of<domain::request_id>(root.request());
  fact.site = id_of<domain::site_id>(root.site());
  fact.station = id_of<domain::station_id>(root.station());
  fact.driver = id_of<domain::driver_id>(root.driver());
  fact.kind = enum_cast<domain::session_fact_kind>(root.kind());
  fact.at = to_instant(root.at_us());
  fact.power = domain::watts{root.power_w()};
  fact.energy = domain::watt_hours{root.energy_wh()};
  fact.cost = domain::micro_currency{root.cost_micro()};
  fact.why = text_of(root.why());
  if (const auto energy = root.energy_wanted_wh())
    fact.energy_wanted = domain::watt_hours{*energy};
  if (const auto departs = root.departs_at_us()) fact.departs_at = to_instant(*departs);
  if (!text_of(root.connector()).empty())
    fact.connector = id_of<domain::connector_id>(root.connector());
  if (const auto wh = root.register_start_wh()) fact.register_start_wh = *wh;
  if (const auto wh = root.register_now_wh()) fact.register_now_wh = *wh;
  if (const auto began = root.began_at_us()) fact.began_at = to_instant(*began);
  fact.is_bill_open = root.is_bill_open();
  return fact;
}

} // namespace busbar::messages
