#pragma once
// Which sites a request is about.

#include "adapters/http/server/message.hpp"
#include "ports/engine_node.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::http::api {

using shared_view = std::shared_ptr<const domain::site_view>;

struct site_scope {
  /// Whole ones, in the order of the engine's sites.
  std::vector<shared_view> views;
  /// Set where the one site that was named cannot be shown.
  std::optional<server::response> refusal;
};

/// All sites, or the one that is named.
[[nodiscard]] site_scope scope_of(const ports::engine_node& engine,
                                  const std::optional<std::string>& site, const std::string& path);

/// One site: the one that is named, or the engine's only one. 409 where it has several and none is
/// named. REQUIRES of the answer: a refusal, or exactly one view.
[[nodiscard]] site_scope one_site(const ports::engine_node& engine,
                                  const std::optional<std::string>& site, const std::string& path);

/// The place of a station among those of `site`, which is shown by a view.
[[nodiscard]] std::optional<std::size_t> place_of(const ports::engine_node& engine,
                                                  const domain::site& site,
                                                  const domain::station_id& station);

struct station_scope {
  shared_view view;
  /// Its place in the topology's stations.
  std::size_t place = 0;
  /// Set where there is none of that name (404), or several sites have one (409).
  std::optional<server::response> refusal;
};

/// The station `name`, of the site that is named or of the only one that has it.
[[nodiscard]] station_scope station_named(const ports::engine_node& engine,
                                          const std::optional<std::string>& site,
                                          const std::string& name, const std::string& path);

struct session_scope {
  shared_view view;
  /// One of the view's. Null only with a refusal.
  const domain::session_view* session = nullptr;
  /// Set where there is none of that name (404), it has ended (409), or several sites have one
  /// (409).
  std::optional<server::response> refusal;
};

/// How far back ended and denied sessions are shown.
inline constexpr std::size_t past_sessions_max = 5'000;

/// The session of that name that has ended, as far as it is remembered.
[[nodiscard]] std::optional<domain::session_fact>
ended_session(const ports::engine_node& engine, const std::optional<std::string>& site,
              const std::string& name);

/// 409 with when it ended and why; 404 with the nearest known one where nothing is known of it.
[[nodiscard]] server::response no_open_session(const ports::engine_node& engine,
                                               const std::optional<std::string>& site,
                                               const std::string& name, const std::string& path);

/// The open session `name`, of the site that is named or of the only one that has it.
[[nodiscard]] session_scope session_named(const ports::engine_node& engine,
                                          const std::optional<std::string>& site,
                                          const std::string& name, const std::string& path);

/// Why there is no snapshot of `site`: 404 where it is unknown, 503 before its first tick.
[[nodiscard]] server::response missing_site(const ports::engine_node& engine,
                                            const domain::site_id& site, const std::string& path);

} // namespace busbar::adapters::http::api
