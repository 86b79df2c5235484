#pragma once
// What a site's grant ledger gives the planner of one connector, worked out from what a test's
// world knows: the commands that are still on their way.

#include "control/image.hpp"

#include <algorithm>

namespace busbar::control::tests {

class told_watch {
public:
  /// The station is commanded `next`; `row.told` is what it was told before.
  void tell(connector_image& row, domain::milliamperes next, domain::instant now) {
    if (next < row.told) lowered_at_ = now;
    row.told = next;
  }
  /// `unanswered`: the highest current of a command whose answer has not come.
  void fill(connector_image& row, domain::milliamperes unanswered, domain::instant now) {
    row.unanswered = unanswered;
    const auto allowed = std::max({row.told, row.acknowledged, unanswered});
    const bool is_owed = lowered_at_ != domain::instant{} && allowed > row.told;
    row.may_rise = !is_owed || now - lowered_at_ >= domain::seconds{30};
    row.owes_answer = is_owed && now - lowered_at_ >= domain::seconds{3};
    row.excess = {};
    if (row.drawn <= allowed) exceeds_since_.reset();
    else if (!exceeds_since_) exceeds_since_ = now;
    row.overdraws_since = exceeds_since_;
    if (exceeds_since_ && now - *exceeds_since_ >= domain::seconds{7})
      row.excess = row.drawn - allowed;
  }

private:
  domain::instant lowered_at_{};
  domain::maybe<domain::instant> exceeds_since_;
};

} // namespace busbar::control::tests
