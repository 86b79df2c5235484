#include "domain/shortfall_text.hpp"

#include "domain/time_text.hpp"

#include <gtest/gtest.h>

namespace busbar::domain {

using std::chrono::hours;

namespace {

const instant evening = *instant_from("2026-12-23T17:00:00Z");
const time_zone berlin{"Europe/Berlin", {{instant{}, hours{1}}}};

std::string said(const reason& because) {
  site site;
  site.nodes.emplace_back().id = node_id{"f-dc"};
  site.zone = berlin;
  return text_of(session_forecast{watt_hours{8'000}, watt_hours{12'000}, because},
                 evening + hours{11}, evening, site);
}

} // namespace

TEST(shortfall_text, energy_is_said_in_tenths_of_a_kilowatt_hour_and_never_too_little) {
  EXPECT_EQ(in_kilowatt_hours(watt_hours{12'000}), "12 kWh");
  EXPECT_EQ(in_kilowatt_hours(watt_hours{12'001}), "12.1 kWh");
  EXPECT_EQ(in_kilowatt_hours(watt_hours{250}), "0.3 kWh");
}

TEST(shortfall_text, a_time_is_the_sites_own_with_its_date_where_it_is_not_within_a_day) {
  EXPECT_EQ(local_time_text(berlin, evening + hours{11}, evening), "05:00");
  EXPECT_EQ(local_time_text(berlin, evening - hours{11}, evening), "07:00");
  EXPECT_EQ(local_time_text(berlin, evening + hours{25}, evening), "2026-12-24 19:00");
  EXPECT_EQ(local_time_text({}, evening + hours{25}, evening), "2026-12-24 18:00");
}

TEST(shortfall_text, names_the_node_that_binds_or_what_else_does) {
  EXPECT_EQ(said({rule::limit, node_index{0U}, binding_line::l1, limit_source::breaker}),
            "12 kWh short at 05:00, because of f-dc");
  EXPECT_EQ(said({rule::maximum}), "12 kWh short at 05:00, because its connector gives no more");
  EXPECT_EQ(said({rule::site_operator}),
            "12 kWh short at 05:00, because of an operator's limit");
  // A node that this tree does not have is not named.
  EXPECT_EQ(said({rule::limit, node_index{7U}, binding_line::l1, limit_source::breaker}),
            "12 kWh short at 05:00, because of the site's limits");
}

TEST(shortfall_text, without_a_shortfall_nothing_is_said) {
  EXPECT_EQ(text_of({watt_hours{8'000}, {}, {}}, evening, evening, {}), "");
}

} // namespace busbar::domain
