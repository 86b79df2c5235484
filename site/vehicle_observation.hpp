#pragma once
// What the readings of a connector show of the vehicle on its cable: which lines it uses, how well
// it follows what it is told, and what its battery holds.

#include "control/metering/used_lines.hpp"
#include "control/stations/battery_estimate.hpp"
#include "control/stations/tracking_error.hpp"
#include "domain/line_set.hpp"
#include "domain/telemetry.hpp"
#include "domain/units.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <optional>

namespace busbar::site {

class vehicle_observation {
public:
  /// Beside what the station has acknowledged. `window`: in samples.
  void track(const domain::reading& newest, domain::milliamperes acknowledged,
             std::size_t window);
  /// Of a three-phase AC connector (LIM-8). `neutral`: line to neutral.
  void watch_lines(const domain::reading& newest, domain::millivolts neutral) {
    used_lines_.take({}, newest, neutral);
  }
  /// Of a DC outlet with a session.
  void watch_battery(const domain::reading& newest);
  /// Another session begins: its vehicle is another one.
  void forget_vehicle();
  /// Of the same connector under another site file. `has_same_lines`: it hangs on them as before;
  /// on others it shows anew which ones its vehicle uses (LIM-8).
  void take_over(vehicle_observation& before, bool has_same_lines, bool has_same_window);

  /// On the site's lines, where the connector's own lie on `own`; absent: all of them.
  [[nodiscard]] std::optional<domain::line_set>
  used_lines(const std::array<domain::line, 3>& own) const {
    return used_lines_.of_site(own);
  }
  /// Null before the first sample.
  [[nodiscard]] const control::stations::tracking_error* tracking() const {
    return tracking_.get();
  }
  /// Null before the first sample.
  [[nodiscard]] const control::stations::battery_estimate* battery() const {
    return battery_.get();
  }

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.used_lines_, self.tracking_, self.battery_);
  }

private:
  control::metering::used_lines used_lines_;
  std::unique_ptr<control::stations::tracking_error> tracking_;
  std::unique_ptr<control::stations::battery_estimate> battery_;
};

} // namespace busbar::site
