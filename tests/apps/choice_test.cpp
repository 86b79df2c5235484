// Which option, command or value is meant by one that is not known.

#include "apps/choice.hpp"

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

namespace busbar::apps {

class choice : public testing::Test {
protected:
  choice() {
    auto* fleet = app.add_subcommand("fleet");
    fleet->add_option("--drivers", drivers);
    fleet->add_option("--preset", preset)->check(one_of({"autonomous", "unruly"}));
    app.add_subcommand("check");
  }

  CLI::App app;
  int drivers = 0;
  std::string preset;
};

TEST_F(choice, a_value_that_is_none_of_the_names_is_answered_with_them_and_the_one_that_is_meant) {
  try {
    app.parse("fleet --preset autonomos");
    FAIL();
  } catch (const CLI::ParseError& refusal) {
    EXPECT_NE(std::string{refusal.what()}.find(
                  "'autonomos': allowed are autonomous, unruly (did you mean `autonomous`?)"),
              std::string::npos)
        << refusal.what();
  }
  app.parse("fleet --preset unruly");
  EXPECT_EQ(preset, "unruly");
}

TEST_F(choice, a_misspelt_command_or_option_is_answered_with_the_one_that_is_meant) {
  EXPECT_EQ(meant_word(app, {"chekc", "site.toml"}), " (did you mean `check`?)");
  EXPECT_EQ(meant_word(app, {"fleet", "site.toml", "--drievrs=3"}), " (did you mean `--drivers`?)");
  EXPECT_EQ(meant_word(app, {"fleet", "--drivers", "3"}), "");
  EXPECT_EQ(meant_word(app, {"fly"}), "");
}

TEST(policies, every_built_in_one_has_its_name) {
  const auto names = policy_names();
  EXPECT_NE(std::find(names.begin(), names.end(), "least-laxity"), names.end());
}

} // namespace busbar::apps
