#include "simulator/meter.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace busbar::simulator {

namespace {

using domain::milliamperes;

/// The smallest current limit that the node's own entry states, or a small feeder's.
milliamperes smallest_limit(const domain::node& node) {
  auto smallest = std::numeric_limits<std::int64_t>::max();
  for (const auto& limit : node.limits)
    for (std::size_t line = 0; limit.current && line < 3; ++line)
      smallest = std::min(smallest, (*limit.current)[line].count());
  return milliamperes{smallest == std::numeric_limits<std::int64_t>::max() ? 63'000 : smallest};
}

std::int32_t whole_watts(std::int64_t mw) { return static_cast<std::int32_t>((mw + 999) / 1000); }

} // namespace

meters::meters(std::shared_ptr<const domain::site> site, base_load_settings settings,
               random_source random)
    : site_(std::move(site)), settings_(settings), random_(random),
      base_(site_->nodes.size()), lost_until_(site_->nodes.size()),
      disturbed_until_(site_->nodes.size()) {
  for (std::size_t n = 0; n < base_.size(); ++n)
    if (const auto& declared = site_->nodes[n].unmanaged) base_[n] = *declared;
}

void meters::follow(std::shared_ptr<const domain::site> site,
                    const std::vector<std::optional<domain::node_index>>& nodes) {
  site_ = std::move(site);
  const auto base = std::exchange(base_, {});
  const auto lost = std::exchange(lost_until_, {});
  const auto disturbed = std::exchange(disturbed_until_, {});
  base_.resize(site_->nodes.size());
  lost_until_.resize(site_->nodes.size());
  disturbed_until_.resize(site_->nodes.size());
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    if (!nodes[n]) continue;
    const auto now = nodes[n]->value();
    if (site_->nodes[now].has_meter) base_[now] = base[n];
    lost_until_[now] = lost[n];
    disturbed_until_[now] = disturbed[n];
  }
  for (std::size_t n = 0; n < base_.size(); ++n) hold_to_the_file(n);
}

void meters::hold_to_the_file(std::size_t node) {
  if (const auto& declared = site_->nodes[node].unmanaged) base_[node] = *declared;
  const auto& most = site_->nodes[node].unmanaged_max;
  for (std::size_t line = 0; most && line < 3; ++line)
    base_[node][line] = std::min(base_[node][line], (*most)[line]);
}

void meters::advance(domain::instant now) {
  if (now < next_move_) return;
  next_move_ = now + settings_.moves_every;
  for (std::size_t n = 0; n < base_.size(); ++n) {
    if (!site_->nodes[n].has_meter) continue;
    const auto limit = smallest_limit(site_->nodes[n]).count();
    for (std::size_t line = 0; line < 3; ++line)
      base_[n][line] = milliamperes{
          limit * random_.between(settings_.low.count(), settings_.high.count()) / 1000};
    hold_to_the_file(n);
  }
}

std::vector<domain::meter_reading> meters::sample(const std::vector<node_flow>& flows,
                                                  domain::instant now) const {
  std::vector<domain::meter_reading> samples;
  for (std::size_t n = 0; n < flows.size(); ++n) {
    if (!site_->nodes[n].has_meter || now < lost_until_[n]) continue;
    domain::meter_reading sample;
    sample.measured_at = now;
    sample.node = domain::node_index{n};
    for (std::size_t line = 0; line < 3; ++line)
      sample.current_ma[line] =
          static_cast<std::int32_t>(
              metered(flows[n].lines[line], domain::all_lines[line]).count());
    sample.power_w = whole_watts(flows[n].power_mw);
    const auto& ends = disturbed_until_[n];
    const auto voltage = voltage_at(*site_, domain::node_index{n}).count();
    sample.voltage_mv =
        static_cast<std::int32_t>(now < ends.low_voltage ? voltage * 85 / 100 : voltage);
    sample.frequency_mhz = now < ends.low_frequency ? 49'000 : 50'000;
    sample.power_factor_permille = now < ends.low_power_factor ? 700 : 980;
    samples.push_back(sample);
  }
  return samples;
}

std::optional<domain::node_index> meters::meter_above(domain::node_index node) const {
  std::optional<domain::node_index> at = node;
  while (at && !site_->nodes[at->value()].has_meter) at = site_->nodes[at->value()].parent;
  return at;
}

bool meters::lose(domain::node_index node, domain::instant until) {
  const auto meter = meter_above(node);
  if (meter) lost_until_[meter->value()] = until;
  return meter.has_value();
}

bool meters::disturb(domain::node_index node, domain::fault_kind kind, domain::instant until) {
  const auto meter = meter_above(node);
  if (!meter) return false;
  auto& ends = disturbed_until_[meter->value()];
  if (kind == domain::fault_kind::low_voltage) ends.low_voltage = until;
  if (kind == domain::fault_kind::low_frequency) ends.low_frequency = until;
  if (kind == domain::fault_kind::low_power_factor) ends.low_power_factor = until;
  return true;
}

void meters::restore_all() {
  std::fill(lost_until_.begin(), lost_until_.end(), domain::instant{});
  std::fill(disturbed_until_.begin(), disturbed_until_.end(), disturbance{});
}

} // namespace busbar::simulator
