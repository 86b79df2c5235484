#pragma once
// What a site's meters and connectors measure at its nodes: loads that no connector explains, what
// counts while a meter is lost (LIM-3), and the breakers around what each node depends on.

#include "control/image.hpp"
#include "control/limits/live_limits.hpp"
#include "control/limits/unmanaged_count.hpp"
#include "control/metering/silent_draw.hpp"
#include "control/metering/unmanaged_load.hpp"
#include "control/plan.hpp"
#include "domain/ids.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "site/bay_report.hpp"
#include "site/node_guards.hpp"
#include "site/site_events.hpp"
#include "site/site_layout.hpp"

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace busbar::site {

class meter_watch {
public:
  meter_watch(std::shared_ptr<const site_layout> layout,
              const control::safety::breaker_settings& guards);

  void take(const domain::meter_reading& reading, domain::instant received_at);
  /// What connectors below each node draw.
  void take(const std::vector<node_sum>& sums);
  /// What a predecessor's meters said; `nodes`: where its nodes are here.
  void take_over(const meter_watch& before,
                 const std::vector<std::optional<domain::node_index>>& nodes);

  /// The oldest of the newest samples of meters that are not stale; the end of time without any.
  [[nodiscard]] domain::instant sampled_at(domain::instant now) const;
  /// The unmanaged load of every node at `image.now`, into `image`, whose limits of the moment are
  /// emptied. `plan`: the one before; null without one.
  void estimate(control::image& image, const control::plan* plan, site_events& events);
  /// Whether the node's meter is fresh and trusted.
  [[nodiscard]] bool is_heard(domain::node_index node, domain::instant now) const;
  /// What flows through a node, or what may flow where its meter is not heard.
  [[nodiscard]] control::limits::node_flow flow_of(domain::node_index node, domain::instant now,
                                                   const control::plan* plan) const;

  /// By node, of the newest estimate.
  [[nodiscard]] std::span<const control::limits::unmanaged_use> uses() const { return uses_; }
  /// Null: there was none.
  [[nodiscard]] const domain::meter_reading* newest(domain::node_index node) const;
  /// What connectors draw there.
  [[nodiscard]] const domain::per_line<domain::milliamperes>&
  managed(domain::node_index node) const {
    return managed_[node.value()].drawn;
  }
  [[nodiscard]] domain::watts managed_power(domain::node_index node) const {
    return managed_power_[node.value()];
  }
  [[nodiscard]] node_guards& guards() { return guards_; }
  [[nodiscard]] const node_guards& guards() const { return guards_; }

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit.rows(self.meters_);
    visit.rows(self.losses_);
    visit(self.guards_);
  }

private:
  struct meter_loss {
    std::optional<domain::instant> since;
    bool was_known = false;
    bool is_said = false;
    template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
      visit(self.since, self.was_known, self.is_said);
    }
  };

  void estimate(std::size_t node, control::image& image, const control::plan* plan);
  [[nodiscard]] domain::watts power_of(const domain::per_line<domain::milliamperes>& load,
                                       std::size_t node) const;
  void follow_loss(std::size_t node, const control::image& image, site_events& events);
  void say_loss(std::size_t node, domain::instant now, site_events& events);
  void say_clock(std::size_t node, site_events& events);

  std::shared_ptr<const site_layout> layout_;
  /// By node.
  std::vector<control::metering::unmanaged_load> meters_;
  std::vector<control::metering::managed_load> managed_;
  std::vector<domain::watts> managed_power_;
  /// Of nodes with a meter: since when it is lost, and whether that is said.
  std::vector<meter_loss> losses_;
  node_guards guards_;
  control::limits::unmanaged_count unmanaged_;
  control::metering::silent_draw silent_;
  std::span<const control::limits::unmanaged_use> uses_;
};

} // namespace busbar::site
