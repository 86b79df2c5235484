#pragma once
// What flows through a site's nodes at one tick, and what follows of that: the limits of the moment
// (breaker heat, peak demand, imbalance ...) and the supply's quality (QUAL-1).

#include "control/image.hpp"
#include "control/limits/live_limits.hpp"
#include "control/limits/supply_quality.hpp"
#include "control/plan.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "domain/violation.hpp"
#include "site/meter_watch.hpp"
#include "site/site_layout.hpp"

#include <memory>
#include <vector>

namespace busbar::site {

class node_flows {
public:
  explicit node_flows(std::shared_ptr<const site_layout> layout);

  /// Of `image.now`, into `image`. `plan`: the one before; null without one.
  void observe(control::image& image, const control::plan* plan, const meter_watch& meters);
  /// What a node's meter says of its supply; nothing where it is not heard.
  [[nodiscard]] control::limits::supply_sample supply_of(domain::node_index node,
                                                         domain::instant now,
                                                         const meter_watch& meters) const;

  /// By node.
  [[nodiscard]] const std::vector<control::limits::node_flow>& flows() const { return flows_; }
  [[nodiscard]] const std::vector<domain::violation>& quality() const { return violations_; }
  [[nodiscard]] control::limits::live_limits& live_limits() { return live_limits_; }
  [[nodiscard]] const control::limits::live_limits& live_limits() const { return live_limits_; }

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.live_limits_, self.quality_);
  }

private:
  void balance(control::image& image);
  void watch_quality(domain::instant now, const meter_watch& meters);

  std::shared_ptr<const site_layout> layout_;
  control::limits::live_limits live_limits_;
  control::limits::supply_quality quality_;
  std::vector<domain::violation> violations_;
  std::vector<control::limits::node_flow> flows_;
  /// What connectors draw that do not load all lines alike.
  std::vector<domain::per_line<domain::milliamperes>> unbalanced_;
  bool watches_balance_ = false;
};

} // namespace busbar::site
