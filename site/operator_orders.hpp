#pragma once
// What operators and demand response have set, on its way into the image, the record, the state and
// the events (LIM-7).

#include "control/image.hpp"
#include "control/limits/unmanaged_count.hpp"
#include "control/operators/order_book.hpp"
#include "control/operators/order_limits.hpp"
#include "domain/event.hpp"
#include "domain/operator_order.hpp"
#include "domain/site_state.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "site/bay_report.hpp"
#include "site/site_events.hpp"
#include "site/site_layout.hpp"

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace busbar::site {

/// The cause of an order, and its time.
struct order_origin {
  domain::cause by;
  domain::instant at{};
};
/// What the order was, for people and audits.
[[nodiscard]] domain::event event_of(const domain::operator_order& order, const domain::site& site,
                                     const order_origin& from);

class operator_orders {
public:
  /// By bay: its newest view, null before the first one.
  using bay_views = std::vector<std::shared_ptr<const bay_view>>;

  explicit operator_orders(std::shared_ptr<const site_layout> layout);

  /// REQUIRES: control::operators::check allowed it.
  void take(const domain::operator_order& order);
  void restore(const domain::site_state& state);
  /// Forgets what is over, ends exports whose session has ended, and puts the rest into `image`.
  /// True where something ended.
  [[nodiscard]] bool apply(control::image& image, const bay_views& views, site_events& events);

  /// Of grants while an order stands that fallbacks would exceed: a station that falls silent is
  /// not long above it. Absent: the site's lease.
  [[nodiscard]] std::optional<domain::seconds> short_lease(domain::instant now) const;
  /// Where `currents` (by connector) exceed an order, nothing is left below its node: it is obeyed,
  /// come what may. `uses`: by node.
  void hold(std::vector<domain::milliamperes>& currents, domain::instant now,
            std::span<const control::limits::unmanaged_use> uses) const;

  [[nodiscard]] const control::operators::order_book& book() const { return book_; }

private:
  void work_out();
  void apply_to_nodes(control::image& image) const;
  [[nodiscard]] bool end_exports(const control::image& image, const bay_views& views,
                                 site_events& events);
  [[nodiscard]] bool has_order_below_fallbacks(domain::instant now) const;

  std::shared_ptr<const site_layout> layout_;
  control::operators::order_book book_;
  /// By node constraint in `book_`: what it leaves. Worked out when orders change.
  std::vector<control::order_limit> limits_;
};

} // namespace busbar::site
