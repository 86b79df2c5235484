// Files and folders of sites on the command line of `busbar fleet` and `busbar engine`.

#include "apps/fleet/fleet_sites.hpp"
#include "apps/site_places.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace busbar::apps {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class a_folder_of_sites : public ::testing::Test {
protected:
  a_folder_of_sites() {
    std::ifstream file(BUSBAR_SOURCE_DIR "/examples/autonomous.toml");
    std::ostringstream text;
    text << file.rdbuf();
    autonomous = text.str();
  }

  void write(const char* name, const char* id) {
    auto text = autonomous;
    text.replace(text.find("id = \"autonomous\""), 17, std::string{"id = \""} + id + "\"");
    scratch.write(name, text);
  }

  tests::scratch_folder scratch;
  const fs::path& folder = scratch.path();
  std::string autonomous;
  fleet_options options;
};

TEST_F(a_folder_of_sites, is_read_by_name_and_each_site_has_people_of_its_own) {
  write("b.toml", "yard-1");
  write("a.toml", "yard-2");
  scratch.write("notes.txt", "no site");
  options.preset = "autonomous";
  options.seed = 5;
  const auto made = prepare_fleets({folder.string()}, options);
  ASSERT_TRUE(made.faults.empty()) << made.faults.front();
  ASSERT_EQ(made.sites.size(), 2U);
  EXPECT_EQ(made.sites[0].site->id.text(), "yard-2");
  EXPECT_EQ(made.sites[0].seed, 5U);
  EXPECT_EQ(made.sites[1].seed, 6U);
  EXPECT_FALSE(made.sites[1].world.drivers.empty());
  EXPECT_EQ(made.settings.group, "busbar-fleet-yard-2");
  const auto again = made.settings.read_site(made.sites[1].site->id);
  ASSERT_TRUE(again);
  EXPECT_EQ(again.value()->id.text(), "yard-1");
}

TEST_F(a_folder_of_sites, refuses_a_site_that_stands_in_two_files_and_names_both) {
  write("a.toml", "yard-1");
  write("b.toml", "yard-1");
  const auto made = prepare_fleets({(folder / "a.toml").string(), (folder / "b.toml").string()},
                                   options);
  ASSERT_EQ(made.faults.size(), 1U);
  EXPECT_EQ(made.faults.front(), (folder / "b.toml").string() + ": the site yard-1 stands in " +
                                     (folder / "a.toml").string() + ", too");
}

TEST_F(a_folder_of_sites, refuses_a_folder_without_site_files) {
  domain::fault_list faults;
  EXPECT_TRUE(site_files_of({folder.string()}, faults).empty());
  EXPECT_THAT(faults.front(), HasSubstr("holds no site file (*.toml)"));
}

} // namespace
} // namespace busbar::apps
