#include "site/site_layout.hpp"

#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

#include <string>

namespace busbar::site {

TEST(site_layout, finds_each_station_by_its_id_whatever_the_order_of_the_file) {
  tests::site_builder builder;
  builder.feeder("f1", 63'000);
  for (const auto* id : {"CP-9", "CP-10", "B", "A", "CP-1"}) builder.station(id);
  const auto layout = lay_out(builder.build());
  for (std::size_t i = 0; i < layout->site->stations.size(); ++i)
    EXPECT_EQ(find_station(*layout, layout->site->stations[i].id), domain::station_index{i});
  for (const auto* id : {"", "CP", "CP-100", "Z"})
    EXPECT_FALSE(find_station(*layout, domain::station_id{id})) << id;
}

} // namespace busbar::site
