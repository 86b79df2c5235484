#include "control/access/client_address.hpp"
#include "control/access/decision.hpp"

#include <gtest/gtest.h>

namespace busbar::tests {
namespace {

using namespace control::access;
using domain::principal;
using domain::role;
using domain::site_id;

principal one(role granted, domain::site_binding sites = std::nullopt) {
  principal who;
  who.user = "anna";
  who.user_id = "u-1";
  who.granted = granted;
  who.sites = std::move(sites);
  return who;
}

operation_terms needs(role least) {
  operation_terms terms;
  terms.least = least;
  return terms;
}

TEST(access_decision, a_role_may_what_the_roles_below_it_may_and_nothing_above) {
  constexpr std::array all{role::viewer, role::site_operator, role::admin};
  for (const auto granted : all)
    for (const auto least : all) {
      const auto who = one(granted);
      EXPECT_EQ(may(&who, needs(least)),
                granted >= least ? verdict::allowed : verdict::forbidden)
          << name_of(granted) << " at " << name_of(least);
    }
}

TEST(access_decision, one_who_is_not_known_gets_what_is_open_alone) {
  EXPECT_EQ(may(nullptr, needs(role::viewer)), verdict::unknown_principal);
  EXPECT_EQ(may(nullptr, operation_terms{}), verdict::allowed);
}

TEST(access_decision, a_site_outside_the_own_ones_does_not_exist) {
  const auto bound = one(role::admin, std::vector{site_id{"garage"}});
  EXPECT_EQ(may(&bound, needs(role::viewer), site_id{"garage"}), verdict::allowed);
  EXPECT_EQ(may(&bound, needs(role::viewer), site_id{"depot"}), verdict::not_found);
  const auto free = one(role::viewer);
  EXPECT_EQ(may(&free, needs(role::viewer), site_id{"depot"}), verdict::allowed);
}

TEST(access_decision, what_shows_all_sites_is_not_for_one_who_is_bound_to_some) {
  auto terms = needs(role::viewer);
  terms.is_of_all_sites = true;
  const auto bound = one(role::admin, std::vector{site_id{"garage"}});
  EXPECT_EQ(may(&bound, terms), verdict::forbidden);
  const auto free = one(role::viewer);
  EXPECT_EQ(may(&free, terms), verdict::allowed);
}

TEST(access_decision, with_a_password_that_is_too_old_only_a_new_one_may_be_set) {
  auto who = one(role::admin);
  who.must_change_password = true;
  EXPECT_EQ(may(&who, needs(role::viewer)), verdict::password_expired);
  auto change = needs(role::viewer);
  change.is_for_expired = true;
  EXPECT_EQ(may(&who, change), verdict::allowed);
}

TEST(access_decision, what_is_for_people_is_not_for_an_api_token_of_any_role) {
  auto terms = needs(role::viewer);
  terms.is_for_people = true;
  auto who = one(role::admin);
  EXPECT_EQ(may(&who, terms), verdict::allowed);
  who.token = "grafana";
  who.token_id = "t-1";
  EXPECT_EQ(may(&who, terms), verdict::forbidden);
  EXPECT_EQ(text_of(who.as_cause()), "program grafana of anna");
}

TEST(access_decision, of_two_bindings_both_hold) {
  const domain::site_binding one_of{std::vector{site_id{"a"}, site_id{"b"}}};
  const domain::site_binding other{std::vector{site_id{"b"}, site_id{"c"}}};
  EXPECT_EQ(narrowed(one_of, other), (std::vector{site_id{"b"}}));
  EXPECT_EQ(narrowed(std::nullopt, other), other);
  EXPECT_EQ(narrowed(one_of, std::nullopt), one_of);
  EXPECT_FALSE(narrowed(std::nullopt, std::nullopt));
}

TEST(client_address, is_read_from_the_right_for_as_long_as_proxies_are_trusted) {
  const std::vector<std::string> trusted{"10.0.0.1", "10.0.0.2"};
  EXPECT_EQ(client_address("10.0.0.1", "6.6.6.6, 192.0.2.7, 10.0.0.2", trusted), "192.0.2.7");
  EXPECT_EQ(client_address("10.0.0.1", "", trusted), "10.0.0.1");
  EXPECT_EQ(client_address("192.0.2.9", "127.0.0.1", trusted), "192.0.2.9")
      << "nobody else is believed";
  EXPECT_EQ(client_address("10.0.0.1", "192.0.2.7,", trusted), "10.0.0.1");
  EXPECT_EQ(client_address("::ffff:10.0.0.1", "192.0.2.7", trusted), "192.0.2.7")
      << "as a listener on :: sees it";
}

} // namespace
} // namespace busbar::tests
