#pragma once
// What a test's engine knows of the lines that vehicles use (LIM-8), as bays and desk keep it.

#include "control/metering/line_witness.hpp"
#include "control/metering/used_lines.hpp"
#include "simulator/wiring.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace busbar::tests {

class line_learner {
public:
  explicit line_learner(std::shared_ptr<const domain::site> site)
      : site_(std::move(site)), used_(site_->connectors.size()), witness_(*site_) {}

  /// Every vehicle counts on all lines of its connector.
  void ignore() { is_blind_ = true; }
  void take(const domain::reading& reading) {
    const auto& data = site_->connectors[reading.connector.value()];
    if (is_blind_ || !domain::may_use_fewer_lines(*site_, data)) return;
    used_[reading.connector.value()].take(
        {}, reading, simulator::supply_of(*site_, reading.connector).voltage);
  }
  [[nodiscard]] std::optional<domain::line_set> used_by(std::size_t connector) const {
    return used_[connector].of_site(site_->connectors[connector].lines);
  }
  control::metering::line_witness& witness() { return witness_; }

private:
  std::shared_ptr<const domain::site> site_;
  std::vector<control::metering::used_lines> used_;
  control::metering::line_witness witness_;
  bool is_blind_ = false;
};

/// A reading's line currents as a load.
inline simulator::load load_seen(const domain::site& site, std::size_t c,
                                 const std::array<std::int32_t, 3>& lines) {
  const domain::connector_index connector{c};
  const auto loaded = std::count_if(lines.begin(), lines.end(), [](auto ma) { return ma != 0; });
  const bool is_delta = simulator::supply_of(site, connector).is_delta;
  const auto most = std::max({lines[0], lines[1], lines[2]});
  const auto least = std::min({lines[0], lines[1], lines[2]});
  return {connector, domain::milliamperes{std::max(most, -least)},
          is_delta ? std::uint8_t{1} : static_cast<std::uint8_t>(loaded), least < 0};
}

} // namespace busbar::tests
