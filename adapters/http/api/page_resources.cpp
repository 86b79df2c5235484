#include "adapters/http/api/openapi_text.hpp"
#include "adapters/http/api/resources.hpp"
#include "adapters/http/server/negotiation.hpp"
#include "adapters/http/server/problem.hpp"

#include <memory>

namespace busbar::adapters::http::api {

using namespace server;

namespace {

/// The page speaks to its own server only; styles may stand in elements, scripts may not.
constexpr const char* page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

std::string_view without_slash(std::string_view path) {
  return path.starts_with('/') ? path.substr(1) : path;
}

struct kept_asset {
  asset file;
  std::string tag;

  [[nodiscard]] bool is_at(std::string_view path) const {
    const std::string_view name = without_slash(file.path);
    return without_slash(path) == name || (path == "/" && name == "index.html");
  }

  /// Names below assets/ carry a hash of their content, so that they never change.
  [[nodiscard]] const char* caching() const {
    return without_slash(file.path).starts_with("assets/") ? "public, max-age=31536000, immutable"
                                                            : "no-cache";
  }
};

response file_response(std::string_view bytes, std::string_view type, const std::string& tag,
                       const char* caching, const request& asked) {
  response answer;
  answer.content_type = type;
  answer.headers = {{"ETag", tag}, {"Cache-Control", caching},
                    {"Content-Security-Policy", page_policy}};
  if (has_version(asked.if_none_match, tag)) answer.status = 304;
  else answer.fixed = bytes;
  return answer;
}

std::optional<response> find_asset(const std::vector<kept_asset>& assets, const request& asked) {
  for (const kept_asset& each : assets)
    if (each.is_at(asked.path))
      return file_response(each.file.bytes, each.file.content_type, each.tag, each.caching(),
                           asked);
  if (asked.path != "/") return std::nullopt;
  return problem(404, "this binary was built without the page (BUSBAR_DASHBOARD=OFF)", asked.path);
}

} // namespace

void add_page_resources(router& routes, std::span<const asset> assets) {
  const std::string tag = entity_tag(openapi_text());
  routes.add(method::get, "/openapi.json", [tag](const request& asked) {
    return file_response(openapi_text(), "application/json", tag, "no-cache", asked);
  });
  std::vector<kept_asset> kept;
  for (const asset& each : assets) kept.push_back({each, entity_tag(each.bytes)});
  routes.add_fallback([kept = std::move(kept)](const request& asked) {
    return find_asset(kept, asked);
  });
}

} // namespace busbar::adapters::http::api
