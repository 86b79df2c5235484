// busbar.results.v1

#include "messages/border.hpp"
#include "messages/schema/results_generated.h"

namespace busbar::messages {

namespace {

using namespace border;

schema::CommandResult put_result(const domain::command_result& from, text_writer& texts) {
  return {from.number, to_us(from.answered_at), from.connector.value(),
          texts.place_of(from.why, bounds::text_bytes_max),
          enum_cast<schema::Outcome>(from.answer)};
}

bool result_is_right(const schema::CommandResult& from, std::int64_t texts, field_check& check) {
  return check.in_range("answered_at_us", from.answered_at_us(), 0, bounds::time_us_max) &&
         check.in_range("why_text", from.why_text(), 0, texts) &&
         check.is_set("answer", from.answer(), schema::Outcome::MAX);
}

domain::command_result take_result(const schema::CommandResult& from, const text_vector* texts) {
  domain::command_result to;
  to.connector = domain::connector_index{from.connector()};
  to.number = from.number();
  to.answer = enum_cast<domain::outcome>(from.answer());
  to.why = text_at(texts, from.why_text());
  to.answered_at = to_instant(from.answered_at_us());
  return to;
}

using register_vector = flatbuffers::Vector<const schema::ResultRegister*>;

std::vector<schema::ResultRegister>
registers_of(const std::vector<domain::command_result>& results) {
  std::vector<schema::ResultRegister> told;
  for (std::size_t place = 0; place < results.size(); ++place)
    if (results[place].register_at)
      told.emplace_back(results[place].register_at->count(), static_cast<std::uint32_t>(place));
  return told;
}

/// Places rise and are those of answers, or the first fault is told.
domain::result<void> take_registers(const register_vector* registers,
                                    std::vector<domain::command_result>& results) {
  field_check check;
  std::int64_t lowest = 0;
  const auto last = static_cast<std::int64_t>(results.size()) - 1;
  for (std::size_t i = 0; i < size_of(registers); ++i) {
    const auto& each = *registers->Get(static_cast<flatbuffers::uoffset_t>(i));
    if (!check.in_range("registers", each.result(), lowest, last) ||
        !check.in_range("energy_wh", each.energy_wh(), 0, bounds::register_wh_max))
      return check.failure();
    results[each.result()].register_at = domain::watt_hours{each.energy_wh()};
    lowest = std::int64_t{each.result()} + 1;
  }
  return {};
}

using report_vector = flatbuffers::Vector<flatbuffers::Offset<schema::StationReport>>;

flatbuffers::Offset<schema::StationReport> put_report(flatbuffers::FlatBufferBuilder& builder,
                                                      const domain::station_report& from,
                                                      std::size_t place) {
  schema::StationReportBuilder table(builder);
  table.add_result(static_cast<std::uint32_t>(place));
  if (from.line_count) table.add_lines(static_cast<std::uint8_t>(*from.line_count));
  if (from.current_max)
    table.add_current_max_ma(static_cast<std::int32_t>(from.current_max->count()));
  if (from.power_max) table.add_power_max_w(static_cast<std::int32_t>(from.power_max->count()));
  if (from.voltage) table.add_voltage_mv(static_cast<std::int32_t>(from.voltage->count()));
  if (from.is_dc) table.add_is_dc(*from.is_dc);
  if (from.can_switch_phases) table.add_can_switch_phases(*from.can_switch_phases);
  if (from.has_smart_charging) table.add_has_smart_charging(*from.has_smart_charging);
  return table.Finish();
}

flatbuffers::Offset<report_vector>
put_reports(flatbuffers::FlatBufferBuilder& builder,
            const std::vector<domain::command_result>& results) {
  std::vector<flatbuffers::Offset<schema::StationReport>> told;
  for (std::size_t place = 0; place < results.size(); ++place)
    if (const auto& report = results[place].reported.report)
      told.push_back(put_report(builder, *report, place));
  return told.empty() ? flatbuffers::Offset<report_vector>{} : builder.CreateVector(told);
}

bool report_is_right(const schema::StationReport& from, field_check& check) {
  return check.in_range("lines", from.lines().value_or(1), 1, 3) &&
         check.in_range("current_max_ma", from.current_max_ma().value_or(0), 0,
                        bounds::connector_ma_max) &&
         check.in_range("power_max_w", from.power_max_w().value_or(0), 0,
                        bounds::connector_w_max) &&
         check.in_range("voltage_mv", from.voltage_mv().value_or(0), 0, bounds::connector_mv_max);
}

template <class Quantity, class Value>
std::optional<Quantity> optional_of(flatbuffers::Optional<Value> value) {
  return value ? std::optional{Quantity{*value}} : std::nullopt;
}

domain::shared_station_report take_report(const schema::StationReport& from) {
  domain::station_report to;
  to.line_count = optional_of<int>(from.lines());
  to.current_max = optional_of<domain::milliamperes>(from.current_max_ma());
  to.power_max = optional_of<domain::watts>(from.power_max_w());
  to.voltage = optional_of<domain::millivolts>(from.voltage_mv());
  to.is_dc = optional_of<bool>(from.is_dc());
  to.can_switch_phases = optional_of<bool>(from.can_switch_phases());
  to.has_smart_charging = optional_of<bool>(from.has_smart_charging());
  return {std::make_shared<const domain::station_report>(to)};
}

/// Places rise and are those of answers, or the first fault is told.
domain::result<void> take_reports(const report_vector* reports,
                                  std::vector<domain::command_result>& results) {
  field_check check;
  std::int64_t lowest = 0;
  const auto last = static_cast<std::int64_t>(results.size()) - 1;
  for (std::size_t i = 0; i < size_of(reports); ++i) {
    const auto& each = *reports->Get(static_cast<flatbuffers::uoffset_t>(i));
    if (!check.in_range("reports", each.result(), lowest, last) || !report_is_right(each, check))
      return check.failure();
    results[each.result()].reported = take_report(each);
    lowest = std::int64_t{each.result()} + 1;
  }
  return {};
}

} // namespace

ports::shared_bytes encode(const domain::result_batch& batch) {
  auto& builder = empty_builder();
  text_writer texts;
  const auto site = builder.CreateString(batch.site.text());
  const auto results = put_structs<schema::CommandResult>(
      builder, batch.results,
      [&](const domain::command_result& from) { return put_result(from, texts); });
  const auto written_texts = texts.put(builder);
  const auto told = registers_of(batch.results);
  flatbuffers::Offset<register_vector> registers;
  if (!told.empty()) registers = builder.CreateVectorOfStructs(told);
  const auto reports = put_reports(builder, batch.results);
  schema::FinishResultBatchBuffer(
      builder, schema::CreateResultBatch(builder, site, batch.topology_hash, batch.owner, results,
                                         written_texts, registers, reports));
  return finished_bytes(builder);
}

domain::result<domain::result_batch> decode_results(bytes_view bytes) {
  auto message = open<schema::ResultBatch>(bytes, schema::ResultBatchIdentifier());
  if (!message) return message.failure();
  const schema::ResultBatch& root = *message.value().root;
  field_check check;
  if (!check.is_name("site", text_of(root.site()), bounds::id_bytes_max)) return check.failure();
  const auto is_why = [](std::string_view text, field_check& of) {
    return of.is_text("text", text, bounds::text_bytes_max);
  };
  if (auto right = check_texts(root.texts(), is_why); !right) return right.failure();
  domain::result_batch batch;
  batch.site = id_of<domain::site_id>(root.site());
  batch.topology_hash = root.topology_hash();
  batch.owner = root.owner();
  const auto text_count = static_cast<std::int64_t>(size_of(root.texts()));
  auto taken = take_structs(
      "results", root.results(), batch.results,
      [&](const schema::CommandResult& from, field_check& of) {
        return result_is_right(from, text_count, of);
      },
      [&](const schema::CommandResult& from) { return take_result(from, root.texts()); });
  if (!taken) return taken.failure();
  auto registers = take_registers(root.registers(), batch.results);
  if (!registers) return registers.failure();
  auto reports = take_reports(root.reports(), batch.results);
  if (!reports) return reports.failure();
  return batch;
}

} // namespace busbar::messages
