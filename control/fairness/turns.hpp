#pragma once
// FAIR-2: a connector gets 0 or at least its minimum. When the minima do not all fit, connectors
// take turns, and every minimum that fits beside the chosen ones is used, unless the policy lets
// somebody wait (`ask::may_wait`).
//
// Order of admission: held turns; overdue connectors, longest wait first; then turn rank of the
// policy, priority, deficit, who is on already, the site's order. While an overdue connector that
// would fit alone has no turn, no new turn is held longer than the turns that are held already: so
// the first overdue connector waits at most on_min, and nobody longer than patience + n * on_min,
// n the number of connectors of the site that want energy.
//
// Under a policy that lets wait, the overdue come from the head of their line, longest wait first,
// only as many at once as empty the line within `line_time` (at least one): whoever turns away a
// later one has waited longer, and goes to the end of the line once served, so the bound stands.

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
  /// Under a policy that lets wait: how long the overdue may take to have had a turn each.
  domain::seconds line_time{7200};
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

/// What turns are decided from. Rows stand in the topology's order.
struct turn_input {
  const control::image& image;
  /// Currents that nobody decides about (unreachable connectors' reserves; zero for all others).
  std::span<const domain::milliamperes> fixed;
  std::span<const distribution::node_bounds> bounds;
  /// Of the policy (`policy_entry::lets_wait`).
  domain::seconds lets_wait{};
};

/// Owned by one planner; keeps its working memory. Once a plan, in this order: `call_due`, the
/// policy, `decide`, the shares, `use_spare_room`, `remember`.
class turn_keeper {
public:
  explicit turn_keeper(const turn_settings& settings) : settings_(settings) {}

  /// Sets `ask::is_due`.
  void call_due(const turn_input& input, std::span<ask> asks, distribution::splitter& splitter,
                const plan_state& memory);

  /// One row per connector; holds until the next call. Updates `held_until` in `memory`.
  std::span<const turn_row> decide(const turn_input& input, std::span<const ask> asks,
                                   distribution::splitter& splitter, plan_state& memory);

  /// Admits who was let wait where the minimum fits beside all `targets` after all: nothing is
  /// left unused. True where that admitted anybody: the shares are to be made again.
  [[nodiscard]] bool use_spare_room(const turn_input& input, std::span<const ask> asks,
                                    std::span<const domain::milliamperes> targets,
                                    distribution::splitter& splitter, plan_state& memory);

  void remember(std::span<const ask> asks, plan_state& memory, domain::instant now) const;

private:
  struct candidate {
    std::uint32_t connector = 0;
    /// 0 held, 1 overdue, 2 others.
    std::uint8_t grade = 2;
    domain::instant due{};
    bool is_on = false;
  };
  struct overdue {
    std::uint32_t connector = 0;
    domain::instant due{};
  };

  /// When it has waited for its patience.
  [[nodiscard]] domain::instant due_at(const turn_input& input, std::size_t connector,
                                       const connector_memory& past) const;

  void find_overdue(const turn_input& input, std::span<const ask> asks,
                    distribution::splitter& splitter, const plan_state& memory);
  [[nodiscard]] std::size_t called_at_once(const turn_input& input, const plan_state& memory) const;
  bool admit_all(const turn_input& input, std::span<const ask> asks,
                 distribution::splitter& splitter, const plan_state& memory);
  void line_up(const turn_input& input, std::span<const ask> asks, const plan_state& memory);
  void admit_in_order(std::span<const ask> asks, distribution::splitter& splitter,
                      plan_state& memory, domain::instant now);
  void explain_refusals(const turn_input& input, std::span<const ask> asks,
                        distribution::splitter& splitter);
  [[nodiscard]] bool is_resting(const connector_memory& memory, domain::instant now) const;

  turn_settings settings_;
  std::vector<turn_row> rows_;
  std::vector<candidate> queue_;
  /// The overdue, longest wait first.
  std::vector<overdue> line_;
  /// Somebody in the line is not called yet.
  bool is_line_waiting_ = false;
  domain::instant new_turns_until_{};
  std::vector<domain::milliamperes> floors_;
};

} // namespace busbar::control::fairness
