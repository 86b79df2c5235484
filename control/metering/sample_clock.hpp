#pragma once
// The clock that stamps one series of samples (a connector's readings, a meter's), against the
// engine's. No estimate: only what samples prove, so that nothing that is late is taken for fresh.
//
// - A sample cannot be measured after it is received: its clock is ahead by that at least.
// - A reading that obeys a command cannot be measured before the command was sent: its clock is
//   behind by the difference at least. Renewals of leases prove that every few seconds.
// - Samples arrive in order. Three in a row, over `step_after`, that are each newer than the one
//   before and all older than what came earlier: the clock was set back.
//
// What is proved holds until a whole `window` with newer commands in it has not proved it again.

#include "domain/maybe.hpp"
#include "domain/time.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace busbar::control::metering {

struct sample_clock_settings {
  /// Smaller differences are delays and rounding. > 0.
  domain::microseconds tolerance = std::chrono::seconds{1};
  /// >= the time between two commands to a station (a lease).
  domain::microseconds window = std::chrono::seconds{60};
  /// Records that are delivered again come much faster. > 0.
  domain::microseconds step_after = std::chrono::seconds{2};
};

/// One sample: its own stamp, the engine's time of arrival, and when the newest command that it
/// obeys was sent (`instant{}`: it says nothing about commands).
struct stamped_sample {
  domain::instant stamp{};
  domain::instant received_at{};
  domain::instant obeys_since{};
};

/// Nothing in `sample` contradicts the engine's clock, nor `newest`, the stamp before it.
[[nodiscard]] bool is_plausible(const sample_clock_settings& settings,
                                const stamped_sample& sample, domain::instant newest);

/// "20.3 s ahead", "3600.0 s behind"; to the nearest 0.1 s towards zero.
[[nodiscard]] std::string clock_text(domain::microseconds ahead);

class sample_clock {
public:
  /// `newest`: the stamp that was taken last; `instant{}`: none.
  explicit sample_clock(domain::instant newest) : newest_(newest) {}

  /// When it was measured by the engine's clock, at most `received_at`; absent where it is an older
  /// or repeated one.
  [[nodiscard]] domain::maybe<domain::instant> take(const sample_clock_settings& settings,
                                                    const stamped_sample& sample);
  /// How far the clock is ahead of the engine's; negative: behind; 0 within the tolerance.
  [[nodiscard]] domain::microseconds ahead(const sample_clock_settings& settings) const;
  /// True once when it is found to be off by 5 s more or less than was told last, or right again.
  [[nodiscard]] bool take_news(const sample_clock_settings& settings);

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.newest_, self.proofs_, self.window_began_, self.retreat_, self.told_,
          self.has_fresh_command_);
  }

private:
  struct proof {
    domain::microseconds ahead{};
    domain::microseconds behind{};
    template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
      visit(self.ahead, self.behind);
    }
  };
  /// Samples that are older than the newest, as long as each is newer than the one before.
  struct retreat {
    domain::instant stamp{};
    domain::instant begun_at{};
    std::uint8_t samples = 0;
    template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
      visit(self.stamp, self.begun_at, self.samples);
    }
  };

  [[nodiscard]] bool is_set_back(const sample_clock_settings& settings,
                                 const stamped_sample& sample);
  void follow_window(const sample_clock_settings& settings, const stamped_sample& sample);

  domain::instant newest_{};
  /// Of this window and of the one before.
  std::array<proof, 2> proofs_{};
  domain::instant window_began_{};
  retreat retreat_;
  domain::microseconds told_{};
  bool has_fresh_command_ = false;
};

} // namespace busbar::control::metering
