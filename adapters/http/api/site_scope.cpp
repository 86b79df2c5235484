#include "adapters/http/api/site_scope.hpp"

#include "adapters/http/json/view_json.hpp"
#include "adapters/http/server/problem.hpp"
#include "domain/time_text.hpp"
#include "text/suggestion.hpp"

#include <algorithm>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

bool has_ended(const domain::session_fact& fact) {
  return fact.kind == domain::session_fact_kind::completed;
}

const std::string& id_text(const domain::site_id& id) { return id.text(); }

/// Of the stations of all `views`.
std::string meant_station(const std::string& name, const std::vector<shared_view>& views) {
  text::nearest_name nearest{name};
  for (const shared_view& view : views)
    for (const auto& each : view->topology->stations) nearest.offer(each.id.text());
  return nearest.text();
}

/// Of the open sessions of all `views`, then of those that have ended.
std::string meant_session(const std::string& name, const std::vector<shared_view>& views,
                          const std::vector<domain::session_fact>& past) {
  text::nearest_name nearest{name};
  for (const shared_view& view : views)
    for (const auto& each : view->sessions) nearest.offer(each.id.text());
  for (const auto& fact : past)
    if (has_ended(fact)) nearest.offer(fact.session.text());
  return nearest.text();
}

response missing(response refusal, elsewhere what) {
  refusal.missing = std::move(what);
  return refusal;
}

} // namespace

response missing_site(const ports::engine_node& engine, const domain::site_id& site,
                      const std::string& path) {
  const auto place = engine.place_of(site);
  if (place == ports::site_place::elsewhere)
    return missing(
        problem(421, "another engine node of this group holds site '" + site.text() + "'", path),
        {site, {}, {}});
  if (place == ports::site_place::coming)
    return missing(problem(503, "site '" + site.text() + "' is just being taken over", path),
                   {site, {}, {}});
  const auto known = engine.site_ids();
  if (std::find(known.begin(), known.end(), site) == known.end())
    return problem(404,
                   "there is no site '" + site.text() + "' here" +
                       text::did_you_mean(site.text(), known, id_text),
                   path);
  return missing(problem(503, "site '" + site.text() + "' has not had its first tick", path),
                 {site, {}, {}});
}

site_scope scope_of(const ports::engine_node& engine, const std::optional<std::string>& site,
                    const std::string& path) {
  site_scope scope;
  if (site) {
    if (auto view = whole_view(engine, domain::site_id{*site})) scope.views.push_back(view);
    else scope.refusal = missing_site(engine, domain::site_id{*site}, path);
    return scope;
  }
  for (const domain::site_id& each : engine.site_ids())
    if (auto view = whole_view(engine, each)) scope.views.push_back(std::move(view));
  return scope;
}

site_scope one_site(const ports::engine_node& engine, const std::optional<std::string>& site,
                    const std::string& path) {
  if (site) return scope_of(engine, site, path);
  const auto known = engine.site_ids();
  if (known.size() == 1) return scope_of(engine, known.front().text(), path);
  site_scope none;
  none.refusal = known.empty() ? problem(404, "there is no site here", path)
                               : problem(409, "there are " + std::to_string(known.size()) +
                                                  " sites here: say which by `site`", path);
  return none;
}

std::optional<std::size_t> place_of(const ports::engine_node& engine, const domain::site& site,
                                    const domain::station_id& station) {
  const auto& stations = site.stations;
  const auto now = engine.find_station(site.id, station);
  if (now && now->value() < stations.size() && stations[now->value()].id == station)
    return now->value();
  // Another tree than the newest one: between revisions.
  const auto found = std::ranges::find(stations, station, &domain::station::id);
  if (found == stations.end()) return std::nullopt;
  return static_cast<std::size_t>(found - stations.begin());
}

station_scope station_named(const ports::engine_node& engine,
                            const std::optional<std::string>& site, const std::string& name,
                            const std::string& path) {
  station_scope found;
  site_scope scope = scope_of(engine, site, path);
  found.refusal = std::move(scope.refusal);
  std::size_t hits = 0;
  for (const shared_view& view : scope.views) {
    const auto hit = place_of(engine, *view->topology, domain::station_id{name});
    if (!hit) continue;
    ++hits;
    found.view = view;
    found.place = *hit;
  }
  if (!found.refusal && hits == 0)
    found.refusal = missing(
        problem(404, "there is no station '" + name + "'" + meant_station(name, scope.views), path),
        {{}, domain::station_id{name}, {}});
  if (hits > 1)
    found.refusal = problem(409, std::to_string(hits) + " sites have a station '" + name +
                                     "': say which by ?site=", path);
  return found;
}

std::optional<domain::session_fact> ended_session(const ports::engine_node& engine,
                                                  const std::optional<std::string>& site,
                                                  const std::string& name) {
  for (const domain::session_fact& fact : engine.past_sessions(past_sessions_max)) {
    const bool is_here = !site || fact.site.text() == *site;
    if (is_here && has_ended(fact) && fact.session.text() == name) return fact;
  }
  return std::nullopt;
}

response no_open_session(const ports::engine_node& engine, const std::optional<std::string>& site,
                         const std::string& name, const std::string& path) {
  const auto ended = ended_session(engine, site, name);
  if (!ended)
    return missing(problem(404,
                           "there is no session '" + name + "'" +
                               meant_session(name, scope_of(engine, site, path).views,
                                             engine.past_sessions(past_sessions_max)),
                           path),
                   {{}, {}, domain::session_id{name}});
  return problem(409,
                 "session '" + name + "' ended at " + domain::text_of(ended->at) + " (" +
                     ended->why + ")",
                 path);
}

session_scope session_named(const ports::engine_node& engine,
                            const std::optional<std::string>& site, const std::string& name,
                            const std::string& path) {
  session_scope found;
  site_scope scope = scope_of(engine, site, path);
  found.refusal = std::move(scope.refusal);
  std::size_t hits = 0;
  for (const shared_view& view : scope.views)
    for (const domain::session_view& each : view->sessions) {
      if (each.id.text() != name) continue;
      ++hits;
      found.view = view;
      found.session = &each;
    }
  if (!found.refusal && hits == 0)
    found.refusal = no_open_session(engine, site, name, path);
  if (hits > 1)
    found.refusal = problem(409, std::to_string(hits) + " sites have a session '" + name +
                                     "': say which by ?site=", path);
  return found;
}

} // namespace busbar::adapters::http::api
