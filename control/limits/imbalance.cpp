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

std::optional<domain::limit> imbalance_limit(const imbalance_rule& rule,
                                             const domain::per_line<milliamperes>& measured,
                                             domain::millivolts nominal) {
  const auto allowed = difference_max(rule, measured, nominal);
  if (!allowed) return std::nullopt;
  const auto most = *std::min_element(measured.begin(), measured.end()) + *allowed;
  return domain::limit{domain::limit_source::phase_imbalance,
                       domain::per_line<milliamperes>{most, most, most}, std::nullopt};
}

void add_balanced_slack(const domain::site& site, const image& image,
                        std::span<const domain::decided_grant> grants,
                        std::span<milliamperes> slack) {
  std::fill(slack.begin(), slack.end(), milliamperes{});
  for (std::size_t i = 0; i < grants.size(); ++i) {
    const auto& data = site.connectors[i];
    const auto lines = image.connectors[i].lines_now.value_or(data.line_count);
    if (lines != 3 || data.wiring != domain::connection::wye) continue;
    const auto drawn = image.connectors[i].drawn;
    // What flows back is reserved as a load and measured as the opposite.
    const auto unused = grants[i].reserved - (image.connectors[i].is_export ? -drawn : drawn);
    if (unused > milliamperes{})
      slack[site.stations[data.station.value()].parent.value()] += unused;
  }
  // Parents stand before children: from the last to the first every child is whole.
  for (std::size_t i = slack.size(); i-- > 1;) {
    const auto& node = site.nodes[i];
    auto& above = slack[node.parent->value()];
    const bool is_stepped = node.transformer && node.transformer->primary;
    if (!is_stepped) above += slack[i];
    else
      above += milliamperes{slack[i].count() * node.transformer->secondary.count() /
                            node.transformer->primary->count()};
  }
}

} // namespace busbar::control::limits
