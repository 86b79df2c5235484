#include "control/ownership/epoch_contest.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace busbar::control::ownership {

using domain::seconds;

constexpr domain::instant noon{seconds{1'777'636'800}};
constexpr auto last = std::numeric_limits<domain::epoch>::max();

TEST(epochs, OWN_1_every_epoch_has_a_newer_one) {
  EXPECT_TRUE(domain::is_older(5, 6));
  EXPECT_FALSE(domain::is_older(6, 5));
  EXPECT_FALSE(domain::is_older(5, 5));
  EXPECT_EQ(domain::next_epoch(5), 6u);
  EXPECT_EQ(domain::next_epoch(last), 1u) << "0 is no epoch";
  EXPECT_TRUE(domain::is_older(last, domain::next_epoch(last)));
  for (const domain::epoch forged : {domain::epoch{999}, last / 2, last / 2 + 1, last - 1, last})
    EXPECT_TRUE(domain::is_older(forged, domain::next_epoch(forged))) << forged;
}

TEST(epoch_contest, OWN_1_what_stations_obey_in_place_of_its_own_is_exceeded_by_one) {
  epoch_contest contest;
  EXPECT_EQ(contest.decide(5, 999, noon), 1'000u);
}

TEST(epoch_contest, OWN_1_a_number_of_its_own_epoch_that_it_has_not_given_is_exceeded_too) {
  epoch_contest contest;
  EXPECT_EQ(contest.decide(5, 5, noon), 6u);
}

TEST(epoch_contest, OWN_1_an_older_epoch_contests_nothing) {
  epoch_contest contest;
  EXPECT_EQ(contest.decide(5, 4, noon), std::nullopt);
  EXPECT_EQ(contest.decide(5, 999, noon), 1'000u) << "nor does it use up the minute";
}

TEST(epoch_contest, OWN_1_two_that_outbid_each_other_do_so_once_a_minute) {
  epoch_contest contest;
  EXPECT_TRUE(contest.decide(5, 999, noon));
  EXPECT_EQ(contest.decide(1'000, 2'000, noon + seconds{59}), std::nullopt);
  EXPECT_EQ(contest.decide(1'000, 2'000, noon + seconds{60}), 2'001u);
}

TEST(epoch_contest, OWN_1_a_clock_that_is_set_back_delays_nothing) {
  epoch_contest contest;
  EXPECT_TRUE(contest.decide(5, 999, noon));
  EXPECT_EQ(contest.decide(1'000, 2'000, noon - seconds{3'600}), 2'001u);
}

} // namespace busbar::control::ownership
