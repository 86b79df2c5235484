#include "control/safety/breaker.hpp"

#include <gtest/gtest.h>

#include <string>

namespace busbar::control::safety {

using domain::breaker_position;
using domain::instant;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// Runs a breaker through calls and keeps the log of its transitions as text.
class breaker_bench {
public:
  breaker_settings settings;
  breaker under_test;
  instant now{seconds{1'000}};
  std::string log;

  bool ask() {
    std::optional<breaker_change> change;
    const bool permitted = under_test.acquire(settings, now, &change);
    write(change);
    return permitted;
  }
  void call(bool has_succeeded, domain::microseconds took = milliseconds{10}) {
    ASSERT_TRUE(ask());
    write(under_test.record(settings, now, has_succeeded, took));
  }
  void calls(int count, bool has_succeeded) {
    for (int i = 0; i < count; ++i) call(has_succeeded);
  }

private:
  void write(const std::optional<breaker_change>& change) {
    if (change) log += std::string{name_of(change->from)} + ">" + name_of(change->to) + " ";
  }
};

} // namespace

TEST(breaker, five_failures_open_it_and_calls_are_refused) {
  breaker_bench bench;
  bench.calls(4, false);
  EXPECT_EQ(bench.log, "");
  bench.calls(1, false);
  EXPECT_EQ(bench.log, "closed>open ");
  EXPECT_FALSE(bench.ask());
}

TEST(breaker, two_failures_of_three_are_below_667_permille_and_not_below_666) {
  for (const int threshold : {667, 666}) {
    breaker_bench bench;
    bench.settings.calls_min = bench.settings.window = 3;
    bench.settings.failures_min = 2;
    bench.settings.failure_rate = domain::permille{threshold};
    bench.calls(1, true);
    bench.calls(2, false);
    EXPECT_EQ(bench.log, threshold == 667 ? "" : "closed>open ");
  }
}

TEST(breaker, fewer_than_the_minimum_of_calls_never_open_it) {
  breaker_bench bench;
  bench.settings.calls_min = 8;
  bench.calls(7, false);
  EXPECT_EQ(bench.log, "");
  bench.calls(1, false);
  EXPECT_EQ(bench.log, "closed>open ");
}

TEST(breaker, three_failures_among_five_calls_are_not_five_failures) {
  breaker_bench bench;
  bench.calls(2, true);
  bench.calls(4, false);
  EXPECT_EQ(bench.log, "");
  bench.calls(1, false); // the fifth, of seven
  EXPECT_EQ(bench.log, "closed>open ");
}

TEST(breaker, thresholds_of_a_site_file_are_numbers_of_calls) {
  domain::supervision_terms terms;
  terms.failure_threshold = 3;
  terms.success_threshold = 4;
  terms.reset_timeout = seconds{10};
  breaker_bench bench;
  bench.settings = with({}, terms);
  EXPECT_TRUE(validate(bench.settings));
  bench.calls(3, true);
  bench.calls(2, false);
  EXPECT_EQ(bench.log, "");
  bench.calls(1, false); // 3 of the last 6
  EXPECT_EQ(bench.log, "closed>open ");
  bench.now += seconds{10};
  bench.calls(3, true);
  EXPECT_EQ(bench.under_test.position(), breaker_position::half_open);
  bench.calls(1, true);
  EXPECT_EQ(bench.under_test.position(), breaker_position::closed);
}

TEST(breaker, one_failed_probe_among_four_opens_it_again) {
  domain::supervision_terms terms;
  terms.success_threshold = 4;
  breaker_bench bench;
  bench.settings = with({}, terms);
  bench.calls(5, false);
  bench.now += seconds{30};
  bench.calls(3, true);
  bench.calls(1, false);
  EXPECT_EQ(bench.under_test.position(), breaker_position::open);
}

TEST(breaker, the_window_slides_so_old_failures_are_forgotten) {
  breaker_bench bench;
  bench.calls(6, true);
  bench.calls(4, false); // 4 of 10 = 400 permille < 500
  bench.calls(10, true); // window of 10 now holds no failure
  bench.calls(4, false); // 4 of 10 = 400 permille < 500
  EXPECT_EQ(bench.log, "");
  bench.calls(1, false); // 5 of 10
  EXPECT_EQ(bench.log, "closed>open ");
}

TEST(breaker, half_opens_after_the_wait_and_two_successes_close_it) {
  breaker_bench bench;
  bench.calls(5, false);
  bench.now += seconds{30} - milliseconds{1};
  EXPECT_FALSE(bench.ask());
  bench.now += milliseconds{1};
  bench.calls(2, true);
  EXPECT_EQ(bench.log, "closed>open open>half-open half-open>closed ");
}

TEST(breaker, half_open_lets_through_no_more_than_its_probes) {
  breaker_bench bench;
  bench.calls(5, false);
  bench.now += seconds{30};
  EXPECT_TRUE(bench.ask());
  EXPECT_TRUE(bench.ask());
  EXPECT_FALSE(bench.ask());
}

TEST(breaker, a_failed_probe_among_two_opens_it_again_for_the_whole_wait) {
  breaker_bench bench;
  bench.calls(5, false);
  bench.now += seconds{30};
  bench.call(true);
  bench.call(false); // 1 of 2 = 500 permille
  EXPECT_EQ(bench.log, "closed>open open>half-open half-open>open ");
  bench.now += seconds{29};
  EXPECT_FALSE(bench.ask());
  EXPECT_EQ(bench.under_test.times_opened(), 2u);
}

TEST(breaker, slow_calls_open_it_although_they_succeed) {
  breaker_bench bench;
  bench.settings.slow_rate = domain::permille{600};
  for (int i = 0; i < 2; ++i) bench.call(true);
  for (int i = 0; i < 3; ++i) bench.call(true, seconds{3}); // 3 of 5 = 600 permille
  EXPECT_EQ(bench.log, "closed>open ");
}

TEST(breaker, answers_that_come_while_open_are_not_counted) {
  breaker_bench bench;
  bench.calls(5, false);
  EXPECT_FALSE(bench.under_test.record(bench.settings, bench.now, true, milliseconds{1}));
  EXPECT_EQ(bench.under_test.calls(), 0u);
}

TEST(breaker, bad_settings_are_refused_with_member_value_and_range) {
  breaker_settings settings;
  settings.calls_min = 11;
  const auto verdict = validate(settings);
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.failure().message, "breaker calls_min: 11 is not 1..window");
}

TEST(breaker, is_small_because_every_station_has_one) {
  static_assert(sizeof(breaker) <= 32);
}

} // namespace busbar::control::safety
