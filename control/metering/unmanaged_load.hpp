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
// All of that is reserved. What of it is sure is told apart (`sure_load.hpp`): the readings' sum
// may be older than the meter's sample though one of them was taken together with it. What is sure
// by the readings is reserved whatever the difference says; of that, what connectors that are
// silent may draw (`silent_draw.hpp`) is not sure.
//
// Draws that were taken off a sample and are not reserved any more are put back
// (`released_draw.hpp`).

#include "control/image.hpp"
#include "control/metering/sample_clock.hpp"
#include "control/metering/sure_load.hpp"
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
  /// Load below zero is told as it is; otherwise it is zero: no load, and perhaps two instants that
  /// differ.
  bool sees_export = false;
};

/// What the connectors below a node draw, and when the newest of them, drawing or not, was
/// measured; what they have released of late, and when the newest of that was.
struct managed_load {
  domain::per_line<domain::milliamperes> drawn{};
  domain::instant measured_at{};
  domain::per_line<domain::milliamperes> released{};
  domain::instant released_at{};
  /// What those that are silent may draw beyond that.
  domain::per_line<domain::milliamperes> silent{};
  /// By the plan before; absent: there is none.
  std::optional<domain::per_line<domain::milliamperes>> reserved;
};

class unmanaged_load {
public:
  /// Older samples than the newest are ignored, until the meter's clock is seen to be set back.
  void take(const domain::meter_reading& sample, domain::instant received_at);
  /// Asked once a tick. `stale_after`: age beyond which the meter is lost. The power of
  /// `node_image::unmanaged_sure` is left to the caller, who knows the node's voltage.
  void estimate(const metering_settings& settings, const managed_load& managed, domain::instant now,
                domain::seconds stale_after, node_image& out);
  [[nodiscard]] bool is_stale(domain::instant now, domain::seconds stale_after) const;
  /// Its time is the engine's (`sample_clock`).
  [[nodiscard]] const std::optional<domain::meter_reading>& newest() const { return newest_; }
  /// The clock of its samples, once one of them had a time that cannot be true.
  [[nodiscard]] std::optional<sample_clock>& clock() { return clock_; }
  /// Samples arrive, but too long after the times that they state.
  [[nodiscard]] bool is_late(domain::instant now, domain::seconds stale_after) const {
    return is_stale(now, stale_after) && newest_ && now - arrived_at_ <= stale_after;
  }

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.newest_, self.heard_at_, self.arrived_at_, self.stamped_at_, self.clock_,
          self.asked_about_, self.differences_, self.samples_, self.held_, self.held_at_,
          self.has_held_, self.sure_);
  }

private:
  /// Of one sample: the meter less what was drawn; negative where a connector draws less by then.
  struct difference {
    domain::instant measured_at{};
    domain::per_line<domain::milliamperes> left{};
    template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
      visit(self.measured_at, self.left);
    }
  };

  struct sure_parts {
    /// By the readings alone.
    sure_load read;
    /// By them and what silent connectors may draw.
    sure_load explained;
    most_around_sample reserved;
    template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
      visit(self.read, self.explained, self.reserved);
    }
  };

  [[nodiscard]] domain::maybe<domain::instant> measured_at(const domain::meter_reading& sample,
                                                           domain::instant received_at);
  void remember(const managed_load& managed);
  void hold(const difference& load, domain::instant now);
  void forget();
  void look_for_sure(const managed_load& managed, domain::instant now, node_image& out);
  void add_unreserved(const managed_load& managed, const node_image& image, sure_load::lines& sure);
  [[nodiscard]] difference middle() const;

  std::optional<domain::meter_reading> newest_;
  domain::instant heard_at_{};
  domain::instant arrived_at_{};
  /// What the newest one's own clock said.
  domain::instant stamped_at_{};
  std::optional<sample_clock> clock_;
  /// The sample that the last estimate looked at.
  domain::instant asked_about_{};
  /// A ring of the differences of the last samples.
  std::array<difference, 5> differences_{};
  std::size_t samples_ = 0;
  difference held_;
  domain::instant held_at_{};
  bool has_held_ = false;
  sure_parts sure_;
};

} // namespace busbar::control::metering
