// Tags that may charge, or may not: the list of the gateway in this process.

#include "adapters/http/api/charge_point_resources.hpp"
#include "adapters/http/json/body_reader.hpp"
#include "adapters/http/json/page_writer.hpp"
#include "adapters/http/json/query_reader.hpp"
#include "adapters/http/server/problem.hpp"
#include "domain/time_text.hpp"
#include "text/json_writer.hpp"

#include <algorithm>
#include <array>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

constexpr std::size_t notes_bytes_max = 200;
constexpr std::int64_t concurrent_most = 1'000;
constexpr std::array statuses{"Accepted", "Blocked"};

ports::id_tags* list_in(const charge_point_source& source) {
  auto* stations = source();
  return stations == nullptr ? nullptr : stations->list_of_tags();
}

response no_list(const request& asked) {
  return problem(503, "no gateway for stations runs in this process (--ocpp)", asked.path);
}

void write_tag(text::json_writer& json, const ports::id_tag& from) {
  json.begin_object().member("idTag", from.tag);
  json.member("status", from.is_blocked ? "Blocked" : "Accepted");
  if (from.expires_at) json.member("expiryDate", domain::text_of(*from.expires_at));
  else json.null_member("expiryDate");
  if (from.parent.empty()) json.null_member("parentIdTag");
  else json.member("parentIdTag", from.parent);
  if (from.group.empty()) json.null_member("group");
  else json.member("group", from.group);
  if (from.concurrent_max == 0) json.null_member("concurrent");
  else json.member("concurrent", std::uint64_t{from.concurrent_max});
  json.member("notes", from.notes).end_object();
}

response list_tags(const charge_point_source& source, const request& asked) {
  query_reader query{asked};
  const auto page = read_page(query);
  if (!query.faults().empty()) return query.problem_of(asked);
  const auto* list = list_in(source);
  if (list == nullptr) return no_list(asked);
  page_writer shown{page};
  for (const auto& each : list->tags())
    if (shown.wants_next()) write_tag(shown.json(), each);
  return json_response(shown.finish());
}

/// OCPP compares tags without regard to capitals.
bool is_same_tag(const std::string& a, const std::string& b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  };
  return std::ranges::equal(a, b, {}, lower, lower);
}

response show_tag(const charge_point_source& source, const request& asked) {
  const query_reader query{asked};
  if (!query.faults().empty()) return query.problem_of(asked);
  const auto* list = list_in(source);
  if (list == nullptr) return no_list(asked);
  for (const auto& each : list->tags()) {
    if (!is_same_tag(each.tag, asked.captured.front())) continue;
    text::json_writer json;
    write_tag(json, each);
    return json_response(json.take());
  }
  return problem(404, "tag '" + asked.captured.front() + "' is not listed", asked.path);
}

response put_tag(const charge_point_source& source, const request& asked) {
  const query_reader query{asked};
  if (!query.faults().empty()) return query.problem_of(asked);
  body_reader body{asked};
  ports::id_tag wanted;
  wanted.tag = asked.captured.front();
  wanted.is_blocked = body.choice("status", statuses).value_or("Accepted") == "Blocked";
  if (!body.is_null("expiryDate")) wanted.expires_at = body.time("expiryDate");
  if (!body.is_null("parentIdTag")) wanted.parent = body.text("parentIdTag", 20).value_or("");
  if (!body.is_null("group")) wanted.group = body.text("group", 20).value_or("");
  if (!body.is_null("concurrent"))
    wanted.concurrent_max =
        static_cast<std::uint32_t>(body.number("concurrent", 1, concurrent_most).value_or(0));
  if (!body.is_null("notes")) wanted.notes = body.text("notes", notes_bytes_max).value_or("");
  if (const auto refused = body.refusal(asked)) return *refused;
  auto* list = list_in(source);
  if (list == nullptr) return no_list(asked);
  if (const auto done = list->put_tag(wanted); !done) return problem(done.failure(), asked.path);
  return show_tag(source, asked);
}

response remove_tag(const charge_point_source& source, const request& asked) {
  const query_reader query{asked};
  if (!query.faults().empty()) return query.problem_of(asked);
  auto* list = list_in(source);
  if (list == nullptr) return no_list(asked);
  auto shown = show_tag(source, asked);
  const auto done = list->remove_tag(asked.captured.front());
  return done ? shown : problem(done.failure(), asked.path);
}

} // namespace

void add_id_tag_resources(router& routes, const charge_point_source& stations) {
  const auto with_stations = [&stations](auto handle) {
    return [stations, handle](const request& asked) { return handle(stations, asked); };
  };
  const std::string all = "/api/v1/id-tags";
  const std::string one = all + "/{tag}";
  routes.add(method::get, all, with_stations(list_tags));
  routes.add(method::get, one, with_stations(show_tag));
  routes.add(method::put, one, with_stations(put_tag));
  routes.add(method::remove, one, with_stations(remove_tag));
}

} // namespace busbar::adapters::http::api
