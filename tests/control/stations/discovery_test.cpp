#include "control/stations/discovery.hpp"

#include <gtest/gtest.h>

namespace busbar::control::stations {

using domain::milliamperes;
using domain::watts;

TEST(discovery, what_is_found_is_no_wider_than_the_report_and_the_connector) {
  station_report report;
  report.is_dc = false;
  report.line_count = 3;
  report.current_max = milliamperes{32'000};
  domain::connector connector;
  connector.line_count = 3;
  connector.current_max = milliamperes{16'000};
  EXPECT_EQ(discovered(report, connector, nullptr).value().current_max, milliamperes{16'000});
  report.current_max = milliamperes{10'000};
  EXPECT_EQ(discovered(report, connector, nullptr).value().current_max, milliamperes{10'000});
}

TEST(discovery, a_report_of_another_kind_of_current_is_refused) {
  station_report report;
  report.is_dc = true;
  EXPECT_EQ(discovered(report, {}, nullptr).failure().message,
            "the report is of dc, the station's connector is ac");
  domain::connector direct;
  direct.kind = domain::current_kind::dc;
  direct.power_max = watts{50'000};
  EXPECT_EQ(discovered(report, direct, nullptr).value().power_max, watts{50'000});
  EXPECT_FALSE(discovered({}, direct, nullptr)) << "says neither";
}

TEST(discovery, of_its_own_profile_all_stays_that_is_not_reported) {
  capability own = *find_capability("dcfc_ccs_medium");
  own.name = "market_dc_60";
  own.power_min = watts{5'000};
  own.is_bidirectional = true;
  own.writes_per_day = 20'000;
  station_report report;
  report.is_dc = true;
  report.power_max = watts{60'000};
  domain::connector direct;
  direct.kind = domain::current_kind::dc;
  direct.power_max = watts{60'000};
  const auto found = discovered(report, direct, &own).value();
  EXPECT_EQ(found.name, "market_dc_60 (reported)");
  EXPECT_EQ(found.power_min, watts{5'000});
  EXPECT_EQ(found.power_max, watts{60'000});
  EXPECT_TRUE(found.is_bidirectional);
  EXPECT_EQ(found.writes_per_day, 20'000u);
  const auto kept = *kept_for(domain::station_id{"DC-1"}, found).found;
  EXPECT_EQ(discovered(report, direct, &kept).value().name, kept.name) << "asked again";
  EXPECT_EQ(kept_for(domain::station_id{"DC-1"}, kept).found->name, kept.name);
}

TEST(discovery, what_is_kept_is_the_stations_own_profile) {
  const auto entry = kept_for(domain::station_id{"CP-1"}, *find_capability("ac_level2_three"));
  EXPECT_EQ(entry.station.text(), "CP-1");
  EXPECT_EQ(entry.found->name, "CP-1 ac_level2_three");
}

} // namespace busbar::control::stations
