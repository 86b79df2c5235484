#include "adapters/http/api/charge_point_history.hpp"

#include "adapters/http/api/charge_point_orders.hpp"
#include "adapters/http/json/page_writer.hpp"
#include "adapters/http/json/query_reader.hpp"
#include "adapters/http/server/problem.hpp"
#include "domain/time_text.hpp"
#include "ocpp/v16/sample.hpp"
#include "text/json_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

namespace v16 = busbar::ocpp::v16;

constexpr std::uint64_t connectors_max = 65'535;
/// Minutes; raw: each sample.
constexpr std::array periods{"raw", "1", "5", "15", "60"};

void write_optional(text::json_writer& json, const char* name, const std::string& value) {
  json.key(name);
  if (value.empty()) json.null();
  else json.value(value);
}

void write_time(text::json_writer& json, const char* name,
                const std::optional<domain::instant>& at) {
  write_optional(json, name, at ? domain::text_of(*at) : std::string{});
}

void write_transaction(text::json_writer& json, const ports::charge_point_transaction& from) {
  json.begin_object().member("ocpp_transaction", from.number);
  json.member("connectorId", from.connector).member("idTag", from.tag);
  write_optional(json, "session", from.session);
  json.member("state", from.ended_at ? "ended" : "open");
  write_time(json, "began_at", from.began_at);
  json.member("reported_at", domain::text_of(from.reported_at));
  write_time(json, "ended_at", from.ended_at);
  json.member("meter_start_wh", from.meter_start_wh).key("meter_stop_wh");
  if (from.meter_stop_wh) json.value(*from.meter_stop_wh);
  else json.null();
  write_optional(json, "reason", from.reason);
  json.key("flags").begin_array();
  for (const auto& each : from.flags) json.value(each);
  json.end_array().end_object();
}

/// As a decimal number: 3450500 is 3450.5.
void write_thousandths(text::json_writer& json, const char* name, std::int64_t value) {
  const auto size = value < 0 ? -value : value;
  auto digits = std::to_string(size % 1'000);
  digits.insert(0, 3 - digits.size(), '0');
  while (!digits.empty() && digits.back() == '0') digits.pop_back();
  auto text = (value < 0 ? "-" : "") + std::to_string(size / 1'000);
  if (!digits.empty()) text += "." + digits;
  json.key(name).raw(text);
}

void write_kind(text::json_writer& json, const ports::meter_row& from) {
  json.member("connectorId", from.connector).member("measurand", from.measurand);
  write_optional(json, "phase", from.phase);
  json.member("location", from.location);
  write_optional(json, "unit", from.unit);
}

void write_sample(text::json_writer& json, const ports::meter_row& from) {
  json.begin_object().member("at", domain::text_of(from.at));
  write_kind(json, from);
  write_thousandths(json, "value", from.mean);
  json.end_object();
}

void write_span(text::json_writer& json, const ports::meter_row& from,
                std::chrono::minutes period) {
  json.begin_object().member("at", domain::text_of(from.at));
  json.member("until", domain::text_of(from.at + period));
  write_kind(json, from);
  json.member("samples", from.samples);
  write_thousandths(json, "mean", from.mean);
  write_thousandths(json, "least", from.least);
  write_thousandths(json, "peak", from.peak);
  if (from.energy) write_thousandths(json, "energy_wh", *from.energy);
  else json.null_member("energy_wh");
  json.end_object();
}

/// OCPP's words.
std::vector<const char*> measurands() {
  std::vector<const char*> made;
  for (std::uint8_t i = 0; i < v16::measurand_count; ++i)
    made.push_back(v16::name_of(static_cast<v16::measurand>(i)).data());
  return made;
}

ports::meter_question read_question(query_reader& query, const request& asked) {
  ports::meter_question made;
  made.identity = asked.captured.front();
  made.measurand = query.choice("measurand", measurands());
  const auto period = query.choice("period", periods).value_or("raw");
  int minutes = 0;
  if (period != "raw") std::from_chars(period.data(), period.data() + period.size(), minutes);
  made.period = std::chrono::minutes{minutes};
  if (const auto connector = query.number("connector", 0, connectors_max))
    made.connector = static_cast<std::int32_t>(*connector);
  made.from = query.time("from");
  made.to = query.time("to");
  return made;
}

response no_history(const request& asked) {
  return problem(503, "no history of stations is kept in this process", asked.path);
}

response list_transactions(const charge_point_source& source, const request& asked) {
  query_reader query{asked};
  const auto page = read_page(query);
  if (!query.faults().empty()) return query.problem_of(asked);
  const auto found = find_station(source, asked);
  if (found.refusal) return *found.refusal;
  const auto* history = found.stations->history();
  if (history == nullptr) return no_history(asked);
  page_writer list{page};
  for (const auto& each : history->transactions_of(asked.captured.front()))
    if (list.wants_next()) write_transaction(list.json(), each);
  return json_response(list.finish());
}

response list_meter_values(const charge_point_source& source, const request& asked) {
  query_reader query{asked};
  const auto page = read_page(query);
  auto wanted = read_question(query, asked);
  wanted.offset = page.offset;
  wanted.limit = page.limit;
  if (!query.faults().empty()) return query.problem_of(asked);
  const auto found = find_station(source, asked);
  if (found.refusal) return *found.refusal;
  const auto* history = found.stations->history();
  if (history == nullptr) return no_history(asked);
  const bool is_raw = wanted.period.count() == 0;
  const auto values = history->meter_values_of(wanted);
  const auto before = std::min(page.offset, values.total);
  page_writer list{page};
  list.skip(before);
  for (const auto& each : values.rows) {
    if (!list.wants_next()) continue;
    if (is_raw) write_sample(list.json(), each);
    else write_span(list.json(), each, wanted.period);
  }
  list.skip(values.total - before - values.rows.size());
  return json_response(list.finish());
}

} // namespace

void add_charge_point_history(router& routes, const charge_point_source& source) {
  const std::string one = "/api/v1/chargepoints/{id}/";
  routes.add(method::get, one + "transactions", [source](const request& asked) {
    return list_transactions(source, asked);
  });
  routes.add(method::get, one + "meter-values", [source](const request& asked) {
    return list_meter_values(source, asked);
  });
}

} // namespace busbar::adapters::http::api
