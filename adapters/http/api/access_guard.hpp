#pragma once
// The one place in which it is decided whether a request is answered: who asks, how often, and
// whether the operation is allowed to it (control/access/, docs/access.md).

#include "adapters/http/api/operation_table.hpp"
#include "adapters/http/api/refused_strangers.hpp"
#include "adapters/http/server/router.hpp"
#include "control/access/rate_limiter.hpp"
#include "ports/access.hpp"
#include "ports/audit.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace busbar::adapters::http::api {

/// The page's cookies: of the access token, and of the refresh token.
inline constexpr const char* access_cookie = "busbar_access";
inline constexpr const char* refresh_cookie = "busbar_refresh";

/// The value of a cookie in the header Cookie; empty where it is not there.
[[nodiscard]] std::string cookie_in(std::string_view header, std::string_view name);

/// What is on the network around the server.
struct guard_settings {
  /// Addresses of proxies whose X-Forwarded-For is believed.
  std::vector<std::string> trusted_proxies;
  std::size_t rate_keys_max = control::access::rate_limiter::keys_max;
  /// Between two entries of the audit that sum up refused changes of strangers.
  domain::microseconds strangers_every = std::chrono::minutes{1};
};

/// Makes the routes that show `sites` alone.
using route_maker =
    std::function<std::shared_ptr<const server::router>(const std::vector<domain::site_id>& sites)>;

class access_guard : public server::guard {
public:
  /// Sets of sites whose routes are kept.
  static constexpr std::size_t kept_routes_max = 64;

  /// `access` and `audit` outlive it. `audit` may be null: nothing is recorded.
  access_guard(ports::access& access, ports::audit* audit, const operation_table& operations,
               route_maker make_routes, guard_settings settings = {});
  /// Sums up what has been refused.
  ~access_guard() override;
  access_guard(const access_guard&) = delete;
  access_guard& operator=(const access_guard&) = delete;

  [[nodiscard]] admission admit(server::request& asked, const std::string& operation) override;
  /// "refused_strangers_total".
  [[nodiscard]] std::map<std::string, double> statistics() const override;

private:
  struct rate_place;
  [[nodiscard]] rate_place rate_place_of(const server::request& asked,
                                         const std::string& operation) const;
  [[nodiscard]] admission decide(server::request& asked, const std::string& operation);
  [[nodiscard]] std::optional<server::response>
  refusal_of(server::request& asked, const std::string& operation,
             const control::access::operation_terms& terms, std::vector<server::header>& headers);
  [[nodiscard]] std::shared_ptr<const server::router>
  routes_of(const std::vector<domain::site_id>& sites);

  ports::access& access_;
  ports::audit* const audit_;
  const operation_table& operations_;
  const route_maker make_routes_;
  const guard_settings settings_;
  std::mutex guard_;
  control::access::rate_limiter limiter_;
  refused_strangers strangers_;
  std::map<std::vector<domain::site_id>, std::shared_ptr<const server::router>> routes_;
};

} // namespace busbar::adapters::http::api
