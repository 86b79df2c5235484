#include "adapters/http/api/audit_resources.hpp"

#include "adapters/http/json/query_reader.hpp"
#include "adapters/http/server/problem.hpp"
#include "domain/time_text.hpp"
#include "text/json_writer.hpp"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;
using ports::audit_entry;

namespace {

constexpr std::uint64_t entries_max = 1'000;
constexpr std::uint64_t number_max = 1ULL << 53U;
constexpr std::size_t subject_bytes_max = 128;
constexpr std::array categories{"authentication", "access", "configuration", "station_control",
                                "load_management", "data"};
constexpr const char* off_text = "nothing is recorded here (busbar engine --access FOLDER)";

void write_entry(text::json_writer& json, const audit_entry& entry) {
  const auto& record = entry.record;
  json.begin_object().member("number", entry.number).member("at", domain::text_of(record.at));
  json.key("actor").begin_object().member("kind", name_of(record.actor.kind));
  json.member("name", record.actor.name).end_object();
  json.member("address", record.address).member("request", record.request);
  json.member("category", record.category).member("operation", record.operation);
  json.member("subject", record.subject).member("detail", record.detail);
  json.member("outcome", record.outcome).member("hash", entry.hash).end_object();
}

response page_of(const std::vector<audit_entry>& entries, std::size_t limit) {
  text::json_writer json;
  json.begin_object().key("items").begin_array();
  for (const auto& each : entries) write_entry(json, each);
  json.end_array().key("next");
  // A page that is full may have one after it.
  if (entries.size() == limit) json.value(entries.back().number);
  else json.null();
  return json_response(json.end_object().take());
}

void list_entries(ports::audit& audit, const request& asked, const responder& reply) {
  query_reader query{asked};
  ports::audit_query wanted;
  wanted.category = query.choice("category", categories);
  wanted.actor = query.text("actor", 200);
  wanted.subject = query.text("subject", subject_bytes_max);
  wanted.from = query.time("from");
  wanted.to = query.time("to");
  if (const auto before = query.number("before", 1, number_max))
    wanted.before = static_cast<std::int64_t>(*before);
  wanted.limit = static_cast<std::size_t>(query.number("limit", 1, entries_max).value_or(100));
  if (!query.faults().empty()) return reply(query.problem_of(asked));
  audit.read(wanted, [reply, path = asked.path, limit = wanted.limit](const auto& found) {
    reply(found ? page_of(found.value(), limit) : problem(found.failure(), path));
  });
}

} // namespace

void add_audit_resources(router& routes, ports::audit* audit) {
  for (const char* path : {"/api/v1/audit/logs", "/api/audit/logs"})
    routes.add_late(method::get, path, [audit](const request& asked, const responder& reply) {
      if (audit == nullptr) return reply(problem(404, off_text, asked.path));
      list_entries(*audit, asked, reply);
    });
}

} // namespace busbar::adapters::http::api
