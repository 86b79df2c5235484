#include "control/limits/unmanaged_count.hpp"

#include "control/limits/integer_math.hpp"

#include <algorithm>
#include <optional>

namespace busbar::control::limits {

using domain::limit_source;
using domain::milliamperes;
using domain::watts;

namespace {

/// More than any limit may be: what a node that nothing bounds may carry.
constexpr milliamperes unbounded_current{4'000'000'000};
constexpr watts unbounded_power{4'000'000'000'000};

/// Unmanaged load is held by what is built, and by no order.
bool is_built(limit_source source) {
  using enum limit_source;
  return source == rating || source == breaker || source == cable || source == transformer ||
         source == service_power || source == service_current;
}

void add(unmanaged_use& sum, const unmanaged_use& part) {
  sum.is_any |= part.is_any;
  sum.is_lost |= part.is_lost;
  sum.is_mixed |= part.is_mixed;
  for (std::size_t i = 0; i < 3; ++i) sum.line[i] += part.line[i];
  sum.power += part.power;
}

void raise_to(unmanaged_use& use, const unmanaged_use& least) {
  if (!least.is_any) return;
  use.is_mixed |= least.is_mixed;
  for (std::size_t i = 0; i < 3; ++i) use.line[i] = std::max(use.line[i], least.line[i]);
  use.power = std::max(use.power, least.power);
}

unmanaged_use use_of(const domain::per_line<milliamperes>& load, node_voltage voltage) {
  unmanaged_use use;
  use.is_any = true;
  milliamperes total{};
  for (std::size_t i = 0; i < 3; ++i) {
    use.line[i] = std::max(load[i], milliamperes{});
    total += use.line[i];
  }
  use.power = power_ceil(total, voltage);
  return use;
}

bool has_left(const node_image& image) {
  return image.left_behind != domain::per_line<milliamperes>{};
}

/// `use` as the node above carries it.
unmanaged_use above(const unmanaged_use& use, const domain::node& node) {
  unmanaged_use carried = use;
  for (auto& line : carried.line) line = std::max(line, milliamperes{});
  carried.power = std::max(carried.power, watts{});
  carried.is_full = false;
  if (!node.transformer) return carried;
  const auto& data = *node.transformer;
  const bool is_delta = data.connection == domain::winding::delta_wye;
  const auto primary = data.primary.value_or(data.secondary).count();
  const auto own = carried.line;
  for (std::size_t i = 0; i < 3; ++i) {
    const wide stepped = wide{own[i].count()} * data.secondary.count();
    carried.line[i] = milliamperes{
        is_delta ? primary_current(own[i].count(), own[(i + 2) % 3].count(), data, use.is_mixed)
                 : static_cast<std::int64_t>(ceil_of(stepped, primary))};
  }
  carried.is_mixed |= is_delta;
  return carried;
}

} // namespace

unmanaged_count::unmanaged_count(const domain::site& site)
    : site_(site), voltages_(voltages_of(site)), uses_(site.nodes.size()),
      below_(site.nodes.size()), known_below_(site.nodes.size()) {
  full_.reserve(site.nodes.size());
  for (std::size_t i = 0; i < site.nodes.size(); ++i) full_.push_back(full_load(i));
}

unmanaged_use unmanaged_count::full_load(std::size_t place) const {
  const auto& node = site_.nodes[place];
  std::optional<domain::per_line<milliamperes>> line;
  std::optional<watts> power;
  const auto take = [&](const domain::per_line<milliamperes>& other) {
    if (!line) line = other;
    for (std::size_t i = 0; i < 3; ++i) (*line)[i] = std::min((*line)[i], other[i]);
  };
  for (const auto& limit : node.limits) {
    if (!is_built(limit.source)) continue;
    if (limit.current) take(*limit.current);
    if (limit.power) power = std::min(power.value_or(*limit.power), *limit.power);
  }
  if (node.transformer) {
    const auto rated = rated_current(node.transformer->rated, node.transformer->secondary);
    take({rated, rated, rated});
  }
  if (power) {
    const auto on_one = current_floor(*power, voltages_[place]) + milliamperes{1};
    take({on_one, on_one, on_one});
  }
  unmanaged_use use;
  use.is_any = use.is_full = use.is_lost = true;
  use.line = line.value_or(domain::per_line<milliamperes>{unbounded_current, unbounded_current,
                                                          unbounded_current});
  const auto total = use.line[0] + use.line[1] + use.line[2];
  use.power = line ? power_ceil(total, voltages_[place]) : unbounded_power;
  use.power = std::min(use.power, power.value_or(use.power));
  return use;
}

/// Of a meter that is known: no less than what is known to flow below, and export as room.
unmanaged_use unmanaged_count::metered(std::size_t place, const node_image& image) const {
  auto use = use_of(image.unmanaged, voltages_[place]);
  raise_to(use, known_below_[place]);
  const auto room = site_.nodes[place].export_room.count();
  if (room == 0) return use;
  milliamperes back{};
  for (std::size_t i = 0; i < 3; ++i) {
    if (use.line[i] > milliamperes{} || image.unmanaged[i] >= milliamperes{}) continue;
    use.line[i] = milliamperes{image.unmanaged[i].count() * room / 1'000};
    back -= use.line[i];
  }
  if (use.power.is_zero() && back > milliamperes{})
    use.power = -watts{power_ceil(back, voltages_[place]).count() - 1};
  return use;
}

void unmanaged_count::add_node(std::size_t place, const node_image& image) {
  const auto& node = site_.nodes[place];
  auto& use = uses_[place];
  auto known = known_below_[place];
  use = below_[place];
  if (image.knowledge == unmanaged_knowledge::known && node.unmanaged) {
    const auto own = use_of(image.unmanaged, voltages_[place]);
    add(use, own);
    add(known, own);
  } else if (image.knowledge == unmanaged_knowledge::known) {
    use = known = metered(place, image);
  } else if (image.knowledge == unmanaged_knowledge::lost && node.unmanaged_max) {
    auto most = use_of(*node.unmanaged_max, voltages_[place]);
    raise_to(most, use);
    use = most;
    use.is_lost = true;
  } else if (image.knowledge == unmanaged_knowledge::lost) {
    use = full_[place];
  }
  use.sure_line = known.line;
  use.sure_power = known.power;
  if (!node.parent || !use.is_any) return;
  add(below_[node.parent->value()], above(use, node));
  add(known_below_[node.parent->value()], above(known, node));
}

std::span<const unmanaged_use> unmanaged_count::of(std::span<const node_image> nodes) {
  std::fill(below_.begin(), below_.end(), unmanaged_use{});
  std::fill(known_below_.begin(), known_below_.end(), unmanaged_use{});
  // Parents stand before children: from the last to the first every child is whole.
  for (std::size_t i = nodes.size(); i-- > 0;) add_node(i, nodes[i]);
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (has_left(nodes[i])) add(uses_[i], use_of(nodes[i].left_behind, voltages_[i]));
  return uses_;
}

std::vector<left_at_node> count_left(const domain::site& site, const domain::left_load& load) {
  std::vector<left_at_node> counted;
  auto use = use_of(load.line, {});
  for (std::optional at{load.node}; at; at = site.nodes[at->value()].parent) {
    if (load.of && load.of->ends_below == at) break;
    counted.push_back({*at, use.line});
    use = above(use, site.nodes[at->value()]);
  }
  return counted;
}

void put_left(const domain::site& site, const std::vector<domain::left_load>& loads,
              std::span<node_image> nodes) {
  for (auto& node : nodes) node.left_behind = {};
  for (const auto& load : loads)
    for (const auto& each : count_left(site, load))
      for (std::size_t line = 0; line < 3; ++line)
        nodes[each.node.value()].left_behind[line] += each.line[line];
}

} // namespace busbar::control::limits
