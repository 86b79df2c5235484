#pragma once
// RAMP-1: how often a station's memory may be written. Every grant and renewal is a write; a raise
// waits while the budget is used up, a decrease and the renewal of a lease never do, and are
// counted. Two token buckets (a minute's and a day's worth), refilled evenly. Owned by one station.

#include "domain/time.hpp"

#include <cstdint>

namespace busbar::control::transition {

/// Writes that a station model bears; 0: no bound.
struct write_allowance {
  std::uint32_t per_minute = 0;
  std::uint32_t per_day = 0;
};

class write_budget {
public:
  /// Whether a raise may be written at `now`.
  [[nodiscard]] bool permits(const write_allowance& allowance, domain::instant now) const;
  /// A write was made, permitted or not.
  void write(const write_allowance& allowance, domain::instant now);
  /// Writes beyond the budget: decreases and renewals that could not wait.
  [[nodiscard]] std::uint64_t forced() const { return forced_; }

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.minute_.full_at, self.day_.full_at, self.forced_);
  }

private:
  /// A bucket as the time at which it is full again (GCRA); the past: full.
  struct bucket {
    domain::instant full_at{};
    [[nodiscard]] bool has_room(std::uint32_t size, domain::microseconds period,
                                domain::instant now) const;
    void take(std::uint32_t size, domain::microseconds period, domain::instant now);
  };
  bucket minute_;
  bucket day_;
  std::uint64_t forced_ = 0;
};

} // namespace busbar::control::transition
