#pragma once
// Where the places of an earlier tree of a site are now: by id.

#include "control/carry_over/site_outline.hpp"
#include "domain/site.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace busbar::control::carry_over {

enum class place_fate : std::uint8_t {
  unspecified = 0,
  /// Same ids (station and connector), same lines, same nodes up to the service.
  same,
  /// Same ids, but it hangs elsewhere or lies on other lines: it goes on, and what it may draw
  /// counts where it was too until it has fallen back.
  rewired,
  /// The site has it no longer, or another kind of connector under its ids.
  gone,
};

struct connector_match {
  place_fate fate = place_fate::unspecified;
  /// Its place now. Where `gone`: not set.
  domain::connector_index now;
  /// For people, of what is rewired or gone: "hangs on f-b, not on f-a".
  std::string why;
  /// Where what it may still draw counts beside its own place (`nodes_left`).
  std::vector<domain::node_index> left_at;
};

/// By the places of the earlier tree.
struct place_match {
  std::vector<connector_match> connectors;
  /// Set where none of the station's connectors is gone and they stand in the same order.
  std::vector<std::optional<domain::station_index>> stations;
  /// Set where a node of that id stands now; the service is the service under any id.
  std::vector<std::optional<domain::node_index>> nodes;
};

/// REQUIRES: both have a service.
[[nodiscard]] place_match match(const site_outline& before, const domain::site& now);

/// Where what hung on `then` may still draw, each for itself and what is above it: those of the
/// nodes that it hung on that still stand and that neither its own place `own` nor the ones before
/// in the list hang on. `own`: absent where it does not count anywhere else.
[[nodiscard]] std::vector<domain::node_index>
nodes_left(const site_outline& before, const domain::site& now,
           const std::vector<std::optional<domain::node_index>>& places, domain::node_index then,
           std::optional<domain::node_index> own);

/// Whether `node` is `place` or above it.
[[nodiscard]] bool is_at_or_above(const domain::site& site, domain::node_index node,
                                  domain::node_index place);

/// The nearest place at or above `node` that still stands.
[[nodiscard]] domain::node_index standing(domain::node_index node, const site_outline& before,
                                          const place_match& places);

} // namespace busbar::control::carry_over
