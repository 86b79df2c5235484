#pragma once
// Limits, orders about them, and what is done where they are not kept.

#include "domain/event.hpp"
#include "domain/events/moment.hpp"
#include "domain/operator_order.hpp"
#include "domain/violation.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace busbar::domain::events {

/// At the violation's severity.
[[nodiscard]] event violation_raised(const moment& now, const violation& of);
[[nodiscard]] event violation_cleared(const moment& now, const violation& of);

/// What an order sets at a node, and what follows from it.
struct node_limit_words {
  node_id node;
  const node_constraint& set;
  /// What the connectors below keep, where that is guaranteed.
  std::optional<watts> guaranteed;
  /// What flows where the engine stops meanwhile, if that is more than the order allows.
  std::optional<fallback_load> if_engine_stops;
};
/// A warning where the order is not kept once the engine stops.
[[nodiscard]] event limit_set(const moment& now, const node_limit_words& words, const cause& by);
[[nodiscard]] event limit_set(const moment& now, const connector_id& connector, const limit& set,
                              const cause& by);
[[nodiscard]] event limit_lifted(const moment& now, const node_id& node, limit_source source,
                                 const cause& by);
[[nodiscard]] event limit_lifted(const moment& now, const connector_id& connector,
                                 const cause& by);
/// `most` is what the connector gives back at most.
[[nodiscard]] event export_ordered(const moment& now, const connector_id& connector, watts most,
                                   const cause& by);
[[nodiscard]] event export_ended(const moment& now, const connector_id& connector);
[[nodiscard]] event load_shedding_configured(const moment& now, const configure_shedding& set,
                                             const cause& by);

/// A load that no plan explains.
struct unexplained_words {
  node_id node;
  permille load{};
  permille unexplained{};
};
struct shedding_words {
  int before = 0;
  int now = 0;
  bool is_forced = false;
  std::optional<unexplained_words> load;
  std::size_t connectors_shed = 0;
  milliamperes shed{};
};
[[nodiscard]] event load_shedding(const moment& now, const shedding_words& words);

[[nodiscard]] event input_lost(const moment& now, std::int64_t cycles);
[[nodiscard]] event input_back(const moment& now);

} // namespace busbar::domain::events
