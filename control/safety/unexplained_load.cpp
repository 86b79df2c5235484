#include "control/safety/unexplained_load.hpp"

#include <algorithm>

namespace busbar::control::safety {

using domain::milliamperes;

namespace {

/// A quotient in permille, rounded up; a limit of nothing is full with anything.
std::int64_t permille_of(std::int64_t value, std::int64_t limit) {
  if (value <= 0) return 0;
  constexpr std::int64_t most = 10'000;
  if (limit <= 0) return most;
  return std::min(most, (value * 1'000 + limit - 1) / limit);
}

/// The same power on a transformer's primary side, rounded up.
milliamperes above(milliamperes line, const domain::node& node) {
  if (!node.transformer || !node.transformer->primary) return line;
  const auto primary = node.transformer->primary->count();
  return milliamperes{(line.count() * node.transformer->secondary.count() + primary - 1) /
                      primary};
}

bool is_deaf(const connector_image& connector, const domain::decided_grant& grant) {
  return connector.is_disobeying ||
         (connector.is_reachable && grant.because.which == domain::rule::fallback);
}

} // namespace

unexplained_load::unexplained_load(const domain::site& site)
    : site_(site), histories_(site.nodes.size()), drawn_(site.nodes.size()),
      overdrawn_(site.nodes.size()) {}

void unexplained_load::add_connectors(const image& image, const plan& plan) {
  std::fill(drawn_.begin(), drawn_.end(), lines{});
  std::fill(overdrawn_.begin(), overdrawn_.end(), lines{});
  for (std::size_t i = 0; i < image.connectors.size(); ++i) {
    const auto& connector = image.connectors[i];
    if (connector.drawn.is_zero()) continue;
    const auto& data = site_.connectors[i];
    const auto node = site_.stations[data.station.value()].parent.value();
    const auto told = std::max(connector.told, connector.acknowledged);
    const auto over = is_deaf(connector, plan.grants[i])
                          ? std::max(connector.drawn - told, milliamperes{})
                          : milliamperes{};
    for (std::size_t line = 0; line < data.line_count; ++line) {
      drawn_[node][domain::index_of(data.lines[line])] += connector.drawn;
      overdrawn_[node][domain::index_of(data.lines[line])] += over;
    }
  }
}

void unexplained_load::pass_up() {
  // Parents stand before children: from the last to the first every child is whole.
  for (std::size_t i = drawn_.size(); i-- > 1;) {
    const auto& node = site_.nodes[i];
    for (std::size_t line = 0; line < 3; ++line) {
      drawn_[node.parent->value()][line] += above(drawn_[i][line], node);
      overdrawn_[node.parent->value()][line] += above(overdrawn_[i][line], node);
    }
  }
}

unexplained_load::lines unexplained_load::rise_of(history& past, const lines& unmanaged,
                                                  domain::instant now) {
  const auto second = std::chrono::floor<domain::seconds>(now).time_since_epoch().count();
  const auto slots = static_cast<std::int64_t>(past.slots.size());
  // After a gap longer than the window nothing is known of before.
  if (second - past.newest_second >= slots) past.filled = 0;
  if (second != past.newest_second || past.filled == 0) {
    const auto gone = past.filled == 0 ? 1 : second - past.newest_second;
    const auto last = past.slots[static_cast<std::size_t>(past.newest_second % slots)];
    for (auto s = second - gone + 1; s <= second; ++s)
      past.slots[static_cast<std::size_t>(s % slots)] = s < second ? last : unmanaged;
    past.filled = std::min(past.slots.size(), past.filled + static_cast<std::size_t>(gone));
    past.newest_second = second;
  }
  lines rise{};
  for (std::size_t line = 0; line < 3; ++line) {
    auto lowest = unmanaged[line];
    for (std::size_t age = 0; age < past.filled; ++age)
      lowest = std::min(lowest, past.slots[static_cast<std::size_t>(
                                    (second - static_cast<std::int64_t>(age)) % slots)][line]);
    rise[line] = unmanaged[line] - lowest;
  }
  return rise;
}

std::optional<site_load> unexplained_load::observe(const domain::shedding_settings& settings,
                                                   const image& image, const plan& plan) {
  const auto rank = [&](const site_load& each) {
    return std::pair{each.unexplained >= settings.unexplained, each.load};
  };
  add_connectors(image, plan);
  pass_up();
  std::optional<site_load> worst;
  for (std::size_t i = 0; i < site_.nodes.size(); ++i) {
    const auto& node = image.nodes[i];
    if (node.knowledge == unmanaged_knowledge::lost) continue;
    const auto rise = rise_of(histories_[i], node.unmanaged, image.now);
    if (!plan.bounds[i].line) continue;
    for (std::size_t line = 0; line < 3; ++line) {
      const auto allowed = (*plan.bounds[i].line)[line].allowed;
      const auto measured = (node.unmanaged[line] + drawn_[i][line]).count();
      const auto unknown = (rise[line] + overdrawn_[i][line]).count();
      const site_load found{domain::node_index{i}, domain::permille{permille_of(measured, allowed)},
                            domain::permille{permille_of(unknown, allowed)}};
      if (!worst || rank(found) > rank(*worst)) worst = found;
    }
  }
  return worst;
}

std::optional<domain::permille> load_to_shed(const domain::shedding_settings& settings,
                                             const std::optional<site_load>& load) {
  if (!load) return std::nullopt;
  if (load->unexplained >= settings.unexplained) return load->load;
  return std::min(load->load, domain::permille{std::max<std::int64_t>(
                                  0, settings.fall.count() - 1)});
}

} // namespace busbar::control::safety
