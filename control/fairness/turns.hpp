#pragma once
// FAIR-2: a connector gets 0 or at least its minimum. When the minima do not all fit, connectors
// take turns, and every minimum that fits beside the chosen ones is used.
//
//
// Order of admission: held turns; overdue connectors, longest wait first; then turn rank of the
// policy, priority, deficit, who is on already, the site's order. While an overdue connector that
// would fit alone is refused, no new turn is held longer than the turns that are held already: so
// the first overdue connector waits at most on_min, and nobody longer than patience + n * on_min,
// n the number of connectors of the site that want energy.

#include "control/distribution/split.hpp"
#include "control/fairness/policy.hpp"

#include <optional>
#include <span>
#include <vector>

namespace busbar::control::fairness {

struct turn_settings {
  /// A turn lasts at least this long, unless a limit falls.
  domain::seconds on_min{300};
  /// A connector whose turn ended waits at least this long.
  domain::seconds off_min{60};
  /// Who has waited this long goes before everybody, whatever their priority.
  domain::seconds patience{1800};
};

enum class turn : std::uint8_t {
  /// asks for nothing
  none = 0,
  admitted,
  /// others have the room, or it was off for less than off_min
  waiting,
  /// does not fit even alone beside what nobody can turn off: `refused_by`
  no_room,
};

struct turn_row {
  turn verdict = turn::none;
  distribution::excess refused_by;
};

/// Owned by one planner; keeps its working memory.
class turn_keeper {
public:
  explicit turn_keeper(const turn_settings& settings) : settings_(settings) {}

  /// One row per connector. `fixed` are the currents that nobody decides about (unreachable
  /// connectors' reserves; zero for all others). Updates the turns in `memory`.
  std::span<const turn_row> decide(std::span<const ask> asks, const image& image,
                                   std::span<const domain::milliamperes> fixed,
                                   std::span<const distribution::node_bounds> bounds,
                                   distribution::splitter& splitter, plan_state& memory);

private:
  struct candidate {
    std::uint32_t connector = 0;
    /// 0 held, 1 overdue, 2 others.
    std::uint8_t grade = 2;
    domain::instant waiting_since{};
    bool is_on = false;
  };

  bool admit_all(std::span<const ask> asks, std::span<const domain::milliamperes> fixed,
                 std::span<const distribution::node_bounds> bounds,
                 distribution::splitter& splitter, const plan_state& memory, domain::instant now);
  void line_up(std::span<const ask> asks, const image& image, const plan_state& memory,
               distribution::splitter& splitter);
  void admit_in_order(std::span<const ask> asks, distribution::splitter& splitter,
                      plan_state& memory, domain::instant now);
  void explain_refusals(std::span<const ask> asks, std::span<const domain::milliamperes> fixed,
                        std::span<const distribution::node_bounds> bounds,
                        distribution::splitter& splitter);
  void remember(std::span<const ask> asks, plan_state& memory, domain::instant now) const;
  [[nodiscard]] bool is_resting(const connector_memory& memory, domain::instant now) const;

  turn_settings settings_;
  std::vector<turn_row> rows_;
  std::vector<candidate> queue_;
  std::vector<domain::milliamperes> floors_;
};

} // namespace busbar::control::fairness
