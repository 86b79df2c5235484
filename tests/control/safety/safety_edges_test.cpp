// Settings at both ends of their ranges, defaults, and the instants at which a machine turns.

#include "control/safety/breaker.hpp"
#include "control/safety/input_watch.hpp"
#include "control/safety/load_shedding.hpp"
#include "control/safety/obedience.hpp"
#include "control/safety/restart_budget.hpp"
#include "control/safety/watchdog.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace busbar::control::safety {

using domain::breaker_position;
using domain::instant;
using domain::microseconds;
using domain::milliamperes;
using domain::permille;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

instant at(std::int64_t second) { return instant{seconds{second}}; }

/// "" where the settings are valid, else the message.
template <class Settings>
std::string verdict(const std::function<void(Settings&)>& change) {
  Settings settings;
  change(settings);
  const auto checked = validate(settings);
  return checked ? "" : checked.failure().message;
}

std::string breaker_with(const std::function<void(breaker_settings&)>& change) {
  return verdict<breaker_settings>(change);
}

std::string shedding_with(const std::function<void(shedding_settings&)>& change) {
  return verdict<shedding_settings>(change);
}

} // namespace

TEST(breaker, each_setting_is_allowed_up_to_its_bounds_and_refused_beyond) {
  EXPECT_EQ(breaker_with([](auto& s) { s.window = 32; }), "");
  EXPECT_EQ(breaker_with([](auto& s) { s.window = 33; }), "breaker window: 33 is not 1..32");
  EXPECT_EQ(breaker_with([](auto& s) { s.window = s.calls_min = 1; }), "");
  EXPECT_EQ(breaker_with([](auto& s) { s.window = 0; }), "breaker window: 0 is not 1..32");
  EXPECT_EQ(breaker_with([](auto& s) { s.calls_min = s.window; }), "");
  EXPECT_EQ(breaker_with([](auto& s) { s.calls_min = 0; }),
            "breaker calls_min: 0 is not 1..window");
  EXPECT_EQ(breaker_with([](auto& s) { s.failure_rate = permille{1}; }), "");
  EXPECT_EQ(breaker_with([](auto& s) { s.failure_rate = permille{1000}; }), "");
  EXPECT_EQ(breaker_with([](auto& s) { s.failure_rate = permille{0}; }),
            "breaker failure_rate: 0 is not 1..1000");
  EXPECT_EQ(breaker_with([](auto& s) { s.slow_rate = permille{1001}; }),
            "breaker slow_rate: 1001 is not 1..1000");
  EXPECT_EQ(breaker_with([](auto& s) { s.slow_after = microseconds{1}; }), "");
  EXPECT_EQ(breaker_with([](auto& s) { s.slow_after = microseconds{0}; }),
            "breaker slow_after: 0 is not > 0 us");
  EXPECT_EQ(breaker_with([](auto& s) { s.open_wait = microseconds{1}; }), "");
  EXPECT_EQ(breaker_with([](auto& s) { s.open_wait = microseconds{0}; }),
            "breaker open_wait: 0 is not > 0 us");
  EXPECT_EQ(breaker_with([](auto& s) { s.probes = 1; }), "");
  EXPECT_EQ(breaker_with([](auto& s) { s.probes = 32; }), "");
  EXPECT_EQ(breaker_with([](auto& s) { s.probes = 0; }), "breaker probes: 0 is not 1..32");
  EXPECT_EQ(breaker_with([](auto& s) { s.probes = 33; }), "breaker probes: 33 is not 1..32");
}

TEST(breaker, its_defaults_are_five_failures_two_successes_and_thirty_seconds) {
  const breaker_settings settings;
  EXPECT_EQ(settings.window, 10);
  EXPECT_EQ(settings.calls_min, 5);
  EXPECT_EQ(settings.failure_rate, permille{500});
  EXPECT_EQ(settings.slow_rate, permille{1000});
  EXPECT_EQ(settings.slow_after, seconds{3});
  EXPECT_EQ(settings.open_wait, seconds{30});
  EXPECT_EQ(settings.probes, 2);
}

TEST(breaker, a_window_of_32_calls_counts_them_all) {
  breaker_settings settings;
  settings.window = settings.calls_min = 32;
  settings.failure_rate = permille{1000};
  breaker whole;
  for (int call = 0; call < 31; ++call)
    EXPECT_FALSE(whole.record(settings, at(1), false, milliseconds{1}));
  EXPECT_EQ(whole.failures(), 31U);
  const auto change = whole.record(settings, at(2), false, milliseconds{1});
  ASSERT_TRUE(change);
  EXPECT_EQ(*change, (breaker_change{breaker_position::closed, breaker_position::open, at(2)}));
  EXPECT_EQ(whole.changed_at(), at(2));
}

