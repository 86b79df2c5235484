#pragma once
// Seeded random limits of operators for a site state; `number(lowest, highest)` draws.

#include "domain/ids.hpp"
#include "domain/site.hpp"
#include "domain/site_state.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>

namespace busbar::messages::testing {

template <class Random> domain::instant random_instant(Random& random) {
  return domain::instant{domain::microseconds{random.number(0, 253'402'300'799'999'999)}};
}

template <class Random> domain::limit random_limit(Random& random, domain::limit_source source) {
  domain::limit limit{source, std::nullopt, domain::watts{random.number(0, 1'000'000)}};
  if (random.number(0, 1) == 0) return limit;
  auto& lines = limit.current.emplace();
  for (auto& line : lines) line = domain::milliamperes{random.number(0, 1'000'000'000'000)};
  return limit;
}

template <class Random> void add_configuration(Random& random, domain::site_configuration& to) {
  const auto may = [&] { return random.number(0, 1) == 0; };
  for (auto left = random.number(0, 2); left > 0; --left) {
    auto& node = to.nodes.emplace_back();
    node.node = domain::node_id{"f" + std::to_string(left)};
    if (may()) node.name = "Feeder";
    if (may()) node.kind = domain::node_kind::feeder;
    if (may()) node.parent = domain::node_id{"t1"};
    if (may()) node.current_max = domain::milliamperes{random.number(0, 1'000'000)};
    if (may()) node.lines = static_cast<std::uint8_t>(random.number(1, 3));
    if (may()) node.continuous = domain::permille{random.number(1, 1'000)};
    if (may()) node.oil_max = domain::millidegrees_celsius{random.number(40'000, 115'000)};
    if (may()) node.cooled = domain::cooling::onan;
    if (may()) node.power_factor_min = domain::permille{random.number(0, 1'000)};
    if (may()) node.frequency_mhz = random.number(40'000, 70'000);
  }
  for (auto left = random.number(0, 2); left > 0; --left) {
    auto& station = to.stations.emplace_back();
    station.station = domain::station_id{"CP-" + std::to_string(left)};
    if (may()) station.parent = domain::node_id{"f1"};
    if (may()) station.action = domain::fallback_action::stop;
    if (may()) station.safe_power = domain::watts{random.number(0, 1'000'000)};
    if (may()) station.timeout = domain::seconds{random.number(0, 86'400)};
    if (may()) station.told_max = domain::milliamperes{random.number(0, 1'000'000)};
    if (may()) continue;
    auto& found = station.found.emplace();
    found.name = "found";
    found.kind = may() ? domain::current_kind::dc : domain::current_kind::ac;
    found.voltage_max = domain::millivolts{random.number(0, 2'000'000)};
    found.current_max = domain::milliamperes{random.number(0, 1'000'000)};
    found.has_smart_charging = may();
    found.taper.start = domain::permille{random.number(0, 1'000)};
    found.taper.floor = domain::permille{random.number(0, 1'000)};
  }
}

/// What the changelog knows of the site's tree and its nodes.
template <class Random> void add_left(Random& random, domain::site_state& to) {
  const auto number = [&](std::int64_t highest) { return random.number(0, highest); };
  const auto current = [&] { return domain::milliamperes{number(1'000'000)}; };
  const auto node = [&] { return domain::node_index{static_cast<std::uint32_t>(number(4'000))}; };
  auto& load = to.left_behind.emplace_back();
  load.node = node();
  load.line = {current(), current(), current()};
  if (number(1) == 0) return;
  load.of = domain::left_owner{domain::station_id{"s" + std::to_string(number(9))},
                               domain::connector_id{"c"},
                               static_cast<std::uint32_t>(number(UINT32_MAX)),
                               domain::instant{domain::microseconds{number(1'000'000'000)}},
                               std::nullopt};
  if (number(1) == 0) load.of->ends_below = node();
}

template <class Random> void add_tree_state(Random& random, domain::site_state& to) {
  const auto node = [&] {
    return domain::node_index{static_cast<std::uint32_t>(random.number(0, 4'000))};
  };
  if (to.planner_memory.size() % 2 == 1)
    to.outline.bytes = std::make_shared<const std::vector<std::uint8_t>>(to.planner_memory);
  for (auto left = random.number(0, 5); left > 0; --left)
    add_left(random, to);
  to.left_until = domain::instant{domain::microseconds{random.number(0, 1'000'000'000)}};
  for (auto left = random.number(0, 3); left > 0; --left) {
    auto& each = to.warmth.emplace_back();
    each.node = node();
    if (random.number(0, 1) == 1) each.breaker_ppm = {{random.number(0, 1'000'000'000), 1, 2}};
    const domain::millidegrees_celsius oil{random.number(-100'000, 1'000'000)};
    const domain::millidegrees_celsius none{0};
    if (random.number(0, 1) == 1) each.transformer.emplace(oil, none, none);
    if (random.number(0, 1) == 1) each.breaker_rule = 0;
    if (random.number(0, 1) == 1) each.transformer_rule = UINT64_MAX;
  }
}

template <class Random> void add_operator_state(Random& random, domain::site_state& to) {
  using enum domain::limit_source;
  const auto place = [&] { return static_cast<std::uint32_t>(random.number(0, UINT32_MAX)); };
  for (auto left = random.number(0, 3); left > 0; --left) {
    const auto source = random.number(0, 1) == 0 ? site_operator : demand_response;
    auto& made = to.node_constraints.emplace_back();
    made.node = domain::node_index{place()};
    made.limit = random_limit(random, source);
    made.from = random_instant(random);
    if (random.number(0, 1) == 0) made.until = random_instant(random);
    if (random.number(0, 1) == 0) made.counts = domain::counted_load::chargers;
    if (random.number(0, 1) == 0)
      made.guaranteed = {domain::watts{random.number(0, 10'000'000)},
                         domain::permille{random.number(0, 1'000)},
                         domain::permille{random.number(0, 1'000)}};
  }
  for (auto left = random.number(0, 3); left > 0; --left) {
    auto limit = random_limit(random, site_operator);
    if (limit.power && random.number(0, 1) == 0) limit.power = -*limit.power;
    to.connector_constraints.push_back(
        {domain::connector_index{place()}, limit.current, limit.power, random_instant(random)});
    auto& made = to.connector_constraints.back();
    if (random.number(0, 1) == 0) made.output = domain::milliamperes{random.number(0, 2'000'000)};
    if (random.number(0, 1) == 0) continue;
    made.ramp = {domain::milliamperes{random.number(0, 1'000'000'000'000)},
                 domain::milliamperes{random.number(1, 2'000'000)},
                 domain::microseconds{random.number(1, 86'400'000'000)}, random_instant(random)};
  }
  for (auto left = random.number(0, 3); left > 0; --left) {
    std::vector<std::uint8_t> memory(static_cast<std::size_t>(random.number(1, 65'536)), 7);
    to.profiles.push_back({domain::station_index{place()},
                           std::make_shared<const std::vector<std::uint8_t>>(std::move(memory))});
  }
  add_configuration(random, to.configured);
  if (random.number(0, 1) == 0) return;
  auto& shedding = to.shedding.emplace();
  shedding.chosen.settings.is_enabled = random.number(0, 1) == 0;
  shedding.chosen.settings.rise = domain::permille{random.number(0, 1'200)};
  shedding.chosen.settings.dwell_up = domain::microseconds{random.number(0, 60'000'000)};
  if (random.number(0, 1) == 0)
    shedding.chosen.forced_level = static_cast<int>(random.number(0, 5));
  shedding.level = static_cast<int>(random.number(0, 5));
  shedding.changed_at = random_instant(random);
}

} // namespace busbar::messages::testing
