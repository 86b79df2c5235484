#pragma once
// What people see of a site, from the newest plan and the bays' views.

#include "control/image.hpp"
#include "control/plan.hpp"
#include "domain/site_view.hpp"
#include "site/bay_report.hpp"
#include "site/meter_watch.hpp"
#include "site/node_flows.hpp"
#include "site/site_layout.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace busbar::site {

class snapshot {
public:
  explicit snapshot(std::shared_ptr<const site_layout> layout) : layout_(std::move(layout)) {
    views_.resize(layout_->bays.size());
  }

  void take(bay_index bay, std::shared_ptr<const bay_view> view) { views_[bay] = std::move(view); }
  /// By bay: its newest view, null before the first one.
  [[nodiscard]] const std::vector<std::shared_ptr<const bay_view>>& bays() const {
    return views_;
  }

  /// What the bays show.
  [[nodiscard]] domain::site_view of_bays(domain::instant now) const;
  /// Nodes and grants as they stand in `plan`, which was made from `image`.
  void add_plan(domain::site_view& view, const control::image& image, const control::plan& plan,
                const meter_watch& meters, const node_flows& flows) const;

private:
  std::shared_ptr<const site_layout> layout_;
  std::vector<std::shared_ptr<const bay_view>> views_;
};

} // namespace busbar::site
