#pragma once
// What of a conversation by numbers the planner is given, beside what is told and acknowledged.

#include "control/image.hpp"

#include <algorithm>

namespace busbar::tests {

class told_watch {
public:
  [[nodiscard]] domain::instant told_at() const { return told_at_; }
  domain::milliamperes tell(domain::milliamperes before, domain::milliamperes next,
                            domain::instant now) {
    if (next != before) changed_at_ = now;
    if (next < before) lowered_at_ = now;
    told_at_ = now;
    return next;
  }
  /// `talk`: told, heard_at, and what is asked and not answered.
  template <class Talk>
  void fill(control::connector_image& seen, const Talk& talk, domain::instant now) {
    seen.told = talk.told;
    seen.unanswered = {};
    for (const auto& asked : talk.asked) seen.unanswered = std::max(seen.unanswered, asked.current);
    const bool is_owed = lowered_at_ != domain::instant{} &&
                         std::max(seen.acknowledged, seen.unanswered) > seen.told;
    seen.may_rise = !is_owed || now - lowered_at_ >= domain::seconds{30};
    seen.owes_answer = is_owed && now - lowered_at_ >= domain::seconds{3};
    seen.is_read_before_told = talk.heard_at < changed_at_;
    const auto allowed = std::max(seen.told, seen.acknowledged);
    seen.excess = {};
    if (seen.drawn <= allowed) exceeds_since_.reset();
    else if (!exceeds_since_) exceeds_since_ = now;
    seen.overdraws_since = exceeds_since_;
    if (exceeds_since_ && now - *exceeds_since_ >= domain::seconds{7})
      seen.excess = seen.drawn - allowed;
  }

private:
  domain::instant told_at_{};
  domain::instant lowered_at_{};
  domain::instant changed_at_{};
  domain::maybe<domain::instant> exceeds_since_;
};

} // namespace busbar::tests
