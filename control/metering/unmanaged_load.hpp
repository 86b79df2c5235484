#pragma once
// The unmanaged load of one node: its meter less what the connectors below it draw (LIM-2), lost
// when the meter is silent (LIM-3).
//
// Meter and connectors are not sampled at the same instant. While something ramps, the difference
// of two instants is load that does not exist (or hides load that does), so a sample counts at once
// only when it was taken together with the newest reading (`coherence`), whether that one draws or
// has just stopped. Otherwise the last value holds for at most `hold`; then the middle one of the
// last five differences is taken, because a ramp disturbs one or two of them.
//
// A station that falls silent hides load: what it drew last is taken off until it is stale, though
// it may draw less by now. While the meter lives that does no harm, for the station is reserved at
// no less; held over the meter's silence it would, once the station is back. So when a sample that
// is due stays away, the highest value of the last `stale_after` holds until the meter is stale.

#include "control/image.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <array>
#include <cstddef>
#include <optional>

namespace busbar::control::metering {

struct metering_settings {
  domain::microseconds coherence = std::chrono::milliseconds{300};
  domain::microseconds hold = std::chrono::seconds{5};
};

/// What the connectors below a node draw, and when the newest of them, drawing or not, was
/// measured.
struct managed_load {
  domain::per_line<domain::milliamperes> drawn{};
  domain::instant measured_at{};
};

class unmanaged_load {
public:
  /// Older samples than the newest are ignored.
  void take(const domain::meter_reading& sample, domain::instant received_at);
  /// Asked once a tick. `stale_after`: age beyond which the meter is lost.
  void estimate(const metering_settings& settings, const managed_load& managed, domain::instant now,
                domain::seconds stale_after, node_image& out);
  [[nodiscard]] bool is_stale(domain::instant now, domain::seconds stale_after) const;
  [[nodiscard]] const std::optional<domain::meter_reading>& newest() const { return newest_; }

private:
  void remember(const managed_load& managed);
  void hold(const domain::per_line<domain::milliamperes>& load, domain::instant now,
            domain::seconds stale_after);
  void forget();
  [[nodiscard]] bool is_silent(const metering_settings& settings, domain::instant now) const;
  [[nodiscard]] domain::per_line<domain::milliamperes> highest() const;
  [[nodiscard]] domain::per_line<domain::milliamperes> middle() const;

  std::optional<domain::meter_reading> newest_;
  domain::instant heard_at_{};
  /// Between the last two samples; 0 before there are two.
  domain::microseconds apart_{};
  /// The sample that the last estimate looked at.
  domain::instant asked_about_{};
  /// A ring of the differences of the last samples.
  std::array<domain::per_line<domain::milliamperes>, 5> differences_{};
  std::size_t samples_ = 0;
  domain::per_line<domain::milliamperes> held_{};
  domain::instant held_at_{};
  bool has_held_ = false;
  /// The highest values held since `highest_since_`, at most `stale_after` long, and in as long a
  /// time before that.
  domain::per_line<domain::milliamperes> highest_now_{};
  domain::per_line<domain::milliamperes> highest_before_{};
  domain::instant highest_since_{};
};

} // namespace busbar::control::metering
