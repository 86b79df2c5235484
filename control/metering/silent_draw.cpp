#include "control/metering/silent_draw.hpp"

#include "control/transition/reserve.hpp"

#include <algorithm>

namespace busbar::control::metering {

using domain::milliamperes;

namespace {

/// The same power on a transformer's primary side, rounded up as sums of draws are.
milliamperes above(milliamperes line, const domain::node& node) {
  if (!node.transformer || !node.transformer->primary) return line;
  const auto primary = node.transformer->primary->count();
  return milliamperes{(line.count() * node.transformer->secondary.count() + primary - 1) /
                      primary};
}

} // namespace

milliamperes silent_draw_of(const connector_image& connector) {
  const bool is_silent = connector.is_late || connector.is_unheard;
  const bool is_drawing = connector.drawn > milliamperes{};
  if (!is_silent || !(connector.wants || is_drawing)) return {};
  // Export that has ended is what the meter shows more.
  if (connector.is_export) return connector.drawn;
  const auto taken_off = connector.is_unheard ? milliamperes{} : connector.drawn;
  return std::max(connector.reserve - taken_off, milliamperes{});
}

silent_draw::silent_draw(const domain::site& site) : site_(site), sums_(site.nodes.size()) {}

std::span<const domain::per_line<milliamperes>>
silent_draw::of(std::span<const connector_image> connectors) {
  std::fill(sums_.begin(), sums_.end(), domain::per_line<milliamperes>{});
  for (std::size_t i = 0; i < connectors.size(); ++i) {
    const auto silent = silent_draw_of(connectors[i]);
    if (silent.is_zero()) continue;
    const auto counted =
        transition::lines_counted(connectors[i], connectors[i].is_disobeying);
    const auto& data = site_.connectors[i];
    auto& sum = sums_[site_.stations[data.station.value()].parent.value()];
    for (std::size_t line = 0; line < data.line_count; ++line)
      if (counted.contains(data.lines[line])) sum[domain::index_of(data.lines[line])] += silent;
  }
  // Parents stand before children: from the last to the first every child is whole.
  for (std::size_t i = sums_.size(); i-- > 1;) {
    const auto& node = site_.nodes[i];
    for (std::size_t line = 0; line < 3; ++line)
      sums_[node.parent->value()][line] += above(sums_[i][line], node);
  }
  return sums_;
}

} // namespace busbar::control::metering
