#pragma once
// A peak-demand threshold: the mean power over any window of 15 minutes stays below it. What is
// left of the window's energy becomes a limit for the next seconds, beside the instant limits.

#include "domain/site.hpp"
#include "domain/time.hpp"

#include <array>
#include <cstdint>

namespace busbar::control::limits {

/// The window as sixty slots of 15 s, oldest overwritten. Owned by one node's keeper; a plain
/// value.
class peak_window {
public:
  static constexpr std::int64_t slot_seconds = 15;
  static constexpr std::size_t slots = 60;

  /// `power` flowed from `now` - `elapsed` to `now`; negative power counts as nothing. Times go
  /// forward; a stretch without a reading counts as the power that follows it (LIM-3).
  void add(domain::watts power, domain::instant now, domain::seconds elapsed);

  /// A window without history counts as at `power` all the time (LIM-3). Before the first `add`.
  void assume(domain::watts power, domain::instant now);

  /// Watt seconds in the window that ends at the end of the slot of `now`.
  [[nodiscard]] std::int64_t energy(domain::instant now) const;

  /// The power that may flow until the end of the next slot so that the window's mean stays at
  /// most `threshold`: from zero to the threshold itself. More after a quiet time would be paid
  /// for with nothing at all later in the window.
  [[nodiscard]] domain::limit limit(domain::watts threshold, domain::instant now) const;

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.watt_seconds_, self.newest_);
  }

private:
  [[nodiscard]] static std::int64_t slot_of(domain::instant at);
  void advance_to(std::int64_t slot, std::int64_t filling);

  std::array<std::int64_t, slots> watt_seconds_{};
  /// Number of the newest slot since the epoch; 0: none yet.
  std::int64_t newest_ = 0;
};

} // namespace busbar::control::limits
