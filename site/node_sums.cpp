#include "site/node_sums.hpp"

#include <algorithm>

namespace busbar::site {

namespace {

void add(node_sum& sum, const node_sum& part) {
  for (std::size_t i = 0; i < sum.drawn.size(); ++i) {
    sum.drawn[i] += part.drawn[i];
    sum.released[i] += part.released[i];
  }
  sum.power += part.power;
  sum.measured_at = std::max(sum.measured_at, part.measured_at);
  sum.released_at = std::max(sum.released_at, part.released_at);
}

const node_sum* find(const std::vector<node_sum>& sums, domain::node_index node) {
  const auto found = std::find_if(sums.begin(), sums.end(),
                                  [&](const node_sum& sum) { return sum.node == node; });
  return found == sums.end() ? nullptr : &*found;
}

/// The same power on a transformer's other side: currents by the ratio of voltages, rounded up.
node_sum above_transformer(node_sum sum, const domain::node& node) {
  if (!node.transformer || !node.transformer->primary) return sum;
  const auto primary = node.transformer->primary->count();
  const auto secondary = node.transformer->secondary.count();
  for (auto* lines : {&sum.drawn, &sum.released})
    for (auto& line : *lines)
      line = domain::milliamperes{(line.count() * secondary + primary - 1) / primary};
  return sum;
}

void add_children(node_sum& sum, const std::vector<node_sum>& sums, const site_layout& layout,
                  const std::vector<branch_index>& children) {
  for (const auto child : children) {
    const auto node = layout.branches[child].node;
    const auto* part = node == sum.node ? nullptr : find(sums, node);
    if (part != nullptr) add(sum, above_transformer(*part, layout.site->nodes[node.value()]));
  }
}

} // namespace

void put(std::vector<node_sum>& sums, const node_sum& sum) {
  const auto known = std::find_if(sums.begin(), sums.end(),
                                  [&](const auto& other) { return other.node == sum.node; });
  if (known == sums.end()) sums.push_back(sum);
  else *known = sum;
}

void add_own_sum(std::vector<node_sum>& sums,
                 std::span<const std::shared_ptr<const bay_report>> bays,
                 const site_layout& layout, branch_index branch) {
  const auto& own = layout.branches[branch];
  node_sum sum;
  sum.node = own.node;
  add_children(sum, sums, layout, own.children);
  for (const auto& bay : bays)
    if (layout.branches[layout.bays[bay->bay].branch].node == own.node)
      add(sum, {own.node, bay->drawn, bay->power, bay->measured_at, bay->released,
                bay->released_at});
  put(sums, sum);
}

node_sum sum_of_roots(const std::vector<node_sum>& sums, const site_layout& layout) {
  node_sum total;
  total.node = domain::node_index{0u};
  const auto* own = find(sums, total.node);
  if (own != nullptr) total = *own;
  add_children(total, sums, layout, layout.roots);
  return total;
}

std::vector<node_sum> sums_of_site(std::span<const std::shared_ptr<const bay_report>> bays,
                                   const site_layout& layout) {
  std::vector<node_sum> sums;
  // Parents stand before their children.
  for (auto branch = static_cast<branch_index>(layout.branches.size()); branch-- > 0;)
    add_own_sum(sums, bays, layout, branch);
  put(sums, sum_of_roots(sums, layout));
  return sums;
}

} // namespace busbar::site
