#include "control/metering/unmanaged_load.hpp"

#include <gtest/gtest.h>

namespace busbar::control::metering {

using domain::instant;
using domain::milliamperes;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const instant start{seconds{1'000}};
constexpr seconds stale_after{30};

domain::meter_reading meter(instant at, std::int32_t ma) {
  domain::meter_reading reading;
  reading.measured_at = at;
  reading.current_ma = {ma, ma, ma};
  return reading;
}

managed_load drawn(instant at, std::int64_t ma) {
  return {{milliamperes{ma}, milliamperes{ma}, milliamperes{ma}}, at};
}

std::int64_t sure(const node_image& image) { return image.unmanaged_sure->current[0].count(); }

node_image ask(unmanaged_load& load, const managed_load& managed, instant now) {
  node_image image;
  load.estimate({}, managed, now, stale_after, image);
  return image;
}

} // namespace

TEST(unmanaged_load, LIM_2_the_meter_less_what_the_connectors_draw) {
  unmanaged_load load;
  load.take(meter(start, 50'000), start);
  const auto image = ask(load, drawn(start, 32'000), start);
  EXPECT_EQ(image.knowledge, unmanaged_knowledge::known);
  EXPECT_EQ(image.unmanaged[0].count(), 18'000); // 50 A - 32 A
}

TEST(unmanaged_load, LIM_3_a_meter_without_a_reading_is_lost) {
  unmanaged_load load;
  EXPECT_EQ(ask(load, {}, start).knowledge, unmanaged_knowledge::lost);
}

TEST(unmanaged_load, LIM_3_a_stale_meter_is_lost) {
  unmanaged_load load;
  load.take(meter(start, 50'000), start);
  EXPECT_EQ(ask(load, {}, start + stale_after).knowledge, unmanaged_knowledge::known);
  EXPECT_EQ(ask(load, {}, start + stale_after + milliseconds{1}).knowledge,
            unmanaged_knowledge::lost);
}

TEST(unmanaged_load, a_meter_clock_that_runs_ahead_does_not_make_it_fresh) {
  unmanaged_load load;
  load.take(meter(start + seconds{500}, 1), start);
  EXPECT_TRUE(load.is_stale(start + seconds{31}, stale_after));
}

TEST(unmanaged_load, a_ramp_between_two_samples_is_not_taken_for_unmanaged_load) {
  unmanaged_load load;
  load.take(meter(start, 10'000), start);
  EXPECT_EQ(ask(load, drawn(start, 0), start).unmanaged[0].count(), 10'000);
  // The meter sees a car ramp up to 32 A, the car's own reading is still a second old.
  load.take(meter(start + seconds{1}, 42'000), start + seconds{1});
  EXPECT_EQ(ask(load, drawn(start, 0), start + seconds{1}).unmanaged[0].count(), 10'000);
}

TEST(unmanaged_load, samples_that_never_come_together_are_taken_after_the_hold) {
  unmanaged_load load;
  load.take(meter(start, 10'000), start);
  EXPECT_EQ(ask(load, drawn(start, 0), start).unmanaged[0].count(), 10'000);
  const auto later = start + seconds{6};
  load.take(meter(later, 42'000), later);
  EXPECT_EQ(ask(load, drawn(start, 0), later).unmanaged[0].count(), 42'000);
}

TEST(unmanaged_load, LIM_3_a_silent_meter_hides_no_load_behind_a_draw_that_has_grown_since) {
  unmanaged_load load;
  load.take(meter(start, 50'000), start);
  EXPECT_EQ(ask(load, drawn(start, 30'000), start).unmanaged[0].count(), 20'000);
  for (int second = 1; second <= 30; ++second) {
    const auto now = start + seconds{second};
    EXPECT_EQ(ask(load, drawn(now, 60'000), now).unmanaged[0].count(), 20'000) << second;
  }
}

TEST(unmanaged_load, LIM_3_an_old_sample_that_never_met_a_reading_is_lost) {
  unmanaged_load load;
  load.take(meter(start, 50'000), start);
  const auto now = start + seconds{10};
  EXPECT_EQ(ask(load, drawn(now, 60'000), now).knowledge, unmanaged_knowledge::lost);
}

managed_load released(instant at, std::int64_t ma, instant released_at) {
  auto managed = drawn(at, 0);
  managed.released = {milliamperes{ma}, milliamperes{ma}, milliamperes{ma}};
  managed.released_at = released_at;
  return managed;
}

TEST(unmanaged_load, LIM_3_a_draw_that_was_taken_off_and_is_not_reserved_any_more_is_put_back) {
  unmanaged_load load;
  // 27 A of base load; a station that drew 25 A is silent and has stopped unseen.
  load.take(meter(start, 27'000), start);
  EXPECT_EQ(ask(load, drawn(start, 25'000), start).unmanaged[0].count(), 2'000);
  // It comes back; the meter stays silent until it is lost.
  const auto back = start + milliseconds{500};
  for (int second = 1; second <= 30; ++second) {
    const auto now = start + seconds{second};
    EXPECT_EQ(ask(load, released(now, 25'000, back), now).unmanaged[0].count(), 27'000) << second;
  }
  const auto lost = start + seconds{31};
  EXPECT_EQ(ask(load, released(lost, 25'000, back), lost).knowledge, unmanaged_knowledge::lost);
}

TEST(unmanaged_load, what_was_released_before_the_meter_was_sampled_is_not_put_back) {
  unmanaged_load load;
  load.take(meter(start, 27'000), start);
  EXPECT_EQ(ask(load, drawn(start, 25'000), start).unmanaged[0].count(), 2'000);
  const auto next = start + seconds{1};
  load.take(meter(next, 27'000), next);
  const auto managed = released(next, 25'000, start + milliseconds{500});
  EXPECT_EQ(ask(load, managed, next).unmanaged[0].count(), 27'000); // not 52 A
}

TEST(unmanaged_load, LIM_3_a_draw_above_what_the_meter_saw_is_put_back_no_higher_than_the_meter) {
  unmanaged_load load;
  // Of 84 A that a silent station drew last, nothing flows any more: 24 A - 84 A.
  load.take(meter(start, 24'000), start);
  EXPECT_EQ(ask(load, drawn(start, 84'000), start).unmanaged[0].count(), 0);
  const auto back = start + seconds{1};
  EXPECT_EQ(ask(load, released(back, 84'000, back), back).unmanaged[0].count(), 24'000);
}

TEST(unmanaged_load, LIM_3_a_middle_value_may_hide_what_was_released_since_its_oldest_sample) {
  unmanaged_load load;
  // Readings come half a second before the samples: the middle of the last five counts.
  for (int i = 0; i <= 6; ++i) {
    const auto at = start + seconds{i};
    const auto managed = i < 6 ? drawn(at - milliseconds{500}, 25'000)
                               : released(at - milliseconds{500}, 25'000, at - milliseconds{500});
    load.take(meter(at, 27'000), at);
    const auto seen = ask(load, managed, at).unmanaged[0].count();
    // 27 A - 25 A; in the last one the middle is still 2 A, and 25 A are put back.
    EXPECT_EQ(seen, i < 6 ? 2'000 : 27'000) << i;
  }
}

TEST(unmanaged_load, one_disturbed_sample_among_five_is_not_believed) {
  unmanaged_load load;
  load.take(meter(start, 10'000), start);
  EXPECT_EQ(ask(load, drawn(start, 0), start).unmanaged[0].count(), 10'000);
  // Samples half a second apart from the readings; in the last one a car has just stopped.
  for (int i = 1; i <= 6; ++i) {
    const auto at = start + seconds{i};
    const bool is_disturbed = i == 6;
    load.take(meter(at, 42'000), at);
    const auto image = ask(load, drawn(at - milliseconds{500}, is_disturbed ? 0 : 32'000), at);
    EXPECT_EQ(image.unmanaged[0].count(), 10'000) << i; // not 42 A
  }
}

TEST(unmanaged_load, its_settings_are_a_coherence_and_a_hold_that_a_test_names) {
  const metering_settings settings;
  unmanaged_load load;
  load.take(meter(start, 10'000), start);
  EXPECT_EQ(ask(load, drawn(start, 0), start).unmanaged[0].count(), 10'000);
  // Just within the coherence the new difference counts, just beyond it the old one is held.
  const auto next = start + seconds{1};
  load.take(meter(next, 40'000), next);
  EXPECT_EQ(ask(load, drawn(next - settings.coherence, 10'000), next).unmanaged[0].count(), 30'000);
  const auto third = start + seconds{2};
  load.take(meter(third, 60'000), third);
  EXPECT_EQ(ask(load, drawn(third - settings.coherence - domain::microseconds{1}, 10'000), third)
                .unmanaged[0]
                .count(),
            30'000);
}

TEST(unmanaged_load, a_sample_that_is_no_newer_changes_nothing) {
  unmanaged_load load;
  load.take(meter(start, 10'000), start);
  load.take(meter(start, 99'000), start + seconds{1});
  load.take(meter(start - seconds{1}, 88'000), start + seconds{1});
  EXPECT_EQ(ask(load, drawn(start, 0), start).unmanaged[0].count(), 10'000);
}

TEST(unmanaged_load, each_line_is_counted_by_itself) {
  unmanaged_load load;
  auto sample = meter(start, 0);
  sample.current_ma = {10'000, 20'000, 30'000};
  load.take(sample, start);
  const managed_load managed{{milliamperes{1'000}, milliamperes{2'000}, milliamperes{40'000}},
                             start};
  const auto image = ask(load, managed, start);
  EXPECT_EQ(image.unmanaged[0].count(), 9'000);
  EXPECT_EQ(image.unmanaged[1].count(), 18'000);
  EXPECT_EQ(image.unmanaged[2].count(), 0);
}

TEST(unmanaged_load, LIM_3_a_sample_is_usable_up_to_the_end_of_the_hold) {
  const metering_settings settings;
  unmanaged_load load;
  load.take(meter(start, 50'000), start);
  const auto last = start + settings.hold;
  EXPECT_EQ(ask(load, drawn(last, 20'000), last).unmanaged[0].count(), 30'000);
}

TEST(unmanaged_load, LIM_3_a_sample_that_was_not_usable_is_no_load_of_nothing_later) {
  unmanaged_load load;
  load.take(meter(start, 50'000), start);
  const auto now = start + seconds{10};
  EXPECT_EQ(ask(load, drawn(now, 60'000), now).knowledge, unmanaged_knowledge::lost);
  // A late reading of then stands beside it; nothing was ever taken down of that sample.
  EXPECT_EQ(ask(load, drawn(start, 20'000), now).knowledge, unmanaged_knowledge::lost);
}

/// Two connectors: one is read together with the meter, the other starts between its reading and
/// the meter's sample.
TEST(unmanaged_load, LIM_2_a_start_between_a_reading_and_a_sample_is_reserved_and_not_sure) {
  unmanaged_load load;
  load.take(meter(start, 25'000), start);
  EXPECT_EQ(sure(ask(load, drawn(start, 0), start)), 25'000);
  const auto second = start + seconds{1};
  load.take(meter(second, 109'000), second); // 84 A begin to flow, no reading says so yet
  const auto begun = ask(load, drawn(second, 0), second);
  EXPECT_EQ(begun.unmanaged[0].count(), 109'000) << "what may be unmanaged is off the limit";
  EXPECT_EQ(sure(begun), 25'000);
  const auto third = start + seconds{2};
  load.take(meter(third, 109'000), third);
  const auto read = ask(load, drawn(third, 84'000), third);
  EXPECT_EQ(read.unmanaged[0].count(), 25'000); // 109 A - 84 A
  EXPECT_EQ(sure(read), 25'000);
}

TEST(unmanaged_load, LIM_3_a_stop_between_a_reading_and_a_sample_hides_no_load) {
  unmanaged_load load;
  for (int i = 0; i < 2; ++i) {
    load.take(meter(start + seconds{i}, 109'000), start + seconds{i});
    static_cast<void>(ask(load, drawn(start + seconds{i}, 84'000), start + seconds{i}));
  }
  const auto stopped = start + seconds{2};
  load.take(meter(stopped, 25'000), stopped); // 84 A flow no more, no reading says so yet
  const auto image = ask(load, drawn(stopped, 84'000), stopped);
  EXPECT_EQ(image.unmanaged[0].count(), 25'000);
  EXPECT_EQ(sure(image), 25'000);
  const auto read = start + seconds{3};
  load.take(meter(read, 25'000), read);
  EXPECT_EQ(sure(ask(load, drawn(read, 0), read)), 25'000);
}

TEST(unmanaged_load, LIM_2_a_reading_that_comes_late_explains_a_start_two_samples_before) {
  unmanaged_load load;
  for (int i = 0; i < 6; ++i) {
    const auto now = start + seconds{i};
    // 84 A flow from the second sample on, and are read with the fourth.
    load.take(meter(now, i < 1 ? 25'000 : 109'000), now);
    EXPECT_EQ(sure(ask(load, drawn(now, i < 3 ? 0 : 84'000), now)), 25'000) << i;
  }
}

TEST(unmanaged_load, LIM_3_a_load_that_no_reading_explains_is_sure_two_samples_later) {
  unmanaged_load load;
  load.take(meter(start, 25'000), start);
  static_cast<void>(ask(load, drawn(start, 10'000), start)); // 15 A
  for (int i = 1; i <= 3; ++i) {
    const auto now = start + seconds{i};
    load.take(meter(now, 85'000), now);
    const auto image = ask(load, drawn(now, 10'000), now);
    EXPECT_EQ(image.unmanaged[0].count(), 75'000); // 85 A - 10 A
    EXPECT_EQ(sure(image), i < 3 ? 15'000 : 75'000);
  }
}

TEST(unmanaged_load, LIM_3_of_a_slow_meter_a_sample_is_settled_after_two_seconds) {
  unmanaged_load load;
  load.take(meter(start, 20'000), start);
  static_cast<void>(ask(load, drawn(start, 0), start));
  const auto tenth = start + seconds{10};
  load.take(meter(tenth, 60'000), tenth);
  EXPECT_EQ(sure(ask(load, drawn(tenth, 0), tenth)), 20'000);
  EXPECT_EQ(sure(ask(load, drawn(tenth, 0), tenth + seconds{1})), 20'000);
  EXPECT_EQ(sure(ask(load, drawn(tenth, 0), tenth + seconds{2})), 60'000);
}

TEST(unmanaged_load, LIM_2_a_rising_draw_takes_nothing_off_a_load_that_stays_as_it_is) {
  unmanaged_load load;
  // 25 A beside a vehicle that takes 10 A more each second; its reading is half a second old.
  for (int i = 0; i < 8; ++i) {
    const auto now = start + seconds{i};
    load.take(meter(now, 25'000 + 10'000 * i), now);
    const auto image = ask(load, drawn(now, 10'000 * i - (i > 0 ? 5'000 : 0)), now);
    EXPECT_EQ(image.unmanaged_sure->current[0].count(), 25'000) << i;
  }
}

/// 25 A, and a vehicle that takes 5 A more each second up to 60 A; its station is silent from 40 A.
TEST(unmanaged_load, LIM_2_a_rise_in_silence_within_the_reserve_is_reserved_and_not_sure) {
  unmanaged_load load;
  for (int i = 0; i < 12; ++i) {
    const auto now = start + seconds{i};
    const auto draw = std::min(30'000 + 5'000 * i, 60'000);
    load.take(meter(now, 25'000 + draw), now);
    auto managed = drawn(start + seconds{std::min(i, 2)}, std::min(draw, 40'000));
    // Late from the second beat that is missed on; reserved at 60 A.
    if (i >= 4) managed.silent.fill(milliamperes{20'000});
    const auto image = ask(load, managed, now);
    EXPECT_EQ(sure(image), 25'000) << i;
    if (i == 11) {
      EXPECT_EQ(image.unmanaged[0].count(), 45'000) << "85 A - 40 A";
    }
  }
}

TEST(unmanaged_load, LIM_3_a_load_beyond_what_the_silent_may_draw_is_sure) {
  unmanaged_load load;
  for (int i = 0; i < 8; ++i) {
    const auto now = start + seconds{i};
    load.take(meter(now, i < 4 ? 65'000 : 115'000), now);
    auto managed = drawn(start, 40'000);
    managed.silent.fill(milliamperes{20'000});
    const auto image = ask(load, managed, now);
    // 65 A - 40 A; then 115 A less the 60 A that it may draw at most.
    EXPECT_EQ(sure(image), i < 6 ? 25'000 : 55'000) << i;
  }
}

/// Reserved at 84 A, which end before the second sample and are not reserved by the plan after it.
TEST(unmanaged_load, LIM_2_a_sample_from_before_a_reserve_fell_is_not_held_against_less) {
  unmanaged_load load;
  const auto look = [&](int second, std::int32_t metered, std::int64_t reserved) {
    const auto now = start + seconds{second};
    load.take(meter(now - milliseconds{200}, metered), now);
    auto managed = drawn(now, second < 1 ? 84'000 : 0);
    managed.reserved.emplace().fill(milliamperes{reserved});
    return sure(ask(load, managed, now));
  };
  EXPECT_EQ(look(0, 109'000, 84'000), 25'000);
  EXPECT_EQ(look(1, 109'000, 0), 25'000) << "sampled when 84 A were reserved";
  EXPECT_EQ(look(2, 25'000, 0), 25'000);
  EXPECT_EQ(look(3, 60'000, 0), 60'000) << "no reserve explains it";
}

TEST(unmanaged_load, LIM_3_nothing_is_sure_of_a_lost_meter) {
  unmanaged_load load;
  load.take(meter(start, 25'000), start);
  EXPECT_TRUE(ask(load, drawn(start, 0), start).unmanaged_sure);
  EXPECT_FALSE(ask(load, drawn(start, 0), start + seconds{31}).unmanaged_sure);
}

TEST(unmanaged_load, is_never_negative) {
  unmanaged_load load;
  load.take(meter(start, 5'000), start);
  EXPECT_EQ(ask(load, drawn(start, 6'000), start).unmanaged[0].count(), 0);
}

} // namespace busbar::control::metering
