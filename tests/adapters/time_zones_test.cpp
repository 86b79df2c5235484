#include "adapters/config/time_zones.hpp"

#include "adapters/config/site_file.hpp"
#include "domain/time_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace busbar::adapters::config {

namespace {

std::string site_file(const std::string& line) {
  return "[site]\nid = \"garage\"\n" + line +
         "\n[[node]]\nid = \"service\"\nkind = \"service\"\n"
         "limits = [{ source = \"rating\", a = 100 }]\n"
         "[[station]]\nid = \"A\"\nnode = \"service\"\n[[station.connector]]\nmax_a = 32\n";
}

domain::seconds offset(const domain::time_zone& zone, const char* at) {
  return zone.offset_at(*domain::instant_from(at));
}

} // namespace

TEST(time_zones, berlin_changes_at_one_in_the_morning_utc_twice_a_year) {
  const auto found = find_time_zone("Europe/Berlin");
  ASSERT_TRUE(found);
  const auto& berlin = found.value();
  EXPECT_EQ(offset(berlin, "2026-03-29T00:59:59Z"), std::chrono::hours{1});
  EXPECT_EQ(offset(berlin, "2026-03-29T01:00:00Z"), std::chrono::hours{2});
  EXPECT_EQ(offset(berlin, "2026-10-25T00:59:59Z"), std::chrono::hours{2});
  EXPECT_EQ(offset(berlin, "2026-10-25T01:00:00Z"), std::chrono::hours{1});
  const auto until_2038 = std::ranges::count_if(berlin.changes, [](const auto& change) {
    return change.from < *domain::instant_from("2038-01-01T00:00:00Z");
  });
  // Two changes a year, 2000 to 2037, and what held before: 2 * 38 + 1.
  EXPECT_EQ(until_2038, 77);
}

TEST(time_zones, half_hours_and_the_southern_summer_are_zones_too) {
  const auto adelaide = find_time_zone("Australia/Adelaide");
  ASSERT_TRUE(adelaide);
  EXPECT_EQ(offset(adelaide.value(), "2026-01-01T00:00:00Z"), std::chrono::minutes{630});
  EXPECT_EQ(offset(adelaide.value(), "2026-07-01T00:00:00Z"), std::chrono::minutes{570});
}

TEST(time_zones, a_site_without_one_is_in_utc) {
  const auto read = parse_site(site_file(""), "garage.toml");
  ASSERT_TRUE(read.site) << text_of(read.faults.front());
  EXPECT_EQ(read.site->zone.name, "UTC");
  EXPECT_TRUE(read.site->zone.changes.empty());
}

TEST(time_zones, a_site_states_its_own_and_it_counts_for_the_revision) {
  const auto read = parse_site(site_file("time_zone = \"Europe/Berlin\""), "garage.toml");
  ASSERT_TRUE(read.site) << text_of(read.faults.front());
  EXPECT_EQ(read.site->zone.name, "Europe/Berlin");
  EXPECT_NE(read.site->revision, parse_site(site_file(""), "garage.toml").site->revision);
  EXPECT_EQ(read.site->topology_hash, parse_site(site_file(""), "garage.toml").site->topology_hash);
}

TEST(time_zones, one_that_the_system_does_not_know_is_a_fault_with_the_name_that_is_meant) {
  const auto read = parse_site(site_file("time_zone = \"Europe/Berln\""), "garage.toml");
  ASSERT_EQ(read.faults.size(), 1u);
  EXPECT_EQ(text_of(read.faults.front()),
            "garage.toml:3:13: site: `time_zone` \"Europe/Berln\" is not a time zone: allowed "
            "is one of the system's (tzdata), as Europe/Berlin, or UTC (did you mean "
            "`Europe/Berlin`?)");
}

} // namespace busbar::adapters::config