TEST(breaker, what_has_left_the_window_is_not_counted_as_a_failure) {
  breaker_settings settings;
  settings.window = settings.calls_min = 2;
  settings.failure_rate = permille{1000};
  breaker small;
  EXPECT_FALSE(small.record(settings, at(1), false, milliseconds{1}));
  EXPECT_EQ(small.failures(), 1U);
  EXPECT_FALSE(small.record(settings, at(1), true, milliseconds{1}));
  EXPECT_FALSE(small.record(settings, at(1), true, milliseconds{1}));
  EXPECT_EQ(small.failures(), 0U);
  EXPECT_EQ(small.calls(), 2U);
}

TEST(breaker, a_call_is_slow_from_the_stated_time_on) {
  breaker_settings settings;
  settings.window = settings.calls_min = 1;
  breaker quick;
  EXPECT_FALSE(quick.record(settings, at(1), true, seconds{3} - microseconds{1}));
  EXPECT_TRUE(quick.record(settings, at(1), true, seconds{3}));
}

TEST(breaker, forced_open_it_says_so_once_and_asking_changes_nothing) {
  const breaker_settings settings;
  breaker forced;
  EXPECT_TRUE(forced.would_permit(settings, at(5)));
  ASSERT_TRUE(forced.force_open(at(5)));
  EXPECT_FALSE(forced.force_open(at(6)));
  EXPECT_EQ(forced.times_opened(), 1U);
  EXPECT_FALSE(forced.would_permit(settings, at(34)));
  EXPECT_TRUE(forced.would_permit(settings, at(35)));
  EXPECT_EQ(forced.position(), breaker_position::open);
  EXPECT_TRUE(forced.acquire(settings, at(35))) << "the change comes by itself";
  EXPECT_EQ(forced.position(), breaker_position::half_open);
  EXPECT_TRUE(forced.would_permit(settings, at(35)));
  EXPECT_TRUE(forced.acquire(settings, at(35)));
  EXPECT_FALSE(forced.would_permit(settings, at(35)));
}

