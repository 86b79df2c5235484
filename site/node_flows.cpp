#include "site/node_flows.hpp"

#include "control/limits/imbalance.hpp"

#include <algorithm>
#include <utility>

namespace busbar::site {

using domain::instant;

node_flows::node_flows(std::shared_ptr<const site_layout> layout)
    : layout_(std::move(layout)), live_limits_(*layout_->site), quality_(*layout_->site) {
  const auto& nodes = layout_->site->nodes;
  flows_.resize(nodes.size());
  unbalanced_.resize(nodes.size());
  watches_balance_ = std::any_of(nodes.begin(), nodes.end(), [](const auto& node) {
    return node.protection.imbalance.has_value();
  });
}

void node_flows::observe(control::image& image, const control::plan* plan,
                         const meter_watch& meters) {
  for (std::size_t i = 0; i < image.nodes.size(); ++i) {
    const domain::node_index node{i};
    flows_[i] = meters.flow_of(node, image.now, plan);
    auto& measured = image.nodes[i].flow;
    measured.reset();
    if (layout_->site->nodes[i].has_meter && flows_[i].current)
      measured = {*flows_[i].current, flows_[i].power};
    live_limits_.observe(node, flows_[i], image.now, image.nodes[i].live_limits);
  }
  if (watches_balance_) balance(image);
  watch_quality(image.now, meters);
}

void node_flows::balance(control::image& image) {
  const auto& nodes = layout_->site->nodes;
  control::limits::add_unbalanced_draws(*layout_->site, image, unbalanced_);
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (const auto& rule = nodes[i].protection.imbalance)
      image.nodes[i].unbalanced_max =
          control::limits::unbalanced_max(*rule, flows_[i].current, unbalanced_[i],
                                          control::limits::to_neutral(layout_->voltages[i]));
}

/// What is not heard now keeps what was raised before until its band has been kept for a while.
control::limits::supply_sample node_flows::supply_of(domain::node_index node, instant now,
                                                     const meter_watch& meters) const {
  control::limits::supply_sample sample;
  const bool has_meter = layout_->site->nodes[node.value()].has_meter;
  if (!has_meter || !meters.is_heard(node, now)) return sample;
  const auto& newest = *meters.newest(node);
  const auto& flow = flows_[node.value()];
  sample.current = flow.current;
  sample.voltage = flow.voltage;
  sample.frequency_mhz = flow.frequency_mhz;
  if (newest.power_factor_permille > 0)
    sample.power_factor = domain::permille{newest.power_factor_permille};
  return sample;
}

void node_flows::watch_quality(instant now, const meter_watch& meters) {
  violations_.clear();
  const auto& nodes = layout_->site->nodes;
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (nodes[i].has_meter)
      quality_.watch(domain::node_index{i}, supply_of(domain::node_index{i}, now, meters), now,
                     violations_);
}

} // namespace busbar::site
