// The journal, as a list and as a stream.

#include "adapters/http/api/resources.hpp"
#include "adapters/http/api/site_scope.hpp"
#include "adapters/http/json/page_writer.hpp"
#include "adapters/http/json/view_json.hpp"
#include "domain/events/sessions.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

constexpr std::array roles{"central", "cp", "monitor", "driver", "log"};
constexpr std::array levels{"info", "warning", "critical"};
/// Entries read from the journal at once.
constexpr std::size_t window = 1'000;
constexpr std::uint64_t number_max = 1ULL << 53U;
constexpr std::size_t streamed_sites_max = 16;

struct event_filter {
  std::optional<std::string> site;
  std::optional<std::string> role;
  std::optional<std::string> level;
  std::optional<std::string> kind;
  std::optional<std::string> request;
  std::optional<std::string> part;
  bool has_progress = true;

  [[nodiscard]] bool passes(const ports::journal_entry& entry) const {
    const domain::event& event = entry.event;
    if (!has_progress && domain::events::is_progress(event)) return false;
    if (site && event.site.text() != *site) return false;
    if (role && *role != name_of(event.speaker)) return false;
    if (level && event.level < least_level()) return false;
    if (kind && event.kind != *kind) return false;
    if (request && (!entry.fact || entry.fact->request.text() != *request)) return false;
    return !part || contains_any_case(event.subject, *part) || contains_any_case(event.text, *part);
  }

  [[nodiscard]] domain::severity least_level() const {
    if (*level == "critical") return domain::severity::critical;
    return *level == "warning" ? domain::severity::warning : domain::severity::info;
  }
};

struct found_entries {
  /// Oldest first.
  std::vector<ports::journal_entry> entries;
  /// Everything up to here has been looked at.
  std::uint64_t seen = 0;
};

found_entries first_after(const ports::engine_node& engine, const event_filter& filter,
                          std::uint64_t after, std::uint64_t limit) {
  found_entries found{{}, after};
  for (auto batch = engine.journal(after, window); !batch.empty();
       batch = engine.journal(found.seen, window)) {
    for (ports::journal_entry& entry : batch) {
      if (found.entries.size() == limit) return found;
      found.seen = entry.number;
      if (filter.passes(entry)) found.entries.push_back(std::move(entry));
    }
  }
  return found;
}

found_entries newest(const ports::engine_node& engine, const event_filter& filter,
                     std::uint64_t limit) {
  found_entries found{{}, engine.journal_end()};
  for (auto batch = engine.journal_before(found.seen + 1, window);
       !batch.empty() && found.entries.size() < limit;) {
    const auto oldest = batch.back().number;
    for (ports::journal_entry& entry : batch)
      if (found.entries.size() < limit && filter.passes(entry))
        found.entries.push_back(std::move(entry));
    batch = engine.journal_before(oldest, window);
  }
  std::reverse(found.entries.begin(), found.entries.end());
  return found;
}

response list_events(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  const std::uint64_t limit = query.number("limit", 1, page_bounds::limit_max).value_or(100);
  const auto after = query.number("after", 0, number_max);
  const event_filter filter{query.text("site"),
                            query.choice("role", roles),
                            query.choice("level", levels),
                            query.text("kind"),
                            query.text("request"),
                            query.text("q"),
                            query.truth("progress").value_or(true)};
  if (!query.faults().empty()) return query.problem_of(asked);
  if (filter.site)
    if (const auto scope = scope_of(engine, filter.site, asked.path); scope.refusal)
      return *scope.refusal;
  const found_entries found =
      after ? first_after(engine, filter, *after, limit) : newest(engine, filter, limit);
  text::json_writer json;
  json.begin_object().key("items").begin_array();
  for (const ports::journal_entry& each : found.entries) write_journal_entry(json, each);
  json.end_array().member("journal_end", engine.journal_end()).member("next", found.seen);
  json.end_object();
  return json_response(json.take());
}

std::vector<domain::site_id> named_sites(const std::string& list) {
  std::vector<domain::site_id> sites;
  std::size_t begin = 0;
  while (begin <= list.size()) {
    const std::size_t comma = std::min(list.find(',', begin), list.size());
    const domain::site_id site{list.substr(begin, comma - begin)};
    if (std::find(sites.begin(), sites.end(), site) == sites.end()) sites.push_back(site);
    begin = comma + 1;
  }
  return sites;
}

/// Header and parameter say the same; the header wins, because EventSource sets it when it returns.
std::optional<std::uint64_t> last_event(query_reader& query, const request& asked) {
  const auto parameter = query.number("last_event_id", 0, number_max);
  if (asked.last_event_id.empty()) return parameter;
  std::uint64_t number = 0;
  const std::string& text = asked.last_event_id;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && stop == text.data() + text.size() && number <= number_max)
    return number;
  query.refuse("Last-Event-ID", "'" + text + "'; allowed are whole numbers from 0");
  return std::nullopt;
}

/// `is_relaying`: sites of other nodes go to `relayed`.
std::optional<response> refuse_sites(const ports::engine_node& engine, subscription& wanted,
                                     const request& asked, bool is_relaying) {
  if (wanted.sites.size() > streamed_sites_max)
    return problem(400, std::to_string(wanted.sites.size()) + " sites; a stream carries at most " +
                            std::to_string(streamed_sites_max) + ": name them by ?site=",
                   asked.path);
  const auto known = engine.site_ids();
  for (const domain::site_id& site : wanted.sites) {
    if (std::find(known.begin(), known.end(), site) != known.end()) continue;
    const bool is_elsewhere = engine.place_of(site) == ports::site_place::elsewhere;
    if (!is_elsewhere || !is_relaying) return missing_site(engine, site, asked.path);
    wanted.relayed.push_back(site);
  }
  std::erase_if(wanted.sites, [&](const auto& site) {
    return std::find(wanted.relayed.begin(), wanted.relayed.end(), site) != wanted.relayed.end();
  });
  return std::nullopt;
}

response open_stream(const ports::engine_node& engine, const request& asked, bool has_relay) {
  query_reader query{asked};
  subscription wanted;
  const auto sites = query.text("site", 1'100);
  const auto role = query.choice("role", roles);
  wanted.wants_journal = query.truth("journal").value_or(true);
  wanted.after = last_event(query, asked);
  if (!query.faults().empty()) return query.problem_of(asked);
  if (role) wanted.speaker = domain::speaker_from(*role);
  if (!sites) wanted.sites = engine.site_ids();
  else if (*sites != "none") wanted.sites = named_sites(*sites);
  // What another node asks for is not relayed once more.
  const bool is_relaying = has_relay && asked.forwarded_by.empty();
  if (auto refusal = refuse_sites(engine, wanted, asked, is_relaying)) return *refusal;
  wanted.credential = asked.papers.credential;
  response answer;
  answer.content_type = "text/event-stream";
  answer.headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
  answer.stream = std::move(wanted);
  return answer;
}

} // namespace

void add_event_resources(router& routes, const ports::engine_node& engine, bool has_relay) {
  routes.add(method::get, "/api/v1/events",
             [&engine](const request& asked) { return list_events(engine, asked); });
  routes.add(method::get, "/api/v1/stream",
             [&engine, has_relay](const request& asked) {
               return open_stream(engine, asked, has_relay);
             });
}

} // namespace busbar::adapters::http::api
