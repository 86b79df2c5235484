#include "control/sessions/departure_forecast.hpp"

#include "domain/shortfall_text.hpp"
#include "domain/time_text.hpp"
#include "tests/builders/site_builder.hpp"
#include "tests/control/planner/allocations.hpp"

#include <gtest/gtest.h>

namespace busbar::control::sessions {

using domain::connector_index;
using domain::instant;
using domain::milliamperes;
using domain::watt_hours;
using domain::watts;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const instant evening = *domain::instant_from("2026-05-01T17:00:00Z");

domain::reason held_by_feeder() {
  return {domain::rule::limit, domain::node_index{1U}, domain::binding_line::l1,
          domain::limit_source::breaker};
}

/// Two three-phase points on the feeder f-dc; the first wants 20 kWh by 03:00 (UTC), ten hours on.
struct forecast_bench {
  std::shared_ptr<const domain::site> site =
      busbar::tests::site_builder{}.feeder("f-dc", 40'000).station("A").station("B").build();
  departure_forecast forecast{*site};
  control::image image;
  control::plan plan;

  forecast_bench() {
    image.now = evening;
    image.topology = site;
    image.connectors.resize(2);
    plan.grants.resize(2);
    for (std::uint32_t i = 0; i < 2; ++i) plan.grants[i].connector = connector_index{i};
    auto& vehicle = image.connectors[0];
    vehicle.arrived_at = evening;
    vehicle.departs_at = evening + hours{10};
    vehicle.energy_needed = watt_hours{20'000};
    vehicle.energy_delivered = watt_hours{0};
  }

  void grant(std::int64_t ma, const domain::reason& because = held_by_feeder()) {
    plan.grants[0].granted = milliamperes{ma};
    plan.grants[0].because = because;
  }
  milliamperes takes_at_most{32'000};
  /// From now on its battery gets what it takes.
  bool charges = false;
  /// One plan a second; how often what is said changed.
  std::size_t pass(seconds time) {
    std::size_t changes = 0;
    for (; time.count() > 0; --time) {
      image.now += seconds{1};
      image.connectors[0].drawn = std::min(plan.grants[0].granted, takes_at_most);
      if (charges) charge(plan.grants[0].granted.count() * 690 / 1'000);
      forecast.follow(image, plan);
      changes += forecast.changes().size();
    }
    return changes;
  }
  [[nodiscard]] domain::session_forecast now() const { return *forecast.find(connector_index{0U}); }

private:
  void charge(std::int64_t watt_seconds) {
    rest_ws_ += watt_seconds;
    const watt_hours whole{rest_ws_ / 3'600};
    rest_ws_ %= 3'600;
    auto& vehicle = image.connectors[0];
    vehicle.energy_delivered = *vehicle.energy_delivered + whole;
    vehicle.energy_needed = *vehicle.energy_needed - whole;
  }
  std::int64_t rest_ws_ = 0;
};

} // namespace

TEST(departure_forecast, expected_is_what_was_delivered_and_the_pace_until_the_departure) {
  stay session{evening, evening + hours{10}, watt_hours{20'000}, watt_hours{3'000}, watts{690}};
  EXPECT_EQ(expected_of(session).count(), 9'900); // 3 000 + 690 W * 10 h
  session.departs_at = evening + seconds{100};
  EXPECT_EQ(expected_of(session).count(), 3'019); // 690 * 100 / 3 600 = 19.2
}

TEST(departure_forecast, nothing_beyond_what_is_wanted_nor_after_the_departure_is_expected) {
  stay session{evening, evening + hours{10}, watt_hours{20'000}, watt_hours{3'000}, watts{22'080}};
  EXPECT_EQ(expected_of(session).count(), 20'000);
  session.departs_at = evening - hours{1};
  EXPECT_EQ(expected_of(session).count(), 3'000);
  // A driver who wants less than it has got already misses nothing.
  session.wanted = watt_hours{2'000};
  EXPECT_EQ(expected_of(session).count(), 3'000);
}

TEST(departure_forecast, a_pace_of_two_megawatts_for_two_years_is_no_overflow) {
  const stay session{evening, evening + hours{2 * 8'784}, watt_hours{1'000'000'000}, watt_hours{0},
                     watts{2'000'000}};
  EXPECT_EQ(expected_of(session).count(), 1'000'000'000);
}

TEST(departure_forecast, a_shortfall_is_said_after_a_minute_with_the_node_that_binds) {
  forecast_bench bench;
  bench.grant(1'160); // 1.16 A * 3 * 230 V = 800 W
  EXPECT_EQ(bench.pass(seconds{60}), 0u);
  EXPECT_EQ(bench.now().shortfall.count(), 0);
  EXPECT_EQ(bench.pass(seconds{1}), 1u);
  // 800 W for 10 h less 61 s: 800 * 35 939 / 3 600 = 7 986
  EXPECT_EQ(bench.now().expected.count(), 7'986);
  EXPECT_EQ(bench.now().shortfall.count(), 12'014);
  const auto leaves = evening + hours{10};
  auto berlin = *bench.site;
  berlin.zone = {"Europe/Berlin", {{instant{}, hours{2}}}};
  EXPECT_EQ(domain::text_of(bench.now(), leaves, bench.image.now, berlin),
            "12.1 kWh short at 05:00, because of f-dc");
  EXPECT_EQ(bench.pass(seconds{600}), 0u) << "it is said once";
}

TEST(departure_forecast, less_than_one_percent_of_what_is_wanted_is_not_said) {
  forecast_bench bench;
  bench.charges = true;
  bench.grant(2'875); // 2.875 A * 690 V = 1 983 W: 19 830 Wh, 170 short of 200
  EXPECT_EQ(bench.pass(seconds{300}), 0u);
  // 100 Wh and no percent: of 5 kWh, 1 % is 50 Wh.
  bench.image.connectors[0].energy_needed = watt_hours{5'000};
  bench.grant(710); // 489 W: in 9 h 55 min 4 849 Wh, 151 short
  EXPECT_EQ(bench.pass(seconds{62}), 1u);
}

TEST(departure_forecast, what_swings_about_the_threshold_is_not_said_anew_each_time) {
  forecast_bench bench;
  bench.charges = true;
  std::size_t changes = 0;
  for (int minute = 0; minute < 60; ++minute) {
    bench.grant(minute % 2 == 0 ? 2'800 : 2'875); // 680 and 170 Wh short of 20 kWh
    changes += bench.pass(seconds{45});
  }
  EXPECT_EQ(changes, 0u) << "never for a whole minute";
  bench.grant(2'800);
  EXPECT_EQ(bench.pass(seconds{120}), 1u);
  bench.grant(2'875); // above half of the threshold of 200 Wh still
  EXPECT_EQ(bench.pass(seconds{300}), 0u);
  EXPECT_GT(bench.now().shortfall.count(), 0);
  bench.grant(32'000);
  EXPECT_EQ(bench.pass(seconds{120}), 1u);
  EXPECT_EQ(bench.now().shortfall.count(), 0);
  EXPECT_EQ(bench.now().because, domain::reason{});
}

TEST(departure_forecast, FAIR_2_what_takes_turns_counts_with_the_mean_of_its_grants) {
  forecast_bench bench;
  bench.image.connectors[0].energy_needed = watt_hours{30'000};
  domain::reason waits{domain::rule::turn, domain::node_index{1U}, domain::binding_line::l1,
                       domain::limit_source::breaker};
  std::size_t changes = 0;
  for (int turn = 0; turn < 8; ++turn) { // four hours of 15 min on and 15 min off
    bench.grant(0, waits);
    changes += bench.pass(minutes{15});
    bench.grant(6'000, {domain::rule::maximum}); // 4 140 W
    changes += bench.pass(minutes{15});
  }
  // Half of 4 140 W for the six hours that are left; it waited first a second after the start, and
  // what it is granted counts from the plan after: 4 140 * 7 199 / 14 399 = 2 069 W, 6 h of it.
  EXPECT_EQ(bench.now().expected.count(), 12'414);
  EXPECT_EQ(changes, 1u) << "said once, not with every turn";
  EXPECT_EQ(bench.now().because.node, domain::node_index{1U});
  // It has not waited for an hour: what it is granted counts.
  bench.pass(seconds{3'601});
  EXPECT_EQ(bench.now().expected.count(), 20'698); // 4 140 W * (18 000 - 1) s / 3 600
}

TEST(departure_forecast, a_car_on_one_line_of_three_gets_a_third) {
  forecast_bench bench;
  bench.grant(6'000);
  bench.pass(seconds{1});
  EXPECT_EQ(bench.now().expected.count(), 20'000);
  bench.image.connectors[0].used_lines = domain::line_set::of_bits(0b010);
  bench.pass(seconds{1});
  // 6 A * 230 V = 1 380 W for 35 998 s
  EXPECT_EQ(bench.now().expected.count(), 13'799);
}

TEST(departure_forecast, a_car_that_takes_less_than_it_may_counts_with_what_it_draws) {
  forecast_bench bench;
  bench.image.connectors[0].energy_needed = watt_hours{150'000};
  bench.takes_at_most = milliamperes{16'000};
  bench.grant(32'000);
  bench.pass(seconds{60});
  // Not for a minute yet: 32 A * 690 V = 22 080 W for 35 940 s = 220 432 Wh, more than is wanted.
  EXPECT_EQ(bench.now().expected.count(), 150'000);
  EXPECT_EQ(bench.pass(seconds{61}), 1u);
  // 16 A * 690 V = 11 040 W for 35 879 s
  EXPECT_EQ(bench.now().expected.count(), 110'028);
  EXPECT_EQ(bench.now().because, domain::reason{domain::rule::demand}) << "not the feeder";
  bench.grant(16'900); // within 1 A: the grant counts, 11 661 W for 35 878 s, and the feeder binds
  bench.pass(seconds{1});
  EXPECT_EQ(bench.now().expected.count(), 116'214);
  EXPECT_EQ(bench.now().because.node, domain::node_index{1U});
}

TEST(departure_forecast, what_gives_back_gets_nothing_and_a_nameplate_bounds_the_pace) {
  forecast_bench bench;
  auto site = *bench.site;
  site.connectors[0].power_max = watts{1'000};
  bench.forecast = departure_forecast{site};
  bench.grant(16'000);
  bench.pass(seconds{1});
  EXPECT_EQ(bench.now().expected.count(), 9'999); // 1 000 W * 35 999 s
  bench.plan.grants[0].is_export = true;
  bench.pass(seconds{1});
  EXPECT_EQ(bench.now().expected.count(), 0);
}

TEST(departure_forecast, another_arrival_is_another_session) {
  forecast_bench bench;
  bench.grant(0);
  EXPECT_EQ(bench.pass(seconds{61}), 1u);
  bench.image.connectors[0].arrived_at = bench.image.now;
  bench.pass(seconds{1});
  EXPECT_EQ(bench.now().shortfall.count(), 0) << "nothing is said of it yet";
}

TEST(departure_forecast, there_is_none_without_both_a_departure_and_an_energy) {
  forecast_bench bench;
  bench.pass(seconds{1});
  EXPECT_EQ(bench.forecast.find(connector_index{1U}), nullptr);
  bench.image.connectors[0].departs_at.reset();
  bench.pass(seconds{1});
  EXPECT_EQ(bench.forecast.find(connector_index{0U}), nullptr);
}

TEST(departure_forecast, a_steady_plan_allocates_nothing) {
  forecast_bench bench;
  bench.grant(1'160);
  bench.pass(seconds{70});
  const auto before = tests::allocations_so_far();
  bench.pass(seconds{70});
  EXPECT_EQ(tests::allocations_so_far() - before, 0u);
}

} // namespace busbar::control::sessions
