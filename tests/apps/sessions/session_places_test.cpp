// What --map calls the places of a session file.

#include "apps/sessions/session_places.hpp"

#include <gtest/gtest.h>

namespace busbar::apps {
namespace {

TEST(session_places, map_gives_each_place_of_the_file_one_of_the_site) {
  domain::fault_list faults;
  const auto names = place_names_from({"CCS1=dc-1", "CCS2=dc-1"}, faults);
  EXPECT_TRUE(faults.empty());
  EXPECT_EQ(names, (place_names{{"CCS1", "dc-1"}, {"CCS2", "dc-1"}}));
}

TEST(session_places, map_names_what_is_named_twice) {
  domain::fault_list faults;
  static_cast<void>(place_names_from({"CCS1=dc-1", "CCS1=dc-2", "CCS2"}, faults));
  EXPECT_EQ(faults.front(), "--map: CCS1 is named twice, as dc-1 and as dc-2: one place of the "
                            "file is one of the site");
  EXPECT_EQ(faults.size(), 2U);
}

} // namespace
} // namespace busbar::apps
