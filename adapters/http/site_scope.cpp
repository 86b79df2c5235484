#include "adapters/http/site_scope.hpp"

#include "adapters/http/problem.hpp"
#include "adapters/http/view_json.hpp"
#include "domain/time_text.hpp"

#include <algorithm>

namespace busbar::adapters::http {

response missing_site(const actors::engine_port& engine, const domain::site_id& site,
                      const std::string& path) {
  const auto place = engine.place_of(site);
  if (place == actors::site_place::elsewhere)
    return problem(421, "another engine node of this group holds site '" + site.text() + "'", path);
  if (place == actors::site_place::coming)
    return problem(503, "site '" + site.text() + "' is just being taken over", path);
  const auto known = engine.sites();
  if (std::find(known.begin(), known.end(), site) == known.end())
    return problem(404, "there is no site '" + site.text() + "' here", path);
  return problem(503, "site '" + site.text() + "' has not had its first tick", path);
}

site_scope scope_of(const actors::engine_port& engine, const std::optional<std::string>& site,
                    const std::string& path) {
  site_scope scope;
  if (site) {
    if (auto view = whole_view(engine, domain::site_id{*site})) scope.views.push_back(view);
    else scope.refusal = missing_site(engine, domain::site_id{*site}, path);
    return scope;
  }
  for (const domain::site_id& each : engine.sites())
    if (auto view = whole_view(engine, each)) scope.views.push_back(std::move(view));
  return scope;
}

site_scope one_site(const actors::engine_port& engine, const std::optional<std::string>& site,
                    const std::string& path) {
  if (site) return scope_of(engine, site, path);
  const auto known = engine.sites();
  if (known.size() == 1) return scope_of(engine, known.front().text(), path);
  site_scope none;
  none.refusal = known.empty() ? problem(404, "there is no site here", path)
                               : problem(409, "there are " + std::to_string(known.size()) +
                                                  " sites here: say which by `site`", path);
  return none;
}

station_scope station_named(const actors::engine_port& engine,
                            const std::optional<std::string>& site, const std::string& name,
                            const std::string& path) {
  station_scope found;
  site_scope scope = scope_of(engine, site, path);
  found.refusal = std::move(scope.refusal);
  std::size_t hits = 0;
  for (const shared_view& view : scope.views) {
    const auto& stations = view->topology->stations;
    const auto hit = std::find_if(stations.begin(), stations.end(),
                                  [&](const auto& each) { return each.id.text() == name; });
    if (hit == stations.end()) continue;
    ++hits;
    found.view = view;
    found.place = static_cast<std::size_t>(hit - stations.begin());
  }
  if (!found.refusal && hits == 0)
    found.refusal = problem(404, "there is no station '" + name + "'", path);
  if (hits > 1)
    found.refusal = problem(409, std::to_string(hits) + " sites have a station '" + name +
                                     "': say which by ?site=", path);
  return found;
}

std::optional<domain::session_fact> ended_session(const actors::engine_port& engine,
                                                  const std::optional<std::string>& site,
                                                  const std::string& name) {
  for (const domain::session_fact& fact : engine.past_sessions(past_sessions_max)) {
    const bool is_here = !site || fact.site.text() == *site;
    const bool has_ended = fact.kind == domain::session_fact_kind::completed;
    if (is_here && has_ended && fact.session.text() == name) return fact;
  }
  return std::nullopt;
}

response no_open_session(const actors::engine_port& engine, const std::optional<std::string>& site,
                         const std::string& name, const std::string& path) {
  const auto ended = ended_session(engine, site, name);
  if (!ended) return problem(404, "there is no session '" + name + "'", path);
  return problem(409,
                 "session '" + name + "' ended at " + domain::text_of(ended->at) + " (" +
                     ended->why + ")",
                 path);
}

session_scope session_named(const actors::engine_port& engine,
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

} // namespace busbar::adapters::http
