#pragma once
// Orders to switch the lines that a vehicle charges on (FAIR-2): once an episode, because an order
// that was withdrawn must not switch a vehicle that charges.

#include "control/image.hpp"
#include "control/plan.hpp"
#include "site/plan_orders.hpp"

#include <cstdint>
#include <vector>

namespace busbar::site {

class phase_orders {
public:
  explicit phase_orders(const domain::site& site);

  /// What `plan` orders anew. The reference holds until the next call.
  const std::vector<plan_order>& orders(const control::image& image, const control::plan& plan);

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit.rows(self.ordered_);
  }

private:
  /// By connector: the lines that it was ordered to use in this episode; 0: none. Empty where none
  /// can switch.
  std::vector<std::uint8_t> ordered_;
  std::vector<plan_order> orders_;
};

} // namespace busbar::site
