#include "site/snapshot.hpp"

#include "control/limits/node_limits.hpp"

#include <algorithm>

namespace busbar::site {

namespace {

/// What binds may follow from the site's facts without standing there as a limit of its own.
void add_derived_source(domain::node_view& view, const control::limits::node_limits& bounds) {
  const auto has_name = [&view](const domain::limit& each) { return each.source == view.source; };
  if (view.source == domain::limit_source::unspecified) return;
  if (std::any_of(view.sources.begin(), view.sources.end(), has_name)) return;
  const bool is_power = bounds.power && bounds.power->binding() == view.source;
  if (is_power) view.sources.push_back({view.source, {}, domain::watts{bounds.power->allowed}});
  else view.sources.push_back({view.source, view.allowed, {}});
}

/// What is planned and known of one node.
domain::node_view planned_node(domain::node_index index, const control::image& image,
                               const control::plan& plan) {
  const auto& node = image.topology->nodes[index.value()];
  domain::node_view view;
  view.node = index;
  const auto& limit = plan.limits[index.value()];
  view.limit_now = limit.limit;
  view.allowed = plan.allowed[index.value()];
  const auto& bounds = plan.bounds[index.value()];
  if (bounds.power) view.power_limit = domain::watts{bounds.power->left};
  view.source = limit.source;
  view.reserved = limit.reserved;
  view.sources = control::limits::stated_sources(node);
  const auto& now = image.nodes[index.value()];
  view.sources.insert(view.sources.end(), now.live_limits.begin(), now.live_limits.end());
  const bool is_known = now.knowledge == control::unmanaged_knowledge::known;
  view.unmanaged = is_known && node.has_meter ? now.unmanaged : plan.unmanaged[index.value()];
  // What may be unmanaged besides is off the limit that is left, and no load that is there.
  if (is_known && now.unmanaged_sure) view.unmanaged = now.unmanaged_sure->current;
  if (now.unbalanced_max)
    view.sources.push_back({domain::limit_source::phase_imbalance, now.unbalanced_max, {}});
  add_derived_source(view, bounds);
  return view;
}

/// What is measured there: by its meter, else by the connectors below.
void add_measured(domain::node_view& view, const control::image& image, const meter_watch& meters,
                  const node_flows& flows) {
  view.measured = meters.managed(view.node);
  view.power = meters.managed_power(view.node);
  if (!image.topology->nodes[view.node.value()].has_meter) return;
  view.is_meter_stale = !meters.is_heard(view.node, image.now);
  const auto* newest = meters.newest(view.node);
  // What a lost meter reported last is not what flows.
  if (view.is_meter_stale || newest == nullptr) return;
  for (std::size_t i = 0; i < view.measured.size(); ++i)
    view.measured[i] = domain::milliamperes{newest->current_ma[i]};
  view.power = domain::watts{newest->power_w};
  const auto supply = flows.supply_of(view.node, image.now, meters);
  view.voltage = supply.voltage;
  view.frequency_mhz = supply.frequency_mhz;
  view.power_factor = supply.power_factor;
}

template <class Value> void append(std::vector<Value>& to, const std::vector<Value>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

} // namespace

domain::site_view snapshot::of_bays(domain::instant now) const {
  const auto& site = *layout_->site;
  domain::site_view view;
  view.topology = layout_->site;
  view.at = now;
  view.connectors.resize(site.connectors.size());
  view.stations.resize(site.stations.size());
  for (std::size_t i = 0; i < site.connectors.size(); ++i)
    view.connectors[i].connector = domain::connector_index{i};
  for (std::size_t i = 0; i < site.stations.size(); ++i)
    view.stations[i].station = domain::station_index{i};
  for (const auto& newest : views_) {
    if (!newest) continue;
    for (const auto& connector : newest->connectors)
      view.connectors[connector.connector.value()] = connector;
    for (const auto& station : newest->stations) view.stations[station.station.value()] = station;
    append(view.sessions, newest->sessions);
    append(view.breakers, newest->breakers);
    append(view.watchdogs, newest->watchdogs);
  }
  return view;
}

void snapshot::add_plan(domain::site_view& view, const control::image& image,
                        const control::plan& plan, const meter_watch& meters,
                        const node_flows& flows) const {
  for (std::size_t i = 0; i < layout_->site->nodes.size(); ++i) {
    view.nodes.push_back(planned_node(domain::node_index{i}, image, plan));
    add_measured(view.nodes.back(), image, meters, flows);
  }
  for (std::size_t i = 0; i < layout_->site->connectors.size(); ++i) {
    const auto& grant = plan.grants[i];
    auto& connector = view.connectors[i];
    connector.target = grant.target;
    connector.granted = grant.granted;
    connector.reserved = grant.reserved;
    connector.because = grant.because;
    connector.is_export = grant.is_export;
    // What the plan counts on, which the meter above may contradict.
    connector.used_lines = image.connectors[i].used_lines;
  }
}

} // namespace busbar::site
