#include "node/newest_states.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace busbar::node {

namespace {

class newest_states_test : public ::testing::Test {
protected:
  void write(domain::epoch owner, std::uint64_t plan_number) {
    domain::site_state state;
    state.site = garage;
    state.owner = owner;
    state.plan_number = plan_number;
    write(messages::encode(state));
  }
  void write(ports::shared_bytes bytes) {
    records.push_back({{"busbar.sites.v1", 3}, static_cast<std::int64_t>(records.size()),
                       garage.text(), std::move(bytes), {}});
    newest.take(records.back());
  }
  [[nodiscard]] std::uint64_t plan_of_newest() const { return newest.all().at(garage).plan_number; }

  const domain::site_id garage{"garage"};
  newest_states::site_files files;
  std::deque<ports::record> records;
  newest_states newest{files};
};

} // namespace

TEST_F(newest_states_test, the_last_state_of_an_owner_is_the_newest) {
  write(4, 17);
  write(4, 18);
  write(5, 19);
  EXPECT_EQ(plan_of_newest(), 19u);
}

TEST_F(newest_states_test, OWN_2_a_state_of_an_older_owner_after_a_newer_one_does_not_count) {
  write(5, 19);
  write(4, 20);
  EXPECT_EQ(plan_of_newest(), 19u);
  EXPECT_TRUE(newest.unusable().empty());
}

TEST_F(newest_states_test, one_that_cannot_be_read_is_named_until_a_newer_one_can) {
  write(5, 19);
  write(std::make_shared<const std::vector<std::uint8_t>>(3, 7));
  ASSERT_EQ(newest.unusable().size(), 1u);
  EXPECT_EQ(newest.unusable()[0].first, &records.back());
  EXPECT_EQ(plan_of_newest(), 19u);
  write(5, 20);
  EXPECT_TRUE(newest.unusable().empty());
  EXPECT_EQ(plan_of_newest(), 20u);
}

TEST_F(newest_states_test, a_site_that_was_deleted_has_none) {
  write(5, 19);
  write(ports::shared_bytes{});
  EXPECT_TRUE(newest.all().empty());
}

} // namespace busbar::node
