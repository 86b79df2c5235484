// busbar.telemetry.v1

#include "messages/border.hpp"
#include "messages/schema/telemetry_generated.h"

namespace busbar::messages {

namespace {

using namespace border;

constexpr std::uint8_t has_soc_bit = 1;
constexpr std::uint8_t has_temperature_bit = 2;

schema::Reading put_reading(const domain::reading& from) {
  const auto present = static_cast<std::uint8_t>((from.has_soc ? has_soc_bit : 0) |
                                                 (from.has_temperature ? has_temperature_bit : 0));
  return {to_us(from.measured_at),
          from.energy_wh,
          from.obeyed,
          from.connector.value(),
          from.current_ma[0],
          from.current_ma[1],
          from.current_ma[2],
          from.power_w,
          from.voltage_mv,
          from.has_temperature ? from.temperature_mc : 0,
          from.has_soc ? from.soc_permille : std::uint16_t{0},
          enum_cast<schema::ConnectorState>(from.state),
          present};
}

bool reading_is_right(const schema::Reading& from, field_check& check) {
  using namespace bounds;
  const bool has_soc = (from.present() & has_soc_bit) != 0;
  const bool has_temperature = (from.present() & has_temperature_bit) != 0;
  return check.in_range("measured_at_us", from.measured_at_us(), 0, time_us_max) &&
         check.in_range("energy_wh", from.energy_wh(), 0, register_wh_max) &&
         check.in_range("current_l1_ma", from.current_l1_ma(), -connector_ma_max,
                        connector_ma_max) &&
         check.in_range("current_l2_ma", from.current_l2_ma(), -connector_ma_max,
                        connector_ma_max) &&
         check.in_range("current_l3_ma", from.current_l3_ma(), -connector_ma_max,
                        connector_ma_max) &&
         check.in_range("power_w", from.power_w(), -connector_w_max, connector_w_max) &&
         check.in_range("voltage_mv", from.voltage_mv(), 0, connector_mv_max) &&
         check.in_range("temperature_mc", from.temperature_mc(),
                        has_temperature ? temperature_mc_min : 0,
                        has_temperature ? temperature_mc_max : 0) &&
         check.in_range("soc_permille", from.soc_permille(), 0, has_soc ? 1'000 : 0) &&
         check.is_set("state", from.state(), schema::ConnectorState::MAX) &&
         check.in_range("present", from.present(), 0, has_soc_bit | has_temperature_bit);
}

domain::reading take_reading(const schema::Reading& from) {
  domain::reading to;
  to.measured_at = to_instant(from.measured_at_us());
  to.connector = domain::connector_index{from.connector()};
  to.current_ma = {from.current_l1_ma(), from.current_l2_ma(), from.current_l3_ma()};
  to.power_w = from.power_w();
  to.voltage_mv = from.voltage_mv();
  to.energy_wh = from.energy_wh();
  to.temperature_mc = from.temperature_mc();
  to.soc_permille = from.soc_permille();
  to.state = enum_cast<domain::connector_state>(from.state());
  to.has_soc = (from.present() & has_soc_bit) != 0;
  to.has_temperature = (from.present() & has_temperature_bit) != 0;
  to.obeyed = from.obeyed();
  return to;
}

schema::MeterReading put_meter(const domain::meter_reading& from) {
  return {to_us(from.measured_at), from.node.value(),  from.current_ma[0],
          from.current_ma[1],      from.current_ma[2], from.power_w,
          from.voltage_mv,         from.frequency_mhz,
          static_cast<std::uint32_t>(from.power_factor_permille)};
}

bool meter_is_right(const schema::MeterReading& from, field_check& check) {
  using namespace bounds;
  return check.in_range("measured_at_us", from.measured_at_us(), 0, time_us_max) &&
         check.in_range("current_l1_ma", from.current_l1_ma(), -node_ma_max, node_ma_max) &&
         check.in_range("current_l2_ma", from.current_l2_ma(), -node_ma_max, node_ma_max) &&
         check.in_range("current_l3_ma", from.current_l3_ma(), -node_ma_max, node_ma_max) &&
         check.in_range("power_w", from.power_w(), -node_w_max, node_w_max) &&
         check.in_range("voltage_mv", from.voltage_mv(), 0, node_mv_max) &&
         (from.frequency_mhz() == 0 ||
          check.in_range("frequency_mhz", from.frequency_mhz(), frequency_mhz_min,
                         frequency_mhz_max)) &&
         check.in_range("power_factor_permille", from.power_factor_permille(), 0, 1'000);
}

domain::meter_reading take_meter(const schema::MeterReading& from) {
  domain::meter_reading to;
  to.measured_at = to_instant(from.measured_at_us());
  to.node = domain::node_index{from.node()};
  to.current_ma = {from.current_l1_ma(), from.current_l2_ma(), from.current_l3_ma()};
  to.power_w = from.power_w();
  to.voltage_mv = from.voltage_mv();
  to.frequency_mhz = from.frequency_mhz();
  to.power_factor_permille = static_cast<std::int32_t>(from.power_factor_permille());
  return to;
}

schema::HealthReport put_health(const domain::health_report& from) {
  return {to_us(from.checked_at), from.station.value(), from.failures, from.is_healthy};
}

bool health_is_right(const schema::HealthReport& from, field_check& check) {
  return check.in_range("checked_at_us", from.checked_at_us(), 0, bounds::time_us_max) &&
         check.in_range("failures", from.failures(), 0, from.is_healthy() ? 0 : 65'535);
}

domain::health_report take_health(const schema::HealthReport& from) {
  return {to_instant(from.checked_at_us()), domain::station_index{from.station()},
          from.is_healthy(), from.failures()};
}

} // namespace

ports::shared_bytes encode(const domain::telemetry_batch& batch) {
  auto& builder = empty_builder();
  const auto site = builder.CreateString(batch.site.text());
  const auto readings = put_structs<schema::Reading>(builder, batch.readings, put_reading);
  const auto meters = put_structs<schema::MeterReading>(builder, batch.meters, put_meter);
  const auto health = put_structs<schema::HealthReport>(builder, batch.health, put_health);
  schema::FinishTelemetryBatchBuffer(
      builder, schema::CreateTelemetryBatch(builder, site, batch.topology_hash,
                                            to_us(batch.sent_at), batch.batch_number, readings,
                                            meters, health));
  return finished_bytes(builder);
}

domain::result<domain::telemetry_batch> decode_telemetry(bytes_view bytes) {
  auto message = open<schema::TelemetryBatch>(bytes, schema::TelemetryBatchIdentifier());
  if (!message) return message.failure();
  const schema::TelemetryBatch& root = *message.value().root;
  field_check check;
  domain::telemetry_batch batch;
  if (!check.is_name("site", text_of(root.site()), bounds::id_bytes_max) ||
      !check.in_range("sent_at_us", root.sent_at_us(), 0, bounds::time_us_max))
    return check.failure();
  batch.site = id_of<domain::site_id>(root.site());
  batch.topology_hash = root.topology_hash();
  batch.sent_at = to_instant(root.sent_at_us());
  batch.batch_number = root.batch_number();
  auto readings = take_structs("readings", root.readings(), batch.readings, reading_is_right,
                               take_reading);
  if (!readings) return readings.failure();
  auto meters =
      take_structs("meters", root.meters(), batch.meters, meter_is_right, take_meter);
  if (!meters) return meters.failure();
  auto health =
      take_structs("health", root.health(), batch.health, health_is_right, take_health);
  if (!health) return health.failure();
  return batch;
}

} // namespace busbar::messages
