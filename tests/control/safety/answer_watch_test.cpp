#include "control/safety/answer_watch.hpp"

#include <gtest/gtest.h>

namespace busbar::control::safety {

using domain::instant;
using std::chrono::seconds;

namespace {

const instant start{seconds{100}};
constexpr seconds patience{5};

/// True where any of the checks of `count` seconds, the first one a second after `from`, says so.
bool checks(answer_watch& dog, instant from, int count) {
  bool is_said = false;
  for (int i = 1; i <= count; ++i) is_said = dog.check(patience, from + seconds{i}) || is_said;
  return is_said;
}

} // namespace

TEST(answer_watch, a_child_that_owes_nothing_is_never_overdue) {
  answer_watch dog;
  EXPECT_FALSE(checks(dog, start, 100));
  dog.sent(start);
  dog.answered(start);
  EXPECT_FALSE(checks(dog, start, 100));
}

TEST(answer_watch, says_once_that_an_answer_is_overdue_and_takes_it_back_when_it_comes) {
  answer_watch dog;
  dog.sent(start);
  EXPECT_FALSE(checks(dog, start, 5));
  EXPECT_TRUE(dog.check(patience, start + seconds{6}));
  EXPECT_FALSE(dog.check(patience, start + seconds{7}));
  EXPECT_TRUE(dog.is_overdue());
  dog.answered(start + seconds{8});
  EXPECT_FALSE(dog.is_overdue());
}

TEST(answer_watch, who_works_through_many_messages_is_not_overdue) {
  answer_watch dog;
  for (int i = 0; i < 30; ++i) dog.sent(start);
  for (int i = 0; i < 29; ++i) {
    dog.answered(start + seconds{4 * i}); // one answer every four seconds
    EXPECT_FALSE(checks(dog, start + seconds{4 * i}, 4));
  }
  EXPECT_EQ(dog.waiting(), 1u);
}

TEST(answer_watch, time_alone_condemns_nobody) {
  answer_watch dog;
  dog.sent(start);
  // The machine slept for an hour: the child gets three checks to answer in.
  EXPECT_FALSE(dog.check(patience, start + seconds{3600}));
  EXPECT_FALSE(dog.check(patience, start + seconds{3601}));
  EXPECT_TRUE(dog.check(patience, start + seconds{3602}));
}

TEST(answer_watch, another_child_in_its_place_owes_nothing) {
  answer_watch dog;
  dog.sent(start);
  EXPECT_TRUE(checks(dog, start, 10));
  dog.restarted(start + seconds{10});
  EXPECT_FALSE(checks(dog, start + seconds{10}, 10));
}

TEST(answer_watch, is_small_because_every_station_has_one) {
  static_assert(sizeof(answer_watch) <= 16);
}

} // namespace busbar::control::safety
