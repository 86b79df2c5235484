#include "control/metering/released_draw.hpp"

#include <gtest/gtest.h>

namespace busbar::control::metering {

using domain::instant;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const instant start{seconds{1'000}};
constexpr seconds stale_after{10};

struct spoken {
  released_draw draw;
  domain::reading last;

  explicit spoken(std::int32_t ma) { say(start, ma); }
  void say(instant at, std::int32_t ma) {
    if (last.measured_at != instant{}) draw.take(last, last.measured_at, at, stale_after);
    last.measured_at = at;
    last.current_ma = {ma, ma, ma};
  }
  /// A reading each second, seconds (from, to].
  void keep_saying(int from, int to, std::int32_t ma) {
    for (int second = from + 1; second <= to; ++second) say(start + seconds{second}, ma);
  }
};

} // namespace

TEST(released_draw, LIM_3_a_connector_that_missed_its_beat_releases_what_it_drew_when_it_is_back) {
  spoken it{25'000};
  it.keep_saying(0, 5, 25'000);
  EXPECT_EQ(it.draw.newest().current_ma[0], 0);
  it.say(start + seconds{8}, 0);
  EXPECT_EQ(it.draw.newest().current_ma[0], 25'000);
  EXPECT_EQ(it.draw.newest().at, start + seconds{8});
}

TEST(released_draw, LIM_3_it_releases_it_when_it_is_stale_though_it_comes_back_later) {
  spoken it{25'000};
  const auto release = release_of_stale(it.last, start, stale_after);
  EXPECT_EQ(release.at, start + stale_after + domain::microseconds{1});
  EXPECT_EQ(release.current_ma[0], 25'000);
  it.say(start + seconds{40}, 0);
  EXPECT_EQ(it.draw.newest().at, release.at);
}

TEST(released_draw, half_a_beat_is_not_late_and_a_new_beat_is_learned) {
  spoken it{25'000};
  it.keep_saying(0, 2, 25'000);
  // 1.5 * 1 s + 0.3 s: not late.
  it.say(start + milliseconds{3'800}, 24'000);
  EXPECT_EQ(it.draw.newest().current_ma[0], 0);
  // From now on every 5 s: a beat of 1.8 s doubles to 3.6 s, of which 1.5 times are 5.4 s.
  it.say(start + milliseconds{8'800}, 23'000);
  EXPECT_EQ(it.draw.newest().current_ma[0], 24'000);
  it.say(start + milliseconds{13'800}, 22'000);
  EXPECT_EQ(it.draw.newest().current_ma[0], 24'000); // still that of the first gap
}

TEST(released_draw, a_reading_is_overdue_half_a_beat_after_its_time) {
  spoken it{25'000};
  const auto is_overdue = [&](int after_ms) {
    return it.draw.is_overdue(it.last.measured_at, it.last.measured_at + milliseconds{after_ms});
  };
  EXPECT_FALSE(is_overdue(1'800)); // 1.5 * 1 s + 0.3 s
  EXPECT_TRUE(is_overdue(1'801));
  for (int i = 1; i <= 5; ++i) it.say(start + seconds{10 * i}, 25'000);
  EXPECT_FALSE(is_overdue(15'300)) << "a beat of 10 s is learned";
  EXPECT_TRUE(is_overdue(15'301));
}

TEST(released_draw, LIM_3_of_two_silences_soon_after_each_other_neither_is_forgotten) {
  spoken it{25'000};
  it.keep_saying(0, 2, 25'000);
  it.say(start + seconds{6}, 10'000);
  it.keep_saying(6, 9, 10'000);
  it.say(start + seconds{15}, 0);
  EXPECT_EQ(it.draw.newest().current_ma[0], 25'000);
  EXPECT_EQ(it.draw.newest().at, start + seconds{15});
}

TEST(released_draw, who_drew_nothing_releases_nothing) {
  spoken it{25'000};
  it.say(start + seconds{5}, 0);
  it.say(start + seconds{9}, 0);
  EXPECT_EQ(it.draw.newest().current_ma[0], 25'000);
  it.say(start + seconds{90}, 0);
  EXPECT_EQ(it.draw.newest().at, start + seconds{5});
}

} // namespace busbar::control::metering
