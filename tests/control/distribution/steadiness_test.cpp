// The same everywhere, and nothing allocated in a steady tick.
#include "tests/control/distribution/trees.hpp"
#include "tests/control/planner/allocations.hpp"

#include <gtest/gtest.h>

namespace busbar::control::distribution::tests {

namespace {

using domain::milliamperes;

/// FNV-1a over whole numbers.
struct fingerprint {
  std::uint64_t value = 0xcbf29ce484222325ULL;
  void add(std::uint64_t number) { value = (value ^ number) * 0x100000001b3ULL; }
  void add(const std::vector<milliamperes>& currents) {
    for (const auto each : currents) add(static_cast<std::uint64_t>(each.count()));
  }
};

} // namespace

TEST(steadiness, FAIR_1_compilers_and_optimisation_levels_give_the_same_milliamperes) {
  // The number was found with GCC 12 at -O0 and -O1 and with Clang 14 at -O2.
  std::mt19937_64 random(99);
  fingerprint found;
  for (int round = 0; round < 200; ++round) {
    const auto given = make_random_case(random, {.connectors_max = 100});
    splitter solver(given.built.site);
    const auto& outcome = solver.split(given.demands, given.bounds);
    found.add(outcome.exact);
    found.add(outcome.stepped);
  }
  EXPECT_EQ(found.value, 1'152'791'155'564'601'557ULL);
}

TEST(steadiness, FAIR_1_a_solver_used_before_gives_what_a_new_one_gives) {
  std::mt19937_64 random(announced_seed() + 30);
  for (int round = 0; round < 100; ++round) {
    const auto given = make_random_case(random, {.connectors_max = 60});
    splitter used(given.built.site);
    const std::vector loose(given.bounds.size(), line_limit(1'000));
    used.split(std::vector(given.demands.size(), wants(9'000, 500, 3, 7)), loose);
    used.reserved(std::vector(given.demands.size(), milliamperes{4'711}));
    splitter fresh(given.built.site);
    const auto& outcome = used.split(given.demands, given.bounds);
    ASSERT_EQ(outcome.stepped, fresh.split(given.demands, given.bounds).stepped) << round;
    ASSERT_EQ(outcome.bindings, fresh.split(given.demands, given.bounds).bindings) << round;
  }
}

TEST(steadiness, FAIR_1_a_second_call_allocates_nothing) {
  std::mt19937_64 random(announced_seed() + 31);
  for (int round = 0; round < 100; ++round) {
    const auto given = make_random_case(random, {.connectors_max = 200});
    splitter solver(given.built.site);
    const auto currents = solver.split(given.demands, given.bounds).stepped;
    const auto work = [&] {
      solver.split(given.demands, given.bounds);
      solver.reserved(currents);
      solver.begin_admission(currents, given.bounds);
      solver.try_raise(domain::connector_index{0U}, currents[0] + milliamperes{1});
      return solver.fits(currents, given.bounds);
    };
    work();
    const auto before = control::tests::allocations_so_far();
    work();
    ASSERT_EQ(control::tests::allocations_so_far(), before) << "round " << round;
  }
}

} // namespace busbar::control::distribution::tests
