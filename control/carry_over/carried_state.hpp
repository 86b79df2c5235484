#pragma once
// A site's state in another tree: everything goes on by id, and what has no place there any more is
// named. What it may still draw where it was counts there until it has fallen back (LIM-9).

#include "control/carry_over/place_match.hpp"
#include "domain/ids.hpp"
#include "domain/session.hpp"
#include "domain/site.hpp"
#include "domain/site_state.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <optional>
#include <string>
#include <vector>

namespace busbar::control::carry_over {

/// A connector that is rewired or gone.
struct left_connector {
  /// Its place before.
  domain::connector_index before;
  bool is_gone = false;
  /// For people.
  std::string why;
  /// What it may draw: the largest of told, acknowledged and its fallback.
  domain::milliamperes may_draw{};
  /// Where that counts beside its own place.
  std::vector<domain::node_index> at;
  /// Silence after which it falls back by itself.
  domain::seconds falls_back_after{};
  /// Of what is gone: its session, in places before.
  std::optional<domain::session_state> session;
};

/// Something else that ends with the tree before: what it is about, and what happens to it.
struct lost_order {
  std::string subject;
  std::string text;
};

struct carried_state {
  /// In the places of now; `left_behind` and `left_until` count what `left` may draw.
  domain::site_state state;
  std::vector<left_connector> left;
  std::vector<lost_order> lost;
  place_match places;
};

/// Added to the silence after which a station falls back.
inline constexpr domain::seconds left_grace{5};

/// Whether `state` names only places that `outline` has.
[[nodiscard]] bool is_of(const domain::site_state& state, const site_outline& outline);

/// The state as of `at`. Where a connector counts itself nothing is reserved for it beside that. A
/// load on a node that it did not hang on directly counts on all lines, with its current there or
/// as much more as a transformer between makes of it that steps up.
/// REQUIRES: is_of(state, before).
[[nodiscard]] carried_state carry(const domain::site_state& state, const site_outline& before,
                                  const domain::site& now, domain::instant at);

/// The last fact of the session of `left`, with its bill as far as the state knows it. REQUIRES: a
/// session.
[[nodiscard]] domain::session_fact last_fact_of(const left_connector& left,
                                                const site_outline& before,
                                                const domain::site_id& site, domain::instant at);

} // namespace busbar::control::carry_over
