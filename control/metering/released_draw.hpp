#pragma once
// What one connector hides from the meter above it while its readings stay away.
//
// What it drew last is taken off the meter, though it may draw less by now. While it is silent that
// does no harm: it is reserved at no less. Once it is back, or stale, it is reserved at less, and a
// sample from the time of its silence would give its old draw to others. So that draw is *released*
// then: it counts as unmanaged until the meter has been sampled anew (LIM-3).

#include "domain/telemetry.hpp"
#include "domain/time.hpp"

#include <array>
#include <cstdint>

namespace busbar::control::metering {

/// What a connector drew before it fell silent, and since when it is not reserved at that any more.
struct release {
  domain::instant at{};
  std::array<std::int32_t, 3> current_ma{};
  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.at, self.current_ma);
  }
};

/// Of a connector that is stale by now.
[[nodiscard]] release release_of_stale(const domain::reading& last, domain::instant heard_at,
                                       domain::seconds stale_after);

class released_draw {
public:
  /// `before`, heard at `heard_at`, gives way to a reading measured at `next`. Late is what comes
  /// half a beat and more after its time; the beat is learned.
  void take(const domain::reading& before, domain::instant heard_at, domain::instant next,
            domain::seconds stale_after);
  [[nodiscard]] const release& newest() const { return newest_; }
  /// The reading after the one measured at `measured_at` is late by `now`.
  [[nodiscard]] bool is_overdue(domain::instant measured_at, domain::instant now) const;

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.beat_, self.newest_);
  }

private:
  void release_more(const release& more, domain::seconds stale_after);

  domain::microseconds beat_{};
  release newest_;
};

} // namespace busbar::control::metering
