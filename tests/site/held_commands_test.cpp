// Commands that the log did not take stay few, and say the same.

#include "site/held_commands.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace busbar::site {

using domain::command;
using domain::command_kind;

namespace {

command made(std::uint32_t connector, command_kind kind, domain::sequence number,
             std::string session = {}) {
  command one;
  one.connector = domain::connector_index{connector};
  one.kind = kind;
  one.number = number;
  one.session = domain::session_id{std::move(session)};
  return one;
}

std::vector<domain::sequence> numbers_left(std::vector<command> held) {
  keep_what_counts(held);
  std::vector<domain::sequence> numbers;
  for (const auto& one : held) numbers.push_back(one.number);
  return numbers;
}

using numbers = std::vector<domain::sequence>;

} // namespace

TEST(held_commands, a_record_is_in_the_order_of_connectors_and_of_what_each_was_told) {
  using enum command_kind;
  std::vector<command> record{made(2, grant, 1), made(0, start, 9, "s"), made(0, grant, 5),
                              made(1, grant, 7)};
  put_in_order(record);
  numbers found;
  for (const auto& one : record) found.push_back(one.number);
  EXPECT_EQ(found, (numbers{9, 5, 7, 1}));
}

TEST(held_commands, of_the_grants_of_one_connector_only_the_newest_is_kept) {
  using enum command_kind;
  EXPECT_EQ(numbers_left({made(0, grant, 1), made(1, grant, 7), made(0, grant, 2),
                          made(0, grant, 3)}),
            (numbers{7, 3}));
}

TEST(held_commands, what_is_said_anew_takes_the_place_of_what_was_held) {
  using enum command_kind;
  std::vector<command> held{made(0, grant, 1), made(1, grant, 7), made(0, stop, 2, "s")};
  drop_superseded(held, {made(0, grant, 3), made(0, stop, 4, "t")});
  ASSERT_EQ(held.size(), 2u);
  EXPECT_EQ(held[0].number, 7u) << "of another connector";
  EXPECT_EQ(held[1].number, 2u) << "of another session";
}

TEST(held_commands, orders_about_different_profiles_of_one_connector_are_kept) {
  const auto profile = [](domain::sequence number, std::int32_t id) {
    auto one = made(0, command_kind::set_charging_profile, number);
    domain::charging_profile installs;
    installs.id = id;
    one.profile.order = std::make_shared<const domain::profile_order>(
        domain::profile_order{false, installs, {}});
    return one;
  };
  const auto clear = [](domain::sequence number) {
    return made(0, command_kind::clear_charging_profile, number);
  };
  EXPECT_EQ(numbers_left({profile(1, 41), profile(2, 42), clear(3), profile(4, 41), clear(5)}),
            (numbers{2, 3, 4, 5}));
}

TEST(held_commands, a_stop_of_a_session_that_runs_is_kept_whatever_comes_after_it) {
  using enum command_kind;
  EXPECT_EQ(numbers_left({made(0, stop, 1, "s1"), made(0, start, 2, "s2"), made(0, grant, 3),
                          made(0, stop, 4, "s2"), made(0, start, 5, "s3"), made(0, grant, 6)}),
            (numbers{1, 5, 6}));
}

TEST(held_commands, a_start_that_was_given_up_gives_way_to_a_later_one) {
  using enum command_kind;
  EXPECT_EQ(numbers_left({made(0, start, 1, "s1"), made(0, start, 2, "s2")}), (numbers{2}));
}

TEST(held_commands, what_an_operator_wants_is_kept) {
  using enum command_kind;
  EXPECT_EQ(numbers_left({made(0, set_unavailable, 1), made(0, grant, 2), made(0, reset, 3),
                          made(0, set_unavailable, 4)}),
            (numbers{2, 3, 4}));
}

} // namespace busbar::site
