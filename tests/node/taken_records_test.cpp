// KEEP-1: a request is taken once, whatever the log delivers.

#include "node/taken_records.hpp"

#include <gtest/gtest.h>

#include <string>

namespace busbar::node {
namespace {

const ports::partition_id place{"busbar.requests.v1", 3};
const domain::site_id yard{"yard"}, depot{"depot"};

TEST(taken_records, KEEP_1_a_request_of_a_site_is_taken_once) {
  taken_records taken;
  EXPECT_TRUE(taken.is_first(yard, domain::request_id{"r-1"}));
  EXPECT_FALSE(taken.is_first(yard, domain::request_id{"r-1"}));
  EXPECT_TRUE(taken.is_first(depot, domain::request_id{"r-1"}));
}

TEST(taken_records, KEEP_1_the_oldest_of_very_many_requests_are_forgotten) {
  taken_records taken;
  for (std::size_t i = 0; i <= taken_records::requests_max; ++i)
    ASSERT_TRUE(taken.is_first(yard, domain::request_id{std::to_string(i)}));
  EXPECT_TRUE(taken.is_first(yard, domain::request_id{"0"}));
  EXPECT_FALSE(taken.is_first(yard, domain::request_id{"2"}));
}

TEST(taken_records, KEEP_2_what_was_read_when_a_site_was_acquired_is_not_taken_from_the_consumer) {
  taken_records taken;
  EXPECT_FALSE(taken.is_read(place, 0));
  taken.read_until(place, 10);
  taken.read_until(place, 7);
  EXPECT_TRUE(taken.is_read(place, 9));
  EXPECT_FALSE(taken.is_read(place, 10));
  EXPECT_FALSE(taken.is_read({place.topic, 4}, 9));
}

} // namespace
} // namespace busbar::node
