#include "adapters/http/api/history_resources.hpp"

#include "adapters/http/api/session_table.hpp"
#include "adapters/http/api/session_writer.hpp"
#include "adapters/http/api/site_scope.hpp"
#include "adapters/http/json/page_writer.hpp"
#include "adapters/http/json/view_json.hpp"
#include "adapters/http/server/problem.hpp"
#include "domain/time_text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;
using domain::session_fact_kind;

namespace {

constexpr std::array session_states{"open", "completed", "denied"};
constexpr std::array roles{"central", "cp", "monitor", "driver", "log"};
constexpr std::array levels{"info", "warning", "critical"};
constexpr std::array forms{"json", "csv"};
constexpr std::uint64_t number_max = 1ULL << 53U;
constexpr std::uint64_t table_rows_max = 5'000;
constexpr const char* off_text = "no history is kept here (busbar engine --store FOLDER)";

bool states(const request& asked, std::string_view name) {
  return std::ranges::find(asked.query, name, &query_parameter::name) != asked.query.end();
}

bool is_of_a_time(const request& asked) { return states(asked, "from") || states(asked, "to"); }

bool wants_table(const request& asked) {
  return states(asked, "format") || asked.accept.starts_with("text/csv");
}

/// A history that is lost, or asked too much, is back before long.
response refused(const domain::error& why, const std::string& path) {
  auto answer = problem(503, why.message, path);
  answer.headers.push_back({"Retry-After", "1"});
  return answer;
}

std::optional<session_fact_kind> kind_of(const std::optional<std::string>& state) {
  if (!state) return std::nullopt;
  if (*state == "open") return session_fact_kind::in_progress;
  return *state == "denied" ? session_fact_kind::denied : session_fact_kind::completed;
}

/// Open sessions of this node's sites as they are now, by site and id.
class live_sessions {
public:
  explicit live_sessions(const ports::engine_node& engine) {
    for (auto& view : scope_of(engine, std::nullopt, "").views)
      for (const auto& each : view->sessions)
        found_[{view->topology->id, each.id}] = {view, &each};
  }
  /// False: it is not open here.
  [[nodiscard]] bool write(text::json_writer& json, const domain::session_fact& fact) const {
    const auto now = found_.find({fact.site, fact.session});
    if (now == found_.end() || fact.kind != session_fact_kind::in_progress) return false;
    write_open_session(json, *now->second.first, *now->second.second);
    return true;
  }

private:
  std::map<std::pair<domain::site_id, domain::session_id>,
           std::pair<shared_view, const domain::session_view*>>
      found_;
};

void write_archived(text::json_writer& json, const ports::engine_node& engine,
                    const live_sessions& live, const domain::session_fact& fact) {
  if (!live.write(json, fact)) write_past_session(json, engine, fact);
}

/// Of a page with one session more than it shows; null: it is the last one.
std::optional<std::string> next_of(const ports::session_page& page, std::size_t limit) {
  if (page.sessions.size() <= limit) return std::nullopt;
  return std::to_string(page.sessions[limit - 1].place);
}

response page_of(const ports::engine_node& engine, const ports::session_page& page,
                 std::size_t limit) {
  const live_sessions live{engine};
  text::json_writer json;
  json.begin_object().key("items").begin_array();
  for (std::size_t i = 0; i < std::min(limit, page.sessions.size()); ++i)
    write_archived(json, engine, live, page.sessions[i].fact);
  json.end_array().member("total", page.total).key("next");
  if (const auto next = next_of(page, limit)) json.value(*next);
  else json.null();
  return json_response(json.end_object().take());
}

response table_of(const ports::engine_node& engine, const ports::session_page& page,
                  std::size_t limit) {
  session_table table{engine};
  for (std::size_t i = 0; i < std::min(limit, page.sessions.size()); ++i)
    table.add(page.sessions[i].fact);
  response answer;
  answer.content_type = "text/csv; charset=utf-8";
  answer.headers = {{"Cache-Control", "no-store"},
                    {"Content-Disposition", "attachment; filename=\"sessions.csv\""}};
  if (const auto next = next_of(page, limit)) answer.headers.push_back({"X-Busbar-Next", *next});
  answer.text = table.take();
  return answer;
}

ports::session_query read_sessions(query_reader& query) {
  ports::session_query wanted;
  wanted.site = query.text("site");
  wanted.state = kind_of(query.choice("state", session_states));
  wanted.driver = query.text("driver");
  wanted.station = query.text("station");
  wanted.connector = query.text("connector");
  wanted.from = query.time("from");
  wanted.to = query.time("to");
  if (const auto after = query.number("after", 0, number_max); after && *after > 0)
    wanted.before = static_cast<std::int64_t>(*after);
  return wanted;
}

void list_sessions(const ports::engine_node& engine, ports::archive& archive,
                   const request& asked, const responder& reply) {
  query_reader query{asked};
  auto wanted = read_sessions(query);
  const auto form = query.choice("format", forms);
  const bool is_table = form ? *form == "csv" : asked.accept.starts_with("text/csv");
  const std::size_t limit = query.number("limit", 1, table_rows_max)
                                .value_or(is_table ? table_rows_max : page_bounds{}.limit);
  if (!query.faults().empty()) return reply(query.problem_of(asked));
  wanted.limit = limit + 1;
  archive.sessions(wanted, [&engine, reply, is_table, limit, path = asked.path](auto found) {
    if (!found) return reply(refused(found.failure(), path));
    reply(is_table ? table_of(engine, found.value(), limit)
                   : page_of(engine, found.value(), limit));
  });
}

/// Of an older session than this node remembers by itself. `unknown`: the answer where there is
/// none.
void show_session(const ports::engine_node& engine, ports::archive& archive, const request& asked,
                  response unknown, const responder& reply) {
  query_reader query{asked};
  ports::session_query wanted;
  wanted.site = query.text("site");
  wanted.session = asked.captured.front();
  wanted.limit = 2;
  archive.sessions(wanted, [&engine, reply, unknown, path = asked.path,
                            name = asked.captured.front()](auto found) {
    if (!found) {
      // Its owner may have it.
      auto answer = refused(found.failure(), path);
      answer.missing = unknown.missing;
      return reply(std::move(answer));
    }
    const auto& all = found.value().sessions;
    if (all.empty()) return reply(unknown);
    if (all.size() > 1)
      return reply(problem(409, "several sites have a session '" + name +
                                    "': say which by ?site=", path));
    text::json_writer json;
    write_archived(json, engine, live_sessions{engine}, all.front().fact);
    reply(json_response(json.take()));
  });
}

bool take_session(const ports::engine_node& engine, ports::archive& archive, const request& asked,
                  const responder& reply) {
  query_reader query{asked};
  const auto site = query.text("site");
  if (!query.faults().empty()) return false;
  const auto& name = asked.captured.front();
  const auto open = session_named(engine, site, name, asked.path);
  // Open, ended and remembered, or of several sites.
  if (!open.refusal || open.refusal->status != 404) return false;
  show_session(engine, archive, asked, *open.refusal, reply);
  return true;
}

domain::severity severity_of(const std::string& level) {
  if (level == "critical") return domain::severity::critical;
  return level == "warning" ? domain::severity::warning : domain::severity::info;
}

void list_events(ports::archive& archive, const request& asked, const responder& reply) {
  query_reader query{asked};
  ports::event_query wanted;
  wanted.from = query.time("from");
  wanted.to = query.time("to");
  wanted.site = query.text("site");
  wanted.kind = query.text("kind");
  wanted.part = query.text("q");
  if (const auto role = query.choice("role", roles)) wanted.speaker = domain::speaker_from(*role);
  if (const auto level = query.choice("level", levels)) wanted.level = severity_of(*level);
  const auto after = query.number("after", 0, number_max);
  if (after) wanted.after = static_cast<std::int64_t>(*after);
  wanted.limit = query.number("limit", 1, page_bounds::limit_max).value_or(100);
  // What sessions are in progress is not kept: false leaves nothing out.
  static_cast<void>(query.truth("progress"));
  if (states(asked, "request") && query.text("request"))
    query.refuse("request", "facts of sessions are not among the events of a time");
  if (!query.faults().empty()) return reply(query.problem_of(asked));
  archive.events(wanted, [reply, path = asked.path, seen = after.value_or(0)](auto found) {
    if (!found) return reply(refused(found.failure(), path));
    text::json_writer json;
    json.begin_object().key("items").begin_array();
    auto last = seen;
    for (auto& each : found.value()) {
      last = static_cast<std::uint64_t>(each.number);
      write_journal_entry(json, {last, std::move(each.event), std::nullopt});
    }
    json.end_array().member("journal_end", last).member("next", last).end_object();
    reply(json_response(json.take()));
  });
}

void write_time(text::json_writer& json, const char* name,
                const std::optional<domain::instant>& at) {
  if (at) json.member(name, domain::text_of(*at));
  else json.null_member(name);
}

response show_store(const ports::archive* archive, const request& asked) {
  query_reader query{asked};
  if (!query.faults().empty()) return query.problem_of(asked);
  if (archive == nullptr) return problem(404, off_text, asked.path);
  const auto now = archive->status();
  text::json_writer json;
  json.begin_object().member("state", name_of(now.state)).member("why", now.why);
  write_time(json, "lost_at", now.lost_at);
  json.member("path", now.path).member("schema", now.schema);
  json.member("sessions", now.sessions).member("events", now.events).member("bytes", now.bytes);
  write_time(json, "oldest_session_at", now.oldest_session);
  write_time(json, "oldest_event_at", now.oldest_event);
  write_time(json, "written_at", now.written_at);
  json.member("waiting", now.waiting).member("lag", now.lag).member("missed", now.missed);
  return json_response(json.end_object().take());
}

} // namespace

void add_history_resources(router& routes, const ports::engine_node& engine,
                           ports::archive* archive) {
  routes.add(method::get, "/api/v1/store",
             [archive](const request& asked) { return show_store(archive, asked); });
  routes.add_late_part(method::get, "/api/v1/sessions",
                       [&engine, archive](const request& asked, const responder& reply) {
                         if (archive == nullptr && wants_table(asked))
                           return reply(problem(404, off_text, asked.path)), true;
                         const bool is_taken = archive != nullptr &&
                                               (is_of_a_time(asked) || wants_table(asked));
                         if (is_taken) list_sessions(engine, *archive, asked, reply);
                         return is_taken;
                       });
  if (archive == nullptr) return;
  routes.add_late_part(method::get, "/api/v1/sessions/{session}",
                       [&engine, archive](const request& asked, const responder& reply) {
                         return take_session(engine, *archive, asked, reply);
                       });
  routes.add_late_part(method::get, "/api/v1/events",
                       [archive](const request& asked, const responder& reply) {
                         if (!is_of_a_time(asked)) return false;
                         list_events(*archive, asked, reply);
                         return true;
                       });
}

} // namespace busbar::adapters::http::api
