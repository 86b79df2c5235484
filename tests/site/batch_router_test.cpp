#include "site/batch_router.hpp"

#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::site {

namespace {

/// Bays: 0 is f1 (A, C), 1 is p1 below it (B).
std::shared_ptr<const site_layout> two_bays() {
  return lay_out(tests::site_builder{}
                     .feeder("f1", 63'000)
                     .station("A")
                     .panel("p1", 32'000, "f1")
                     .station("B")
                     .build());
}

domain::telemetry_batch batch_for(const site_layout& layout,
                                  std::initializer_list<std::uint32_t> connectors) {
  domain::telemetry_batch batch;
  batch.topology_hash = layout.site->topology_hash;
  for (const auto connector : connectors) {
    domain::reading reading;
    reading.connector = domain::connector_index{connector};
    batch.readings.push_back(reading);
  }
  return batch;
}

} // namespace

TEST(batch_router, brings_each_bays_readings_together_and_keeps_their_order) {
  const auto layout = two_bays();
  auto batch = batch_for(*layout, {1, 0, 1, 0});
  for (std::uint32_t i = 0; i < 4; ++i) batch.readings[i].power_w = static_cast<int>(i);
  std::vector<bay_part> parts;
  ASSERT_TRUE(route(batch, *layout, parts));
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].bay, 0u);
  EXPECT_EQ(parts[0].readings, 2u);
  EXPECT_EQ(parts[1].first_reading, 2u);
  EXPECT_EQ(batch.readings[0].power_w, 1); // the older one of bay 0 first
  EXPECT_EQ(batch.readings[1].power_w, 3);
}

TEST(batch_router, a_connector_that_the_site_does_not_have_is_refused_with_its_number) {
  const auto layout = two_bays();
  auto batch = batch_for(*layout, {0, 7});
  std::vector<bay_part> parts;
  const auto verdict = route(batch, *layout, parts);
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.failure().code, domain::errc::unknown_reference);
  EXPECT_EQ(verdict.failure().message, "readings.connector: 7 is not 0..1");
  EXPECT_TRUE(parts.empty());
}

TEST(batch_router, a_batch_for_another_topology_is_refused) {
  const auto layout = two_bays();
  auto batch = batch_for(*layout, {0});
  ++batch.topology_hash;
  std::vector<bay_part> parts;
  EXPECT_EQ(route(batch, *layout, parts).failure().code, domain::errc::wrong_topology);
}

TEST(site_layout, stations_on_the_service_or_a_transformer_get_a_feeder_of_their_own) {
  const auto layout = lay_out(tests::site_builder{}
                                  .station("at service")
                                  .transformer("t1", 100'000)
                                  .station("at transformer")
                                  .build());
  ASSERT_EQ(layout->bays.size(), 2u);
  EXPECT_FALSE(layout->branches[layout->bays[0].branch].parent);
  const auto& below = layout->branches[layout->bays[1].branch];
  EXPECT_FALSE(below.is_transformer);
  ASSERT_TRUE(below.parent);
  EXPECT_TRUE(layout->branches[*below.parent].is_transformer);
}

} // namespace busbar::site
