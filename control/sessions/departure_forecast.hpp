#pragma once
// What each session will have when its driver leaves, under what it is granted now, and which of
// them will miss what they want. Of sessions whose driver has said both (`energy_needed`,
// `departs_at`). Owned by one site's desk, follows every plan; a steady plan allocates nothing.
//
//   pace      = granted current x power of an ampere at the connector's nominal voltage, at most
//               its nameplate; in W, rounded down. 0 where it is to give back. What its vehicle
//               draws, in place of what is granted, once that has been more than 1 A less for a
//               minute.
//   stays     = departure less now, in whole seconds, rounded down; 0 once it has passed
//   expected  = min(wanted, delivered + floor(pace x stays / 3 600))
//   shortfall = wanted - expected
//
// What takes turns (FAIR-2) is granted nothing now and all of its minimum then: for an hour after
// it has waited last, its pace is the mean of what it was granted since it waited first.
//
// A shortfall is said once it has been at least 100 Wh, and 1 % of what is wanted, for a minute;
// no more once it has been below half of that for a minute. That its battery tapers or is full
// before is known here only once it draws less.

#include "control/image.hpp"
#include "control/limits/integer_math.hpp"
#include "control/plan.hpp"
#include "domain/maybe.hpp"
#include "domain/reason.hpp"
#include "domain/session.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace busbar::control::sessions {

/// One session's energy until its driver leaves. All >= 0.
struct stay {
  domain::instant now{};
  domain::instant departs_at{};
  domain::watt_hours wanted{};
  domain::watt_hours delivered{};
  domain::watts pace{};
};

/// `expected` of the formula above.
[[nodiscard]] domain::watt_hours expected_of(const stay& session);

/// A shortfall that is said from now on, or no more (`forecast.shortfall` is 0 then).
struct forecast_change {
  domain::connector_index connector;
  domain::instant departs_at{};
  domain::watt_hours wanted{};
  domain::session_forecast forecast;
};

class departure_forecast {
public:
  explicit departure_forecast(const domain::site& site);

  /// REQUIRES: `plan` was made from `image`, of the constructor's site.
  void follow(const image& image, const plan& plan);

  /// Of the session at a connector; null: none whose driver has said what and until when. Holds
  /// until the next call of `follow`.
  [[nodiscard]] const domain::session_forecast* find(domain::connector_index connector) const;
  /// What the newest plan changed, in the connectors' order.
  [[nodiscard]] std::span<const forecast_change> changes() const { return changes_; }

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.rows_, self.followed_at_);
    for (const auto& row : self.rows_)
      visit.require(row.connector.value() < self.ratings_.size());
  }

private:
  /// What is remembered of one session.
  struct followed_session {
    domain::connector_index connector;
    /// Another arrival is another session.
    domain::maybe<domain::instant> arrived_at;
    domain::session_forecast forecast;
    bool is_said = false;
    /// Since when what is said and what is so differ.
    domain::maybe<domain::instant> differs_since;
    /// Why it will miss something, as long as it does.
    domain::reason cause;
    /// What it is granted now, and what it is counted with.
    domain::watts power{};
    domain::watts pace{};
    /// Since when its vehicle draws less than it may.
    domain::maybe<domain::instant> takes_less_since;
    /// First and last plan in which it waited for its turn.
    domain::maybe<domain::instant> waits_since;
    domain::instant waited_at{};
    /// What it was granted since it waited first, in W us.
    limits::wide granted = 0;
    template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
      visit(self.connector, self.arrived_at, self.forecast.expected, self.forecast.shortfall,
            self.forecast.because, self.is_said, self.differs_since, self.cause, self.power,
            self.pace, self.takes_less_since, self.waits_since, self.waited_at, self.granted);
    }
  };

  /// Of a line current that its vehicle draws.
  [[nodiscard]] domain::watts power_of(const connector_image& vehicle,
                                       domain::connector_index connector,
                                       domain::milliamperes current) const;
  void follow_turns(followed_session& row, bool is_waiting, domain::watts power,
                    domain::instant now) const;
  void follow_shortfall(followed_session& row, const stay& session,
                        const domain::reason& because);

  /// By connector.
  struct outlet_rating {
    std::int64_t milliwatts_per_ampere = 0;
    domain::watts power_max{};
    std::uint8_t lines = 1;
  };
  std::vector<outlet_rating> ratings_;
  /// In the connectors' order, of the newest plan and the one before.
  std::vector<followed_session> rows_;
  std::vector<followed_session> rows_before_;
  std::vector<forecast_change> changes_;
  domain::maybe<domain::instant> followed_at_;
};

} // namespace busbar::control::sessions
