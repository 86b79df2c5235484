#include "control/sessions/authorisation.hpp"

#include <gtest/gtest.h>

namespace busbar::control::sessions {

namespace {

const domain::instant now{std::chrono::hours{500'000}};

id_tag tag(bool is_blocked, std::optional<domain::instant> expires_at = std::nullopt) {
  return {"T", is_blocked, expires_at, {}, {}};
}

/// Of tag "T", which is not the fixed one of a free station.
tag_verdict judged(const id_tag* known, tag_policy policy, std::size_t running = 0) {
  return authorise({"T", known, running}, {policy, "FREE", {}}, now);
}

} // namespace

TEST(authorisation, a_tag_that_is_not_listed_is_taken_by_policy_alone) {
  EXPECT_EQ(judged(nullptr, tag_policy::all), tag_verdict::accepted);
  EXPECT_EQ(judged(nullptr, tag_policy::listed), tag_verdict::invalid);
  EXPECT_EQ(judged(nullptr, tag_policy::free), tag_verdict::invalid);
}

TEST(authorisation, a_listed_tag_is_taken_until_its_end_and_a_blocked_one_never) {
  const auto good = tag(false), blocked = tag(true);
  const auto ends_now = tag(false, now), ends_later = tag(false, now + std::chrono::seconds{1});
  for (const auto policy : {tag_policy::all, tag_policy::listed, tag_policy::free}) {
    EXPECT_EQ(judged(&good, policy), tag_verdict::accepted);
    EXPECT_EQ(judged(&blocked, policy), tag_verdict::blocked);
    EXPECT_EQ(judged(&ends_now, policy), tag_verdict::expired);
    EXPECT_EQ(judged(&ends_later, policy), tag_verdict::accepted);
  }
}

TEST(authorisation, the_fixed_tag_of_a_free_station_is_taken_whatever_the_list_says) {
  const auto blocked = tag(true);
  const tag_rules free{tag_policy::free, "Free", {}};
  EXPECT_EQ(authorise({"FREE", nullptr}, free, now), tag_verdict::accepted);
  EXPECT_EQ(authorise({"FREE", &blocked}, free, now), tag_verdict::accepted);
  const tag_rules listed{tag_policy::listed, "Free", {}};
  EXPECT_EQ(authorise({"FREE", &blocked}, listed, now), tag_verdict::blocked);
}

TEST(authorisation, a_station_of_a_group_takes_listed_tags_of_that_group_alone) {
  auto staff = tag(false), guest = tag(false);
  staff.group = "staff";
  for (const auto policy : {tag_policy::all, tag_policy::listed}) {
    const tag_rules rules{policy, {}, "staff"};
    EXPECT_EQ(authorise({"T", &staff}, rules, now), tag_verdict::accepted);
    EXPECT_EQ(authorise({"T", &guest}, rules, now), tag_verdict::invalid);
    EXPECT_EQ(authorise({"T", nullptr}, rules, now), tag_verdict::invalid);
  }
}

TEST(authorisation, no_more_transactions_run_with_a_tag_than_its_list_allows) {
  auto two = tag(false);
  const auto any = two;
  two.concurrent_max = 2;
  EXPECT_EQ(judged(&two, tag_policy::all, 1), tag_verdict::accepted);
  EXPECT_EQ(judged(&two, tag_policy::all, 2), tag_verdict::concurrent);
  EXPECT_EQ(judged(&any, tag_policy::all, 1'000), tag_verdict::accepted);
  EXPECT_STREQ(name_of(tag_verdict::concurrent), "ConcurrentTx");
}

TEST(authorisation, an_authoritys_ruling_stands_above_the_list_until_it_expires) {
  const auto blocked = tag(true);
  const tag_ruling good{tag_verdict::accepted, now + std::chrono::seconds{1}, {}};
  const tag_ruling over{tag_verdict::accepted, now, {}};
  const tag_ruling bad{tag_verdict::blocked, std::nullopt, {}};
  const tag_rules rules{tag_policy::external};
  const auto judged_by = [&](const tag_ruling& ruling) {
    return authorise({"T", &blocked, 0, &ruling, true}, rules, now);
  };
  EXPECT_EQ(judged_by(good), tag_verdict::accepted);
  EXPECT_EQ(judged_by(over), tag_verdict::expired);
  EXPECT_EQ(judged_by(bad), tag_verdict::blocked);
}

TEST(authorisation, while_the_authority_is_away_its_last_ruling_counts_or_the_list_or_nothing) {
  const auto listed = tag(false);
  const tag_ruling old{tag_verdict::accepted, std::nullopt, {}};
  const auto judged_by = [&](offline_rule offline, const tag_ruling* ruling, const id_tag* known) {
    const tag_rules rules{tag_policy::external, {}, {}, offline};
    return authorise({"T", known, 0, ruling, false}, rules, now);
  };
  EXPECT_EQ(judged_by(offline_rule::cached, &old, nullptr), tag_verdict::accepted);
  EXPECT_EQ(judged_by(offline_rule::cached, nullptr, &listed), tag_verdict::invalid);
  EXPECT_EQ(judged_by(offline_rule::listed, &old, nullptr), tag_verdict::invalid);
  EXPECT_EQ(judged_by(offline_rule::listed, nullptr, &listed), tag_verdict::accepted);
  EXPECT_EQ(judged_by(offline_rule::refuse, &old, &listed), tag_verdict::invalid);
}

TEST(authorisation, a_tag_is_at_most_20_printable_characters_and_known_in_any_capitals) {
  EXPECT_TRUE(is_tag("04A2B3C4"));
  EXPECT_TRUE(is_tag(std::string(20, 'x')));
  for (const std::string wrong : {"", "a b", "a,b", "a\n", "\xc3\xbc"}) EXPECT_FALSE(is_tag(wrong));
  EXPECT_FALSE(is_tag(std::string(21, 'x')));
  EXPECT_EQ(tag_key("04a2B3c4"), tag_key("04A2b3C4"));
}

} // namespace busbar::control::sessions
