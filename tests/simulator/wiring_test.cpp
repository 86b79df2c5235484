// The physics that the auditor and the meters stand on, against LIM-6's own words.

#include "simulator/wiring.hpp"

#include "adapters/config/site_file.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace busbar::simulator {
namespace {

using domain::connector_index;
using domain::milliamperes;

std::shared_ptr<const domain::site> site_with(const std::string& nodes,
                                              const std::string& node_of_stations) {
  std::string text = "[site]\nid = \"s\"\nnominal_v = 277.128\n" + nodes;
  const auto station = [&](const char* id, const char* phases, const char* wiring) {
    text += std::string{"[[station]]\nid = \""} + id + "\"\nnode = \"" + node_of_stations +
            "\"\nfallback = { action = \"stop\" }\n[[station.connector]]\nphases = " + phases +
            "\nwiring = \"" + wiring + "\"\nmax_a = 32\n";
  };
  station("wye1", "[\"L1\"]", "wye");
  station("d12", "[\"L1\", \"L2\"]", "delta");
  station("d31", "[\"L3\", \"L1\"]", "delta");
  station("wye3", "[\"L1\", \"L2\", \"L3\"]", "wye");
  const auto loaded = adapters::config::parse_site(text, "test");
  for (const auto& fault : loaded.faults) ADD_FAILURE() << text_of(fault);
  return loaded.site;
}

constexpr const char* service =
    "[[node]]\nid = \"service\"\nkind = \"service\"\nlimits = [{ source = \"rating\", a = 500 }]\n";
constexpr const char* delta_wye =
    "[[node]]\nid = \"t\"\nkind = \"transformer\"\nparent = \"service\"\nrated_va = 75000\n"
    "winding = \"delta-wye\"\nprimary_v = 480\nsecondary_v = 208\n";

std::vector<node_flow> flow(const domain::site& site, const std::vector<load>& loads) {
  return flow_of(site, loads, std::vector<domain::per_line<milliamperes>>(site.nodes.size()));
}

TEST(wiring, LIM_6_mixed_wye_and_delta_loads_add_as_phasors) {
  const auto site = site_with(service, "service");
  const std::int64_t n = 10'000, a = 7'000, c = 5'000;
  const auto flows = flow(*site, {{connector_index{0u}, milliamperes{n}, 1},
                                  {connector_index{1u}, milliamperes{a}, 1},
                                  {connector_index{2u}, milliamperes{c}, 1}});
  // I1^2 = n1^2 + a^2 + c^2 + sqrt3 n1 (a + c) + a c
  const double expected = std::sqrt(1e8 + 4.9e7 + 2.5e7 + std::sqrt(3.0) * 1e4 * 1.2e4 + 3.5e7);
  EXPECT_EQ(magnitude(flows[0].lines[0]).count(), static_cast<std::int64_t>(std::ceil(expected)));
  EXPECT_EQ(magnitude(flows[0].lines[1]).count(), a);
}

TEST(wiring, a_balanced_load_crosses_a_delta_wye_transformer_with_the_ratio_of_voltages) {
  const auto site = site_with(std::string{service} + delta_wye, "t");
  const auto flows = flow(*site, {{connector_index{3u}, milliamperes{24'000}, 3}});
  // 24 A * 208 / 480 = 10.4 A on every primary line, in phase with its own neutral.
  for (std::size_t line = 0; line < 3; ++line)
    EXPECT_EQ(magnitude(flows[0].lines[line]).count(), 10'400);
  EXPECT_NEAR(flows[0].lines[0].y, 0, 1e-6);
}

TEST(wiring, one_line_to_neutral_load_returns_over_two_primary_lines) {
  const auto site = site_with(std::string{service} + delta_wye, "t");
  const auto flows = flow(*site, {{connector_index{0u}, milliamperes{24'000}, 1}});
  // 24 A * 208 / (sqrt3 * 480) = 6.0044 A
  EXPECT_EQ(magnitude(flows[0].lines[0]).count(), 6'005);
  EXPECT_EQ(magnitude(flows[0].lines[1]).count(), 6'005);
  EXPECT_EQ(magnitude(flows[0].lines[2]).count(), 0);
}

TEST(wiring, power_is_the_same_on_both_sides_of_a_transformer) {
  const auto site = site_with(std::string{service} + delta_wye, "t");
  const auto flows = flow(*site, {{connector_index{3u}, milliamperes{10'000}, 3},
                                  {connector_index{1u}, milliamperes{10'000}, 1}});
  EXPECT_EQ(flows[0].power_mw, flows[1].power_mw);
  // 10 A * 208 V + 3 * 10 A * 120.089 V = 5 682.67 W
  EXPECT_NEAR(static_cast<double>(flows[0].power_mw), 5'682'670, 50);
}

} // namespace
} // namespace busbar::simulator
