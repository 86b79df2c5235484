#include "control/limits/peak_demand.hpp"

#include <algorithm>
#include <numeric>

namespace busbar::control::limits {

std::int64_t peak_window::slot_of(domain::instant at) {
  return std::chrono::floor<domain::seconds>(at).time_since_epoch().count() / slot_seconds;
}

void peak_window::advance_to(std::int64_t slot, std::int64_t filling) {
  if (slot < newest_) {
    // The clock was set back: the window goes back with it, what it holds stays.
    const auto back = static_cast<std::size_t>(newest_ - slot) % slots;
    std::rotate(watt_seconds_.begin(),
                watt_seconds_.begin() + static_cast<std::ptrdiff_t>(back), watt_seconds_.end());
    newest_ = slot;
  }
  const std::int64_t oldest_kept = slot - static_cast<std::int64_t>(slots) + 1;
  for (auto next = std::max(newest_ + 1, oldest_kept); next <= slot; ++next)
    watt_seconds_[static_cast<std::size_t>(next) % slots] = next < slot ? filling : 0;
  newest_ = std::max(newest_, slot);
}

void peak_window::add(domain::watts power, domain::instant now, domain::seconds elapsed) {
  const std::int64_t watts = std::max<std::int64_t>(0, power.count());
  const bool is_first = newest_ == 0;
  // Slots that went by unheard are filled with what is heard now; before the first, with nothing.
  advance_to(slot_of(now), is_first ? 0 : watts * slot_seconds);
  const std::int64_t seconds = std::clamp<std::int64_t>(elapsed.count(), 0, slot_seconds);
  auto& slot = watt_seconds_[static_cast<std::size_t>(newest_) % slots];
  slot += watts * seconds;
}

void peak_window::assume(domain::watts power, domain::instant now) {
  newest_ = slot_of(now);
  watt_seconds_.fill(power.count() * slot_seconds);
  watt_seconds_[static_cast<std::size_t>(newest_) % slots] = 0;
}

std::int64_t peak_window::energy(domain::instant now) const {
  peak_window then = *this;
  then.advance_to(slot_of(now), 0);
  return std::accumulate(then.watt_seconds_.begin(), then.watt_seconds_.end(), std::int64_t{0});
}

domain::limit peak_window::limit(domain::watts threshold, domain::instant now) const {
  constexpr std::int64_t window_seconds = slot_seconds * static_cast<std::int64_t>(slots);
  const std::int64_t left = threshold.count() * window_seconds - energy(now);
  // Until the end of this slot and all of the next: the next plan comes before that.
  const auto into = std::chrono::floor<domain::seconds>(now).time_since_epoch().count() %
                    slot_seconds;
  const std::int64_t ahead = 2 * slot_seconds - into;
  return {domain::limit_source::peak_demand, std::nullopt,
          domain::watts{std::clamp<std::int64_t>(left / ahead, 0, threshold.count())}};
}

} // namespace busbar::control::limits
