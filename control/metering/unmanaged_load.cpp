#include "control/metering/unmanaged_load.hpp"

#include <algorithm>

namespace busbar::control::metering {

void unmanaged_load::take(const domain::meter_reading& sample, domain::instant received_at) {
  const auto measured = measured_at(sample, received_at);
  if (!measured) return;
  newest_ = sample;
  newest_->measured_at = *measured;
  heard_at_ = std::min(*measured, received_at);
  arrived_at_ = received_at;
}

domain::maybe<domain::instant> unmanaged_load::measured_at(const domain::meter_reading& sample,
                                                           domain::instant received_at) {
  const stamped_sample stamped{sample.measured_at, received_at, {}};
  if (!clock_ && !is_plausible({}, stamped, stamped_at_)) clock_.emplace(stamped_at_);
  const auto measured = clock_ ? clock_->take({}, stamped) : sample.measured_at;
  if (measured) stamped_at_ = sample.measured_at;
  return measured;
}

bool unmanaged_load::is_stale(domain::instant now, domain::seconds stale_after) const {
  return !newest_ || now - heard_at_ > stale_after;
}

void unmanaged_load::remember(const managed_load& managed) {
  auto& made = differences_[samples_++ % differences_.size()];
  made.measured_at = newest_->measured_at;
  for (std::size_t i = 0; i < made.left.size(); ++i) {
    const domain::milliamperes metered{newest_->current_ma[i]};
    made.left[i] = metered - managed.drawn[i];
  }
}

unmanaged_load::difference unmanaged_load::middle() const {
  const auto count = std::min(samples_, differences_.size());
  difference result = differences_[0];
  for (std::size_t i = 1; i < count; ++i)
    result.measured_at = std::min(result.measured_at, differences_[i].measured_at);
  for (std::size_t line = 0; line < result.left.size(); ++line) {
    std::array<domain::milliamperes, 5> sorted{};
    for (std::size_t i = 0; i < count; ++i) sorted[i] = differences_[i].left[line];
    std::sort(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(count));
    // Of an even number the larger one of the middle: load rounds up.
    result.left[line] = sorted[count / 2];
  }
  return result;
}

void unmanaged_load::hold(const difference& load, domain::instant now) {
  held_ = load;
  held_at_ = now;
  has_held_ = true;
}

void unmanaged_load::forget() {
  has_held_ = false;
  samples_ = 0;
  sure_ = {};
}

/// What no draw that is reserved explains is sure at once, whatever the readings say.
void unmanaged_load::add_unreserved(const managed_load& managed, const node_image& image,
                                    sure_load::lines& sure) {
  if (!managed.reserved) return;
  const auto& reserved = sure_.reserved.look(newest_->measured_at, *managed.reserved);
  for (std::size_t i = 0; i < sure.size(); ++i) {
    const domain::milliamperes metered{newest_->current_ma[i]};
    sure[i] = std::max(sure[i], std::min(metered - reserved[i], image.unmanaged[i]));
  }
}

void unmanaged_load::look_for_sure(const managed_load& managed, domain::instant now,
                                   node_image& out) {
  sure_load::lines metered{};
  auto explained = managed.drawn;
  for (std::size_t i = 0; i < metered.size(); ++i) {
    metered[i] = domain::milliamperes{newest_->current_ma[i]};
    explained[i] += managed.silent[i];
  }
  sure_.read.look(newest_->measured_at, metered, managed.drawn, now);
  sure_.explained.look(newest_->measured_at, metered, explained, now);
  if (out.knowledge != unmanaged_knowledge::known) return;
  out.unmanaged_sure = measured_flow{sure_.explained.within(out.unmanaged)};
  auto& sure = out.unmanaged_sure->current;
  const auto read = sure_.read.within(out.unmanaged);
  // LIM-3: a vehicle that stopped between its reading and the sample hides no load.
  for (std::size_t i = 0; i < read.size(); ++i)
    out.unmanaged[i] = std::max(out.unmanaged[i], read[i]);
  add_unreserved(managed, out, sure);
}

void unmanaged_load::estimate(const metering_settings& settings, const managed_load& managed,
                              domain::instant now, domain::seconds stale_after, node_image& out) {
  out.knowledge = unmanaged_knowledge::lost;
  out.unmanaged_sure.reset();
  if (is_stale(now, stale_after)) {
    forget();
    return;
  }
  heard_at_ = std::min(heard_at_, now); // the clock may have been set back
  held_at_ = std::min(held_at_, now);
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
    hold(is_coherent ? differences_[(samples_ - 1) % differences_.size()] : middle(), now);
  if (!has_held_) return;
  out.knowledge = unmanaged_knowledge::known;
  const bool is_released_since = managed.released_at > held_.measured_at;
  for (std::size_t i = 0; i < out.unmanaged.size(); ++i) {
    const auto released = is_released_since ? managed.released[i] : domain::milliamperes{};
    out.unmanaged[i] = held_.left[i] + released;
    if (!settings.sees_export)
      out.unmanaged[i] = std::max(out.unmanaged[i], domain::milliamperes{});
  }
  look_for_sure(managed, now, out);
}

} // namespace busbar::control::metering
