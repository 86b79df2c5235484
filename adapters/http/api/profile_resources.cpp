// Charging profiles of a station: what it has installed and what follows, setting and clearing.

#include "adapters/http/api/resources.hpp"
#include "adapters/http/api/site_scope.hpp"
#include "adapters/http/json/profile_json.hpp"
#include "adapters/http/json/query_reader.hpp"
#include "domain/time_text.hpp"
#include "ocpp/v16/charging_profile_payload.hpp"
#include "ocpp/v16/charging_profile_writer.hpp"
#include "text/json_text.hpp"

#include <array>
#include <limits>
#include <utility>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

namespace smart = control::smart_charging;

constexpr std::uint64_t day_s = 86'400;
constexpr std::uint64_t duration_max_s = 7 * day_s;
constexpr std::uint64_t int_max = std::numeric_limits<std::int32_t>::max();
constexpr std::array units{"A", "W"};
constexpr std::array purposes{"ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"};

using shared_book = std::shared_ptr<const smart::profile_book>;

/// A station and its profiles, or why there are none.
struct profile_scope {
  station_scope station;
  shared_book book;
  std::optional<response> refusal;

  [[nodiscard]] const domain::site& topology() const { return *station.view->topology; }
  [[nodiscard]] const domain::station& data() const {
    return topology().stations[station.place];
  }
};

profile_scope find_profiles(const ports::engine_node& engine,
                            const std::optional<std::string>& site, const request& asked) {
  profile_scope found{station_named(engine, site, asked.captured.front(), asked.path), {}, {}};
  found.refusal = found.station.refusal;
  if (found.refusal) return found;
  found.book = engine.profiles(found.topology().id, found.data().id);
  if (!found.book) found.refusal = problem(503, "the site is not controlled here", asked.path);
  return found;
}

text::json_writer begin_answer(const profile_scope& found, const request& asked) {
  text::json_writer json;
  json.begin_object().member("site", found.topology().id.text());
  json.member("station", found.data().id.text());
  json.member("at", domain::text_of(asked.received_at));
  return json;
}

void write_installed(text::json_writer& json, const smart::profile_store& store) {
  json.key("installed").begin_array();
  for (const auto& entry : store.installed()) {
    json.begin_object().member("connectorId", entry.connector);
    json.member("installed_at", domain::text_of(domain::instant{entry.installed_at}));
    json.key("csChargingProfiles");
    ocpp::v16::write_profile(json, entry.profile);
    json.end_object();
  }
  json.end_array();
}

response show_profiles(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  const auto site = query.text("site");
  const auto duration = query.number("duration_s", 1, duration_max_s).value_or(day_s);
  const auto unit = query.choice("unit", units).value_or("A");
  if (!query.faults().empty()) return query.problem_of(asked);
  const profile_scope found = find_profiles(engine, site, asked);
  if (found.refusal) return *found.refusal;
  const profile_question question{
      std::chrono::floor<smart::seconds>(asked.received_at),
      smart::seconds{static_cast<std::int64_t>(duration)},
      unit == "W" ? smart::rate_unit::watt : smart::rate_unit::ampere};
  const auto& store = found.book->store();
  text::json_writer json = begin_answer(found, asked);
  write_installed(json, store);
  json.key("schedule");
  ocpp::v16::write_schedule(json, smart::compose(store, 0, question.now, question.duration,
                                                 question.unit));
  json.key("connectors").begin_array();
  for (std::size_t place = 0; std::cmp_less(place, store.settings().connectors); ++place)
    write_connector_profiles(json, *found.book, place, question);
  json.end_array().end_object();
  return json_response(json.take());
}

response problem_of(const std::vector<ocpp::v16::call_error>& errors, const std::string& path) {
  std::vector<input_fault> faults;
  for (const auto& each : errors)
    faults.push_back({each.pointer, each.detail + " (" + ocpp::v16::name_of(each.code) + ")"});
  return problem(422, "the body is no SetChargingProfile.req", path, faults);
}

