#include "simulator/line_audit.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

namespace busbar::simulator {

using domain::instant;

line_audit::line_audit(std::shared_ptr<const domain::site> site, domain::microseconds settle)
    : site_(std::move(site)), settle_(settle), used_before_(site_->connectors.size()) {
  for (const auto& connector : site_->connectors) {
    auto& below = is_below_.emplace_back(site_->nodes.size());
    bool is_plain = site_->lines.are_learned && connector.kind == domain::current_kind::ac &&
                    connector.wiring == domain::connection::wye;
    const auto parent = site_->stations[connector.station.value()].parent;
    for (std::optional at{parent}; at; at = site_->nodes[at->value()].parent) {
      below[at->value()] = true;
      const auto& data = site_->nodes[at->value()].transformer;
      if (data && (data->primary || data->connection == domain::winding::delta_wye))
        is_plain = false;
    }
    can_leave_out_.push_back(is_plain);
  }
}

void line_audit::look(std::vector<line_use> held, instant now) {
  std::vector<std::uint8_t> used(used_before_.size());
  for (const auto& each : held) {
    const auto before = used_before_[each.connector.value()];
    used[each.connector.value()] = each.used;
    if (before == 0 || each.used <= before) continue;
    recent_.push_back(now);
    ++changes_;
  }
  used_before_ = std::move(used);
  while (!recent_.empty() && now - recent_.front() > settle_) recent_.pop_front();
  held_ = std::move(held);
}

std::vector<load> line_audit::loads() const {
  std::vector<load> all;
  for (const auto& each : held_) {
    const bool is_whole = !can_leave_out_[each.connector.value()] || each.used == 0;
    all.push_back({each.connector, each.current, is_whole ? each.offered : each.used});
  }
  return all;
}

bool line_audit::leaves_out(const line_use& use, domain::line line) const {
  const auto& lines = site_->connectors[use.connector.value()].lines;
  for (std::uint8_t i = use.used; i < use.offered; ++i)
    if (lines[i] == line) return true;
  return false;
}

double line_audit::sum_of_largest(std::vector<double> sizes) const {
  std::ranges::sort(sizes, std::greater{});
  const std::size_t at_once = site_->lines.changes_at_once;
  const auto left = at_once - std::min(at_once, recent_.size());
  double sum = 0;
  for (std::size_t i = 0; i < std::min(left, sizes.size()); ++i) sum += sizes[i];
  return sum;
}

double line_audit::room_on(domain::node_index node, domain::line line) const {
  std::vector<double> sizes;
  for (const auto& each : held_) {
    const auto c = each.connector.value();
    if (can_leave_out_[c] && is_below_[c][node.value()] && each.used > 0 && leaves_out(each, line))
      sizes.push_back(static_cast<double>(each.current.count()));
  }
  return sum_of_largest(std::move(sizes));
}

double line_audit::power_at(domain::node_index node) const {
  std::vector<double> sizes;
  for (const auto& each : held_) {
    const auto c = each.connector.value();
    if (!can_leave_out_[c] || !is_below_[c][node.value()] || each.used == 0) continue;
    const auto phases = static_cast<std::uint8_t>(each.offered - each.used);
    sizes.push_back(static_cast<double>(
        milliwatts(supply_of(*site_, each.connector), phases, each.current)));
  }
  return sum_of_largest(std::move(sizes));
}

} // namespace busbar::simulator
