// LIM-8: which lines a session's vehicle uses, learned from readings.

#include "control/metering/used_lines.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

#include <array>

namespace busbar::control::metering {
namespace {

using domain::line_set;

constexpr line_set l1 = line_set::of_bits(0b001);
constexpr line_set l2 = line_set::of_bits(0b010);
constexpr line_set l1_and_l2 = line_set::of_bits(0b011);

/// A connector that is read each second.
class outlet {
public:
  /// Draws `ma` on each line for so many seconds, at 230 V, with the power that this makes.
  void draws(std::array<std::int32_t, 3> ma, int seconds) {
    const auto power = (ma[0] + ma[1] + ma[2]) * 230 / 1000;
    for (int i = 0; i < seconds; ++i) reads(ma, power);
  }
  void reads(std::array<std::int32_t, 3> ma, std::int32_t power_w,
             domain::connector_state state = domain::connector_state::supplying) {
    domain::reading reading;
    reading.measured_at = domain::instant{domain::seconds{1'000'000 + second_++}};
    reading.current_ma = ma;
    reading.power_w = power_w;
    reading.voltage_mv = 230'000;
    reading.state = state;
    learned_.take({}, reading, domain::millivolts{230'000});
  }
  void is_silent_for(int seconds) { second_ += seconds; }
  [[nodiscard]] line_set lines() const { return learned_.lines(); }

private:
  used_lines learned_;
  int second_ = 0;
};

TEST(used_lines, LIM_8_a_vehicle_counts_on_all_lines_until_it_has_used_one_alone_for_a_minute) {
  outlet it;
  it.draws({16'000, 0, 0}, 60);
  EXPECT_EQ(it.lines(), line_set::all());
  it.draws({16'000, 0, 0}, 1);
  EXPECT_EQ(it.lines(), l1);
}

TEST(used_lines, LIM_8_another_line_than_the_first_and_two_lines_are_learned_too) {
  outlet second;
  second.draws({0, 6'000, 0}, 61);
  EXPECT_EQ(second.lines(), l2);
  outlet two;
  two.draws({16'000, 16'000, 100}, 61);
  EXPECT_EQ(two.lines(), l1_and_l2);
}

TEST(used_lines, LIM_8_one_reading_with_current_on_another_line_brings_all_lines_back) {
  outlet it;
  it.draws({16'000, 0, 0}, 61);
  it.draws({16'000, 500, 0}, 1);
  EXPECT_EQ(it.lines(), line_set::all());
}

TEST(used_lines, LIM_8_noise_on_another_line_teaches_nothing_and_takes_nothing_back) {
  outlet it;
  it.draws({16'000, 400, 0}, 600);
  EXPECT_EQ(it.lines(), line_set::all());
  it.draws({16'000, 0, 0}, 61);
  it.draws({16'000, 400, 0}, 600);
  EXPECT_EQ(it.lines(), l1);
}

TEST(used_lines, LIM_8_after_each_change_it_takes_four_times_as_long_to_learn) {
  outlet it;
  int needed = 60;
  for (int change = 0; change < 3; ++change, needed *= 4) {
    it.draws({16'000, 0, 0}, needed);
    EXPECT_EQ(it.lines(), line_set::all()) << change;
    it.draws({16'000, 0, 0}, 1);
    EXPECT_EQ(it.lines(), l1) << change;
    it.draws({16'000, 16'000, 16'000}, 30);
  }
  // 60 s x 4^3 = 3 840 s are more than the hour that is the longest.
  it.draws({16'000, 0, 0}, 3'600);
  EXPECT_EQ(it.lines(), line_set::all());
  it.draws({16'000, 0, 0}, 1);
  EXPECT_EQ(it.lines(), l1);
}

TEST(used_lines, LIM_8_what_is_learned_ends_at_a_pause_and_takes_a_minute_again) {
  outlet it;
  for (int pause = 0; pause < 3; ++pause) {
    it.draws({16'000, 0, 0}, 60);
    EXPECT_EQ(it.lines(), line_set::all()) << pause;
    it.draws({16'000, 0, 0}, 1);
    EXPECT_EQ(it.lines(), l1) << pause;
    it.draws({499, 0, 0}, 1);
    EXPECT_EQ(it.lines(), line_set::all()) << pause;
  }
}

TEST(used_lines, LIM_8_a_pause_does_not_hasten_the_learning_after_a_change) {
  outlet it;
  it.draws({16'000, 0, 0}, 61);
  it.draws({16'000, 16'000, 16'000}, 1);
  it.draws({0, 0, 0}, 1);
  it.draws({16'000, 0, 0}, 240); // 4 x 60 s
  EXPECT_EQ(it.lines(), line_set::all());
  it.draws({16'000, 0, 0}, 1);
  EXPECT_EQ(it.lines(), l1);
}

TEST(used_lines, LIM_8_what_is_learned_ends_at_the_unplugging) {
  outlet it;
  it.draws({16'000, 0, 0}, 61);
  it.reads({16'000, 0, 0}, 3'680, domain::connector_state::disconnected);
  EXPECT_EQ(it.lines(), line_set::all());
}

TEST(used_lines, LIM_8_a_fault_of_the_station_ends_what_is_learned) {
  outlet it;
  it.draws({16'000, 0, 0}, 61);
  it.reads({0, 0, 0}, 0, domain::connector_state::faulted);
  EXPECT_EQ(it.lines(), line_set::all());
}

TEST(used_lines, LIM_8_a_silence_begins_the_learning_anew) {
  outlet it;
  it.draws({16'000, 0, 0}, 50);
  it.is_silent_for(30);
  it.draws({16'000, 0, 0}, 60);
  EXPECT_EQ(it.lines(), line_set::all());
  it.draws({16'000, 0, 0}, 1);
  EXPECT_EQ(it.lines(), l1);
}

TEST(used_lines, LIM_8_too_small_a_current_shows_nothing) {
  outlet it;
  it.draws({2'999, 0, 0}, 600);
  EXPECT_EQ(it.lines(), line_set::all());
}

TEST(used_lines, LIM_8_power_that_three_lines_would_make_is_not_explained_by_one) {
  outlet it;
  // 16 A on one line are 3 680 VA; 11 040 W is what three lines make.
  for (int i = 0; i < 600; ++i) it.reads({16'000, 0, 0}, 11'040);
  EXPECT_EQ(it.lines(), line_set::all());
  outlet late;
  late.draws({16'000, 0, 0}, 61);
  late.reads({16'000, 0, 0}, 11'040);
  EXPECT_EQ(late.lines(), line_set::all());
}

TEST(used_lines, LIM_8_a_station_that_measures_no_power_shows_nothing) {
  outlet it;
  for (int i = 0; i < 600; ++i) it.reads({16'000, 0, 0}, 0);
  EXPECT_EQ(it.lines(), line_set::all());
}

TEST(used_lines, LIM_8_power_that_lags_behind_a_rising_current_takes_nothing_back) {
  outlet it;
  it.draws({6'000, 0, 0}, 61);
  it.reads({16'000, 0, 0}, 1'380); // as at 6 A
  it.reads({10'000, 0, 0}, 3'680); // as at 16 A: 1.6 times 2 300 VA, within the 300 W for that
  EXPECT_EQ(it.lines(), l1);
}

} // namespace
} // namespace busbar::control::metering
