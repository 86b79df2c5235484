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
  if (open_) raise(open_->drawn_most, drawn);
  const bool is_next = !open_ || open_->measured_at != measured_at;
  if (is_next) {
    settle();
    open_ = {measured_at, now, metered, drawn_before_.value_or(drawn)};
    raise(open_->drawn_most, drawn);
  }
  open_->seen_at = std::min(open_->seen_at, now); // the clock may have been set back
  if (now - open_->seen_at >= settles_after) settle();
  drawn_before_ = drawn;
}

void sure_load::settle() {
  if (!open_) return;
  settled_.emplace();
  for (std::size_t i = 0; i < settled_->size(); ++i)
    (*settled_)[i] = open_->metered[i] - open_->drawn_most[i];
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

} // namespace busbar::control::metering
