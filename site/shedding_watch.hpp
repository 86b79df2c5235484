#pragma once
// Load shedding at one site: by the load that no plan knew, or by hand.

#include "control/image.hpp"
#include "control/limits/live_limits.hpp"
#include "control/plan.hpp"
#include "control/safety/load_shedding.hpp"
#include "control/safety/unexplained_load.hpp"
#include "domain/operator_order.hpp"
#include "domain/site_view.hpp"
#include "domain/time.hpp"
#include "site/site_events.hpp"
#include "site/site_layout.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace busbar::site {

class shedding_watch {
public:
  explicit shedding_watch(std::shared_ptr<const site_layout> layout);

  void restore(int level, domain::instant changed_at) { level_.restore(level, changed_at); }
  /// The level of `image.now`, into `image`; `plan` is the one before, null without one. True where
  /// it moved.
  [[nodiscard]] bool observe(const domain::configure_shedding& wanted, control::image& image,
                             const std::vector<control::limits::node_flow>& flows,
                             const control::plan* plan);
  /// Tells of a move that has not been told yet, with what the newest plan makes of it.
  void tell(const domain::configure_shedding& wanted, const control::plan& plan,
            site_events& events);
  [[nodiscard]] domain::shedding_view view(const domain::configure_shedding& wanted,
                                           const control::plan* plan) const;
  [[nodiscard]] const control::safety::load_shedding& level() const { return level_; }

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.unexplained_, self.level_);
  }

private:
  std::optional<control::safety::shedding_change>
  moved(const domain::configure_shedding& wanted, domain::instant now);

  std::shared_ptr<const site_layout> layout_;
  control::safety::unexplained_load unexplained_;
  std::optional<control::safety::site_load> load_;
  control::safety::load_shedding level_;
  std::optional<control::safety::shedding_change> untold_;
  /// While it is set by hand: the level before. A restart in between forgets what it was.
  std::optional<int> before_hand_;
};

} // namespace busbar::site
