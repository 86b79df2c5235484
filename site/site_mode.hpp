#pragma once
// Whether a site is controlled by its plan or is in its safe mode, because no reading of any
// connector came for too many cycles (SAFE-1): the plan is not carried out then, and every station
// is told its fallback, again at a third of the lease.
//
//   controlled --no reading for `cycles_max` cycles--> safe --readings come again--> controlled

#include "control/image.hpp"
#include "control/limits/unmanaged_count.hpp"
#include "control/safety/input_watch.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "site/operator_orders.hpp"
#include "site/plan_orders.hpp"
#include "site/site_events.hpp"
#include "site/site_layout.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace busbar::site {

/// What the fallbacks of a site are told from.
struct safe_terms {
  const control::image& image;
  const operator_orders& orders;
  /// By node.
  std::span<const control::limits::unmanaged_use> uses;
};

class site_mode {
public:
  explicit site_mode(std::shared_ptr<const site_layout> layout);

  /// A bay has reported: whether any of its connectors was heard.
  void take(bay_index bay, bool is_heard) { are_heard_[bay] = is_heard; }
  /// One cycle.
  void watch(site_events& events);
  [[nodiscard]] bool is_safe() const {
    return input_.mode() == control::safety::site_mode::safe;
  }
  /// What is told changes: it is told with the next tick (LIM-7).
  void tell_again() { told_at_ = {}; }

  /// What the bays are told in the safe mode: their fallbacks where that is due, else nothing.
  [[nodiscard]] std::shared_ptr<const plan_orders> orders(const safe_terms& terms,
                                                          std::uint64_t tick, domain::instant now);
  /// Every connector to its fallback, none raised.
  [[nodiscard]] std::shared_ptr<const plan_orders>
  fallbacks(const safe_terms& terms, std::uint64_t tick, domain::instant now) const;

private:
  /// By connector.
  [[nodiscard]] std::vector<domain::milliamperes> safe_currents(const safe_terms& terms) const;

  std::shared_ptr<const site_layout> layout_;
  control::safety::input_watch input_;
  /// By bay: whether any connector was heard at its newest report.
  std::vector<bool> are_heard_;
  bool has_been_heard_ = false;
  domain::instant told_at_{};
};

} // namespace busbar::site
