#include "site/phase_orders.hpp"

#include <algorithm>

namespace busbar::site {

phase_orders::phase_orders(const domain::site& site) {
  const auto can_switch = [](const auto& connector) { return connector.can_switch_phases; };
  if (std::any_of(site.connectors.begin(), site.connectors.end(), can_switch))
    ordered_.resize(site.connectors.size());
}

const std::vector<plan_order>& phase_orders::orders(const control::image& image,
                                                    const control::plan& plan) {
  orders_.clear();
  for (std::size_t i = 0; i < ordered_.size(); ++i) {
    const auto choice = plan.phase_choices[i];
    const bool is_asked = image.topology->connectors[i].can_switch_phases &&
                          choice != image.connectors[i].lines_now.value_or(choice);
    const auto wanted = is_asked ? choice : std::uint8_t{0};
    const bool is_new = wanted != 0 && ordered_[i] != wanted;
    ordered_[i] = wanted;
    if (!is_new) continue;
    plan_order order;
    order.connector = domain::connector_index{i};
    order.because = plan.grants[i].because;
    order.lines = wanted;
    orders_.push_back(order);
  }
  return orders_;
}

} // namespace busbar::site
