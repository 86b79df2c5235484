#pragma once
// FAIR-2: a connector gets 0 or at least its minimum. When the minima do not all fit, connectors
// take turns, and every minimum that fits beside the chosen ones is used, unless the policy lets
// a connector wait (`ask::may_wait`) or it sleeps (`ask::is_asleep`).
//
// A turn begins when it is told. Until then a connector that is chosen waits on: it loses nothing
// while others owe the answer to a decrease, however long that takes. Turns are decided as if
// those answers had come; `hold_to` says what fits beside what may still be drawn.
//
// Order of admission: held turns; overdue connectors, longest wait first; then turn rank of the
// policy, priority, deficit, those on already, the site's order. While an overdue connector that
// would fit alone has no turn, no new turn is held longer than the turns that are held already: so
// the first overdue connector waits at most on_min, and none longer than patience + n * on_min,
// n the number of connectors of the site that want energy.
//
// Under a policy that lets wait, the overdue come from the head of their line, longest wait first,
// only as many at once as empty the line within `line_time` (at least one): one that turns away a
// later one has waited longer, and goes to the end of the line once served, so the bound stands.

#include "control/distribution/split.hpp"
#include "control/fairness/policy.hpp"
#include "domain/decision.hpp"
#include "domain/time.hpp"
#include "domain/turn_settings.hpp"
#include "domain/units.hpp"

#include <optional>
#include <span>
#include <vector>

namespace busbar::control::fairness {

using domain::turn_settings;

enum class turn : std::uint8_t {
  /// asks for nothing
  none = 0,
  admitted,
  /// others have the room, or it was off for less than off_min
  waiting,
  /// does not fit even alone beside what cannot be turned off: `refused_by`
  no_room,
};

struct turn_row {
  turn verdict = turn::none;
  distribution::excess refused_by;
  /// Place in the line: 1 and up where turns are needed, 0 where all minima fit.
  std::uint32_t place = 0;
  /// turn::waiting: a limit makes turns needed, `refused_by`.
  bool is_refused = false;
  /// turn::waiting: its place among those that wait, and when its turn begins at the latest.
  std::uint32_t place_in_line = 0;
  domain::instant turn_by{};
  /// turn::waiting, turn::no_room: it was off for less than off_min, which ends then.
  domain::maybe<domain::instant> rests_until;
  /// turn::waiting: its station changes its lines, until then at the latest.
  domain::maybe<domain::instant> switches_until;
};

/// What turns are decided from. Rows stand in the topology's order.
struct turn_input {
  const control::image& image;
  /// Fixed loads: currents that this plan cannot change (unreachable connectors' reserves); zero
  /// for all others.
  std::span<const domain::milliamperes> fixed;
  std::span<const distribution::node_bounds> bounds;
  /// Of the policy (`policy_entry::lets_wait`).
  domain::seconds lets_wait{};
};

/// Owned by one planner; keeps its working memory. Once a plan, in this order: `call_due`, the
/// policy, `decide`, the shares, `use_spare_room`, `hold_to` where an answer is outstanding,
/// `remember`.
class turn_keeper {
public:
  explicit turn_keeper(const turn_settings& settings) : settings_(settings) {}

  /// Sets `ask::is_due`.
  void call_due(const turn_input& input, std::span<ask> asks, distribution::splitter& splitter,
                const plan_state& memory);

  /// One row per connector; holds until the next call. Updates `held_until` in `memory`.
  std::span<const turn_row> decide(const turn_input& input, std::span<const ask> asks,
                                   distribution::splitter& splitter, plan_state& memory);

  /// Admits those let wait, or asleep, where the minimum fits beside all `targets` after all:
  /// nothing is left unused. True where that admitted any: the shares are to be made again.
  [[nodiscard]] bool use_spare_room(const turn_input& input, std::span<const ask> asks,
                                    std::span<const domain::milliamperes> targets,
                                    distribution::splitter& splitter, plan_state& memory);

  /// The rows of `decide` as they can be held while `reserved` counts for those that owe an answer
  /// (`late`; theirs is turn::none): a turn that is told comes before one that is only chosen. A
  /// row that does not fit says what refuses it. Holds until the next call.
  std::span<const turn_row> hold_to(const turn_input& input, std::span<const ask> asks,
                                    std::span<const domain::milliamperes> reserved,
                                    std::span<const std::uint32_t> late,
                                    distribution::splitter& splitter);

  /// What was granted in the end begins and ends turns.
  void remember(const turn_input& input, std::span<const ask> asks,
                std::span<const domain::decided_grant> grants, plan_state& memory) const;

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
  /// Admits it, or notes in its row what stands against that.
  [[nodiscard]] bool is_refused(std::uint32_t connector, const ask& ask,
                                distribution::splitter& splitter);
  void line_up_the_rest(const turn_input& input, std::span<const ask> asks,
                        distribution::splitter& splitter, const plan_state& memory);
  void explain_refusals(const turn_input& input, std::span<const ask> asks,
                        distribution::splitter& splitter);
  void promise(const turn_input& input, std::span<const ask> asks, const plan_state& memory);
  [[nodiscard]] bool is_resting(const connector_memory& memory, domain::instant now) const;
  void note_away(const connector_image& connector, bool is_on, domain::instant now,
                 connector_memory& past) const;
  void note_turn(const ask& ask, bool is_on, domain::instant now, connector_memory& past) const;

  turn_settings settings_;
  std::vector<turn_row> rows_;
  std::vector<turn_row> held_rows_;
  std::vector<std::uint32_t> order_;
  std::uint32_t line_length_ = 0;
  std::vector<candidate> queue_;
  /// The overdue, longest wait first.
  std::vector<overdue> line_;
  /// A connector in the line is not called yet.
  bool is_line_waiting_ = false;
  domain::instant new_turns_until_{};
  std::vector<domain::milliamperes> floors_;
};

} // namespace busbar::control::fairness
