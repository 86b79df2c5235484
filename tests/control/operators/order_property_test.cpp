// LIM-7 over random sites and orders: what is granted is within the order, or within what it
// guarantees, in the plan that finds it and in every one after it, and what fits charges.

#include "control/distribution/split.hpp"
#include "control/limits/order_bounds.hpp"
#include "control/operators/order_limits.hpp"
#include "tests/control/distribution/trees.hpp"
#include "tests/control/planner/garage.hpp"

#include <gtest/gtest.h>

#include <random>

namespace busbar::control::tests {
namespace {

using domain::counted_load;
using domain::per_line;
using domain::permille;
using domain::watts;

std::int64_t pick(std::mt19937_64& random, std::int64_t low, std::int64_t high) {
  return std::uniform_int_distribution<std::int64_t>{low, high}(random);
}

per_line<milliamperes> each(std::int64_t ma) {
  return {milliamperes{ma}, milliamperes{ma}, milliamperes{ma}};
}

/// Boxes on one service of 100 A that charge already beside a building, and an order that comes.
class ordered_garage {
public:
  explicit ordered_garage(std::mt19937_64& random) : random_(random) {
    const auto count = pick(random, 1, 24);
    for (std::int64_t i = 0; i < count; ++i) {
      const bool is_single = pick(random, 0, 2) == 0;
      const auto line = static_cast<int>(pick(random, 0, 2));
      const auto added = is_single ? site_.connector(0, {line}) : site_.connector(0);
      site_.station(added).when_lost.current = milliamperes{6'000};
    }
    building_ = pick(random, 0, 60'000);
    site_.node(0).knowledge = unmanaged_knowledge::known;
    site_.node(0).unmanaged = each(building_);
    for (int second = 0; second < 5; ++second) site_.obeyed_plan(second);
  }

  void order() {
    order_.limit.source = domain::limit_source::demand_response;
    if (pick(random_, 0, 1) == 0) order_.limit.current = each(pick(random_, 0, 120'000));
    else order_.limit.power = watts{pick(random_, 0, 80'000)};
    if (pick(random_, 0, 1) == 0) order_.counts = counted_load::chargers;
    if (pick(random_, 0, 2) == 0)
      order_.guaranteed = operators::guaranteed_power(
          *site_.now(5).topology, domain::node_index{0U},
          {watts{pick(random_, 0, 4'200)}, permille{pick(random_, 0, 400)},
           permille{pick(random_, 0, 1'000)}});
    site_.node(0).orders = {order_};
  }

  /// Every plan from the order on: nothing is granted that the order does not leave, and where a
  /// minimum fits a vehicle charges.
  void expect_obeyed() {
    distribution::splitter splitter{*site_.now(5).topology};
    int plans_without = 0;
    for (int second = 5; second < 400; second += 13) {
      const auto& plan = site_.obeyed_plan(second);
      std::vector<milliamperes> granted;
      for (const auto& row : plan.grants) granted.push_back(row.granted);
      const auto load = splitter.reserved(granted)[0];
      for (const auto line : load.line) ASSERT_LE(line.count(), most_on_a_line()) << second;
      ASSERT_LE(load.power.count(), most_power()) << second;
      const bool has_room = most_on_a_line() >= 6'000 && most_power() >= 3 * 6 * 230;
      // In one plan a turn may end and the next one not have begun.
      plans_without = second > 30 && has_room && load.power.is_zero() ? plans_without + 1 : 0;
      ASSERT_LT(plans_without, 2) << second << ": all wait";
    }
  }

private:
  [[nodiscard]] std::int64_t beside() const {
    return order_.counts == counted_load::chargers ? 0 : building_;
  }
  [[nodiscard]] std::int64_t most_on_a_line() const {
    const auto room = 100'000 - building_;
    if (!order_.limit.current) return room;
    // A third of the guaranteed power on each line at 230 V, rounded up.
    const auto third = order_.guaranteed.count() * 1'000 / 230 / 3 + 1;
    const auto guaranteed = order_.guaranteed.is_zero() ? std::int64_t{0} : third;
    const auto ordered = (*order_.limit.current)[0].count() - beside();
    return std::min(room, std::max({std::int64_t{0}, ordered, guaranteed}));
  }
  [[nodiscard]] std::int64_t most_power() const {
    if (!order_.limit.power) return 3 * 100 * 230;
    // Three lines at 230 V; the building's watts are rounded up.
    const auto used = (3 * beside() * 230 + 999) / 1'000;
    return std::max({std::int64_t{0}, order_.limit.power->count() - used,
                     order_.guaranteed.count()});
  }

  std::mt19937_64& random_;
  garage site_{100'000};
  order_limit order_;
  std::int64_t building_ = 0;
};

TEST(order_limits, LIM_7_any_order_is_obeyed_by_every_plan_from_the_one_that_finds_it) {
  std::mt19937_64 random{distribution::tests::announced_seed()};
  for (int round = 0; round < 200; ++round) {
    ordered_garage it{random};
    it.order();
    it.expect_obeyed();
    ASSERT_FALSE(testing::Test::HasFatalFailure()) << "round " << round;
  }
}

} // namespace
} // namespace busbar::control::tests
