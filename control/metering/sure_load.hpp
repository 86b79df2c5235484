#pragma once
// What of a meter's unmanaged load is sure, whatever the moments at which the connectors were read.
//
// A connector that starts between its reading and the meter's sample is in that sample, and in the
// sum of the readings only once it is read again: until then the difference looks like unmanaged
// load. So a sample is *settled* when the readings after it are in: the largest sum of readings
// that was seen from the look before it to the first look at the second sample after it (or
// `settles_after` it) is taken off it, and what is left is unmanaged whichever of these moments was
// true.
//
// The unmanaged load lies between that and what counts at once (unmanaged_load.hpp), which is what
// is reserved (LIM-3). `within` keeps to what it said before while that lies between the two; where
// they contradict each other it says what is settled.
//
// What no reserve explains is sure at once. A sample may be of before a reserve fell, so the
// largest reserve from the look before the sample on counts (`most_around_sample`).

#include "domain/time.hpp"
#include "domain/units.hpp"

#include <optional>

namespace busbar::control::metering {

class sure_load {
public:
  using lines = domain::per_line<domain::milliamperes>;
  /// Of a meter that is sampled less often: readings after its sample are in by then.
  static constexpr domain::seconds settles_after{2};

  /// Once a tick: the newest sample, and what the connectors' readings sum up to.
  void look(domain::instant measured_at, const lines& metered, const lines& drawn,
            domain::instant now);
  /// Between what is settled and `unmanaged`; that while nothing is settled.
  [[nodiscard]] lines within(const lines& unmanaged);

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.older_, self.newest_, self.drawn_before_, self.settled_, self.said_);
  }

private:
  struct sample {
    domain::instant measured_at{};
    domain::instant seen_at{};
    lines metered{};
    /// The largest sum of readings, by line.
    lines drawn_most{};
    template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
      visit(self.measured_at, self.seen_at, self.metered, self.drawn_most);
    }
  };
  void settle(const sample& closed);

  /// Not settled yet: the newest one, and the one before.
  std::optional<sample> older_;
  std::optional<sample> newest_;
  /// Of the look before.
  std::optional<lines> drawn_before_;
  std::optional<lines> settled_;
  std::optional<lines> said_;
};

/// The largest sum that was seen from the look before the newest sample on, by line.
class most_around_sample {
public:
  using lines = domain::per_line<domain::milliamperes>;
  /// Once a tick. `measured_at`: of the newest sample.
  const lines& look(domain::instant measured_at, const lines& sum);

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.sampled_at_, self.before_, self.most_);
  }

private:
  std::optional<domain::instant> sampled_at_;
  lines before_{};
  lines most_{};
};

} // namespace busbar::control::metering
