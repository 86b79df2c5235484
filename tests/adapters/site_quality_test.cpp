// [node.quality]: the bands of what a node's meter measures of its supply.

#include "adapters/config/site_file.hpp"

#include <gtest/gtest.h>

#include <string>

namespace busbar::adapters::config {
namespace {

loaded_site with_service(const std::string& lines) {
  return parse_site("[site]\nid = \"garage\"\n[[node]]\nid = \"service\"\nkind = \"service\"\n"
                    "limits = [{ source = \"rating\", a = 100 }]\n" +
                        lines,
                    "garage.toml");
}

std::string faults_of(const std::string& lines) {
  std::string text;
  for (const auto& fault : with_service(lines).faults) text += text_of(fault) + "\n";
  return text;
}

TEST(site_quality, QUAL_1_every_band_is_read_and_has_a_default) {
  const auto stated = with_service("meter = true\nunmanaged_max_a = 20\n[node.quality]\n"
                                   "voltage_deviation_permille = 50\nfrequency_hz = 60\n"
                                   "frequency_deviation_hz = 0.25\n"
                                   "power_factor_min_permille = 950\n"
                                   "imbalance_max_permille = 300\n");
  ASSERT_TRUE(stated.site) << text_of(stated.faults.front());
  const domain::quality_bands expected{domain::permille{50}, 60'000, 250, domain::permille{950},
                                       domain::permille{300}};
  EXPECT_EQ(stated.site->nodes[0].protection.quality, expected);
  const auto silent = with_service("");
  ASSERT_TRUE(silent.site);
  EXPECT_EQ(silent.site->nodes[0].protection.quality, domain::quality_bands{});
}

TEST(site_quality, QUAL_1_a_band_out_of_range_or_without_a_meter_is_named_with_its_line) {
  EXPECT_EQ(faults_of("meter = true\nunmanaged_max_a = 20\n[node.quality]\n"
                      "voltage_deviation_permille = 501\nfrequency_hz = 39\n"
                      "frequency_deviation_hz = 11\npower_factor_min_permille = 1001\n"
                      "imbalance_max_permille = 0\n"),
            "garage.toml:10:30: node service quality: `voltage_deviation_permille` is 501: allowed "
            "is a whole number, 1 to 500 permille\n"
            "garage.toml:11:16: node service quality: `frequency_hz` is 39: allowed is 40 to 70 "
            "Hz\n"
            "garage.toml:12:26: node service quality: `frequency_deviation_hz` is 11: allowed is "
            "0.001 to 10 Hz\n"
            "garage.toml:13:29: node service quality: `power_factor_min_permille` is 1001: allowed "
            "is a whole number, 0 to 1000 permille\n"
            "garage.toml:14:26: node service quality: `imbalance_max_permille` is 0: allowed is a "
            "whole number, 1 to 1000 permille\n");
  EXPECT_NE(faults_of("[node.quality]\nfrequency_hz = 50\n").find("needs `meter = true`"),
            std::string::npos);
}

} // namespace
} // namespace busbar::adapters::config
