#include "control/metering/unmanaged_load.hpp"

#include <algorithm>

namespace busbar::control::metering {

void unmanaged_load::take(const domain::meter_reading& sample, domain::instant received_at) {
  if (newest_ && sample.measured_at <= newest_->measured_at) return;
  apart_ = newest_ ? sample.measured_at - newest_->measured_at : domain::microseconds{};
  newest_ = sample;
  heard_at_ = std::min(sample.measured_at, received_at);
}

bool unmanaged_load::is_stale(domain::instant now, domain::seconds stale_after) const {
  return !newest_ || now - heard_at_ > stale_after;
}

void unmanaged_load::remember(const managed_load& managed) {
  auto& difference = differences_[samples_++ % differences_.size()];
  for (std::size_t i = 0; i < difference.size(); ++i) {
    const domain::milliamperes metered{newest_->current_ma[i]};
    difference[i] = std::max(metered - managed.drawn[i], domain::milliamperes{});
  }
}

domain::per_line<domain::milliamperes> unmanaged_load::middle() const {
  const auto count = std::min(samples_, differences_.size());
  domain::per_line<domain::milliamperes> result{};
  for (std::size_t line = 0; line < result.size(); ++line) {
    std::array<domain::milliamperes, 5> sorted{};
    for (std::size_t i = 0; i < count; ++i) sorted[i] = differences_[i][line];
    std::sort(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(count));
    // Of an even number the larger one of the middle: load rounds up.
    result[line] = sorted[count / 2];
  }
  return result;
}

void unmanaged_load::hold(const domain::per_line<domain::milliamperes>& load,
                          domain::instant now, domain::seconds stale_after) {
  held_ = load;
  held_at_ = now;
  has_held_ = true;
  if (now - highest_since_ > stale_after) {
    // Older than both: forgotten.
    const bool is_recent = now - highest_since_ <= 2 * stale_after;
    highest_before_ = is_recent ? highest_now_ : domain::per_line<domain::milliamperes>{};
    highest_now_ = {};
    highest_since_ = now;
  }
  for (std::size_t line = 0; line < load.size(); ++line)
    highest_now_[line] = std::max(highest_now_[line], load[line]);
}

void unmanaged_load::forget() {
  has_held_ = false;
  samples_ = 0;
  highest_now_ = highest_before_ = {};
  highest_since_ = {};
}

bool unmanaged_load::is_silent(const metering_settings& settings, domain::instant now) const {
  return now - heard_at_ > apart_ + settings.coherence;
}

domain::per_line<domain::milliamperes> unmanaged_load::highest() const {
  auto result = highest_now_;
  for (std::size_t line = 0; line < result.size(); ++line)
    result[line] = std::max(result[line], highest_before_[line]);
  return result;
}

void unmanaged_load::estimate(const metering_settings& settings, const managed_load& managed,
                              domain::instant now, domain::seconds stale_after, node_image& out) {
  out.knowledge = unmanaged_knowledge::lost;
  if (is_stale(now, stale_after)) {
    forget();
    return;
  }
  const auto apart = std::chrono::abs(newest_->measured_at - managed.measured_at);
  const bool is_drawing = managed.measured_at != domain::instant{};
  const bool is_coherent = !is_drawing || apart <= settings.coherence;
  // The difference of an old sample and today's draw is no load at all: a silent meter's last
  // value holds until it is stale (LIM-3).
  const bool is_usable = is_coherent || now - heard_at_ <= settings.hold;
  const bool is_new = is_usable && newest_->measured_at != asked_about_;
  asked_about_ = newest_->measured_at;
  if (is_new) remember(managed);
  const bool is_due = !has_held_ || now - held_at_ > settings.hold;
  if (samples_ > 0 && (is_coherent || (is_new && is_due)))
    hold(is_coherent ? differences_[(samples_ - 1) % differences_.size()] : middle(), now,
         stale_after);
  if (!has_held_) return;
  out.knowledge = unmanaged_knowledge::known;
  out.unmanaged = is_silent(settings, now) ? highest() : held_;
}

} // namespace busbar::control::metering
