#include "control/metering/line_witness.hpp"

#include <algorithm>
#include <cstdlib>

namespace busbar::control::metering {

using domain::milliamperes;

namespace {

std::optional<domain::node_index> meter_above(const domain::site& site,
                                              const domain::connector& connector) {
  std::optional at{site.stations[connector.station.value()].parent};
  while (at && !site.nodes[at->value()].has_meter) at = site.nodes[at->value()].parent;
  return at;
}

/// Of two changes the one that goes further in the direction of `draw`, and no further than half
/// above it: more than that is the building's own.
std::int64_t share_of(std::int64_t draw, std::int64_t at_once, std::int64_t later) {
  const bool is_rise = draw > 0;
  const auto change = is_rise ? std::max(at_once, later) : -std::min(at_once, later);
  return std::clamp<std::int64_t>(change, 0, std::abs(draw) * 3 / 2);
}

} // namespace

line_witness::line_witness(const domain::site& site, const line_witness_settings& settings)
    : settings_(settings), loads_(site.nodes.size()) {
  for (std::uint32_t i = 0; i < site.connectors.size(); ++i) {
    const auto& connector = site.connectors[i];
    const auto meter = meter_above(site, connector);
    if (meter && domain::may_use_fewer_lines(site, connector))
      records_.push_back({i, static_cast<std::uint32_t>(meter->value()), {}, 0, {}});
  }
}

void line_witness::look(image& image) {
  if (records_.empty()) return;
  if (image.now - stepped_at_ >= settings_.step || image.now < stepped_at_) step(image);
  for (const auto& about : records_) {
    auto& claimed = image.connectors[about.connector].used_lines;
    if (claimed && contradicts(about, *claimed)) claimed.reset();
  }
}

void line_witness::step(const image& image) {
  stepped_at_ = image.now;
  for (auto& about : records_) learn(about, image);
  for (std::size_t n = 0; n < loads_.size(); ++n) {
    const auto& node = image.nodes[n];
    loads_[n][0] = loads_[n][1];
    loads_[n][1].reset();
    if (node.knowledge == unmanaged_knowledge::known) loads_[n][1] = node.unmanaged;
  }
}

void line_witness::learn(record& about, const image& image) {
  const auto& node = image.nodes[about.meter];
  const auto& [before, at_once] = loads_[about.meter];
  const auto draw = about.drawn_ma[1] - about.drawn_ma[0];
  about.drawn_ma = {about.drawn_ma[1], image.connectors[about.connector].drawn.count()};
  const bool is_known = before && at_once && node.knowledge == unmanaged_knowledge::known;
  if (!is_known || std::abs(draw) < settings_.change_min.count()) return;
  about.square += draw * draw - about.square / 8;
  for (std::size_t line = 0; line < about.product.size(); ++line) {
    const auto from = (*before)[line];
    const auto follows = share_of(draw, ((*at_once)[line] - from).count(),
                                  (node.unmanaged[line] - from).count());
    about.product[line] += std::abs(draw) * follows - about.product[line] / 8;
  }
}

bool line_witness::contradicts(const record& about, domain::line_set claimed) const {
  return std::ranges::any_of(domain::all_lines, [&](domain::line line) {
    const auto follows = about.product[domain::index_of(line)];
    return !claimed.contains(line) && follows > 0 && follows * 2 >= about.square;
  });
}

} // namespace busbar::control::metering
