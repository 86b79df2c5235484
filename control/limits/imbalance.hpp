#pragma once
// Phase imbalance: no line above the least loaded one by more than is allowed. Steered beside the
// instant limits: the next plan starts from the balance that was measured.

#include "control/image.hpp"
#include "domain/decision.hpp"
#include "domain/site.hpp"

#include <span>

namespace busbar::control::limits {

using domain::imbalance_rule;

/// The largest difference between two lines that every stated part of `rule` allows; absent: none.
/// A part of the mean never asks for less than `difference_min`: an empty site may begin somewhere.
[[nodiscard]] std::optional<domain::milliamperes>
difference_max(const imbalance_rule& rule, const domain::per_line<domain::milliamperes>& measured,
               domain::millivolts nominal,
               domain::milliamperes difference_min = domain::milliamperes{6'000});

/// Each line may carry what the least loaded one does and the allowed difference. `measured` is
/// everything that flows through the node, managed or not.
[[nodiscard]] std::optional<domain::limit>
imbalance_limit(const imbalance_rule& rule, const domain::per_line<domain::milliamperes>& measured,
                domain::millivolts nominal);

/// By node: what its three-phase wye connectors are reserved above what they draw, summed. Nodes
/// above a transformer get it by the voltages, rounded down. Rows in the topology's order.
void add_balanced_slack(const domain::site& site, const image& image,
                        std::span<const domain::decided_grant> grants,
                        std::span<domain::milliamperes> slack);

} // namespace busbar::control::limits
