#pragma once
// Phase imbalance: no line above the least loaded one by more than is allowed. What loads all three
// lines alike changes no difference and is not held by it; of the rest, each line has a bound of
// its own in the split (`distribution/network.hpp`). Steered beside the instant limits: what the
// others draw now keeps the lines together, the next plan starts from what was measured.

#include "control/image.hpp"
#include "control/limits/node_limits.hpp"
#include "domain/reason.hpp"
#include "domain/site.hpp"
#include "domain/units.hpp"

#include <span>

namespace busbar::control::limits {

using domain::imbalance_rule;

/// The largest difference between two lines that every stated part of `rule` allows; absent: none.
/// A part of the mean never asks for less than `difference_min`: an empty site may begin somewhere.
[[nodiscard]] std::optional<domain::milliamperes>
difference_max(const imbalance_rule& rule, const domain::per_line<domain::milliamperes>& measured,
               domain::millivolts nominal,
               domain::milliamperes difference_min = domain::milliamperes{6'000});

/// By line: what connectors that do not load all three lines alike may carry there. `flow` is
/// everything that flows through the node, managed or not (absent: unknown, the rest is taken as
/// balanced), `drawn` what those connectors draw of it. Whatever they draw up to that, the line is
/// at most the allowed difference above the least loaded of the others. Not below zero.
[[nodiscard]] std::optional<domain::per_line<domain::milliamperes>>
unbalanced_max(const imbalance_rule& rule,
               const std::optional<domain::per_line<domain::milliamperes>>& flow,
               const domain::per_line<domain::milliamperes>& drawn, domain::millivolts nominal);

/// By node: what connectors that do not load all three lines alike draw on each line. Nodes above a
/// transformer get it by the voltages, rounded down. Rows in the topology's order.
void add_unbalanced_draws(const domain::site& site, const image& image,
                          std::span<domain::per_line<domain::milliamperes>> drawn);

/// Takes `image.unbalanced_max` over as a bound.
void bound_balance(node_limits& limits, const node_image& image);

/// The line that a bound is about: of a balance the line itself.
[[nodiscard]] domain::binding_line line_of(domain::binding_line bound);

} // namespace busbar::control::limits
