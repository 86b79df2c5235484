#pragma once
// What one session tells of the battery on a DC outlet's cable: how much it holds, from the energy
// that went in while its state of charge rose, and how much it has given back. Pure; one for each
// session, fed with every reading in order.

#include "domain/telemetry.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>

namespace busbar::control::stations {

class battery_estimate {
public:
  /// A rise of the state of charge from which on its capacity is told: within 5 % by then.
  static constexpr domain::permille rise_min{20};

  void take(const domain::reading& sample);

  /// Energy at the outlet's meter from empty to full, losses included. Absent before the state of
  /// charge has risen by `rise_min` without a break.
  [[nodiscard]] std::optional<domain::watt_hours> capacity() const;
  /// Given back in this session, from its power over time, rounded down. >= 0.
  [[nodiscard]] domain::watt_hours exported() const;

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.measured_at_, self.exported_mw_s_, self.begun_at_wh_, self.capacity_wh_,
          self.power_w_, self.soc_, self.begun_at_soc_, self.longest_rise_, self.has_soc_,
          self.has_begun_);
  }

private:
  void watch_rise(const domain::reading& sample);

  domain::instant measured_at_{};
  std::int64_t exported_mw_s_ = 0;
  std::int64_t begun_at_wh_ = 0;
  std::int64_t capacity_wh_ = 0;
  std::int32_t power_w_ = 0;
  std::uint16_t soc_ = 0;
  std::uint16_t begun_at_soc_ = 0;
  std::uint16_t longest_rise_ = 0;
  bool has_soc_ = false;
  /// `begun_at_*` are of the moment at which the state of charge rose to that value.
  bool has_begun_ = false;
};

} // namespace busbar::control::stations
