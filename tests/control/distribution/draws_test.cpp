// LIM-6 by enumeration: every subset of connectors drawing its whole grant, and draws in between.
#include "tests/control/distribution/certificate.hpp"
#include "tests/control/distribution/trees.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace busbar::control::distribution::tests {

namespace {

using domain::milliamperes;

constexpr random_options small{.connectors_max = 9, .overloaded_percent = 0};

double load_of_draw(const judged_bound& bound, std::uint64_t drawing,
                    const std::vector<milliamperes>& grants) {
  std::complex<double> sum = 0;
  for (const auto& [connector, effect] : bound.parts) {
    if ((drawing >> connector & 1U) == 0) continue;
    sum += effect * static_cast<double>(grants[connector].count());
  }
  return std::abs(sum);
}

double worst_of_all_draws(const judged_bound& bound, const std::vector<milliamperes>& grants) {
  double worst = 0;
  for (std::uint64_t drawing = 0; drawing < std::uint64_t{1} << grants.size(); ++drawing) {
    worst = std::max(worst, load_of_draw(bound, drawing, grants));
  }
  return worst;
}

} // namespace

TEST(draws, LIM_6_every_subset_of_the_granted_draws_is_within_every_limit) {
  std::mt19937_64 random(announced_seed() + 10);
  for (int round = 0; round < 600; ++round) {
    const auto given = make_random_case(random, small);
    splitter solver(given.built.site);
    const auto& outcome = solver.split(given.demands, given.bounds);
    const judge judged(given.built.site, given.demands, given.bounds);
    for (const auto& bound : judged.bounds()) {
      ASSERT_LE(worst_of_all_draws(bound, outcome.stepped), bound.limit + 1e-6)
          << "round " << round << " node " << bound.node << domain::name_of(bound.line);
    }
  }
}

TEST(draws, LIM_6_partial_draws_are_within_every_limit) {
  std::mt19937_64 random(announced_seed() + 11);
  for (int round = 0; round < 600; ++round) {
    const auto given = make_random_case(random, small);
    splitter solver(given.built.site);
    const auto& outcome = solver.split(given.demands, given.bounds);
    const judge judged(given.built.site, given.demands, given.bounds);
    auto drawn = outcome.stepped;
    for (auto& each : drawn) {
      each = milliamperes{each.count() * static_cast<std::int64_t>(random() % 1001) / 1000};
    }
    for (const auto& bound : judged.bounds()) {
      ASSERT_LE(load_of_draw(bound, ~std::uint64_t{0}, drawn), bound.limit + 1e-6)
          << "round " << round;
    }
  }
}

TEST(draws, LIM_6_the_reserved_load_is_the_worst_draw_rounded_up) {
  std::mt19937_64 random(announced_seed() + 12);
  for (int round = 0; round < 600; ++round) {
    const auto given = make_random_case(random, small);
    splitter solver(given.built.site);
    const auto currents = solver.split(given.demands, given.bounds).exact;
    const auto& loads = solver.reserved(currents);
    for (const auto& bound : all_bounds(given.built.site)) {
      const auto k = static_cast<std::size_t>(bound.line) - 1;
      const auto& load = loads[bound.node];
      const std::int64_t told = k < 3   ? load.line[k].count()
                                : k < 6 ? load.primary_line[k - 3].count()
                                        : load.power.count();
      const double worst = worst_of_all_draws(bound, currents);
      ASSERT_GE(static_cast<double>(told), worst - 1e-5) << "round " << round;
      ASSERT_LT(static_cast<double>(told), worst + 1 + 1e-5) << "round " << round;
    }
  }
}

TEST(draws, LIM_6_the_first_excess_is_found_exactly_where_a_draw_exceeds) {
  std::mt19937_64 random(announced_seed() + 13);
  int exceeded = 0;
  for (int round = 0; round < 600; ++round) {
    const auto given = make_random_case(random, small);
    splitter solver(given.built.site);
    auto currents = solver.split(given.demands, given.bounds).stepped;
    const auto raised = random() % currents.size();
    currents[raised] += milliamperes{static_cast<std::int64_t>(random() % 500)};
    const judge judged(given.built.site, given.demands, given.bounds);
    bool is_near = false, is_exceeded = false;
    for (const auto& bound : judged.bounds()) {
      const double over = worst_of_all_draws(bound, currents) - bound.limit;
      is_near = is_near || std::abs(over) < 1e-5;
      is_exceeded = is_exceeded || over > 0;
    }
    if (is_near) continue;
    exceeded += is_exceeded ? 1 : 0;
    ASSERT_EQ(solver.first_excess(currents, given.bounds).has_value(), is_exceeded)
        << "round " << round;
  }
  EXPECT_GT(exceeded, 100);
}

// Export comes from balanced three-phase connectors only (adapters/config): their phasors stand at
// most 60 degrees off any other group's on every line, so that flowing back they only take off.
TEST(draws, LIM_6_no_limit_is_exceeded_whoever_of_the_three_phase_connectors_exports) {
  std::mt19937_64 random(announced_seed() + 14);
  int exporting = 0;
  for (int round = 0; round < 1'500; ++round) {
    const auto given = make_random_case(random, small);
    splitter solver(given.built.site);
    const auto& outcome = solver.split(given.demands, given.bounds);
    const judge judged(given.built.site, given.demands, given.bounds);
    auto flows = outcome.stepped;
    for (std::size_t i = 0; i < flows.size(); ++i) {
      const auto& connector = given.built.site.connectors[i];
      const bool is_balanced =
          connector.line_count == 3 && connector.wiring == domain::connection::wye;
      if (!is_balanced || random() % 2 == 0) continue;
      flows[i] = -flows[i];
      ++exporting;
    }
    for (const auto& bound : judged.bounds())
      ASSERT_LE(worst_of_all_draws(bound, flows), bound.limit + 1e-6)
          << "round " << round << " node " << bound.node << domain::name_of(bound.line);
  }
  EXPECT_GT(exporting, 500);
}

} // namespace busbar::control::distribution::tests
