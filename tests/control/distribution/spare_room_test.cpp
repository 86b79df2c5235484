// LIM-8 in the split: vehicles that use some of their lines only, and the room that is kept on the
// others for the three largest of them.
#include "tests/control/distribution/certificate.hpp"
#include "tests/control/distribution/trees.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <ranges>

namespace busbar::control::distribution::tests {

namespace {

using domain::connector_index;
using domain::line_set;
using domain::milliamperes;

line_set set_of(std::initializer_list<int> lines) {
  line_set made;
  for (const int each : lines) made.add(static_cast<domain::line>(each));
  return made;
}

/// Boxes below one service, by turns on L1, L2 and L3 with all that their vehicles use.
struct garage_of_boxes {
  explicit garage_of_boxes(int boxes, std::uint8_t at_once = 3) {
    built.site.lines.changes_at_once = at_once;
    built.add_node(std::nullopt);
    for (int i = 0; i < boxes; ++i) built.three_phase(0);
    solver.emplace(built.site);
    for (int i = 0; i < boxes; ++i)
      solver->use_lines(connector_index{static_cast<std::uint32_t>(i)}, set_of({i % 3}));
  }
  tree built;
  std::optional<splitter> solver;
};

} // namespace

TEST(spare_room, LIM_8_vehicles_on_one_line_share_that_line_less_the_three_largest_of_the_others) {
  garage_of_boxes garage{24};
  const std::vector bounds{line_limit(94'000)};
  const std::vector demands(24, wants(32'000));
  // 8 on each line and room for 3 of the 16 others: 94 A / (8 + 3) = 8.545 A.
  const auto& outcome = garage.solver->split(demands, bounds);
  for (const auto each : outcome.exact) EXPECT_EQ(each, milliamperes{8'545});
}

TEST(spare_room, LIM_8_room_is_kept_for_as_many_as_the_site_states) {
  for (const int at_once : {1, 3, 7, 8}) {
    garage_of_boxes garage{24, static_cast<std::uint8_t>(at_once)};
    const std::vector bounds{line_limit(94'000)};
    const std::vector demands(24, wants(32'000));
    const auto& outcome = garage.solver->split(demands, bounds);
    for (const auto each : outcome.exact) EXPECT_EQ(each, milliamperes{94'000 / (8 + at_once)});
    const std::vector minima(24, milliamperes{6'000});
    const auto needed = (8 + at_once) * 6'000;
    EXPECT_FALSE(garage.solver->fits(minima, std::vector{line_limit(needed - 1)}));
    EXPECT_TRUE(garage.solver->fits(minima, std::vector{line_limit(needed)}));
  }
}

TEST(spare_room, LIM_8_where_no_lines_are_learned_none_can_be_left_out) {
  tree built;
  built.add_node(std::nullopt);
  built.three_phase(0);
  built.site.lines.are_learned = false;
  EXPECT_FALSE(splitter{built.site}.can_spare_lines(connector_index{0U}));
}

TEST(spare_room, LIM_8_all_24_minima_fit_that_on_three_lines_would_not) {
  garage_of_boxes garage{24};
  const std::vector bounds{line_limit(94'000)};
  const std::vector minima(24, milliamperes{6'000});
  // 8 x 6 A + 3 x 6 A = 66 A; on all lines 24 x 6 A = 144 A.
  EXPECT_TRUE(garage.solver->fits(minima, bounds));
  EXPECT_FALSE(garage.solver->fits(minima, std::vector{line_limit(65'999)}));
  EXPECT_TRUE(garage.solver->fits(minima, std::vector{line_limit(66'000)}));
  for (std::uint32_t i = 0; i < 24; ++i)
    garage.solver->use_lines(connector_index{i}, line_set::all());
  EXPECT_FALSE(garage.solver->fits(minima, bounds));
}

TEST(spare_room, LIM_8_one_vehicle_gets_what_it_would_get_on_all_of_its_lines) {
  garage_of_boxes garage{1};
  const std::vector demands{wants(32'000)};
  // Its own line has 32 A, and so have the others, should it use them.
  const std::vector bounds{line_limits(32'000, 20'000, 32'000)};
  EXPECT_EQ(garage.solver->split(demands, bounds).exact[0], milliamperes{20'000});
}

TEST(spare_room, LIM_8_power_keeps_what_the_three_largest_could_take_on_their_other_lines) {
  garage_of_boxes garage{3};
  node_bounds power;
  power.power = domain::watts{20'700};
  const std::vector demands(3, wants(32'000));
  // 230 V x (3 x I + 3 x 2 x I) = 20 700 W: I = 10 A.
  EXPECT_EQ(garage.solver->split(demands, std::vector{power}).exact[2], milliamperes{10'000});
}

TEST(spare_room, LIM_8_a_raise_is_refused_where_it_would_take_the_room_that_is_kept) {
  garage_of_boxes garage{3};
  garage.solver->begin_admission(std::vector(3, milliamperes{0}), std::vector{line_limit(20'000)});
  const auto raise = [&](std::uint32_t connector, std::int64_t to) {
    return garage.solver->try_raise(connector_index{connector}, milliamperes{to});
  };
  EXPECT_FALSE(raise(0, 10'000));
  EXPECT_FALSE(raise(1, 10'000)); // L1: 10 A and 10 A kept
  // L3: 10 A and 10 A kept, as on the other two lines: its own is named.
  EXPECT_EQ(raise(2, 1), (excess{domain::node_index{0U}, domain::binding_line::l3}));
  garage.solver->lower(connector_index{0U}, milliamperes{6'000});
  EXPECT_TRUE(raise(2, 4'001)); // L2: 10 A, and 6 A and 4 A kept
  EXPECT_FALSE(raise(2, 4'000));
}

namespace {

/// A random case whose three-phase vehicles use some of their lines; its loads counted by hand.
struct random_lines {
  random_lines(std::mt19937_64& random, const random_options& options)
      : made(make_random_case(random, options)), solver(made.built.site),
        lines(made.built.site.connectors.size(), line_set::all()) {
    auto& site = made.built.site;
    for (std::uint32_t c = 0; c < lines.size(); ++c) {
      if (!solver.can_spare_lines(connector_index{c}) || random() % 4 == 0) continue;
      lines[c] = line_set::of_bits(static_cast<std::uint8_t>(1 + random() % 7));
      solver.use_lines(connector_index{c}, lines[c]);
    }
    as_used = site;
    for (std::uint32_t c = 0; c < lines.size(); ++c) {
      if (lines[c] == line_set::all()) continue;
      auto& used = as_used.connectors[c];
      used.line_count = 0;
      for (const auto line : domain::all_lines)
        if (lines[c].contains(line)) used.lines[used.line_count++] = line;
    }
    bounds = all_bounds(as_used);
    above.assign(lines.size(), std::vector<bool>(site.nodes.size()));
    for (std::uint32_t c = 0; c < lines.size(); ++c)
      for (std::optional at{site.stations[c].parent}; at; at = site.nodes[at->value()].parent)
        above[c][at->value()] = true;
  }

  [[nodiscard]] double voltage_at(std::uint32_t c) const {
    const auto& site = made.built.site;
    for (std::optional at{site.stations[c].parent}; at; at = site.nodes[at->value()].parent)
      if (const auto& data = site.nodes[at->value()].transformer)
        return static_cast<double>(data->secondary.count()) / 1e3 / std::sqrt(3.0);
    return static_cast<double>(site.nominal.count()) / 1e3;
  }
  /// What a milliampere of `c` would add at `bound` on the lines that it does not use.
  [[nodiscard]] double spared(std::uint32_t c, const judged_bound& bound) const {
    if (lines[c] == line_set::all() || !above[c][bound.node]) return 0;
    const auto k = static_cast<std::size_t>(bound.line) - 1;
    if (k == 6) return voltage_at(c) / 1e3 * static_cast<double>(3 - lines[c].count());
    return lines[c].contains(domain::all_lines[k % 3]) ? 0 : 1;
  }
  [[nodiscard]] double load(const judged_bound& bound,
                            const std::vector<milliamperes>& currents) const {
    std::vector<double> kept{0, 0, 0};
    for (std::uint32_t c = 0; c < lines.size(); ++c)
      kept.push_back(static_cast<double>(currents[c].count()) * spared(c, bound));
    std::ranges::sort(kept, std::greater{});
    return worst_load(bound, currents) + kept[0] + kept[1] + kept[2];
  }
  [[nodiscard]] std::optional<double> limit(const judged_bound& bound) const {
    const auto& stated = made.bounds[bound.node];
    const auto k = static_cast<std::size_t>(bound.line) - 1;
    if (k < 3 && stated.line) return static_cast<double>((*stated.line)[k].count());
    if (k >= 3 && k < 6 && stated.primary_line)
      return static_cast<double>((*stated.primary_line)[k - 3].count());
    if (k == 6 && stated.power) return static_cast<double>(stated.power->count());
    return std::nullopt;
  }
  /// The first bound that `currents` and what is kept exceed by more than `by`.
  [[nodiscard]] const judged_bound* broken(const std::vector<milliamperes>& currents,
                                           double by) const {
    for (const auto& bound : bounds)
      if (const auto most = limit(bound); most && load(bound, currents) > *most + by) return &bound;
    return nullptr;
  }

  random_case made;
  splitter solver;
  std::vector<line_set> lines;
  domain::site as_used;
  std::vector<judged_bound> bounds;
  std::vector<std::vector<bool>> above;
};

constexpr double tolerance = 1e-4;

/// `c` is held by a bound that is used up and to which none above its floor adds with more per
/// weight.
bool is_held_fairly(const random_lines& it, const std::vector<milliamperes>& exact,
                    std::uint32_t c) {
  const auto share = [&](std::uint32_t each) {
    return static_cast<double>(exact[each].count()) / it.made.demands[each].weight;
  };
  // Each of the others may really have up to 1 mA more than is told.
  const double slack = 2.0 * static_cast<double>(exact.size()) + 2;
  for (const auto& bound : it.bounds) {
    const auto most = it.limit(bound);
    if (!most) continue;
    const auto now = it.load(bound, exact);
    auto raised = exact;
    raised[c] += milliamperes{10};
    const double rise = it.load(bound, raised) - now;
    if (now < *most - slack || rise <= tolerance) continue;
    const bool is_fair = std::ranges::all_of(std::views::iota(0U, exact.size()), [&](auto other) {
      const auto d = static_cast<std::uint32_t>(other);
      if (exact[d] <= it.made.demands[d].floor) return true;
      const double margin = 1.0 / it.made.demands[c].weight + 1.0 / it.made.demands[d].weight;
      if (share(d) <= share(c) + margin) return true;
      auto lowered = exact;
      lowered[d] -= milliamperes{10};
      // Half of it: one that is rounded to the same current may take its place in what is kept.
      return d == c || now - it.load(bound, lowered) <= 5;
    });
    if (is_fair) return true;
  }
  return false;
}

} // namespace

TEST(spare_room, LIM_8_FAIR_1_the_split_fits_with_what_is_kept_and_is_fair_on_any_tree) {
  std::mt19937_64 random(announced_seed() + 71);
  random_options options;
  options.connectors_max = 30;
  options.levels_max = 4;
  options.overloaded_percent = 0;
  int sparing = 0;
  int held = 0;
  for (int round = 0; round < 400; ++round) {
    options.is_plain = round % 2 == 0;
    random_lines it{random, options};
    std::vector<milliamperes> floors;
    for (const auto& each : it.made.demands) floors.push_back(each.floor);
    // What is kept for the floors alone may be too much.
    if (!it.solver.fits(floors, it.made.bounds)) continue;
    sparing += it.solver.can_spare_lines(connector_index{0U});
    const auto outcome = it.solver.split(it.made.demands, it.made.bounds);
    ASSERT_EQ(it.broken(outcome.exact, tolerance), nullptr) << "round " << round;
    ASSERT_EQ(it.broken(outcome.stepped, tolerance), nullptr) << "round " << round;
    ASSERT_TRUE(it.solver.fits(outcome.stepped, it.made.bounds)) << "round " << round;
    for (std::uint32_t c = 0; c < outcome.stepped.size(); ++c) {
      const auto& wanted = it.made.demands[c];
      auto more = outcome.stepped;
      more[c] = milliamperes{(more[c].count() / wanted.step.count() + 1) * wanted.step.count()};
      if (more[c] <= wanted.cap) {
        ASSERT_NE(it.broken(more, -tolerance), nullptr)
            << "round " << round << ": connector " << c << " could take one more step";
      }
      if (!options.is_plain || outcome.exact[c] >= wanted.cap) continue;
      ++held;
      ASSERT_TRUE(is_held_fairly(it, outcome.exact, c)) << "round " << round << " connector " << c;
    }
  }
  EXPECT_GT(sparing, 20);
  EXPECT_GT(held, 500);
}

TEST(spare_room, LIM_8_LIM_1_raising_in_any_order_never_passes_what_fits_with_what_is_kept) {
  std::mt19937_64 random(announced_seed() + 72);
  random_options options;
  options.connectors_max = 12;
  options.levels_max = 4;
  for (int round = 0; round < 300; ++round) {
    random_lines it{random, options};
    std::vector<milliamperes> given(it.lines.size());
    if (it.broken(given, 0) != nullptr) continue;
    it.solver.begin_admission(given, it.made.bounds);
    for (int step = 0; step < 60; ++step) {
      const auto c = static_cast<std::uint32_t>(random() % given.size());
      const connector_index connector{c};
      const milliamperes to{static_cast<std::int64_t>(random() % 40'000)};
      if (to <= given[c]) {
        it.solver.lower(connector, to);
        given[c] = to;
        continue;
      }
      auto wished = given;
      wished[c] = to;
      const bool is_refused = it.solver.try_raise(connector, to).has_value();
      if (!is_refused) given = wished;
      ASSERT_EQ(it.broken(given, tolerance), nullptr) << "round " << round << " step " << step;
      if (is_refused) {
        ASSERT_NE(it.broken(wished, -tolerance), nullptr) << "round " << round << " step " << step;
      }
      ASSERT_EQ(it.solver.admitted(connector), given[c]);
    }
  }
}

TEST(spare_room, LIM_8_who_counts_on_all_lines_again_counts_as_if_it_never_had_not) {
  std::mt19937_64 random(announced_seed() + 73);
  random_options options;
  options.connectors_max = 40;
  for (int round = 0; round < 50; ++round) {
    random_lines it{random, options};
    for (std::uint32_t c = 0; c < it.lines.size(); ++c)
      if (it.solver.can_spare_lines(connector_index{c}))
        it.solver.use_lines(connector_index{c}, line_set::all());
    splitter fresh{it.made.built.site};
    ASSERT_EQ(it.solver.split(it.made.demands, it.made.bounds).stepped,
              fresh.split(it.made.demands, it.made.bounds).stepped);
  }
}

} // namespace busbar::control::distribution::tests
