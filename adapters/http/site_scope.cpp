#include "adapters/http/site_scope.hpp"

#include "adapters/http/problem.hpp"
#include "adapters/http/view_json.hpp"

#include <algorithm>

namespace busbar::adapters::http {

response missing_site(const actors::engine_port& engine, const domain::site_id& site,
                      const std::string& path) {
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

} // namespace busbar::adapters::http
