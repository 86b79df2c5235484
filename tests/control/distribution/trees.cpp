#include "tests/control/distribution/trees.hpp"
#include "tests/control/distribution/certificate.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>

namespace busbar::control::distribution::tests {

namespace {

using domain::milliamperes;

std::int64_t pick(std::mt19937_64& random, std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
}

bool happens(std::mt19937_64& random, int percent) { return pick(random, 1, 100) <= percent; }

domain::transformer_data random_transformer(std::mt19937_64& random) {
  constexpr std::pair<std::int64_t, std::int64_t> voltages[] = {{480'000, 208'000},
                                                                {400'000, 400'000},
                                                                {10'000'000, 400'000},
                                                                {479'123, 207'931},
                                                                {208'000, 480'000}};
  const auto [primary, secondary] = voltages[pick(random, 0, 4)];
  const auto connection =
      happens(random, 65) ? domain::winding::delta_wye : domain::winding::wye_wye;
  auto made = transformer(connection, primary, secondary);
  if (happens(random, 10)) made.primary.reset();
  return made;
}

void add_random_connector(std::mt19937_64& random, tree& built, int kinds) {
  const auto node = static_cast<std::uint32_t>(
      pick(random, 0, static_cast<std::int64_t>(built.site.nodes.size()) - 1));
  const int line = static_cast<int>(pick(random, 0, 2));
  const int next = (line + (happens(random, 50) ? 1 : 2)) % 3;
  // `kinds`: 0 three-phase only, 1 delta only, 2 wye of every sort, 3 everything.
  const auto kind = kinds == 0 ? 0 : (kinds == 1 ? 3 : pick(random, 0, kinds == 2 ? 2 : 3));
  if (kind == 0) built.three_phase(node);
  if (kind == 1) built.wye(node, line);
  if (kind == 2) built.add_connector(node, {line, next});
  if (kind == 3) built.delta(node, line, next);
}

tree random_tree(std::mt19937_64& random, const random_options& options) {
  tree built(domain::millivolts{happens(random, 50) ? 230'000 : 120'000});
  const auto levels = pick(random, 1, options.levels_max);
  std::vector<std::uint32_t> level{built.add_node(std::nullopt)};
  for (std::int64_t l = 1; l < levels; ++l) {
    std::vector<std::uint32_t> next;
    for (const auto parent : level) {
      const auto children = pick(random, next.empty() ? 1 : 0, 3);
      for (std::int64_t c = 0; c < children && next.size() < 12; ++c) {
        std::optional<domain::transformer_data> transformer;
        if (!options.is_plain && happens(random, 25)) transformer = random_transformer(random);
        next.push_back(built.add_node(parent, transformer));
      }
    }
    level = next;
  }
  const auto size = std::pow(static_cast<double>(options.connectors_max),
                             static_cast<double>(pick(random, 0, 1000)) / 1000);
  const auto connectors = std::max<std::int64_t>(1, std::llround(size));
  const auto kinds = options.is_plain ? 2 : static_cast<int>(pick(random, 0, 5));
  for (std::int64_t c = 0; c < connectors; ++c) {
    add_random_connector(random, built, std::min(kinds, 3));
  }
  return built;
}

demand random_demand(std::mt19937_64& random, bool has_weights, bool has_steps) {
  demand made = wants(happens(random, 30) ? 32'000 : pick(random, 0, 80'000));
  if (happens(random, 10)) made.cap = milliamperes{0};
  if (happens(random, 25)) made.floor = std::min(made.cap, milliamperes{6'000});
  if (happens(random, 10)) made.floor = milliamperes{pick(random, 0, made.cap.count())};
  if (happens(random, 10)) made.floor = made.cap;
  if (has_weights)
    made.weight = static_cast<std::uint32_t>(happens(random, 80) ? pick(random, 1, 10)
                                                                 : pick(random, 1, 65'535));
  constexpr std::int64_t steps[] = {1, 1000, 1000, 100, 2000, 6000};
  if (has_steps) made.step = milliamperes{steps[pick(random, 0, 5)]};
  return made;
}

/// Between the load at the floors and the load at the caps, or a little beyond either.
double random_limit(std::mt19937_64& random, double at_floors, double at_caps, int overloaded) {
  if (happens(random, overloaded)) return at_floors / 2 - 1;
  if (happens(random, 5)) return at_floors;
  const double share = static_cast<double>(pick(random, 0, 120)) / 100;
  return at_floors + share * share * (at_caps - at_floors);
}

} // namespace

tree::tree(domain::millivolts nominal) { site.nominal = nominal; }

std::uint32_t tree::add_node(std::optional<std::uint32_t> parent,
                             std::optional<domain::transformer_data> with) {
  domain::node added;
  added.kind = with ? domain::node_kind::transformer
                    : (parent ? domain::node_kind::feeder : domain::node_kind::service);
  if (parent) added.parent = domain::node_index{*parent};
  added.transformer = with;
  site.nodes.push_back(added);
  return static_cast<std::uint32_t>(site.nodes.size() - 1);
}

std::uint32_t tree::add_connector(std::uint32_t node, const std::vector<int>& lines,
                                  domain::connection wiring) {
  const auto index = static_cast<std::uint32_t>(site.connectors.size());
  domain::station station;
  station.parent = domain::node_index{node};
  station.first_connector = domain::connector_index{index};
  site.stations.push_back(station);
  domain::connector connector;
  connector.station = domain::station_index{index};
  for (std::size_t k = 0; k < lines.size(); ++k) {
    connector.lines[k] = static_cast<domain::line>(lines[k]);
  }
  connector.line_count = static_cast<std::uint8_t>(lines.size());
  connector.wiring = wiring;
  site.connectors.push_back(connector);
  return index;
}

domain::transformer_data transformer(domain::winding connection, std::int64_t primary_mv,
                                     std::int64_t secondary_mv) {
  domain::transformer_data made;
  made.connection = connection;
  made.primary = domain::millivolts{primary_mv};
  made.secondary = domain::millivolts{secondary_mv};
  return made;
}

node_bounds line_limit(std::int64_t milliamperes) {
  return line_limits(milliamperes, milliamperes, milliamperes);
}

node_bounds line_limits(std::int64_t l1, std::int64_t l2, std::int64_t l3) {
  node_bounds made;
  made.line = {milliamperes{l1}, milliamperes{l2}, milliamperes{l3}};
  return made;
}

demand wants(std::int64_t cap_ma, std::int64_t floor_ma, std::uint32_t weight,
             std::int64_t step_ma) {
  return {milliamperes{floor_ma}, milliamperes{cap_ma}, milliamperes{step_ma}, weight};
}

random_case make_random_case(std::mt19937_64& random, const random_options& options) {
  random_case made{random_tree(random, options), {}, {}};
  const auto& site = made.built.site;
  const bool has_weights = happens(random, 50);
  const bool has_steps = options.has_steps && happens(random, 70);
  for (std::size_t c = 0; c < site.connectors.size(); ++c) {
    made.demands.push_back(random_demand(random, has_weights, has_steps));
  }
  std::vector<milliamperes> floors, caps;
  for (const auto& each : made.demands) {
    floors.push_back(each.floor);
    caps.push_back(each.cap);
  }
  made.bounds.resize(site.nodes.size());
  const int overloaded = happens(random, 20) ? options.overloaded_percent * 5 : 0;
  const bool has_power = happens(random, 40);
  for (const auto& bound : all_bounds(site)) {
    auto& stated = made.bounds[bound.node];
    const auto k = static_cast<std::size_t>(bound.line) - 1;
    const double limit =
        random_limit(random, worst_load(bound, floors), worst_load(bound, caps), overloaded);
    const auto whole = static_cast<std::int64_t>(std::ceil(limit));
    if (k == 0 && happens(random, 70)) stated.line.emplace();
    if (k == 3 && site.nodes[bound.node].transformer && happens(random, 70))
      stated.primary_line.emplace();
    if (k < 3 && stated.line) (*stated.line)[k] = milliamperes{whole};
    if (k >= 3 && k < 6 && stated.primary_line) (*stated.primary_line)[k - 3] = milliamperes{whole};
    if (k == 6 && has_power && happens(random, 40)) stated.power = domain::watts{whole};
  }
  return made;
}

std::uint64_t announced_seed() {
  const char* given = std::getenv("SEED");
  const std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : 20'260'501;
  std::cout << "SEED=" << seed << '\n';
  return seed;
}

} // namespace busbar::control::distribution::tests
