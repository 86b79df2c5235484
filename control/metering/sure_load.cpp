#include "control/metering/sure_load.hpp"

#include <algorithm>

namespace busbar::control::metering {

namespace {

void raise(sure_load::lines& most, const sure_load::lines& to) {
  for (std::size_t i = 0; i < most.size(); ++i) most[i] = std::max(most[i], to[i]);
}

} // namespace

void sure_load::look(domain::instant measured_at, const lines& metered, const lines& drawn,
                     domain::instant now) {
  for (auto* each : {&older_, &newest_})
    if (*each) raise((*each)->drawn_most, drawn);
  if (!newest_ || newest_->measured_at != measured_at) {
    // The first one is settled early, so that something is.
    if (const auto& closed = older_ ? older_ : newest_) settle(*closed);
    older_ = newest_;
    newest_ = {measured_at, now, metered, drawn_before_.value_or(drawn)};
    raise(newest_->drawn_most, drawn);
  }
  newest_->seen_at = std::min(newest_->seen_at, now); // the clock may have been set back
  if (now - newest_->seen_at >= settles_after) {
    settle(*newest_);
    older_.reset();
  }
  drawn_before_ = drawn;
}

void sure_load::settle(const sample& closed) {
  settled_.emplace();
  for (std::size_t i = 0; i < settled_->size(); ++i)
    (*settled_)[i] = closed.metered[i] - closed.drawn_most[i];
}

sure_load::lines sure_load::within(const lines& unmanaged) {
  auto said = said_.value_or(unmanaged);
  for (std::size_t i = 0; i < said.size(); ++i) {
    said[i] = settled_ ? std::min(said[i], unmanaged[i]) : unmanaged[i];
    // Of two that contradict each other: a vehicle that stopped between its reading and the sample
    // makes `unmanaged` too small for a moment.
    if (settled_) said[i] = std::max(said[i], (*settled_)[i]);
  }
  said_ = said;
  return said;
}

const most_around_sample::lines& most_around_sample::look(domain::instant measured_at,
                                                          const lines& sum) {
  if (sampled_at_ != measured_at) most_ = before_;
  sampled_at_ = measured_at;
  raise(most_, sum);
  before_ = sum;
  return most_;
}

} // namespace busbar::control::metering
