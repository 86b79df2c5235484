#include "control/metering/released_draw.hpp"

#include <algorithm>

namespace busbar::control::metering {

namespace {

/// Readings that a change of state brings come between the beats: a beat is not shorter than this.
constexpr domain::microseconds beat_min = std::chrono::seconds{1};
/// Samples are taken and sent a little off the beat.
constexpr domain::microseconds jitter = std::chrono::milliseconds{300};

bool is_late_by(domain::microseconds apart, domain::microseconds beat) {
  return apart > std::max(beat, beat_min) * 3 / 2 + jitter;
}

} // namespace

release release_of_stale(const domain::reading& last, domain::instant heard_at,
                         domain::seconds stale_after) {
  // At that age it is still taken off; just beyond it is stale.
  return {heard_at + stale_after + domain::microseconds{1}, last.current_ma};
}

void released_draw::release_more(const release& more, domain::seconds stale_after) {
  if (std::ranges::all_of(more.current_ma, [](auto ma) { return ma <= 0; })) return;
  // Of two silences soon after each other neither is forgotten.
  if (more.at - newest_.at > stale_after) newest_.current_ma = {};
  newest_.at = more.at;
  for (std::size_t i = 0; i < more.current_ma.size(); ++i)
    newest_.current_ma[i] = std::max(newest_.current_ma[i], more.current_ma[i]);
}

void released_draw::take(const domain::reading& before, domain::instant heard_at,
                         domain::instant next, domain::seconds stale_after) {
  const auto apart = next - before.measured_at;
  if (!is_late_by(apart, beat_)) {
    // A station that speeds up is held to its new beat soon.
    beat_ = std::max(apart, beat_ / 2);
    return;
  }
  auto made = release_of_stale(before, heard_at, stale_after);
  made.at = std::min(made.at, next);
  release_more(made, stale_after);
  // Slower from now on, or silent this once: only a few such gaps make a new beat.
  beat_ = std::min(apart, std::max(beat_, beat_min) * 2);
}

bool released_draw::is_overdue(domain::instant measured_at, domain::instant now) const {
  return is_late_by(now - measured_at, beat_);
}

} // namespace busbar::control::metering
