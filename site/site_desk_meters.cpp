// What the site's meters say beside the connectors, and what counts while one of them is lost.
#include "site/site_desk.hpp"

#include "domain/current_text.hpp"
#include "domain/events/stations.hpp"

#include <algorithm>
#include <utility>

namespace busbar::site {

using domain::instant;

/// What no draw that is reserved explains is sure at once, whatever the readings say.
void site_desk::add_unreserved(std::size_t node,
                               domain::per_line<domain::milliamperes>& sure) const {
  if (plan_ == nullptr) return;
  const auto& reserved = plan_->limits[node].reserved;
  for (std::size_t i = 0; i < sure.size(); ++i) {
    const domain::milliamperes metered{meters_[node].newest()->current_ma[i]};
    const auto unreserved = std::min(metered - reserved[i], image_.nodes[node].unmanaged[i]);
    sure[i] = std::max(sure[i], unreserved);
  }
}

domain::watts site_desk::power_of(const domain::per_line<domain::milliamperes>& load,
                                  std::size_t node) const {
  domain::milliamperes total{};
  for (const auto line : load) total += std::max(line, domain::milliamperes{});
  return control::limits::power_ceil(total, voltages_[node]);
}

void site_desk::estimate_unmanaged(instant now) {
  const auto& site = *layout_->site;
  for (std::size_t i = 0; i < site.nodes.size(); ++i) {
    auto& node = image_.nodes[i];
    node.live_limits.clear();
    node.orders.clear();
    if (site.nodes[i].has_meter) {
      control::metering::metering_settings settings;
      settings.sees_export = site.nodes[i].export_room > domain::permille{};
      meters_[i].estimate(settings, managed_[i], now, site.input.stale_after, node);
      if (auto& sure = node.unmanaged_sure) {
        add_unreserved(i, sure->current);
        sure->power = power_of(sure->current, i);
      }
    } else if (site.nodes[i].unmanaged) {
      node.knowledge = control::unmanaged_knowledge::known;
      node.unmanaged = *site.nodes[i].unmanaged;
    }
  }
  node_guards_.ask(meters_, now, image_);
  uses_ = unmanaged_.of(image_.nodes);
  say_lost_meters(now);
}

/// At once where a meter was known; one that has yet to speak has as long as a stale one.
void site_desk::say_lost_meters(instant now) {
  const auto& site = *layout_->site;
  for (std::size_t i = 0; i < losses_.size(); ++i) {
    if (!site.nodes[i].has_meter) continue;
    say_meter_clock(domain::node_index{i});
    auto& loss = losses_[i];
    const bool is_lost = image_.nodes[i].knowledge == control::unmanaged_knowledge::lost;
    const bool was_known = std::exchange(loss.was_known, loss.was_known || !is_lost);
    if (!is_lost) loss.since.reset();
    else if (!loss.since) loss.since = now;
    const bool is_due =
        is_lost && (was_known || now - *loss.since >= site.input.stale_after);
    if (loss.is_said == is_due) continue;
    loss.is_said = is_due;
    const auto& node = site.nodes[i];
    const auto& most = node.unmanaged_max;
    const auto counted = most ? domain::text_of(*most) : std::string{"all that the node carries"};
    const bool is_late = meters_[i].is_late(now, site.input.stale_after);
    const auto lost = is_late ? domain::events::meter_late : domain::events::meter_lost;
    safety_events_.push_back(is_due ? lost(here(), node.id, counted)
                                    : domain::events::meter_back(here(), node.id));
  }
}

void site_desk::say_meter_clock(domain::node_index node) {
  auto& clock = meters_[node.value()].clock();
  if (!clock || !clock->take_news({})) return;
  const auto ahead = clock->ahead({});
  const auto& id = layout_->site->nodes[node.value()].id;
  safety_events_.push_back(
      ahead.count() == 0
          ? domain::events::meter_clock_right(here(), id)
          : domain::events::meter_clock_off(here(), id, control::metering::clock_text(ahead)));
}

} // namespace busbar::site
