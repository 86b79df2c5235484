#include "control/safety/unexplained_load.hpp"

#include <algorithm>
#include <utility>

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

/// What the split alone answers: an order, and lines that differ, overload no conductor.
bool is_capacity(domain::limit_source source) {
  using enum domain::limit_source;
  return source != phase_imbalance && source != site_operator && source != demand_response;
}

bool is_delta_wye(const domain::node& node) {
  return node.transformer && node.transformer->connection == domain::winding::delta_wye;
}

} // namespace

unexplained_load::unexplained_load(const domain::site& site)
    : site_(site), watches_(site.nodes.size()), surprises_(site.nodes.size()) {
  for (const auto& node : site.nodes) stated_.push_back(limits::stated_limits(node));
  std::vector<bool> is_mixed(site.nodes.size());
  for (const auto& connector : site.connectors)
    if (connector.wiring == domain::connection::delta)
      is_mixed[site.stations[connector.station.value()].parent.value()] = true;
  // Parents stand before children: from the last to the first every child is whole.
  for (std::size_t i = site.nodes.size(); i-- > 0;) {
    const auto& node = site.nodes[i];
    watches_[i].is_measured = node.has_meter || !is_mixed[i];
    if (node.parent && (is_mixed[i] || is_delta_wye(node))) is_mixed[node.parent->value()] = true;
  }
}

void unexplained_load::find_surprises(const image& image, const plan& plan) {
  std::fill(surprises_.begin(), surprises_.end(), lines{});
  for (std::size_t i = 0; i < image.connectors.size(); ++i) {
    const auto surprise = image.connectors[i].drawn - plan.grants[i].reserved;
    if (surprise <= milliamperes{}) continue;
    const auto& data = site_.connectors[i];
    auto& node = surprises_[site_.stations[data.station.value()].parent.value()];
    for (std::size_t line = 0; line < data.line_count; ++line)
      node[domain::index_of(data.lines[line])] += surprise;
  }
  for (std::size_t i = surprises_.size(); i-- > 1;) {
    const auto& node = site_.nodes[i];
    for (std::size_t line = 0; line < 3; ++line)
      surprises_[node.parent->value()][line] += above(surprises_[i][line], node);
  }
}

std::optional<unexplained_load::lines> unexplained_load::capacity_of(std::size_t node,
                                                                    const image& image) const {
  auto bounds = stated_[node].line;
  for (const auto& live : image.nodes[node].live_limits) {
    if (!live.current || !is_capacity(live.source)) continue;
    if (!bounds) bounds.emplace();
    for (std::size_t line = 0; line < 3; ++line) {
      auto& allowed = (*bounds)[line].allowed;
      const auto other = (*live.current)[line].count();
      allowed = stated_[node].line ? std::min(allowed, other) : other;
    }
  }
  if (!bounds) return std::nullopt;
  return lines{milliamperes{(*bounds)[0].allowed}, milliamperes{(*bounds)[1].allowed},
               milliamperes{(*bounds)[2].allowed}};
}

bool unexplained_load::is_over_for_long(watch& own, bool is_over, domain::instant at) const {
  if (!is_over) own.over_since.reset();
  else own.over_since = std::min(own.over_since.value_or(at), at);
  return is_over && at - *own.over_since >= response;
}

std::optional<site_load> unexplained_load::observe(const domain::shedding_settings& settings,
                                                   const image& image,
                                                   std::span<const limits::node_flow> flows,
                                                   const plan& plan) {
  find_surprises(image, plan);
  std::optional<site_load> worst;
  for (std::size_t i = 0; i < site_.nodes.size(); ++i) {
    auto& own = watches_[i];
    const auto& node = image.nodes[i];
    const auto& unmanaged = node.unmanaged_sure ? node.unmanaged_sure->current : node.unmanaged;
    const bool had_known = std::exchange(own.has_known, flows[i].current.has_value());
    const auto known = std::exchange(own.known, unmanaged);
    if (!flows[i].current || !own.is_measured) continue;
    const auto capacity = capacity_of(i, image);
    if (!capacity) continue;
    site_load found{domain::node_index{i}, {}, {}};
    bool is_over = false;
    for (std::size_t line = 0; line < 3; ++line) {
      const auto allowed = (*capacity)[line].count();
      const auto flow = (*flows[i].current)[line].count();
      const auto rise = had_known ? (unmanaged[line] - known[line]).count() : 0;
      const auto surprise = std::max<std::int64_t>(rise, 0) + surprises_[i][line].count();
      is_over = is_over || flow > allowed;
      found.load = std::max(found.load, domain::permille{permille_of(flow, allowed)});
      found.unexplained =
          std::max(found.unexplained, domain::permille{permille_of(surprise, allowed)});
    }
    const bool is_stuck = is_over_for_long(own, is_over, flows[i].measured_at.value_or(image.now));
    found.counts = found.load >= settings.rise &&
                   (is_stuck || found.unexplained >= settings.unexplained);
    const auto rank = [](const site_load& each) { return std::pair{each.counts, each.load}; };
    if (!worst || rank(found) > rank(*worst)) worst = found;
  }
  return worst;
}

std::optional<domain::permille> load_to_shed(const domain::shedding_settings& settings,
                                             const std::optional<site_load>& load) {
  if (!load) return std::nullopt;
  if (load->counts) return load->load;
  return std::min(load->load, domain::permille{std::max<std::int64_t>(
                                  0, settings.fall.count() - 1)});
}

} // namespace busbar::control::safety
