// What keeps a site safe beside the split: limits of the moment, load shedding, loss of input.
#include "site/site_desk.hpp"

#include "domain/events/limits.hpp"

#include <algorithm>

namespace busbar::site {

using domain::instant;

bool site_desk::is_heard(domain::node_index node, instant now) const {
  const auto& meter = meters_[node.value()];
  return !meter.is_stale(now, layout_->site->input.stale_after) && !node_guards_.distrusts(node);
}

control::limits::node_flow site_desk::flow_of(domain::node_index index, instant now) const {
  const auto& node = layout_->site->nodes[index.value()];
  const auto& use = uses_[index.value()];
  control::limits::node_flow flow;
  if (!node.has_meter) {
    flow.current = managed_[index.value()].drawn;
    flow.power = managed_power_[index.value()] + use.power;
    for (std::size_t i = 0; i < 3; ++i) (*flow.current)[i] += use.line[i];
    return flow;
  }
  if (!is_heard(index, now)) {
    if (plan_ == nullptr || use.is_full) return flow;
    const auto& reserved = plan_->limits[index.value()].reserved;
    flow.current_max = use.line;
    for (std::size_t i = 0; i < 3; ++i) (*flow.current_max)[i] += reserved[i];
    flow.power_max = use.power + control::limits::power_ceil(
                                     reserved[0] + reserved[1] + reserved[2],
                                     voltages_[index.value()]);
    return flow;
  }
  const auto& newest = *meters_[index.value()].newest();
  flow.current.emplace();
  for (std::size_t i = 0; i < 3; ++i)
    (*flow.current)[i] = domain::milliamperes{newest.current_ma[i]};
  flow.power = domain::watts{newest.power_w};
  if (newest.voltage_mv > 0) flow.voltage = domain::millivolts{newest.voltage_mv};
  if (newest.frequency_mhz > 0) flow.frequency_mhz = newest.frequency_mhz;
  return flow;
}

void site_desk::limit_nodes(instant now) {
  for (std::size_t i = 0; i < image_.nodes.size(); ++i) {
    const domain::node_index node{i};
    flows_[i] = flow_of(node, now);
    auto& measured = image_.nodes[i].flow;
    measured.reset();
    if (layout_->site->nodes[i].has_meter && flows_[i].current)
      measured = {*flows_[i].current, flows_[i].power};
    live_limits_.observe(node, flows_[i], now, image_.nodes[i].live_limits);
  }
  if (watches_balance_) balance_nodes();
}

void site_desk::balance_nodes() {
  const auto& nodes = layout_->site->nodes;
  control::limits::add_unbalanced_draws(*layout_->site, image_, unbalanced_);
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (const auto& rule = nodes[i].protection.imbalance)
      image_.nodes[i].unbalanced_max =
          control::limits::unbalanced_max(*rule, flows_[i].current, unbalanced_[i],
                                          control::limits::to_neutral(voltages_[i]));
}

/// What is not heard now keeps what was raised before until its band has been kept for a while.
control::limits::supply_sample site_desk::supply_of(domain::node_index index, instant now) const {
  control::limits::supply_sample sample;
  if (!layout_->site->nodes[index.value()].has_meter || !is_heard(index, now)) return sample;
  const auto& newest = *meters_[index.value()].newest();
  sample.current = flows_[index.value()].current;
  sample.voltage = flows_[index.value()].voltage;
  sample.frequency_mhz = flows_[index.value()].frequency_mhz;
  if (newest.power_factor_permille > 0)
    sample.power_factor = domain::permille{newest.power_factor_permille};
  return sample;
}

void site_desk::watch_quality(instant now) {
  quality_violations_.clear();
  for (std::size_t i = 0; i < image_.nodes.size(); ++i)
    if (layout_->site->nodes[i].has_meter)
      quality_.watch(domain::node_index{i}, supply_of(domain::node_index{i}, now), now,
                     quality_violations_);
}

std::vector<domain::violation> site_desk::violations() const {
  auto all = plan_->violations;
  std::erase_if(all, [this](const domain::violation& each) {
    return !control::limits::is_said(each, image_.now);
  });
  // What a meter alone measures is of one instant.
  all.insert(all.end(), quality_violations_.begin(), quality_violations_.end());
  return all;
}

void site_desk::shed(instant now) {
  const auto& wanted = orders_.shedding();
  load_ = plan_ == nullptr ? std::nullopt
                           : unexplained_.observe(wanted.settings, image_, flows_, *plan_);
  auto change = wanted.forced_level
                    ? shedding_.force(*wanted.forced_level, now)
                    : shedding_.observe(wanted.settings, now,
                                        control::safety::load_to_shed(wanted.settings, load_));
  image_.shedding_level = shedding_.level();
  is_changed_ = is_changed_ || change.has_value();
  if (change) shed_change_ = change;
}

void site_desk::watch_input(instant now) {
  const bool is_heard = layout_->site->connectors.empty() ||
                        std::find(are_heard_.begin(), are_heard_.end(), true) != are_heard_.end();
  has_been_heard_ = has_been_heard_ || is_heard;
  // Before the first reading there is nothing to lose: nobody is told more than its fallback.
  if (!has_been_heard_) return;
  if (!input_.cycle(layout_->site->input, is_heard)) return;
  told_safe_at_ = {};
  const domain::events::moment at{layout_->site->id, now};
  safety_events_.push_back(
      has_lost_input() ? domain::events::input_lost(at, layout_->site->input.cycles_max)
                       : domain::events::input_back(at));
}

std::shared_ptr<const plan_orders> site_desk::lost_input_orders(std::uint64_t tick, instant now) {
  const bool is_due = now - told_safe_at_ >= layout_->site->lease / 3;
  if (is_due) {
    told_safe_at_ = now;
    return safe_orders(tick, now);
  }
  auto none = std::make_shared<plan_orders>();
  none->tick = tick;
  none->now = now;
  none->renews = false;
  none->bay_begin.assign(layout_->bays.size() + 1, 0);
  return none;
}

std::vector<domain::event> site_desk::safety_events() {
  if (const auto change = std::exchange(shed_change_, std::nullopt)) {
    domain::events::shedding_words words{change->from, change->to,
                                         orders_.shedding().forced_level.has_value(), {},
                                         plan_->connectors_shed, plan_->shed};
    if (load_)
      words.load = {layout_->site->nodes[load_->node.value()].id, load_->load,
                    load_->unexplained};
    safety_events_.push_back(domain::events::load_shedding(here(), words));
  }
  return std::exchange(safety_events_, {});
}

domain::shedding_view site_desk::shedding_view() const {
  domain::shedding_view view;
  view.settings = orders_.shedding().settings;
  view.is_forced = orders_.shedding().forced_level.has_value();
  view.level = shedding_.level();
  view.changed_at = shedding_.changed_at();
  if (load_) {
    view.load = load_->load;
    view.unexplained = load_->unexplained;
    view.node = load_->node;
  }
  if (plan_ == nullptr) return view;
  view.connectors_reduced = plan_->connectors_shed;
  view.reduced_by = plan_->shed;
  return view;
}

} // namespace busbar::site
