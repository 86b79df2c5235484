#include "control/access/password_policy.hpp"

#include <gtest/gtest.h>

namespace busbar::tests {
namespace {

using namespace control::access;
using std::chrono::hours;

bool is_taken(const std::string& password, const std::string& name = "anna") {
  return password_faults(password, name).empty();
}

TEST(password_policy, takes_twelve_characters_of_four_kinds) {
  EXPECT_TRUE(is_taken("Copper-bar-7"));
  EXPECT_FALSE(is_taken("Copper-ba-7")) << "11 characters";
  EXPECT_FALSE(is_taken("copper-bar-77"));
  EXPECT_FALSE(is_taken("COPPER-BAR-77"));
  EXPECT_FALSE(is_taken("Copper-bar-xx"));
  EXPECT_FALSE(is_taken("Copperxbarx77"));
  EXPECT_TRUE(is_taken("K\xC3\xBChle Schiene 7"));
  EXPECT_TRUE(is_taken("Ab1-" + std::string(252, 'k') + "")) << is_taken("");
  EXPECT_FALSE(is_taken("Abc1-defgh" + std::string(247, 'k'))) << "257 bytes";
}

TEST(password_policy, names_every_fault_at_once) {
  EXPECT_EQ(password_faults("", "anna").size(), 6U)
      << "length, upper, lower, digit, symbol, few characters";
  EXPECT_EQ(password_faults("Copper-bar", "anna"),
            (std::vector<std::string>{"it has at least 12 characters", "it has a digit"}));
}

TEST(password_policy, the_name_is_no_part_of_it_in_any_case) {
  EXPECT_FALSE(is_taken("xx-ANNA-Bar-77"));
  EXPECT_FALSE(is_taken("Depot.North-7!", "depot.north"));
  EXPECT_TRUE(is_taken("Depot.North-7!", "depot.south"));
}

TEST(password_policy, common_words_are_found_behind_their_digits_and_symbols) {
  for (const auto* each : {"Password1234!", "P@ssw0rd!!!1", "Welcome-2026!!", "Qwerty!12345",
                           "Admin-123456!", "Changeme!1234", "TestTest!1234", "Aaaaaaaaa-11"})
    EXPECT_FALSE(is_taken(each)) << each;
  EXPECT_TRUE(is_taken("Password of copper-7")) << "a sentence is none";
}

TEST(password_policy, a_password_is_warned_of_from_day_76_and_too_old_on_day_90) {
  const domain::instant set{};
  EXPECT_EQ(age_of(set, set + hours{76 * 24} - domain::microseconds{1}), password_age::fresh);
  EXPECT_EQ(age_of(set, set + hours{76 * 24}), password_age::warned);
  EXPECT_EQ(age_of(set, set + hours{90 * 24} - domain::microseconds{1}), password_age::warned);
  EXPECT_EQ(age_of(set, set + hours{90 * 24}), password_age::expired);
}

TEST(password_policy, a_users_name_is_plain) {
  for (const auto* each : {"anna", "Anna.B", "a@example.com", "7-of-9"})
    EXPECT_FALSE(user_name_fault(each)) << each;
  for (const auto* each : {"", ".anna", "an na", "anna\n", "ann\xC3\xA4"})
    EXPECT_TRUE(user_name_fault(each)) << each;
  EXPECT_TRUE(user_name_fault(std::string(65, 'a')));
}

} // namespace
} // namespace busbar::tests
