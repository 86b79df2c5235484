// LIM-8: hours of a garage whose vehicles use fewer lines than their boxes have, watched by the
// auditor. `SEED=25 RUNS=100` runs the 100 seeds from 25 on instead of the tests' own.

#include "simulator/presets.hpp"
#include "tests/builders/seeds.hpp"
#include "tests/builders/site_builder.hpp"
#include "tests/simulator/planned_run.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace busbar::simulator {
namespace {

using domain::milliamperes;
using std::chrono::seconds;
using tests::planned_run;
using tests::seeds_or;

/// `boxes` three-phase boxes by turns on L1, L2 and L3 of a metered service of 100 A, as
/// electricians wire them.
std::shared_ptr<const domain::site> rotated_garage(int boxes,
                                                   domain::line_settings settings = {}) {
  tests::site_builder builder;
  builder.meter();
  for (int n = 0; n < boxes; ++n) builder.station("CP-" + std::to_string(n));
  auto site = std::make_shared<domain::site>(*builder.build());
  for (std::size_t c = 0; c < site->connectors.size(); ++c) {
    auto& lines = site->connectors[c].lines;
    std::rotate(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(c % 3), lines.end());
    site->connectors[c].step = milliamperes{1'000};
  }
  site->lines = settings;
  domain::seal(*site);
  return site;
}

/// A car for each box that stays for a day; `car` makes the n-th.
template <class CarOf> world_settings a_day_in_the_garage(int boxes, CarOf car) {
  world_settings made;
  made.base_load.low = made.base_load.high = domain::permille{60}; // 6 A of the building
  for (int n = 0; n < boxes; ++n) {
    arrival one;
    one.name = domain::driver_id{"driver-" + std::to_string(n)};
    one.comes_after = seconds{2 * n};
    one.stays = std::chrono::hours{24};
    one.car = car(n);
    one.car.battery = domain::watt_hours{500'000};
    one.prefers = domain::station_id{"CP-" + std::to_string(n)};
    made.arrivals.push_back(one);
  }
  return made;
}

int charging(const planned_run& it) {
  int count = 0;
  for (const auto& point : it.yard.yard().points())
    for (const auto& outlet : point.outlets()) count += outlet.drawn().count() >= 6'000;
  return count;
}

TEST(garage_run, LIM_8_all_24_single_phase_cars_charge_where_on_three_lines_15_would) {
  const auto settings =
      a_day_in_the_garage(24, [](int) { return everyday_vehicles()[0]; }); // one phase
  planned_run blind{rotated_garage(24), settings, 101};
  blind.engine.ignore_lines();
  blind.pass(1'800);
  EXPECT_EQ(charging(blind), 15); // (100 - 6) A / 6 A
  planned_run it{rotated_garage(24), settings, 101};
  it.pass(1'800);
  it.expect_no_finding(101);
  EXPECT_EQ(charging(it), 24);
}

/// One or three phases, and those that begin on one, or change now and then.
vehicle_model any_car(int n, random_source& random) {
  auto made = everyday_vehicles()[n % 2 == 0 && n % 8 != 0 ? 0 : 1];
  if (n % 2 == 0) return made;
  made.alone_for = seconds{random.between(20, 900)};
  if (random.below(2) == 0) made.alone_every = 2 * made.alone_for;
  return made;
}

TEST(garage_run, LIM_8_LIM_1_hold_where_vehicles_begin_on_one_line_and_change_and_come_and_go) {
  using enum domain::fault_kind;
  for (const auto seed : seeds_or({111, 112, 113, 1025})) {
    random_source random{seed};
    auto settings =
        a_day_in_the_garage(24, [&](int n) { return any_car(n, random); });
    for (auto& one : settings.arrivals) {
      one.comes_after += seconds{random.between(0, 600)};
      one.stays = seconds{random.between(300, 3'000)};
    }
    std::ranges::sort(settings.arrivals, {}, &arrival::comes_after);
    settings.faults.every = seconds{1'200};
    settings.faults.kinds = {silence, station_fault};
    planned_run it{rotated_garage(24), settings, seed};
    it.pass(3'600);
    it.expect_no_finding(seed);
    EXPECT_GT(it.watch.line_changes(), 5U) << "SEED=" << seed;
  }
}

/// Charges, then an order pauses every connector for a quarter of an hour.
void pause_all(planned_run& it) {
  const domain::node_index service{0U};
  it.pass(900);
  it.impose(service, milliamperes{}, domain::counted_load::chargers);
  it.pass(900);
  it.impose(service, std::nullopt);
}

TEST(garage_run, LIM_8_LIM_1_hold_where_all_vehicles_wake_at_once_and_use_further_lines) {
  auto car = everyday_vehicles()[1];
  car.alone_for = seconds{1'200}; // the order falls on the change
  planned_run it{rotated_garage(24), a_day_in_the_garage(24, [&](int) { return car; }), 131};
  pause_all(it);
  it.pass(600);
  it.expect_no_finding(131, true);
  EXPECT_LE(charging(it), 15); // (100 - 6) A / 6 A
}

/// Vehicles that use further lines from some current on: a raise is what makes many do so at once.
TEST(garage_run, LIM_8_LIM_1_hold_where_a_raise_makes_vehicles_use_further_lines) {
  auto car = everyday_vehicles()[1]; // three phases
  car.all_lines_from = milliamperes{7'000};
  planned_run it{rotated_garage(24), a_day_in_the_garage(24, [&](int) { return car; }), 141};
  // Held to the minimum until all are learned, then free.
  it.impose(domain::node_index{0U}, milliamperes{78'000});
  it.pass(1'200);
  EXPECT_GE(charging(it), 20);
  it.impose(domain::node_index{0U}, std::nullopt);
  it.pass(1'200);
  it.expect_no_finding(141, true);
}

TEST(garage_run, LIM_8_all_24_charge_again_within_five_minutes_of_a_pause_of_all) {
  const auto settings =
      a_day_in_the_garage(24, [](int) { return everyday_vehicles()[0]; }); // one phase
  planned_run it{rotated_garage(24), settings, 132};
  pause_all(it);
  it.pass(300);
  it.expect_no_finding(132, true);
  EXPECT_EQ(charging(it), 24);
}

/// 24 vehicles of one line on 60 A, of which the building takes 6 A: on each line eight of 6 A and
/// three that are kept are 66 A, so that turns are taken.
TEST(garage_run, LIM_8_FAIR_2_turns_of_single_phase_vehicles_pass_within_the_bound) {
  const auto settings = a_day_in_the_garage(24, [](int) { return everyday_vehicles()[0]; });
  planned_run it{rotated_garage(24), settings, 133};
  it.impose(domain::node_index{0U}, milliamperes{60'000});
  it.pass(2 * 3'600);
  it.expect_no_finding(133, true);
  EXPECT_GT(it.watch.longest_wait(), std::chrono::minutes{5});
  EXPECT_GE(charging(it), 12);
}

TEST(garage_run, LIM_8_stations_that_hide_lines_are_found_by_the_meter_above) {
  auto settings = a_day_in_the_garage(12, [](int n) { return everyday_vehicles()[n % 2]; });
  for (int n = 1; n < 12; n += 2) // whose vehicles draw on three lines, and show one
    settings.quirks.push_back({domain::station_id{"CP-" + std::to_string(n)}, true, {}});
  planned_run it{rotated_garage(12), settings, 121};
  it.pass(1'800);
  it.expect_no_finding(121);
  const auto& seen = it.engine.image().connectors;
  for (std::size_t c = 0; c < seen.size(); ++c)
    EXPECT_TRUE(c % 2 == 0 || !seen[c].used_lines) << "connector " << c;
}

/// What each vehicle has taken, least and most.
std::pair<domain::watt_hours, domain::watt_hours> energies(const planned_run& it) {
  std::vector<domain::watt_hours> all;
  for (const auto& point : it.yard.yard().points())
    for (const auto& outlet : point.outlets()) all.push_back(outlet.session_energy());
  const auto [least, most] = std::ranges::minmax(all);
  return {least, most};
}

/// A limit that falls again and again cuts turns short: each such part counts as a part of a turn.
TEST(garage_run, FAIR_2_LIM_8_none_is_left_behind_where_the_room_moves_every_few_seconds) {
  for (const auto seed : seeds_or({161, 162})) {
    auto settings = a_day_in_the_garage(24, [](int) { return everyday_vehicles()[0]; });
    settings.base_load.low = domain::permille{60};
    settings.base_load.high = domain::permille{300};
    settings.base_load.moves_every = seconds{4};
    planned_run it{rotated_garage(24), settings, seed};
    it.pass(2 * 3'600);
    it.expect_no_finding(seed, true);
    const auto [least, most] = energies(it);
    EXPECT_GT(least.count() * 10, most.count() * 8)
        << "SEED=" << seed << ": " << least.count() << " to " << most.count() << " Wh";
  }
}

/// The first `changing` begin to use three lines in the same second, 20 min after the first came.
world_settings changing_at_once(int changing) {
  return a_day_in_the_garage(24, [&](int n) {
    auto car = everyday_vehicles()[n < changing ? 1 : 0];
    if (n < changing) car.alone_for = seconds{1'200 - 2 * n};
    return car;
  });
}

std::size_t findings_of(const planned_run& it) { return it.watch.findings().size(); }

TEST(garage_run, LIM_8_LIM_1_hold_where_as_many_change_at_once_as_the_site_states) {
  planned_run few{rotated_garage(24), changing_at_once(6), 151};
  few.pass(1'800);
  EXPECT_GT(findings_of(few), 0U) << "room is kept for three, and six change";
  planned_run it{rotated_garage(24, {true, 6}), changing_at_once(6), 151};
  it.pass(1'190);
  EXPECT_EQ(charging(it), 24); // (100 - 6) A / (8 + 6) = 6.7 A
  it.pass(610);
  it.expect_no_finding(151, true);
  EXPECT_GE(it.watch.line_changes(), 6U);
}

TEST(garage_run, LIM_8_LIM_1_hold_whatever_vehicles_do_where_no_lines_are_learned) {
  planned_run learned{rotated_garage(24), changing_at_once(15), 152};
  learned.pass(1'800);
  EXPECT_GT(findings_of(learned), 0U);
  for (const auto seed : seeds_or({152, 153, 154})) {
    planned_run it{rotated_garage(24, {false, 3}), changing_at_once(15), seed};
    it.pass(1'800);
    it.expect_no_finding(seed, true);
    EXPECT_EQ(charging(it), 15); // (100 - 6) A / 6 A
    EXPECT_GE(it.watch.line_changes(), 10U);
  }
}

} // namespace
} // namespace busbar::simulator
