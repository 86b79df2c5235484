#pragma once
// What would lift the limit that holds a connector down: how much more room on that bound, whose
// leaving would make it, and how much of it others have reserved without drawing it.
//
// Room is said on the bound that the reason names, everything else as it is:
//   - a share: the level of all that that bound holds rises until this one has all that it
//     asks for, the minima of those that wait and ranks before it first, of those that only rest or
//     change their lines, too;
//   - a turn: its minimum fits beside the minima of those that have a turn, or stand before it in
//     the line of the same bound;
//   - no room: the same, with those that do not fit alone either and stand before it.
// Bounds that would hold it then, on its way to the service and on lines that it loads, are said
// beside it (`relief::also`), those that they hold rising in the same way. What is said is enough
// all together. Where several bounds hold connectors, each that another bound holds counts with a
// step more than it has: it may take what rounding leaves. The exact split itself, run on what is
// said, shows what else lacks (relief_trial.hpp); a view pays for a bounded number of trials.
// More than enough it may be there: those that a lifted bound holds count as rising as far as they
// ask, also where another bound holds them first. One bound alone is said to the step.

#include "control/distribution/split.hpp"
#include "control/fairness/policy.hpp"
#include "control/fairness/relief_trial.hpp"
#include "control/fairness/turns.hpp"
#include "control/limits/node_limits.hpp"
#include "domain/relief.hpp"

#include <optional>
#include <span>
#include <vector>

namespace busbar::control::fairness {

/// What is decided. Rows stand in the topology's order.
struct relief_input {
  const domain::site& site;
  std::span<const limits::node_limits> limits;
  std::span<const ask> asks;
  std::span<const turn_row> turns;
  /// What holds each down.
  std::span<const std::optional<distribution::excess>> held_by;
  /// What each counts with: its target, or what is reserved where the plan cannot change it.
  std::span<const domain::milliamperes> counted;
  const std::vector<bool>& is_fixed;
  /// Power at one ampere on each of the connector's lines, in mW.
  std::span<const std::int64_t> milliwatts_per_ampere;
  /// What each has reserved and does not draw.
  std::span<const domain::milliamperes> unused;
  /// What each draws above its grant; its target comes on top.
  std::span<const domain::milliamperes> excesses;
  /// How the targets were split.
  trial_input split;
};

/// Of what a station has acknowledged and what is drawn of it; what lies within the tolerance of
/// one that obeys (0.5 A and 2 %) is used.
[[nodiscard]] domain::milliamperes unused_of(domain::milliamperes acknowledged,
                                             domain::milliamperes drawn);

/// Owned by one planner; keeps its working memory.
class relief_finder {
public:
  /// One row per connector; holds until the next call.
  std::span<const domain::relief> find(const relief_input& input,
                                       distribution::splitter& splitter);

private:
  /// Held by one of `lifted_`.
  [[nodiscard]] bool is_lifted(const relief_input& input, std::size_t connector) const;
  [[nodiscard]] bool will_come_in(const relief_input& input, std::size_t connector) const;
  void imagine_share(const relief_input& input, std::size_t connector);
  void imagine_turn(const relief_input& input, std::size_t connector);
  void imagine(const relief_input& input, std::size_t connector, distribution::splitter& splitter);
  /// Takes there what rounding leaves: it may have a step more than now.
  [[nodiscard]] bool is_held_elsewhere(const relief_input& input, std::size_t connector) const;
  [[nodiscard]] bool needs_trial(const relief_input& input, distribution::splitter& splitter) const;
  /// Makes what is imagined enough.
  void try_out(const relief_input& input, std::size_t connector, distribution::splitter& splitter);
  [[nodiscard]] std::span<const share> split_lifted(const relief_input& input,
                                                    distribution::splitter& splitter);
  /// Up to what each got in a trial. True where that changes anything.
  bool follow_trial(const relief_input& input, std::size_t connector,
                    std::span<const share> got);
  void imagine_more(const relief_input& input, std::size_t connector);
  void round_up(const relief_input& input);
  [[nodiscard]] bool leaves_enough(const relief_input& input, std::size_t connector,
                                   std::size_t leaving, distribution::splitter& splitter);
  /// True where that found bounds that were not among `lifted_`.
  [[nodiscard]] bool lift_more(const relief_input& input, std::size_t connector,
                               distribution::splitter& splitter);
  [[nodiscard]] bool is_enough(const relief_input& input,
                               const std::vector<distribution::node_load>& loads) const;
  void find_room(const relief_input& input, std::size_t connector,
                 distribution::splitter& splitter);
  /// Others that its leaving would raise are all held by what is lifted: they are imagined.
  [[nodiscard]] bool frees_no_other(const relief_input& input, std::size_t leaving) const;
  [[nodiscard]] std::optional<domain::connector_index>
  find_leaving(const relief_input& input, std::size_t connector, std::int64_t more,
               distribution::splitter& splitter);
  void find_unused(const relief_input& input, distribution::splitter& splitter);

  std::vector<domain::relief> reliefs_;
  /// The currents with which the connector in question is held no more.
  std::vector<domain::milliamperes> imagined_;
  std::vector<std::uint32_t> candidates_;
  /// The bounds that hold it, one after another, and those that may be among them.
  std::vector<distribution::excess> lifted_;
  std::vector<distribution::excess> found_;
  std::vector<domain::milliamperes> alone_;
  relief_trial trial_;
  std::vector<domain::milliamperes> before_;
  /// What is imagined now was tried: so was the one that leaves.
  bool is_tried_ = false;
};

} // namespace busbar::control::fairness
