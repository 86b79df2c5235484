#include "control/sessions/authorisation.hpp"

#include <gtest/gtest.h>

namespace busbar::control::sessions {

namespace {

const domain::instant now{std::chrono::hours{500'000}};

id_tag tag(bool is_blocked, std::optional<domain::instant> expires_at = std::nullopt) {
  return {"T", is_blocked, expires_at, {}, {}};
}

} // namespace

TEST(authorisation, a_tag_that_is_not_listed_is_taken_by_policy_alone) {
  EXPECT_EQ(authorise(nullptr, tag_policy::all, now), tag_verdict::accepted);
  EXPECT_EQ(authorise(nullptr, tag_policy::listed, now), tag_verdict::invalid);
}

TEST(authorisation, a_listed_tag_is_taken_until_its_end_and_a_blocked_one_never) {
  const auto good = tag(false), blocked = tag(true);
  const auto ends_now = tag(false, now), ends_later = tag(false, now + std::chrono::seconds{1});
  for (const auto policy : {tag_policy::all, tag_policy::listed}) {
    EXPECT_EQ(authorise(&good, policy, now), tag_verdict::accepted);
    EXPECT_EQ(authorise(&blocked, policy, now), tag_verdict::blocked);
    EXPECT_EQ(authorise(&ends_now, policy, now), tag_verdict::expired);
    EXPECT_EQ(authorise(&ends_later, policy, now), tag_verdict::accepted);
  }
}

TEST(authorisation, a_tag_is_at_most_20_printable_characters_and_known_in_any_capitals) {
  EXPECT_TRUE(is_tag("04A2B3C4"));
  EXPECT_TRUE(is_tag(std::string(20, 'x')));
  for (const std::string wrong : {"", "a b", "a,b", "a\n", "\xc3\xbc"}) EXPECT_FALSE(is_tag(wrong));
  EXPECT_FALSE(is_tag(std::string(21, 'x')));
  EXPECT_EQ(tag_key("04a2B3c4"), tag_key("04A2b3C4"));
}

} // namespace busbar::control::sessions
