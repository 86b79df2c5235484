// `busbar check` as a person runs it: what it prints of a site, and how it ends.

#include "tests/builders/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/wait.h>

namespace busbar::apps {

namespace {

struct outcome {
  int exit_code = -1;
  /// Of both outputs.
  std::string text;
};

/// `surroundings`: environment variables, "NAME=value ".
outcome run(const std::string& words, const std::string& surroundings = "") {
  outcome result;
  auto* pipe = popen((surroundings + BUSBAR_BINARY " " + words + " 2>&1").c_str(), "r");
  if (!pipe) return result;
  std::array<char, 4096> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), pipe)) result.text += buffer.data();
  result.exit_code = WEXITSTATUS(pclose(pipe));
  return result;
}

outcome check(const std::string& path) { return run("check " + path); }

/// The example with `what` replaced by `with`, as a file of its own.
std::string changed_garage(const std::string& what, const std::string& with) {
  std::ifstream example{BUSBAR_SOURCE_DIR "/examples/garage.toml"};
  std::ostringstream text;
  text << example.rdbuf();
  auto changed = text.str();
  const auto place = changed.find(what);
  EXPECT_NE(place, std::string::npos) << what;
  if (place != std::string::npos) changed.replace(place, what.size(), with);
  static const tests::scratch_folder scratch; // gone with the process
  return scratch.write("changed_garage.toml", changed);
}

/// "file:line", where `what` stands on the line.
std::string place_of(const std::string& what, const std::string& path) {
  std::ifstream file{path};
  std::string line;
  for (int number = 1; std::getline(file, line); ++number)
    if (line.find(what) != std::string::npos) return path + ":" + std::to_string(number);
  return "nowhere";
}

} // namespace

TEST(check, LIM_2_prints_what_a_node_bears_for_ever_and_what_may_lower_it) {
  const auto [exit_code, text] = check(BUSBAR_SOURCE_DIR "/examples/garage.toml");
  EXPECT_EQ(exit_code, 0);
  // 400 A * 0.8; eight fallbacks of 6 A and two of 8 A, and two of 15 A: 94 A
  EXPECT_NE(text.find("service (service): limit 320 A (continuous_factor), 180000 W (peak_demand); "
                      "sum of fallbacks 94 A"),
            std::string::npos)
      << text;
  // 219 A * 0.8 * sqrt((70 - 40) / (70 - 30)) = 151.727 A
  EXPECT_NE(text.find("f-ac (feeder): limit 151.727 A (cable); "), std::string::npos) << text;
  EXPECT_NE(text.find("; live: phase_imbalance, power_factor, voltage, frequency, peak_demand\n"),
            std::string::npos)
      << text;
}

TEST(check, LIM_4_a_cable_that_is_too_thin_for_the_fallbacks_is_refused_with_the_numbers) {
  const auto path = changed_garage("tabled_a = 219", "tabled_a = 80");
  const auto [exit_code, text] = check(path);
  EXPECT_EQ(exit_code, 2);
  // 80 A * 0.8 * sqrt(30 / 40) = 55.425 A against 8 * 6 A + 2 * 8 A = 64 A
  EXPECT_EQ(text.find(path + ":"), 0u) << text;
  EXPECT_NE(text.find(":1: f-ac L1: fallbacks 64 A, cable allows 55.425 A; "),
            std::string::npos)
      << text;
}

TEST(check, a_fault_has_its_place_its_value_and_what_is_allowed) {
  const auto path = changed_garage("curve = \"C\"", "curve = \"K\"");
  const auto [exit_code, text] = check(path);
  EXPECT_EQ(exit_code, 2);
  EXPECT_NE(text.find(place_of("curve = \"K\"", path) +
                      ":9: node f-ac breaker: `curve` is 'K': allowed are B, C, D\n"),
            std::string::npos)
      << text;
}

TEST(check, says_which_connectors_to_rewire_so_that_the_lines_are_level) {
  const tests::scratch_folder scratch;
  const auto path = scratch.write("single_phase.toml", R"(
[site]
id = "s"
[[node]]
id = "service"
kind = "service"
limits = [{ source = "rating", a = 200 }]
[[station]]
id = "A{n}"
node = "service"
count = 4
[[station.connector]]
phases = ["L1"]
max_a = 32
)");
  const auto [exit_code, text] = check("--balance " + path);
  EXPECT_EQ(exit_code, 0);
  EXPECT_NE(text.find("imbalance 1000 permille); rewired 64/32/32 A on L1/L2/L3 (imbalance 500 "
                      "permille):\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(": L1 -> L2\n"), std::string::npos) << text;
}

TEST(environment, a_wrong_variable_ends_the_commands_that_read_it_and_is_named_as_a_variable) {
  const std::string wrong = "HEALTH_CHECK_INTERVAL=5 MAX_GRID_CAPACITY_KW=x ";
  const std::string garage = BUSBAR_SOURCE_DIR "/examples/garage.toml";
  EXPECT_EQ(run("check " + garage, wrong).exit_code, 0) << "a check reads none";
  const auto [exit_code, text] = run("engine --port 0 --site " + garage, wrong);
  EXPECT_EQ(exit_code, 2);
  EXPECT_EQ(text, "environment: MAX_GRID_CAPACITY_KW is 'x': allowed are numbers from 0.001 to "
                  "100000 (kW)\n"
                  "environment: HEALTH_CHECK_INTERVAL is '5': allowed are numbers from 100 to "
                  "3600000 (ms)\n");
}

} // namespace busbar::apps
