#include "site/meter_watch.hpp"

#include "domain/current_text.hpp"
#include "domain/events/stations.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace busbar::site {

using domain::instant;

meter_watch::meter_watch(std::shared_ptr<const site_layout> layout,
                         const control::safety::breaker_settings& guards)
    : layout_(std::move(layout)), guards_(layout_, guards), unmanaged_(*layout_->site),
      silent_(*layout_->site) {
  const auto nodes = layout_->site->nodes.size();
  meters_.resize(nodes);
  managed_.resize(nodes);
  managed_power_.resize(nodes);
  losses_.resize(nodes);
}

void meter_watch::take(const domain::meter_reading& reading, instant received_at) {
  meters_.at(reading.node.value()).take(reading, received_at);
}

void meter_watch::take(const std::vector<node_sum>& sums) {
  for (const auto& sum : sums) {
    managed_[sum.node.value()] = {sum.drawn, sum.measured_at, sum.released, sum.released_at};
    managed_power_[sum.node.value()] = sum.power;
  }
}

void meter_watch::take_over(const meter_watch& before,
                            const std::vector<std::optional<domain::node_index>>& nodes) {
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (const auto& place = nodes[i]) meters_[place->value()] = before.meters_[i];
}

instant meter_watch::sampled_at(instant now) const {
  auto oldest = instant::max();
  const auto stale_after = layout_->site->input.stale_after;
  for (const auto& meter : meters_)
    if (!meter.is_stale(now, stale_after))
      oldest = std::min(oldest, meter.newest()->measured_at);
  return oldest;
}

const domain::meter_reading* meter_watch::newest(domain::node_index node) const {
  const auto& newest = meters_[node.value()].newest();
  return newest ? &*newest : nullptr;
}

domain::watts meter_watch::power_of(const domain::per_line<domain::milliamperes>& load,
                                    std::size_t node) const {
  domain::milliamperes total{};
  for (const auto line : load) total += std::max(line, domain::milliamperes{});
  return control::limits::power_ceil(total, layout_->voltages[node]);
}

void meter_watch::estimate(control::image& image, const control::plan* plan,
                           site_events& events) {
  const auto& nodes = layout_->site->nodes;
  const auto silent = silent_.of(image.connectors);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    managed_[i].silent = silent[i];
    auto& node = image.nodes[i];
    node.live_limits.clear();
    node.orders.clear();
    if (nodes[i].has_meter) {
      estimate(i, image, plan);
    } else if (nodes[i].unmanaged) {
      node.knowledge = control::unmanaged_knowledge::known;
      node.unmanaged = *nodes[i].unmanaged;
    }
  }
  guards_.ask(meters_, image.now, image);
  uses_ = unmanaged_.of(image.nodes);
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (nodes[i].has_meter) follow_loss(i, image, events);
}

void meter_watch::estimate(std::size_t i, control::image& image, const control::plan* plan) {
  const auto& site = *layout_->site;
  auto& node = image.nodes[i];
  control::metering::metering_settings settings;
  settings.sees_export = site.nodes[i].export_room > domain::permille{};
  auto& managed = managed_[i];
  if (plan == nullptr) managed.reserved.reset();
  else managed.reserved = plan->limits[i].reserved;
  meters_[i].estimate(settings, managed, image.now, site.input.stale_after, node);
  if (auto& sure = node.unmanaged_sure) sure->power = power_of(sure->current, i);
}

/// At once where a meter was known; one that has yet to speak has as long as a stale one.
void meter_watch::follow_loss(std::size_t i, const control::image& image, site_events& events) {
  const auto& site = *layout_->site;
  say_clock(i, events);
  auto& loss = losses_[i];
  const bool is_lost = image.nodes[i].knowledge == control::unmanaged_knowledge::lost;
  const bool was_known = std::exchange(loss.was_known, loss.was_known || !is_lost);
  if (!is_lost) loss.since.reset();
  else if (!loss.since) loss.since = image.now;
  const bool is_due =
      is_lost && (was_known || image.now - *loss.since >= site.input.stale_after);
  if (loss.is_said == is_due) return;
  loss.is_said = is_due;
  if (is_due) say_loss(i, image.now, events);
  else
    events.add(domain::events::meter_back(events.here(), site.nodes[i].id));
}

void meter_watch::say_loss(std::size_t i, instant now, site_events& events) {
  const auto& node = layout_->site->nodes[i];
  const bool is_late = meters_[i].is_late(now, layout_->site->input.stale_after);
  const auto& most = node.unmanaged_max;
  const auto counted = most ? domain::text_of(*most) : std::string{"all that the node carries"};
  const auto lost = is_late ? domain::events::meter_late : domain::events::meter_lost;
  events.add(lost(events.here(), node.id, counted));
}

void meter_watch::say_clock(std::size_t i, site_events& events) {
  auto& clock = meters_[i].clock();
  if (!clock || !clock->take_news({})) return;
  const auto ahead = clock->ahead({});
  const auto& id = layout_->site->nodes[i].id;
  events.add(ahead.count() == 0
                 ? domain::events::meter_clock_right(events.here(), id)
                 : domain::events::meter_clock_off(events.here(), id,
                                                   control::metering::clock_text(ahead)));
}

bool meter_watch::is_heard(domain::node_index node, instant now) const {
  const auto& meter = meters_[node.value()];
  return !meter.is_stale(now, layout_->site->input.stale_after) && !guards_.distrusts(node);
}

control::limits::node_flow meter_watch::flow_of(domain::node_index index, instant now,
                                                const control::plan* plan) const {
  const auto& use = uses_[index.value()];
  control::limits::node_flow flow;
  if (!layout_->site->nodes[index.value()].has_meter) {
    flow.current = managed(index);
    flow.power = managed_power(index) + use.power;
    for (std::size_t i = 0; i < 3; ++i) (*flow.current)[i] += use.line[i];
    return flow;
  }
  if (!is_heard(index, now)) {
    if (plan == nullptr || use.is_full) return flow;
    const auto& reserved = plan->limits[index.value()].reserved;
    flow.current_max = use.line;
    for (std::size_t i = 0; i < 3; ++i) (*flow.current_max)[i] += reserved[i];
    const auto all = reserved[0] + reserved[1] + reserved[2];
    flow.power_max =
        use.power + control::limits::power_ceil(all, layout_->voltages[index.value()]);
    return flow;
  }
  const auto& reading = *newest(index);
  flow.current.emplace();
  for (std::size_t i = 0; i < 3; ++i)
    (*flow.current)[i] = domain::milliamperes{reading.current_ma[i]};
  flow.power = domain::watts{reading.power_w};
  if (reading.voltage_mv > 0) flow.voltage = domain::millivolts{reading.voltage_mv};
  if (reading.frequency_mhz > 0) flow.frequency_mhz = reading.frequency_mhz;
  flow.measured_at = reading.measured_at;
  return flow;
}

} // namespace busbar::site
