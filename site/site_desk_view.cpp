// What people see of a site, from the newest plan and the bays' reports.
#include "site/site_desk.hpp"

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

} // namespace

domain::node_view site_desk::node_view_of(domain::node_index index) const {
  const auto& site = *layout_->site;
  const auto& node = site.nodes[index.value()];
  domain::node_view view;
  view.node = index;
  const auto& limit = plan_->limits[index.value()];
  view.limit_now = limit.limit;
  view.allowed = plan_->allowed[index.value()];
  const auto& bounds = plan_->bounds[index.value()];
  if (bounds.power) view.power_limit = domain::watts{bounds.power->left};
  view.source = limit.source;
  view.reserved = limit.reserved;
  view.sources = control::limits::stated_sources(node);
  const auto& now = image_.nodes[index.value()];
  view.sources.insert(view.sources.end(), now.live_limits.begin(), now.live_limits.end());
  const bool is_known = now.knowledge == control::unmanaged_knowledge::known;
  view.unmanaged = is_known && node.has_meter ? now.unmanaged : plan_->unmanaged[index.value()];
  // What may be unmanaged besides is off the limit that is left, and no load that is there.
  if (is_known && now.unmanaged_sure) view.unmanaged = now.unmanaged_sure->current;
  if (now.unbalanced_max)
    view.sources.push_back({domain::limit_source::phase_imbalance, now.unbalanced_max, {}});
  add_derived_source(view, bounds);
  view.measured = managed_[index.value()].drawn;
  view.power = managed_power_[index.value()];
  if (!node.has_meter) return view;
  const auto& meter = meters_[index.value()];
  view.is_meter_stale = !is_heard(index, image_.now);
  // What a lost meter said last is not what flows.
  if (view.is_meter_stale || !meter.newest()) return view;
  for (std::size_t i = 0; i < view.measured.size(); ++i)
    view.measured[i] = domain::milliamperes{meter.newest()->current_ma[i]};
  view.power = domain::watts{meter.newest()->power_w};
  const auto supply = supply_of(index, image_.now);
  view.voltage = supply.voltage;
  view.frequency_mhz = supply.frequency_mhz;
  view.power_factor = supply.power_factor;
  return view;
}

domain::site_view site_desk::view() const {
  const auto& site = *layout_->site;
  domain::site_view view;
  view.topology = layout_->site;
  view.at = image_.now;
  view.plan_number = plan_number_;
  view.connectors.resize(site.connectors.size());
  view.stations.resize(site.stations.size());
  for (std::size_t i = 0; i < site.connectors.size(); ++i)
    view.connectors[i].connector = domain::connector_index{i};
  for (std::size_t i = 0; i < site.stations.size(); ++i)
    view.stations[i].station = domain::station_index{i};
  for (const auto& newest : views_) {
    if (!newest) continue;
    const auto& seen = *newest;
    for (const auto& connector : seen.connectors)
      view.connectors[connector.connector.value()] = connector;
    for (const auto& station : seen.stations) view.stations[station.station.value()] = station;
    view.sessions.insert(view.sessions.end(), seen.sessions.begin(), seen.sessions.end());
    view.breakers.insert(view.breakers.end(), seen.breakers.begin(), seen.breakers.end());
    view.watchdogs.insert(view.watchdogs.end(), seen.watchdogs.begin(), seen.watchdogs.end());
  }
  for (auto& breaker : node_guards_.views()) view.breakers.push_back(std::move(breaker));
  if (plan_ == nullptr) return view;
  for (std::size_t i = 0; i < site.nodes.size(); ++i)
    view.nodes.push_back(node_view_of(domain::node_index{i}));
  add_left(view);
  const auto reliefs = planner_.reliefs(image_);
  for (std::size_t i = 0; i < site.connectors.size(); ++i) {
    const auto& grant = plan_->grants[i];
    view.connectors[i].target = grant.target;
    view.connectors[i].granted = grant.granted;
    view.connectors[i].reserved = grant.reserved;
    view.connectors[i].because = grant.because;
    view.connectors[i].lifted_by = reliefs[i];
    if (grant.because.which == domain::rule::load_shedding)
      view.connectors[i].lifted_by.level_by_hand = orders_.shedding().forced_level;
    view.connectors[i].is_export = grant.is_export;
    // What the plan counts on, which the meter above may contradict.
    view.connectors[i].used_lines = image_.connectors[i].used_lines;
  }
  add_forecasts(view);
  view.violations = violations();
  view.shedding = shedding_view();
  view.constraints = orders_.nodes();
  for (const auto& constraint : orders_.connectors())
    view.connectors[constraint.connector.value()].constraint = constraint;
  return view;
}

} // namespace busbar::site
