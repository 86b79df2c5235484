#pragma once
// The meters of a site's nodes, and the unmanaged load (lights, a workshop), which moves
// between two levels where a meter sees it and stands still where the site file declares it.

#include "domain/simulated_fault.hpp"
#include "domain/site.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "simulator/random.hpp"
#include "simulator/settings.hpp"
#include "simulator/wiring.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace busbar::simulator {

class meters {
public:
  meters(std::shared_ptr<const domain::site> site, base_load_settings settings,
         random_source random);

  /// The same meters in a changed site file; `nodes`: where each node of the file before is now.
  void follow(std::shared_ptr<const domain::site> site,
              const std::vector<std::optional<domain::node_index>>& nodes);
  /// Lets the unmanaged load move.
  void advance(domain::instant now);
  /// Unmanaged load of each node by itself, in the site's order.
  [[nodiscard]] const std::vector<domain::per_line<domain::milliamperes>>& base() const {
    return base_;
  }
  /// One sample of each meter that is not lost.
  [[nodiscard]] std::vector<domain::meter_reading>
  sample(const std::vector<node_flow>& flows, domain::instant now) const;
  /// The nearest meter at or above `node` falls silent until then. False: there is none.
  bool lose(domain::node_index node, domain::instant until);
  void restore_all();
  /// What the nearest meter at or above `node` measures of its supply leaves its band until then:
  /// low_voltage, low_frequency or low_power_factor. False: there is no meter.
  bool disturb(domain::node_index node, domain::fault_kind kind, domain::instant until);

private:
  /// Until when each disturbance of a meter lasts.
  struct disturbance {
    domain::instant low_voltage{};
    domain::instant low_frequency{};
    domain::instant low_power_factor{};
  };

  /// What the file declares of the node's load, and at most.
  void hold_to_the_file(std::size_t node);
  [[nodiscard]] std::optional<domain::node_index> meter_above(domain::node_index node) const;

  std::shared_ptr<const domain::site> site_;
  base_load_settings settings_;
  random_source random_;
  std::vector<domain::per_line<domain::milliamperes>> base_;
  std::vector<domain::instant> lost_until_;
  std::vector<disturbance> disturbed_until_;
  domain::instant next_move_{};
};

} // namespace busbar::simulator
