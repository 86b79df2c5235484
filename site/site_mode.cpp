#include "site/site_mode.hpp"

#include "control/stations/fallback.hpp"
#include "domain/events/limits.hpp"

#include <algorithm>
#include <utility>

namespace busbar::site {

using domain::instant;

site_mode::site_mode(std::shared_ptr<const site_layout> layout) : layout_(std::move(layout)) {
  are_heard_.resize(layout_->bays.size());
}

void site_mode::watch(site_events& events) {
  const bool is_heard = layout_->site->connectors.empty() ||
                        std::find(are_heard_.begin(), are_heard_.end(), true) != are_heard_.end();
  has_been_heard_ = has_been_heard_ || is_heard;
  // Before the first reading there is nothing to lose: no station is told more than its fallback.
  if (!has_been_heard_) return;
  if (!input_.cycle(layout_->site->input, is_heard)) return;
  tell_again();
  events.add(input_.is_lost()
                 ? domain::events::input_lost(events.here(), layout_->site->input.cycles_max)
                 : domain::events::input_back(events.here()));
}

void site_mode::fail(std::string why, instant tried_again_at) {
  failure_ = failure{std::move(why), tried_again_at};
  tell_again();
}

std::string_view site_mode::because() const {
  if (failure_) return failure_->why;
  return input_.is_lost() ? "no reading of any station: told its fallback" : "";
}

std::shared_ptr<const plan_orders> site_mode::orders(const safe_terms& terms, std::uint64_t tick,
                                                     instant now) {
  const bool is_due = now - told_at_ >= layout_->site->lease / 3;
  if (is_due) {
    told_at_ = now;
    return fallbacks(terms, tick, now);
  }
  auto none = std::make_shared<plan_orders>();
  none->tick = tick;
  none->now = now;
  none->is_safe = true;
  none->bay_begin.assign(layout_->bays.size() + 1, 0);
  return none;
}

std::shared_ptr<const plan_orders> site_mode::fallbacks(const safe_terms& terms,
                                                        std::uint64_t tick, instant now) const {
  auto orders = std::make_shared<plan_orders>();
  orders->tick = tick;
  orders->now = now;
  orders->short_lease = terms.orders.short_lease(now);
  orders->is_safe = true;
  const auto currents = safe_currents(terms, now);
  for (const auto& bay : layout_->bays) {
    orders->bay_begin.push_back(static_cast<std::uint32_t>(orders->orders.size()));
    for (const auto connector : bay.connectors) {
      domain::reason because;
      because.which = domain::rule::fallback;
      const bool is_export = terms.image.connectors[connector.value()].is_export;
      orders->orders.push_back(
          {connector, currents[connector.value()], because, true, 0, is_export});
    }
  }
  orders->bay_begin.push_back(static_cast<std::uint32_t>(orders->orders.size()));
  return orders;
}

std::vector<domain::milliamperes> site_mode::safe_currents(const safe_terms& terms,
                                                           instant now) const {
  const auto& site = *layout_->site;
  std::vector<domain::milliamperes> currents;
  for (std::size_t i = 0; i < site.connectors.size(); ++i) {
    const auto& seen = terms.image.connectors[i];
    const auto& station = site.stations[site.connectors[i].station.value()];
    const auto fallback = control::stations::fallback_told(station).current;
    // Its fallback, and never more than it was told: what is not measured is not raised (LIM-3).
    // No fallback flows back.
    currents.push_back(seen.is_export ? domain::milliamperes{} : std::min(fallback, seen.told));
  }
  terms.orders.hold(currents, now, terms.uses);
  return currents;
}

} // namespace busbar::site
