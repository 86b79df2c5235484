#include "control/metering/sample_clock.hpp"
#include "control/metering/unmanaged_load.hpp"

#include <gtest/gtest.h>

#include <random>

namespace busbar::control::metering {

using domain::instant;
using domain::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const instant start{seconds{1'000'000}};

/// One whose samples come each second, and commands every 5 s, obeyed by each sample after them.
struct ticking_clock {
  explicit ticking_clock(microseconds by) : ahead(by) {}

  domain::maybe<instant> sample(std::int64_t at_s, microseconds delay = milliseconds{100}) {
    const auto measured = start + seconds{at_s};
    const auto command = start + seconds{at_s / 5 * 5} - milliseconds{1};
    return under_test.take({}, {measured + ahead, measured + delay, sends ? command : instant{}});
  }

  microseconds ahead{};
  bool sends = true;
  sample_clock under_test{instant{}};
};

} // namespace

TEST(sample_clock, a_clock_that_is_behind_is_allowed_for_as_far_as_commands_prove_it) {
  ticking_clock clock{-seconds{20}};
  const auto measured = clock.sample(0);
  // Sent 1 ms before it was measured, by the engine's clock: 19.999 s behind are proved.
  EXPECT_EQ(clock.under_test.ahead({}), -milliseconds{19'999});
  ASSERT_TRUE(measured);
  EXPECT_EQ(*measured, start - milliseconds{1});
}

TEST(sample_clock, LIM_3_a_late_sample_proves_nothing_and_stays_old) {
  ticking_clock clock{microseconds{}};
  clock.sends = false;
  for (int second = 0; second < 200; ++second) {
    const auto measured = clock.sample(second, seconds{20});
    ASSERT_TRUE(measured);
    EXPECT_EQ(*measured, start + seconds{second});
  }
  EXPECT_EQ(clock.under_test.ahead({}).count(), 0);
}

TEST(sample_clock, LIM_3_no_sample_is_taken_for_newer_than_it_is_or_than_its_arrival) {
  std::mt19937_64 chance{7};
  const auto below = [&](std::int64_t most) {
    return static_cast<std::int64_t>(chance() % static_cast<std::uint64_t>(most));
  };
  for (int round = 0; round < 200; ++round) {
    const microseconds ahead = milliseconds{below(120'000) - 60'000};
    sample_clock under_test{instant{}};
    instant arrived{};
    for (int n = 0; n < 300; ++n) {
      const auto measured = start + seconds{n};
      arrived = std::max(arrived, measured + milliseconds{below(25'000)});
      // The newest command that it obeys was sent up to 8 s before it was measured.
      const auto sent = measured - milliseconds{below(8'000)};
      const auto taken =
          under_test.take({}, {measured + ahead, arrived, n % 3 == 0 ? sent : instant{}});
      ASSERT_TRUE(taken);
      // How long a sample of a clock that is ahead was under way is hidden by that.
      const auto newest = ahead.count() > 0 ? arrived
                                            : measured + sample_clock_settings{}.tolerance;
      EXPECT_LE(*taken, newest) << "round " << round;
    }
  }
}

TEST(sample_clock, a_clock_that_is_ahead_is_allowed_for_without_commands) {
  ticking_clock clock{seconds{20}};
  clock.sends = false;
  const auto measured = clock.sample(0);
  // 20 s ahead, 0.1 s under way: received 19.9 s before the time that it claims.
  EXPECT_EQ(clock.under_test.ahead({}), milliseconds{19'900});
  ASSERT_TRUE(measured);
  EXPECT_EQ(*measured, start + milliseconds{100});
}

TEST(sample_clock, small_differences_are_let_be) {
  ticking_clock clock{milliseconds{900}};
  for (int second = 0; second < 100; ++second) EXPECT_TRUE(clock.sample(second));
  EXPECT_EQ(clock.under_test.ahead({}).count(), 0);
  EXPECT_FALSE(clock.under_test.take_news({}));
}

TEST(sample_clock, what_is_not_proved_again_for_a_window_is_forgotten_and_told) {
  ticking_clock clock{-seconds{20}};
  for (int second = 0; second < 100; ++second) static_cast<void>(clock.sample(second));
  EXPECT_TRUE(clock.under_test.take_news({}));
  EXPECT_FALSE(clock.under_test.take_news({})) << "told once";
  clock.ahead = {}; // set right
  for (int second = 100; second < 221; ++second) EXPECT_TRUE(clock.sample(second));
  EXPECT_EQ(clock.under_test.ahead({}).count(), 0) << "two windows of 60 s";
  EXPECT_TRUE(clock.under_test.take_news({}));
}

TEST(sample_clock, what_is_proved_stays_while_no_command_could_prove_it) {
  ticking_clock clock{-seconds{20}};
  static_cast<void>(clock.sample(0));
  clock.sends = false;
  for (int second = 1; second < 1'000; ++second) static_cast<void>(clock.sample(second));
  EXPECT_LT(clock.under_test.ahead({}).count(), 0);
}

TEST(sample_clock, a_clock_that_is_set_back_is_followed_after_three_samples_over_2_s) {
  ticking_clock clock{seconds{0}};
  EXPECT_TRUE(clock.sample(10));
  clock.ahead = -seconds{3'600};
  EXPECT_FALSE(clock.sample(11));
  EXPECT_FALSE(clock.sample(12));
  EXPECT_TRUE(clock.sample(13)) << "the third, 2 s after the first";
  EXPECT_TRUE(clock.sample(14));
}

TEST(sample_clock, records_that_are_delivered_again_are_no_step_of_the_clock) {
  sample_clock under_test{start + seconds{100}};
  for (int n = 0; n < 100; ++n)
    EXPECT_FALSE(under_test.take({}, {start + seconds{n}, start + seconds{101} + milliseconds{n},
                                      {}}));
}

TEST(sample_clock, LIM_3_a_meter_whose_clock_is_ahead_or_set_back_is_not_lost) {
  domain::meter_reading sample;
  unmanaged_load meter;
  const auto read = [&](std::int64_t at_s, microseconds ahead) {
    sample.measured_at = start + seconds{at_s} + ahead;
    meter.take(sample, start + seconds{at_s});
    return !meter.is_stale(start + seconds{at_s}, seconds{10});
  };
  for (int second = 0; second < 20; ++second) EXPECT_TRUE(read(second, seconds{300}));
  EXPECT_EQ(meter.newest()->measured_at, start + seconds{19}) << "by the engine's clock";
  for (int second = 20; second < 40; ++second) EXPECT_TRUE(read(second, {})) << second;
  EXPECT_EQ(meter.newest()->measured_at, start + seconds{39});
}

TEST(sample_clock, LIM_3_a_meter_whose_samples_are_20_s_old_is_lost_and_known_to_be_late) {
  domain::meter_reading sample;
  unmanaged_load meter;
  for (int second = 0; second < 60; ++second) {
    sample.measured_at = start + seconds{second - 20};
    meter.take(sample, start + seconds{second});
  }
  EXPECT_TRUE(meter.is_stale(start + seconds{60}, seconds{10}));
  EXPECT_TRUE(meter.is_late(start + seconds{60}, seconds{10}));
  EXPECT_FALSE(meter.is_late(start + seconds{80}, seconds{10})) << "silent by now";
}

TEST(sample_clock, offsets_are_told_in_tenths_of_a_second) {
  EXPECT_EQ(clock_text(-milliseconds{19'999}), "19.9 s behind");
  EXPECT_EQ(clock_text(seconds{3'600}), "3600.0 s ahead");
}

} // namespace busbar::control::metering
