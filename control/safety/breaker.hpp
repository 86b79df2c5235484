#pragma once
// The circuit breaker around one dependency of one actor (a station's command channel, a meter, the
// log ...). Semantics and names follow resilience4j's count-based sliding window.
//
//            failure rate (and `failures_min`) or slow rate reaches its threshold
//            (at least `calls_min` calls in the window)
//   +--------+ ------------------------------------------> +------+
//   | closed |                                             | open | <--+
//   +--------+ <---------------+                           +------+    |
//                              | all probes done,             |        | a threshold is reached
//                              | rates below thresholds       |        | when all probes are done
//                        +-----------+   `open_wait` is over, |        |
//                        | half-open | <----------------------+        |
//                        +-----------+   the next call asks            |
//                              +---------------------------------------+
//
// Owned by one actor; 24 bytes, because every station has one. Settings are shared and passed in.

#include "domain/breaker.hpp"
#include "domain/result.hpp"
#include "domain/supervision_settings.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>

namespace busbar::control::safety {

struct breaker_settings {
  /// Calls that the sliding window holds. 1..32.
  std::uint8_t window = 10;
  /// Calls in the window before a rate is looked at. 1..window.
  std::uint8_t calls_min = 5;
  /// Failed calls in the window (or a full window of them, where that is less) below which the
  /// failure rate does not open it. 1..32.
  std::uint8_t failures_min = 5;
  /// Share of failed calls that opens. 1..1000. In half-open one failed probe does.
  domain::permille failure_rate{500};
  /// Share of slow calls that opens. 1..1000.
  domain::permille slow_rate{1000};
  /// A call that takes at least this is slow. > 0.
  domain::microseconds slow_after = std::chrono::seconds{3};
  /// Time in open before a probe is let through. > 0.
  domain::microseconds open_wait = std::chrono::seconds{30};
  /// Calls let through in half-open; all must be done before it closes or opens. 1..32.
  std::uint8_t probes = 2;
};

/// `settings` with what `terms` state of a breaker: `failure_threshold` of twice as many calls.
[[nodiscard]] breaker_settings with(breaker_settings settings,
                                    const domain::supervision_terms& terms);

/// errc::out_of_range with the member, its value and what is allowed.
[[nodiscard]] domain::result<void> validate(const breaker_settings& settings);

struct breaker_change {
  domain::breaker_position from = domain::breaker_position::closed;
  domain::breaker_position to = domain::breaker_position::closed;
  domain::instant at{};
  bool operator==(const breaker_change&) const = default;
};

class breaker {
public:
  /// Whether a call may be made now; takes one of the probes in half-open. `changed` (optional)
  /// receives the move from open to half-open.
  [[nodiscard]] bool acquire(const breaker_settings& settings, domain::instant now,
                             std::optional<breaker_change>* changed = nullptr);
  /// What became of a call that was made. Calls that end in open are not counted.
  std::optional<breaker_change> record(const breaker_settings& settings, domain::instant now,
                                       bool has_succeeded, domain::microseconds took);
  /// The dependency shows that it is there again: probes are let through, whatever is left of
  /// `open_wait`.
  std::optional<breaker_change> allow_probes(domain::instant now);
  /// Opens at once, whatever the window holds (the dependency said that it is gone).
  std::optional<breaker_change> force_open(domain::instant now);

  [[nodiscard]] domain::breaker_position position() const { return position_; }
  /// Failed and counted calls in the window.
  [[nodiscard]] std::uint32_t failures() const;
  [[nodiscard]] std::uint32_t calls() const { return calls_; }
  [[nodiscard]] std::uint32_t times_opened() const { return times_opened_; }
  [[nodiscard]] domain::instant changed_at() const { return changed_at_; }
  /// Whether a call made now would be let through; changes nothing.
  [[nodiscard]] bool would_permit(const breaker_settings& settings, domain::instant now) const;

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.changed_at_, self.failed_bits_, self.slow_bits_, self.times_opened_, self.calls_,
          self.probes_taken_, self.position_);
  }

private:
  breaker_change move(domain::breaker_position to, domain::instant now);
  [[nodiscard]] bool is_above_threshold(const breaker_settings& settings) const;

  domain::instant changed_at_{};
  /// Newest call in bit 0.
  std::uint32_t failed_bits_ = 0;
  std::uint32_t slow_bits_ = 0;
  std::uint32_t times_opened_ = 0;
  std::uint8_t calls_ = 0;
  std::uint8_t probes_taken_ = 0;
  domain::breaker_position position_ = domain::breaker_position::closed;
};

} // namespace busbar::control::safety
