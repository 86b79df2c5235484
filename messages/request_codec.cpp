// busbar.requests.v1

#include "messages/border.hpp"
#include "messages/schema/requests_generated.h"

namespace busbar::messages {

namespace {

using namespace border;

bool report_is_right(const schema::DriverRequest& from, field_check& check) {
  using namespace bounds;
  return check.in_range("began_at_us", from.began_at_us().value_or(0), 0, time_us_max) &&
         check.in_range("register_start_wh", from.register_start_wh(), 0, register_wh_max) &&
         check.in_range("ended_at_us", from.ended_at_us().value_or(0), 0, time_us_max) &&
         check.in_range("register_stop_wh", from.register_stop_wh(), 0, register_wh_max);
}

void put_report(schema::DriverRequestBuilder& table, const domain::reported_transaction& report) {
  table.add_began_at_us(to_us(report.began_at));
  table.add_register_start_wh(report.register_start_wh);
  if (!report.ended_at) return;
  table.add_ended_at_us(to_us(*report.ended_at));
  table.add_register_stop_wh(report.register_stop_wh.value_or(report.register_start_wh));
}

std::optional<domain::reported_transaction> report_of(const schema::DriverRequest& from) {
  if (!from.began_at_us()) return std::nullopt;
  domain::reported_transaction report{to_instant(*from.began_at_us()), from.register_start_wh(),
                                      std::nullopt, std::nullopt};
  if (const auto ended = from.ended_at_us()) {
    report.ended_at = to_instant(*ended);
    report.register_stop_wh = from.register_stop_wh();
  }
  return report;
}

bool request_is_right(const schema::DriverRequest& from, field_check& check) {
  using namespace bounds;
  return check.is_name("request", text_of(from.request()), id_bytes_max) &&
         check.is_name("site", text_of(from.site()), id_bytes_max) &&
         check.is_name("driver", text_of(from.driver()), id_bytes_max) &&
         check.is_set("kind", from.kind(), schema::RequestKind::MAX) &&
         check.is_name_or_empty("station", text_of(from.station()), id_bytes_max) &&
         check.is_name_or_empty("session", text_of(from.session()), id_bytes_max) &&
         check.in_range("asked_at_us", from.asked_at_us(), 0, time_us_max) &&
         check.in_range("energy_wanted_wh", from.energy_wanted_wh().value_or(0), 0,
                        wanted_wh_max) &&
         check.in_range("departs_at_us", from.departs_at_us().value_or(0), 0, time_us_max) &&
         check.is_name_or_empty("connector", text_of(from.connector()), id_bytes_max) &&
         check.is_name_or_empty("why", text_of(from.why()), id_bytes_max) &&
         check.is_name_or_empty("begun_by", text_of(from.begun_by()), id_bytes_max) &&
         report_is_right(from, check);
}

} // namespace

ports::shared_bytes encode(const domain::driver_request& request) {
  auto& builder = empty_builder();
  const auto id = builder.CreateString(request.id.text());
  const auto site = builder.CreateString(request.site.text());
  const auto driver = builder.CreateString(request.driver.text());
  const auto station = put_id(builder, request.station);
  const auto session = put_id(builder, request.session);
  const auto connector = put_id(builder, request.connector);
  const auto why = request.why.empty() ? flatbuffers::Offset<flatbuffers::String>{}
                                       : builder.CreateString(request.why);
  const auto begun_by = put_id(builder, request.begun_by);
  schema::DriverRequestBuilder table(builder);
  table.add_request(id);
  table.add_site(site);
  table.add_driver(driver);
  table.add_kind(enum_cast<schema::RequestKind>(request.kind));
  table.add_station(station);
  table.add_session(session);
  table.add_asked_at_us(to_us(request.asked_at));
  if (request.energy_wanted) table.add_energy_wanted_wh(request.energy_wanted->count());
  if (request.departs_at) table.add_departs_at_us(to_us(*request.departs_at));
  table.add_connector(connector);
  if (request.reported) put_report(table, *request.reported);
  if (!request.why.empty()) table.add_why(why);
  table.add_begun_by(begun_by);
  schema::FinishDriverRequestBuffer(builder, table.Finish());
  return finished_bytes(builder);
}

domain::result<domain::driver_request> decode_request(bytes_view bytes) {
  auto message = open<schema::DriverRequest>(bytes, schema::DriverRequestIdentifier());
  if (!message) return message.failure();
  const schema::DriverRequest& root = *message.value().root;
  field_check check;
  if (!request_is_right(root, check)) return check.failure();
  domain::driver_request request;
  request.id = id_of<domain::request_id>(root.request());
  request.site = id_of<domain::site_id>(root.site());
  request.driver = id_of<domain::driver_id>(root.driver());
  request.kind = enum_cast<domain::request_kind>(root.kind());
  request.station = id_of<domain::station_id>(root.station());
  request.session = id_of<domain::session_id>(root.session());
  request.asked_at = to_instant(root.asked_at_us());
  if (const auto energy = root.energy_wanted_wh())
    request.energy_wanted = domain::watt_hours{*energy};
  if (const auto departs = root.departs_at_us()) request.departs_at = to_instant(*departs);
  request.connector = id_of<domain::connector_id>(root.connector());
  request.reported = report_of(root);
  request.why = std::string{text_of(root.why())};
  request.begun_by = id_of<domain::request_id>(root.begun_by());
  return request;
}

} // namespace busbar::messages
