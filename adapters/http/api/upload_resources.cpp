#include "adapters/http/api/upload_resources.hpp"

#include "adapters/http/api/charge_point_order_table.hpp"
#include "adapters/http/api/charge_point_orders.hpp"
#include "adapters/http/json/page_writer.hpp"
#include "adapters/http/json/query_reader.hpp"
#include "adapters/http/server/problem.hpp"
#include "domain/time_text.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

namespace v16 = ocpp::v16;

constexpr const char* nowhere =
    "is required: allowed is a URL that --ocpp-url lists, or none where this process takes files "
    "of stations (--uploads-url)";

/// For people and their files: no quotes, no folders.
std::string safe_name(const ports::kept_upload& file) {
  std::string made;
  for (const char c : file.file_name)
    made += c == '"' || c == '\\' || c == '/' || c == '%' || c == ';' ? '_' : c;
  return made.empty() ? "upload-" + std::to_string(file.number) : made;
}

void write_upload(text::json_writer& json, const ports::kept_upload& file) {
  const auto write = [&](const char* name, const std::string& value) {
    json.key(name);
    if (value.empty()) json.null();
    else json.value(value);
  };
  json.begin_object().member("id", file.number).member("action", file.action);
  write("file_name", file.file_name);
  write("content_type", file.content_type);
  json.member("bytes", file.bytes);
  json.member("received_at", domain::text_of(file.received_at)).end_object();
}

response list_uploads(const charge_point_source& source, const ports::uploads* receiver,
                      const request& asked) {
  query_reader query{asked};
  const auto page = read_page(query);
  if (!query.faults().empty()) return query.problem_of(asked);
  const auto found = find_station(source, asked);
  if (found.refusal) return *found.refusal;
  page_writer list{page};
  if (receiver != nullptr)
    for (const auto& each : receiver->of(asked.captured.front()))
      if (list.wants_next()) write_upload(list.json(), each);
  return json_response(list.finish());
}

response show_upload(const charge_point_source& source, const ports::uploads* receiver,
                     const request& asked) {
  const query_reader query{asked};
  if (!query.faults().empty()) return query.problem_of(asked);
  const auto found = find_station(source, asked);
  if (found.refusal) return *found.refusal;
  const auto number = number_in_path(asked);
  auto file = receiver != nullptr && number
                  ? receiver->read(asked.captured.front(), static_cast<std::uint64_t>(*number))
                  : std::nullopt;
  if (!file)
    return problem(404, "file '" + asked.captured.back() +
                            "': not among those of this charge point",
                   asked.path);
  response made;
  // Whatever the station states: nothing that a browser would open.
  made.content_type = "application/octet-stream";
  made.headers.push_back({"Cache-Control", "no-store"});
  made.headers.push_back(
      {"Content-Disposition", "attachment; filename=\"" + safe_name(file->file) + "\""});
  made.fixed = file->bytes;
  made.held = std::move(file->held);
  return made;
}

/// Where a file would be taken, the server has done so before any route is asked.
response take_nothing(const request&) { return problem(404, "no file is expected here", ""); }

} // namespace

std::optional<std::variant<upload_place, response>>
place_for(ports::uploads* receiver, v16::action which, const std::string& payload,
          const request& asked, domain::instant until) {
  if (which != v16::action::get_diagnostics && which != v16::action::get_log) return std::nullopt;
  auto body = nlohmann::json::parse(payload);
  const std::string pointer = url_pointer_of(which);
  const nlohmann::json::json_pointer at{pointer};
  const bool is_wrong = body.contains("log") && !body["log"].is_object();
  if (is_wrong || body.contains(at)) return std::nullopt;
  const std::string name{v16::name_of(which)};
  if (receiver == nullptr)
    return problem(422, "the payload is no " + name + ".req", asked.path, {{pointer, nowhere}});
  auto url = receiver->expect(asked.captured.front(), name, until);
  if (!url) return problem(url.failure(), asked.path);
  body[at] = url.value();
  return upload_place{body.dump(), std::move(url.value())};
}

void add_upload_resources(router& routes, const charge_point_source& stations,
                          const ports::uploads* receiver) {
  const std::string base = "/api/v1/chargepoints/{id}/uploads";
  routes.add(method::get, base, [stations, receiver](const request& asked) {
    return list_uploads(stations, receiver, asked);
  });
  routes.add(method::get, base + "/{n}", [stations, receiver](const request& asked) {
    return show_upload(stations, receiver, asked);
  });
  routes.add(method::put, "/uploads/{token}", take_nothing);
  routes.add(method::post, "/uploads/{token}", take_nothing);
}

} // namespace busbar::adapters::http::api
