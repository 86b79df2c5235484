// Where the places of an earlier tree are now.
#include "control/carry_over/place_match.hpp"
#include "domain/ids.hpp"
#include "domain/site.hpp"
#include "domain/site_state.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace busbar::control::carry_over {
namespace {

using busbar::tests::site_builder;
using nodes = std::vector<domain::node_index>;

site_builder two_feeders() { return site_builder{}.feeder("f1", 40'000).station("A"); }

place_match match_of(const site_builder& before, const site_builder& now) {
  return match(outline_of(*before.build()), *now.build());
}

const domain::node_index service{0U}, first{1U}, second{2U};

} // namespace

TEST(place_match, one_station_more_moves_places_and_changes_nothing_else) {
  const auto before = two_feeders().station("C");
  const auto now = site_builder{}.feeder("f0", 9'000).station("X").feeder("f1", 40'000).station("B")
                       .station("A").station("C");
  const auto found = match_of(before, now);
  ASSERT_EQ(found.connectors.size(), 2u);
  for (const auto& row : found.connectors) EXPECT_EQ(row.fate, place_fate::same) << row.why;
  EXPECT_EQ(found.connectors[0].now, domain::connector_index{2U}) << "X, B, A";
  EXPECT_EQ(found.connectors[1].now, domain::connector_index{3U});
  EXPECT_EQ(found.stations[0], domain::station_index{2U});
  EXPECT_EQ(found.nodes, (std::vector<std::optional<domain::node_index>>{service, second}));
}

TEST(place_match, the_same_id_on_another_node_counts_where_it_hung_too) {
  const auto before = two_feeders().feeder("f2", 40'000);
  const auto now = site_builder{}.feeder("f1", 40'000).feeder("f2", 40'000).station("A");
  const auto row = match_of(before, now).connectors.at(0);
  EXPECT_EQ(row.fate, place_fate::rewired);
  EXPECT_EQ(row.why, "hangs on f2, not on f1");
  EXPECT_EQ(row.left_at, nodes{first}) << "the service counts it through f2";
}

TEST(place_match, the_same_id_on_other_lines_counts_on_its_old_ones_too) {
  auto now = std::make_shared<domain::site>(*two_feeders().build());
  std::swap(now->connectors[0].lines[0], now->connectors[0].lines[1]);
  const auto row = match(outline_of(*two_feeders().build()), *now).connectors.at(0);
  EXPECT_EQ(row.fate, place_fate::rewired);
  EXPECT_EQ(row.why, "lies on L2-L1-L3, not on L1-L2-L3");
  EXPECT_EQ(row.left_at, nodes{first});
}

TEST(place_match, a_node_that_is_renamed_takes_its_stations_along) {
  const auto now = site_builder{}.feeder("north", 40'000).station("A");
  const auto row = match_of(two_feeders(), now).connectors.at(0);
  EXPECT_EQ(row.fate, place_fate::rewired);
  EXPECT_EQ(row.now, domain::connector_index{0U});
  EXPECT_TRUE(row.left_at.empty()) << "f1 no longer stands, the service counts it through north";
}

TEST(place_match, the_service_is_the_service_under_any_id) {
  auto now = std::make_shared<domain::site>(*two_feeders().build());
  now->nodes[0].id = domain::node_id{"grid"};
  const auto found = match(outline_of(*two_feeders().build()), *now);
  EXPECT_EQ(found.nodes[0], service);
  EXPECT_EQ(found.connectors[0].fate, place_fate::same);
}

TEST(place_match, what_hangs_below_a_node_that_moves_counts_above_its_old_place_too) {
  const auto before = site_builder{}.transformer("t1", 100'000).transformer("t2", 100'000)
                          .feeder("f1", 40'000, "t1").station("A").station("B");
  const auto now = site_builder{}.transformer("t1", 100'000).transformer("t2", 100'000)
                       .feeder("f1", 40'000, "t2").station("A");
  const auto found = match_of(before, now);
  EXPECT_EQ(found.connectors[0].fate, place_fate::rewired);
  EXPECT_EQ(found.connectors[0].why, "hangs on f1, which hangs elsewhere now");
  EXPECT_EQ(found.connectors[0].left_at, nodes{first}) << "t1; f1 and the service count it anyway";
  EXPECT_EQ(found.connectors[1].fate, place_fate::gone);
  EXPECT_EQ(found.connectors[1].left_at, (nodes{domain::node_index{3U}, first}))
      << "f1, which counts on t2 now, and t1";
}

TEST(place_match, a_connector_that_is_gone_counts_at_the_nearest_node_that_stands) {
  const auto before = two_feeders().feeder("f2", 20'000, "f1").station("B");
  const auto found = match_of(before, two_feeders());
  EXPECT_EQ(found.connectors[1].fate, place_fate::gone);
  EXPECT_EQ(found.connectors[1].why, "is no longer part of the site");
  EXPECT_EQ(found.connectors[1].left_at, nodes{first});
  EXPECT_EQ(found.stations[1], std::nullopt);
}

TEST(place_match, another_kind_of_connector_under_the_same_id_is_another_one) {
  const auto row = match_of(two_feeders(), two_feeders().dc(false)).connectors.at(0);
  EXPECT_EQ(row.fate, place_fate::gone);
  EXPECT_EQ(row.why, "is another kind of connector now");
}

TEST(site_outline, comes_back_from_its_bytes_and_no_part_of_them_passes_for_it) {
  const auto outline = outline_of(*two_feeders().station("C", 2).fallback(6'000).build());
  const auto bytes = encode(outline);
  EXPECT_EQ(decode(bytes), outline);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode(std::span{bytes}.first(size))) << size;
  auto longer = bytes;
  longer.push_back(0);
  EXPECT_FALSE(decode(longer));
  auto of_another_version = bytes;
  ++of_another_version[0];
  EXPECT_FALSE(decode(of_another_version));
}

TEST(site_outline, a_hundred_thousand_stations_fit_what_the_changelog_keeps) {
  auto site = *site_builder{}.feeder("f1", 40'000).feeder("f2", 40'000).station("CP").build();
  const auto station = site.stations[0];
  const auto connector = site.connectors[0];
  site.stations.clear();
  site.connectors.clear();
  for (std::size_t i = 0; i < 100'000; ++i) {
    auto& own = site.stations.emplace_back(station);
    own.id = domain::station_id{"CP-" + std::to_string(100'000 + i)};
    own.parent = domain::node_index{1 + i / 64 % 2};
    own.first_connector = domain::connector_index{i};
    auto& outlet = site.connectors.emplace_back(connector);
    outlet.id = domain::connector_id{own.id.text() + "-1"};
    outlet.station = domain::station_index{i};
    std::rotate(outlet.lines.begin(), outlet.lines.begin() + i % 3, outlet.lines.end());
  }
  const auto outline = outline_of(site);
  const auto bytes = encode(outline);
  EXPECT_LT(bytes.size(), domain::site_state::outline_bytes_max);
  EXPECT_EQ(decode(bytes), outline);
}

TEST(site_outline, what_the_first_version_wrote_is_read_still) {
  std::vector<std::uint8_t> bytes{1};
  const auto number = [&](std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  };
  const auto text = [&](const std::string& id) {
    number(id.size(), 1);
    bytes.insert(bytes.end(), id.begin(), id.end());
  };
  number(77, 8); // topology
  number(1, 4);  // nodes
  number(1, 4);  // stations
  text("service");
  number(0, 4); // no parent
  text("A");
  number(0, 4);     // on the service
  number(1, 1);     // connectors
  number(6'000, 4); // fallback, mA
  number(120, 4);
  number(300'000, 8);
  text("A-1");
  for (const int each : {1, 3, 0, 1, 2, 1}) number(static_cast<std::uint64_t>(each), 1);
  number(22'000, 4);
  const auto outline = decode(bytes);
  ASSERT_TRUE(outline);
  EXPECT_EQ(outline->topology_hash, 77u);
  EXPECT_TRUE(outline->nodes.at(0).voltage.is_zero()) << "not known";
  EXPECT_EQ(outline->stations.at(0).fallback.count(), 6'000);
  EXPECT_EQ(outline->connectors.at(0).id.text(), "A-1");
  EXPECT_EQ(outline->connectors.at(0).rating.count(), 22'000);
}

} // namespace busbar::control::carry_over
