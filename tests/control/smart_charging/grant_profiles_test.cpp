#include "control/smart_charging/grant_profiles.hpp"

#include "control/smart_charging/composite.hpp"
#include "control/smart_charging/profile_store.hpp"

#include <gtest/gtest.h>

namespace busbar::control::smart_charging {

using domain::milliamperes;

namespace {

const domain::instant noon{std::chrono::sys_days{std::chrono::year{2026} / 5 / 1} +
                           std::chrono::hours{12}};

rate_terms watts(std::uint8_t lines, std::int64_t millivolts) {
  rate_terms terms;
  terms.unit = rate_unit::watt;
  terms.lines = lines;
  terms.volts_min = domain::millivolts{millivolts};
  return terms;
}

} // namespace

TEST(grant_profiles, OCPP_9_rates_have_one_decimal_and_round_down) {
  EXPECT_EQ(rate_of(milliamperes{16'299}, {}), 162); // 16.2 A
  EXPECT_EQ(rate_of(milliamperes{6'000}, {}), 60);
  EXPECT_EQ(rate_of(milliamperes{5'999}, {}), 0) << "nothing, or at least the minimum (FAIR-2)";
  EXPECT_EQ(rate_of(milliamperes{0}, {}), 0);
}

TEST(grant_profiles, OCPP_9_watts_never_give_a_line_more_than_amperes_would) {
  // 9.3 A at 230 V on 3 lines = 6 417.0 W
  EXPECT_EQ(rate_of(milliamperes{9'300}, watts(3, 230'000)), 64'170);
  // Lines that are not known: one. 9.3 A at 207 V = 1 925.1 W
  EXPECT_EQ(rate_of(milliamperes{9'300}, watts(1, 207'000)), 19'251);
}

TEST(grant_profiles, OCPP_9_the_end_of_the_lease_uncovers_the_fallback) {
  station_settings settings;
  settings.stack_level_max = 5;
  profile_store store{settings};
  store.start(1, 4'711, std::chrono::floor<seconds>(noon));
  ASSERT_FALSE(store.set(0, fallback_profile(milliamperes{6'000}, {}, 0),
                         std::chrono::floor<seconds>(noon)));
  const granted grant{milliamperes{16'000}, domain::seconds{60}, noon};
  ASSERT_FALSE(store.set(1, grant_profile(grant, {}, 1, 5, 4'711),
                         std::chrono::floor<seconds>(noon)));
  const auto at = [&](int second) {
    const auto plan = compose(store, 1, std::chrono::floor<seconds>(noon) + seconds{second},
                              seconds{1}, rate_unit::ampere);
    return plan.periods.front().limit_tenths;
  };
  EXPECT_EQ(at(0), 160);
  EXPECT_EQ(at(59), 160);
  EXPECT_EQ(at(60), 60);
}

} // namespace busbar::control::smart_charging