response tell(ports::engine_node& engine, const profile_scope& found, const request& asked,
              ports::profile_request order) {
  order.site = found.topology().id;
  order.station = domain::station_index{found.station.place};
  order.topology_hash = found.topology().topology_hash;
  const std::uint64_t before = engine.journal_end();
  if (const auto done = engine.manage(order); !done) return problem(done.failure(), asked.path);
  text::json_writer json = begin_answer(found, asked);
  json.member("events", "/api/v1/events?q=" + percent_encoded(found.data().id.text()) +
                            "&after=" + std::to_string(before));
  json.end_object();
  return json_response(json.take(), 202);
}

response set_profile(ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  const auto site = query.text("site");
  if (!query.faults().empty()) return query.problem_of(asked);
  if (asked.content_type != "application/json")
    return problem(415, "the body must be application/json", asked.path);
  domain::fault_list unreadable;
  const auto body = text::parse_json(asked.body, unreadable);
  if (!body) return problem(400, "not JSON: " + unreadable.front(), asked.path);
  const auto read = ocpp::v16::parse_set_profile(*body);
  if (const auto* errors = std::get_if<std::vector<ocpp::v16::call_error>>(&read))
    return problem_of(*errors, asked.path);
  const profile_scope found = find_profiles(engine, site, asked);
  if (found.refusal) return *found.refusal;
  const auto& wish = std::get<ocpp::v16::set_profile_request>(read);
  // As the station will see it, as far as its profiles and sessions are known here.
  auto store = found.book->store();
  const auto now = std::chrono::floor<smart::seconds>(asked.received_at);
  if (const auto why = store.set(wish.connector, wish.profile, now))
    return problem(409, std::string{"Rejected: "} + text_of(*why), asked.path);
  ports::profile_request order;
  order.kind = domain::command_kind::set_charging_profile;
  order.place = wish.connector == 0 ? 0 : static_cast<std::size_t>(wish.connector - 1);
  order.order.order = std::make_shared<const domain::profile_order>(
      domain::profile_order{wish.connector == 0, wish.profile, {}});
  return tell(engine, found, asked, std::move(order));
}

std::optional<domain::profile_purpose> purpose_from(const std::optional<std::string>& name) {
  for (std::size_t i = 0; name && i < purposes.size(); ++i)
    if (*name == purposes[i]) return static_cast<domain::profile_purpose>(i);
  return std::nullopt;
}

std::optional<std::int32_t> narrow(std::optional<std::uint64_t> value) {
  return value ? std::optional{static_cast<std::int32_t>(*value)} : std::nullopt;
}

response clear_profiles(ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  const auto site = query.text("site");
  domain::profile_filter filter;
  filter.id = narrow(query.number("id", 0, int_max));
  filter.connector = narrow(query.number("connector", 0, 1'000));
  filter.serves = purpose_from(query.choice("purpose", purposes));
  filter.stack_level = narrow(query.number("level", 0, int_max));
  if (!query.faults().empty()) return query.problem_of(asked);
  const profile_scope found = find_profiles(engine, site, asked);
  if (found.refusal) return *found.refusal;
  ports::profile_request order;
  order.kind = domain::command_kind::clear_charging_profile;
  order.order.order =
      std::make_shared<const domain::profile_order>(domain::profile_order{false, {}, filter});
  return tell(engine, found, asked, std::move(order));
}

} // namespace

void add_profile_resources(router& routes, ports::engine_node& engine) {
  const char* path = "/api/v1/stations/{station}/charging-profiles";
  routes.add(method::get, path,
             [&engine](const request& asked) { return show_profiles(engine, asked); });
  routes.add(method::post, path,
             [&engine](const request& asked) { return set_profile(engine, asked); });
  routes.add(method::remove, path,
             [&engine](const request& asked) { return clear_profiles(engine, asked); });
}

} // namespace busbar::adapters::http::api
