#include "control/limits/imbalance.hpp"

#include <algorithm>

namespace busbar::control::limits {

using domain::milliamperes;

std::optional<milliamperes> difference_max(const imbalance_rule& rule,
                                           const domain::per_line<milliamperes>& measured,
                                           domain::millivolts nominal,
                                           milliamperes difference_min) {
  std::optional<milliamperes> least = rule.difference;
  const auto take = [&](milliamperes other) { least = least ? std::min(*least, other) : other; };
  if (rule.single_line)
    take(milliamperes{rule.single_line->count() * 1'000'000 / nominal.count()});
  if (rule.of_mean) {
    const auto sum = measured[0] + measured[1] + measured[2];
    take(std::max(difference_min, milliamperes{sum.count() * rule.of_mean->count() / 3000}));
  }
  return least;
}

std::optional<domain::per_line<milliamperes>>
unbalanced_max(const imbalance_rule& rule,
               const std::optional<domain::per_line<milliamperes>>& flow,
               const domain::per_line<milliamperes>& drawn, domain::millivolts nominal) {
  const auto seen = flow.value_or(drawn);
  const auto allowed = difference_max(rule, seen, nominal);
  if (!allowed) return std::nullopt;
  domain::per_line<milliamperes> most{};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto others = std::min(seen[(i + 1) % 3], seen[(i + 2) % 3]);
    const auto rest = seen[i] - drawn[i];
    most[i] = std::max(milliamperes{}, others + *allowed - rest);
  }
  return most;
}

namespace {

bool loads_all_lines_alike(const domain::connector& data, const connector_image& seen) {
  const auto lines = seen.lines_now.value_or(data.line_count);
  return lines == 3 && !seen.used_lines && data.wiring == domain::connection::wye;
}

/// What the primary side of a transformer sees of secondary line currents, rounded down.
domain::per_line<milliamperes> above(const domain::per_line<milliamperes>& lines,
                                     const domain::transformer_data& data) {
  domain::per_line<milliamperes> carried{};
  const auto primary = data.primary.value_or(data.secondary).count();
  for (std::size_t i = 0; i < 3; ++i) {
    const auto own = lines[i].count();
    const auto before = lines[(i + 2) % 3].count();
    const bool is_delta = data.connection == domain::winding::delta_wye;
    const auto through =
        is_delta ? std::max<std::int64_t>(0, primary_current(own, before, data) - 1)
                 : own * data.secondary.count() / primary;
    carried[i] = milliamperes{through};
  }
  return carried;
}

} // namespace

void add_unbalanced_draws(const domain::site& site, const image& image,
                          std::span<domain::per_line<milliamperes>> drawn) {
  std::fill(drawn.begin(), drawn.end(), domain::per_line<milliamperes>{});
  for (std::size_t i = 0; i < image.connectors.size(); ++i) {
    const auto& data = site.connectors[i];
    const auto& seen = image.connectors[i];
    if (loads_all_lines_alike(data, seen) || seen.drawn.is_zero()) continue;
    auto& node = drawn[site.stations[data.station.value()].parent.value()];
    const auto lines = seen.used_lines.value_or(
        domain::first_lines(data, seen.lines_now.value_or(data.line_count)));
    for (const auto line : domain::all_lines)
      if (lines.contains(line))
        node[domain::index_of(line)] += seen.is_export ? -seen.drawn : seen.drawn;
  }
  // Parents stand before children: from the last to the first every child is whole.
  for (std::size_t i = drawn.size(); i-- > 1;) {
    const auto& node = site.nodes[i];
    const auto carried = node.transformer ? above(drawn[i], *node.transformer) : drawn[i];
    for (std::size_t line = 0; line < 3; ++line)
      drawn[node.parent->value()][line] += carried[line];
  }
}

void bound_balance(node_limits& limits, const node_image& image) {
  limits.balance.reset();
  if (!image.unbalanced_max) return;
  limits.balance.emplace();
  const auto& most = *image.unbalanced_max;
  for (std::size_t i = 0; i < 3; ++i)
    (*limits.balance)[i] = {most[i].count(), 0, most[i].count(),
                            domain::limit_source::phase_imbalance, false};
}

domain::binding_line line_of(domain::binding_line bound) {
  using enum domain::binding_line;
  if (bound == balance_l1) return l1;
  if (bound == balance_l2) return l2;
  return bound == balance_l3 ? l3 : bound;
}

} // namespace busbar::control::limits
