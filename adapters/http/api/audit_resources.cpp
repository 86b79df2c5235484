#include "adapters/http/api/audit_resources.hpp"

#include "adapters/http/json/query_reader.hpp"
#include "adapters/http/server/problem.hpp"
#include "domain/time_text.hpp"
#include "text/json_writer.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
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
constexpr std::uint64_t counted_days_max = 366;
constexpr std::size_t counted_entries_max = 100'000;
constexpr std::size_t counted_actors_max = 200;
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

struct count {
  std::uint64_t entries = 0;
  std::uint64_t refused = 0;
  std::uint64_t failed = 0;

  void add(std::int64_t outcome) {
    ++entries;
    if (outcome >= 500) ++failed;
    else if (outcome >= 400) ++refused;
  }
};

void write_count(text::json_writer& json, const count& one) {
  json.member("entries", one.entries).member("refused", one.refused);
  json.member("failed", one.failed).end_object();
}

/// Counts entries page by page, the newest first.
class entry_count : public std::enable_shared_from_this<entry_count> {
public:
  entry_count(ports::audit& audit, const ports::audit_query& wanted, responder reply)
      : audit_(audit), wanted_(wanted), reply_(std::move(reply)) {}

  void read_on() {
    audit_.read(wanted_, [self = shared_from_this()](const auto& found) { self->take(found); });
  }

private:
  void take(const domain::result<std::vector<audit_entry>>& found) {
    if (!found) return reply_(problem(found.failure(), ""));
    for (const auto& each : found.value()) add(each.record);
    const bool is_whole = found.value().size() < wanted_.limit;
    if (is_whole || all_.entries >= counted_entries_max) return reply_(answer(is_whole));
    wanted_.before = found.value().back().number;
    read_on();
  }
  void add(const ports::audit_record& record) {
    all_.add(record.outcome);
    categories_[record.category].add(record.outcome);
    const auto day = domain::text_of(record.at).substr(0, day_characters);
    days_[day].add(record.outcome);
    const std::pair actor{record.actor.kind, record.actor.name};
    if (actors_.contains(actor) || actors_.size() < counted_actors_max)
      actors_[actor].add(record.outcome);
  }
  [[nodiscard]] response answer(bool is_whole) const {
    text::json_writer json;
    json.begin_object().member("from", domain::text_of(*wanted_.from));
    json.member("to", domain::text_of(*wanted_.to)).member("is_whole", is_whole);
    write_count(json.key("all").begin_object(), all_);
    json.key("categories").begin_array();
    for (const auto& [name, one] : categories_)
      write_count(json.begin_object().member("category", name), one);
    json.end_array().key("actors").begin_array();
    for (const auto& [actor, one] : actors_) {
      json.begin_object().member("kind", name_of(actor.first)).member("name", actor.second);
      write_count(json, one);
    }
    json.end_array().key("days").begin_array();
    for (const auto& [day, one] : days_) write_count(json.begin_object().member("day", day), one);
    return json_response(json.end_array().end_object().take());
  }

  static constexpr std::size_t day_characters = 10;
  ports::audit& audit_;
  ports::audit_query wanted_;
  const responder reply_;
  count all_;
  std::map<std::string, count> categories_;
  std::map<std::string, count> days_;
  std::map<std::pair<domain::cause_kind, std::string>, count> actors_;
};

void count_entries(ports::audit& audit, const request& asked, const responder& reply) {
  query_reader query{asked};
  const auto days = query.number("days", 1, counted_days_max).value_or(7);
  if (!query.faults().empty()) return reply(query.problem_of(asked));
  ports::audit_query wanted;
  wanted.from = asked.received_at - std::chrono::days{days};
  wanted.to = asked.received_at;
  wanted.limit = entries_max;
  std::make_shared<entry_count>(audit, wanted, reply)->read_on();
}

} // namespace

void add_audit_resources(router& routes, ports::audit* audit) {
  const auto late = [audit](auto handle) {
    return [audit, handle](const request& asked, const responder& reply) {
      if (audit == nullptr) return reply(problem(404, off_text, asked.path));
      handle(*audit, asked, reply);
    };
  };
  for (const std::string path : {"/api/v1/audit", "/api/audit"}) {
    routes.add_late(method::get, path + "/logs", late(list_entries));
    routes.add_late(method::get, path + "/stats", late(count_entries));
  }
}

} // namespace busbar::adapters::http::api
