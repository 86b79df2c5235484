#pragma once
// What the table of a feeder observes of a station beside its connectors: the circuit breaker of
// its command channel, its health by the monitor, its actor (stalls and restarts), its clock, and
// the writes that its memory bears.

#include "control/safety/breaker.hpp"
#include "control/transition/write_budget.hpp"
#include "domain/breaker.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <memory>
#include <utility>

namespace busbar::site {

class station_supervision {
public:
  /// A monitor's verdict; true where the station became unhealthy (after so many failures in a
  /// row) or healthy by it.
  bool take(const domain::health_report& report, std::uint16_t failures_max);
  /// How far its clock is ahead of the engine's; negative: behind. True where that is news.
  bool take_clock(domain::microseconds ahead);
  void breaker_changed(const control::safety::breaker& breaker);
  /// Its actor has owed an answer since then: until it is another one or answers after all, the
  /// station counts as one that cannot be reached.
  void actor_stalled(domain::instant since);
  /// Whether it had stalled.
  bool actor_answered() { return std::exchange(is_stalled_, false); }
  void actor_restarted();
  /// Of the same station under another site file.
  void take_over(station_supervision& before);

  /// A grant was accepted in good time. True: that changes nothing at its breaker, and waits for
  /// the next message to the station, at the latest its lease's renewal.
  [[nodiscard]] bool keep_routine();
  /// Answers that wait, for the message that goes to the station now.
  [[nodiscard]] std::uint8_t take_routine() { return std::exchange(routine_, std::uint8_t{0}); }

  /// RAMP-1: whether a raise may be written to its memory now.
  [[nodiscard]] bool may_write(const control::transition::write_allowance& allowance,
                               domain::instant now) const {
    return !writes_ || writes_->permits(allowance, now);
  }
  void note_write(const control::transition::write_allowance& allowance, domain::instant now);

  /// Whether its command channel and its actor do.
  [[nodiscard]] bool does_answer() const {
    return breaker_.position == domain::breaker_position::closed && !is_stalled_;
  }
  struct breaker_facts {
    domain::instant changed_at{};
    std::uint32_t failures = 0;
    std::uint32_t calls = 0;
    std::uint32_t times_opened = 0;
    domain::breaker_position position = domain::breaker_position::closed;
  };
  [[nodiscard]] const breaker_facts& breaker() const { return breaker_; }
  [[nodiscard]] bool is_unhealthy() const { return is_unhealthy_; }
  [[nodiscard]] bool is_stalled() const { return is_stalled_; }
  [[nodiscard]] domain::instant stalled_since() const { return stalled_since_; }
  [[nodiscard]] std::uint32_t restarts() const { return restarts_; }
  [[nodiscard]] domain::microseconds clock_ahead() const { return clock_ahead_; }

  /// KEEP-3: what decides later; an actor that stalls ends with its process.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.breaker_.changed_at, self.breaker_.failures, self.breaker_.calls,
          self.breaker_.times_opened, self.breaker_.position, self.clock_ahead_, self.writes_,
          self.is_unhealthy_, self.routine_);
  }

private:
  breaker_facts breaker_;
  domain::microseconds clock_ahead_{};
  domain::instant stalled_since_{};
  /// Where its model bounds the writes.
  std::unique_ptr<control::transition::write_budget> writes_;
  std::uint32_t restarts_ = 0;
  bool is_unhealthy_ = false;
  bool is_stalled_ = false;
  std::uint8_t routine_ = 0;
};

} // namespace busbar::site
