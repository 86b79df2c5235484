#pragma once
// What is observed of one connector: its newest reading, when that was measured by the engine's
// clock, how long it may be believed, and what it hides from the meters above while it stays away.

#include "control/metering/released_draw.hpp"
#include "control/metering/sample_clock.hpp"
#include "control/safety/input_watch.hpp"
#include "domain/ids.hpp"
#include "domain/maybe.hpp"
#include "domain/site.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

namespace busbar::site {

/// A reading on its way into the table.
struct arrived_reading {
  const domain::reading& reading;
  domain::instant received_at{};
  /// When the command that it states to obey was sent; `instant{}`: it states none.
  domain::instant obeys_since{};
};

class connector_observation {
public:
  /// False: it is an older or repeated one, nothing changes.
  [[nodiscard]] bool take(const arrived_reading& arrived, const domain::site& site);
  /// How far its clock is ahead of the engine's, once when that was found to be news.
  [[nodiscard]] std::optional<domain::microseconds> take_clock_news(const domain::site& site);
  /// Of the same connector under another site file, where it is `connector`.
  void take_over(connector_observation& before, domain::connector_index connector);

  /// Its time is the engine's. All zero before the first one.
  [[nodiscard]] const domain::reading& newest() const { return newest_; }
  [[nodiscard]] bool has_reading() const { return has_reading_; }
  /// The earlier of measured and received: a clock that runs ahead does not make a reading fresh.
  [[nodiscard]] domain::instant heard_at() const { return heard_at_; }
  [[nodiscard]] bool is_stale(domain::instant now, const domain::site& site) const {
    return !has_reading_ || now - heard_at_ > site.input.stale_after;
  }
  /// Its next reading has not come when those before let it be expected.
  [[nodiscard]] bool is_overdue(domain::instant now) const {
    return released_.is_overdue(newest_.measured_at, now);
  }
  [[nodiscard]] control::safety::belief belief_at(domain::instant now,
                                                  const domain::site& site) const;
  /// The highest number where there is no reading.
  [[nodiscard]] std::uint32_t milliseconds_ago(domain::instant now) const;
  /// What a meter's sample of then contained of it (LIM-3).
  [[nodiscard]] std::array<std::int32_t, 3> drawn_at(domain::instant sampled_at) const;
  /// What it hid from the meter above while no readings came.
  [[nodiscard]] control::metering::release release_at(domain::instant now,
                                                      const domain::site& site) const;

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.newest_, self.clock_, self.heard_at_, self.released_, self.before_,
          self.has_reading_);
  }

private:
  /// Absent: older or repeated.
  [[nodiscard]] domain::maybe<domain::instant> measured_at(const arrived_reading& arrived,
                                                           const domain::site& site);

  domain::reading newest_;
  /// Made with the first reading whose time cannot be true.
  std::unique_ptr<control::metering::sample_clock> clock_;
  domain::instant heard_at_{};
  control::metering::released_draw released_;
  /// Line currents of the reading before the newest.
  std::array<std::int32_t, 3> before_{};
  bool has_reading_ = false;
};

} // namespace busbar::site
