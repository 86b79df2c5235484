#pragma once
// LIM-8: which of a connector's lines the vehicle of a session uses, learned from readings. Pure:
// one reading after the other in, a set of lines out; all lines until enough is known.
//
//   all lines --the same lines alone for `learn_after`--> those lines --+
//      ^                                                                |
//      +- another line carries current, power says more, none does, unplugged
//
// Growing back takes one reading, learning again four times as long after each time, so that a
// vehicle that changes often counts on all of its lines. A reading without current ends what was
// learned, too, and learning takes no longer for it: a vehicle that wakes chooses its lines anew,
// and what wakes one (an order that is lifted, a turn, a price) wakes many at once.
// A reading whose power does not fit its currents is no evidence, and one whose power is half more
// than its currents explain ends what was learned: the station does not see every line.
// What the meter above says about such readings: line_witness.hpp.

#include "domain/line_set.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace busbar::control::metering {

struct used_lines_settings {
  /// A line that carries this much is used, and one that carries less than `silent` is not.
  domain::milliamperes used{500};
  domain::milliamperes silent{300};
  /// Evidence needs so much on each line that is used: half of the least that a vehicle charges
  /// with (6 A, IEC 61851-1).
  domain::milliamperes evident{3'000};
  domain::seconds learn_after{60};
  domain::seconds learn_after_max{3'600};
  /// Readings that are further apart say nothing about the time between them.
  domain::seconds gap_max{20};
};

/// Kept for each three-phase AC connector. Lines are the connector's own: L1 is its first.
class used_lines {
public:
  /// `nominal`: line to neutral; used where the reading has no voltage of that size.
  void take(const used_lines_settings& settings, const domain::reading& reading,
            domain::millivolts nominal);
  /// Another vehicle or session.
  void forget() { *this = used_lines{}; }

  [[nodiscard]] domain::line_set lines() const { return learned_; }
  [[nodiscard]] bool is_learned() const { return learned_ != domain::line_set::all(); }
  /// The site's lines, where the connector's own lie on `own`; absent: all of them.
  [[nodiscard]] std::optional<domain::line_set>
  of_site(const std::array<domain::line, 3>& own) const;

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.learned_, self.candidate_, self.times_grown_, self.since_, self.last_);
  }

private:
  void count_on_all();
  void grow_back();
  [[nodiscard]] domain::seconds learning_time(const used_lines_settings& settings) const;

  domain::line_set learned_ = domain::line_set::all();
  /// Seen alone since `since_`; empty: nothing is.
  domain::line_set candidate_;
  std::uint8_t times_grown_ = 0;
  domain::instant since_{};
  domain::instant last_{};
};

} // namespace busbar::control::metering
