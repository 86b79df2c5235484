#include "site/connector_observation.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace busbar::site {

using control::safety::belief;
using domain::instant;
using std::chrono::seconds;

namespace {

const instant start{seconds{1'000'000}};

struct observation_bench {
  std::shared_ptr<const domain::site> site =
      tests::site_builder{}.feeder("f1", 63'000).station("A").build();
  connector_observation under_test;

  /// Three equal line currents, measured at `at`.
  bool read(instant at, std::int32_t ma) { return read_late(at, at, ma); }
  bool read_late(instant at, instant received_at, std::int32_t ma) {
    domain::reading reading;
    reading.measured_at = at;
    reading.current_ma = {ma, ma, ma};
    return under_test.take({reading, received_at, {}}, *site);
  }
};

} // namespace

TEST(connector_observation, older_and_repeated_readings_change_nothing) {
  observation_bench bench;
  EXPECT_TRUE(bench.read(start, 20'000));
  EXPECT_FALSE(bench.read(start - seconds{1}, 0));
  EXPECT_FALSE(bench.read(start, 0));
  EXPECT_EQ(bench.under_test.newest().current_ma[0], 20'000);
  EXPECT_EQ(bench.under_test.heard_at(), start);
}

TEST(connector_observation, LIM_2_a_reading_is_overdue_when_its_beat_is_missed) {
  using std::chrono::milliseconds;
  observation_bench bench;
  EXPECT_TRUE(bench.read(start, 10'000));
  EXPECT_FALSE(bench.under_test.is_overdue(start + milliseconds{1'800}));
  EXPECT_TRUE(bench.under_test.is_overdue(start + milliseconds{1'801}));
}

TEST(connector_observation, LIM_3_without_a_reading_nothing_is_believed) {
  const observation_bench bench;
  EXPECT_FALSE(bench.under_test.has_reading());
  EXPECT_TRUE(bench.under_test.is_stale(start, *bench.site));
  EXPECT_NE(bench.under_test.belief_at(start, *bench.site), belief::reading);
  EXPECT_EQ(bench.under_test.milliseconds_ago(start), std::numeric_limits<std::uint32_t>::max());
}

TEST(connector_observation, LIM_3_a_reading_goes_stale_after_the_sites_time) {
  observation_bench bench;
  bench.read(start, 10'000);
  const auto last = start + bench.site->input.stale_after;
  EXPECT_FALSE(bench.under_test.is_stale(last, *bench.site));
  EXPECT_TRUE(bench.under_test.is_stale(last + domain::microseconds{1}, *bench.site));
  EXPECT_EQ(bench.under_test.milliseconds_ago(start + seconds{2}), 2'000u);
}

TEST(connector_observation, LIM_3_a_clock_that_runs_ahead_does_not_make_a_reading_fresh) {
  observation_bench bench;
  EXPECT_TRUE(bench.read_late(start + seconds{500}, start, 10'000));
  EXPECT_LE(bench.under_test.heard_at(), start);
}

TEST(connector_observation, a_clock_that_runs_ahead_is_news_once) {
  observation_bench bench;
  bench.read_late(start + seconds{500}, start, 10'000);
  const auto ahead = bench.under_test.take_clock_news(*bench.site);
  ASSERT_TRUE(ahead);
  EXPECT_EQ(*ahead, seconds{500});
  EXPECT_FALSE(bench.under_test.take_clock_news(*bench.site));
}

TEST(connector_observation, LIM_3_of_the_readings_around_a_sample_the_smaller_is_in_it) {
  observation_bench bench;
  bench.read(start, 6'000);
  bench.read(start + seconds{2}, 16'000);
  using lines = std::array<std::int32_t, 3>;
  EXPECT_EQ(bench.under_test.drawn_at(start + seconds{1}), (lines{6'000, 6'000, 6'000}));
  EXPECT_EQ(bench.under_test.drawn_at(start + seconds{2}), (lines{16'000, 16'000, 16'000}));
}

TEST(connector_observation, LIM_3_what_it_drew_is_released_once_it_is_stale) {
  observation_bench bench;
  bench.read(start, 25'000);
  const auto stale_after = bench.site->input.stale_after;
  EXPECT_EQ(bench.under_test.release_at(start + stale_after, *bench.site).current_ma[0], 0);
  const auto stale = start + stale_after + seconds{1};
  EXPECT_EQ(bench.under_test.release_at(stale, *bench.site).current_ma[0], 25'000);
}

TEST(connector_observation, another_site_file_goes_on_with_its_readings_at_another_place) {
  observation_bench before;
  before.read(start, 20'000);
  observation_bench now;
  now.under_test.take_over(before.under_test, domain::connector_index{4u});
  EXPECT_EQ(now.under_test.newest().connector, domain::connector_index{4u});
  EXPECT_EQ(now.under_test.heard_at(), start);
  EXPECT_FALSE(now.read(start, 0)) << "repeated";
}

} // namespace busbar::site