TEST(load_shedding, each_setting_is_allowed_up_to_its_bounds_and_refused_beyond) {
  EXPECT_EQ(shedding_with([](auto& s) { s.rise = permille{1'200}; }), "");
  EXPECT_EQ(shedding_with([](auto& s) { s.rise = permille{1'201}; }),
            "rise_permille is 1201: allowed is 500 to 1200");
  EXPECT_EQ(shedding_with([](auto& s) { s.rise = permille{500}, s.fall = permille{499}; }), "");
  EXPECT_EQ(shedding_with([](auto& s) { s.rise = permille{499}, s.fall = permille{0}; }),
            "rise_permille is 499: allowed is 500 to 1200");
  EXPECT_EQ(shedding_with([](auto& s) { s.fall = permille{0}; }), "");
  EXPECT_EQ(shedding_with([](auto& s) { s.fall = permille{-1}; }),
            "fall_permille is -1: allowed is 0 to below rise");
  EXPECT_EQ(shedding_with([](auto& s) { s.dwell_up = seconds{0}; }), "");
  EXPECT_EQ(shedding_with([](auto& s) { s.dwell_up = seconds{600}; }), "");
  EXPECT_EQ(shedding_with([](auto& s) { s.dwell_up = seconds{601}; }),
            "dwell_up_s is 601: allowed is 0 to 600");
  EXPECT_EQ(shedding_with([](auto& s) { s.dwell_up = seconds{-1}; }),
            "dwell_up_s is -1: allowed is 0 to 600");
  EXPECT_EQ(shedding_with([](auto& s) { s.unexplained = permille{0}; }), "");
  EXPECT_EQ(shedding_with([](auto& s) { s.unexplained = permille{1'000}; }), "");
  EXPECT_EQ(shedding_with([](auto& s) { s.unexplained = permille{1'001}; }),
            "unexplained_permille is 1001: allowed is 0 to 1000");
  EXPECT_EQ(shedding_with([](auto& s) { s.unexplained = permille{-1}; }),
            "unexplained_permille is -1: allowed is 0 to 1000");
  EXPECT_EQ(shedding_with([](auto& s) { s.dwell_down = seconds{1}; }), "");
  EXPECT_EQ(shedding_with([](auto& s) { s.dwell_down = seconds{3'600}; }), "");
  EXPECT_EQ(shedding_with([](auto& s) { s.dwell_down = seconds{3'601}; }),
            "dwell_down_s is 3601: allowed is 1 to 3600");
}

TEST(load_shedding, the_first_step_needs_no_dwell_but_every_later_one_does) {
  load_shedding machine;
  EXPECT_TRUE(machine.observe({}, instant{}, permille{950}));
  EXPECT_FALSE(machine.observe({}, instant{milliseconds{1'999}}, permille{950}));
  EXPECT_TRUE(machine.observe({}, instant{seconds{2}}, permille{950}));
  EXPECT_EQ(machine.changed_at(), at(2));
}

TEST(load_shedding, what_is_restored_keeps_its_level_and_its_dwell) {
  load_shedding machine;
  machine.restore(3, at(100));
  EXPECT_EQ(machine.level(), 3);
  EXPECT_FALSE(machine.observe({}, at(101), permille{990}));
  EXPECT_FALSE(machine.observe({}, at(129), permille{100}));
  EXPECT_TRUE(machine.observe({}, at(130), permille{100}));
  machine.restore(9, at(0));
  EXPECT_EQ(machine.level(), 5);
  machine.restore(-1, at(100));
  EXPECT_EQ(machine.level(), 0);
  EXPECT_TRUE(machine.observe({}, at(100), permille{950})) << "at level 0 nothing is waited for";
}

TEST(load_shedding, a_level_set_by_hand_is_told_once) {
  load_shedding machine;
  EXPECT_FALSE(machine.force(0, at(1)));
  EXPECT_EQ(machine.force(5, at(1)), (shedding_change{0, 5, permille{}, at(1)}));
  EXPECT_FALSE(machine.force(5, at(2)));
  EXPECT_EQ(machine.changed_at(), at(1));
}

TEST(load_shedding, LIM_5_the_borders_of_priority_are_those_of_the_table) {
  // level: 1 up to priority 3, 2 up to 5, 4 up to 5, 5 up to 8; 9 A rounds down to mA
  const milliamperes cap{9'001};
  EXPECT_EQ(shed_cap(1, 3, cap).count(), 7'200); // 7 200.8
  EXPECT_EQ(shed_cap(1, 4, cap).count(), 9'001);
  EXPECT_EQ(shed_cap(2, 5, cap).count(), 5'400); // 5 400.6
  EXPECT_EQ(shed_cap(2, 6, cap).count(), 9'001);
  EXPECT_EQ(shed_cap(3, 10, cap).count(), 4'500); // 4 500.5
  EXPECT_EQ(shed_cap(4, 5, cap).count(), 0);
  EXPECT_EQ(shed_cap(4, 6, cap).count(), 9'001);
  EXPECT_EQ(shed_cap(5, 8, cap).count(), 0);
  EXPECT_EQ(shed_cap(5, 9, cap).count(), 9'001);
}

TEST(obedience, SAFE_2_the_margin_is_the_larger_of_half_an_ampere_and_two_percent) {
  const auto is_found = [](std::int64_t allowed, std::int64_t drawn) {
    obedience watch;
    watch.acknowledged(milliamperes{allowed}, at(0));
    (void)watch.measured({}, milliamperes{drawn}, at(5));
    (void)watch.measured({}, milliamperes{drawn}, at(6));
    return watch.is_found();
  };
  EXPECT_FALSE(is_found(10'000, 10'500));
  EXPECT_TRUE(is_found(10'000, 10'501));
  EXPECT_FALSE(is_found(100'000, 102'000)); // 20 permille of 100 A
  EXPECT_TRUE(is_found(100'000, 102'001));
}

TEST(obedience, SAFE_2_each_step_waits_for_its_patience_and_a_relapse_begins_anew) {
  obedience watch;
  watch.acknowledged(milliamperes{10'000}, at(0));
  const milliamperes too_much{16'000}, right{10'000};
  (void)watch.measured({}, too_much, at(5));
  EXPECT_EQ(watch.measured({}, too_much, at(6)), escalation::tell_again);
  EXPECT_FALSE(watch.measured({}, too_much, instant{seconds{16} - microseconds{1}}));
  EXPECT_EQ(watch.measured({}, too_much, at(16)), escalation::lower_limit);
  EXPECT_EQ(watch.step(), escalation::lower_limit);
  // Two readings within do not end it, and the count begins anew after one above.
  EXPECT_FALSE(watch.measured({}, right, at(17)));
  EXPECT_FALSE(watch.measured({}, right, at(18)));
  EXPECT_FALSE(watch.measured({}, too_much, at(19)));
  EXPECT_FALSE(watch.measured({}, right, at(20)));
  EXPECT_FALSE(watch.measured({}, right, at(21)));
  EXPECT_EQ(watch.measured({}, right, at(22)), escalation::none);
  EXPECT_FALSE(watch.measured({}, too_much, at(23)));
  EXPECT_EQ(watch.measured({}, too_much, at(24)), escalation::tell_again);
}

TEST(obedience, SAFE_2_only_a_lower_value_starts_the_response_time_anew) {
  const milliamperes drawn{16'000};
  obedience watch;
  EXPECT_FALSE(watch.measured({}, drawn, at(0))) << "nothing was acknowledged yet";
  watch.acknowledged(milliamperes{10'000}, at(10));
  watch.acknowledged(milliamperes{10'000}, at(14));
  (void)watch.measured({}, drawn, at(15));
  EXPECT_TRUE(watch.measured({}, drawn, at(16)));
  watch.acknowledged(milliamperes{8'000}, at(30));
  EXPECT_FALSE(watch.measured({}, drawn, at(34)));
  EXPECT_TRUE(watch.measured({}, drawn, at(35)));
}

TEST(input_watch, SAFE_1_its_defaults_are_those_of_the_operators_table) {
  const input_settings settings;
  EXPECT_EQ(settings.stale_after, seconds{30});
  EXPECT_EQ(settings.hold_max, seconds{120});
  EXPECT_EQ(settings.cycles_max, 5);
  EXPECT_EQ(believe(settings, microseconds{0}), belief::reading);
}

TEST(input_watch, SAFE_1_lost_input_stays_lost_until_a_good_cycle_however_long) {
  input_watch watch;
  for (int cycle = 0; cycle < 300; ++cycle)
    EXPECT_EQ(watch.cycle({}, false), cycle == 4) << "cycle " << cycle;
  EXPECT_TRUE(watch.is_lost());
  EXPECT_TRUE(watch.cycle({}, true));
  EXPECT_FALSE(watch.cycle({}, true));
}

TEST(watchdog, a_restart_begins_a_new_deadline) {
  watchdog dog{seconds{3}, at(100)};
  EXPECT_EQ(dog.every(), seconds{3});
  EXPECT_EQ(dog.last_seen(), at(100));
  EXPECT_TRUE(dog.check(at(104)));
  dog.rearm(at(110));
  EXPECT_FALSE(dog.is_overdue());
  EXPECT_FALSE(dog.check(at(113)));
  EXPECT_TRUE(dog.check(at(114)));
}

TEST(restart_budget, a_restart_counts_up_to_and_including_the_end_of_the_period) {
  const restart_settings settings{.intensity = 2, .period = seconds{60}};
  restart_budget budget;
  EXPECT_EQ(budget.decide(settings, at(0)), restart_verdict::restart);
  EXPECT_EQ(budget.decide(settings, at(10)), restart_verdict::restart);
  EXPECT_EQ(budget.decide(settings, at(60)), restart_verdict::escalate);
  EXPECT_EQ(budget.decide(settings, at(61)), restart_verdict::restart);
  EXPECT_EQ(budget.decide(settings, at(70)), restart_verdict::escalate) << "61 s and 10 s";
  EXPECT_EQ(restart_settings{}.intensity, 5);
  EXPECT_EQ(restart_settings{}.period, seconds{60});
}

TEST(clock_steps, SAFE_1_a_clock_that_is_set_back_by_an_hour_holds_nothing_up_for_an_hour) {
  using std::chrono::seconds;
  const auto later = domain::instant{seconds{10'000}}, earlier = domain::instant{seconds{6'400}};
  const auto after = [&](int time) { return earlier + seconds{time}; };

  load_shedding level;
  (void)level.force(1, later);
  EXPECT_FALSE(level.observe({}, earlier, domain::permille{0}));
  EXPECT_TRUE(level.observe({}, after(30), domain::permille{0})) << "30 s in the level";

  watchdog watch{seconds{10}, later};
  EXPECT_FALSE(watch.check(earlier));
  EXPECT_TRUE(watch.check(after(11)));

  restart_budget budget;
  for (int i = 0; i < 5; ++i) (void)budget.decide({}, later);
  EXPECT_EQ(budget.decide({}, earlier), restart_verdict::escalate);
  EXPECT_EQ(budget.decide({}, after(61)), restart_verdict::restart) << "five in 60 s";

  breaker door;
  (void)door.force_open(later);
  EXPECT_FALSE(door.acquire({}, earlier));
  EXPECT_TRUE(door.acquire({}, after(30))) << "30 s open";

  obedience eye;
  eye.acknowledged(domain::milliamperes{6'000}, later);
  (void)eye.measured({}, domain::milliamperes{16'000}, earlier, domain::milliamperes{6'000});
  (void)eye.measured({}, domain::milliamperes{16'000}, after(6), domain::milliamperes{6'000});
  EXPECT_TRUE(eye.measured({}, domain::milliamperes{16'000}, after(7), domain::milliamperes{6'000}))
      << "two readings from 5 s after its acknowledgement on";
}

} // namespace busbar::control::safety
