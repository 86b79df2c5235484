#include "control/smart_charging/profile_forms.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace busbar::control::smart_charging {

TEST(profile_forms, OCPP_9_the_usual_form_is_first_and_lower_levels_follow_it) {
  const auto forms = grant_forms(5, rate_unit::ampere);
  ASSERT_EQ(forms.size(), 12u);
  EXPECT_EQ(forms[0], (profile_form{rate_unit::ampere, false, 5, false}));
  EXPECT_EQ(forms[1], (profile_form{rate_unit::ampere, false, 1, false}));
  EXPECT_EQ(forms[2], (profile_form{rate_unit::ampere, false, 0, false}));
  EXPECT_EQ(forms[3], (profile_form{rate_unit::ampere, true, 5, false}));
  EXPECT_EQ(forms[6], (profile_form{rate_unit::watt, false, 5, false}));
  EXPECT_EQ(grant_forms(1, rate_unit::ampere).size(), 8u);
  EXPECT_EQ(grant_forms(0, rate_unit::watt).size(), 4u);
  EXPECT_EQ(grant_forms(0, rate_unit::watt).front().unit, rate_unit::watt);
}

TEST(profile_forms, OCPP_9_a_fallback_is_for_connector_0_else_for_each) {
  const auto forms = fallback_forms(rate_unit::watt);
  ASSERT_EQ(forms.size(), 8u);
  EXPECT_EQ(forms[0], (profile_form{rate_unit::watt, false, 0, false}));
  EXPECT_EQ(forms[1], (profile_form{rate_unit::watt, false, 0, true}));
  EXPECT_EQ(forms[2], (profile_form{rate_unit::watt, true, 0, false}));
  EXPECT_EQ(forms[4].unit, rate_unit::ampere);
}

TEST(profile_forms, no_form_stands_twice) {
  for (const std::int32_t level : {0, 1, 2, 10}) {
    const auto forms = grant_forms(level, rate_unit::ampere);
    for (auto one = forms.begin(); one != forms.end(); ++one)
      EXPECT_EQ(std::count(forms.begin(), forms.end(), *one), 1) << level;
  }
}

} // namespace busbar::control::smart_charging
