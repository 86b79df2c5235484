// A month of recorded sessions in the Caltech garage: published figures, and those of the policies
// that go beyond them.

#include "adapters/config/site_file.hpp"
#include "apps/evaluate/report.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace busbar::apps::evaluate {
namespace {

std::filesystem::path shared_folder() {
  const auto* told = std::getenv("BUSBAR_SHARED");
  if (told) return told;
  return std::filesystem::path(BUSBAR_SOURCE_DIR).parent_path() / "shared";
}

struct expectation {
  domain::policy policy{};
  std::int64_t rated_va = 0;
  double delivered_low = 0;
  double delivered_high = 1000;
  double jain_low = 0;
  std::size_t starved_high = 954;
  /// A minimum of 6 A in steps of 1 A, instead of any current.
  bool is_in_steps = false;
};

void PrintTo(const expectation& each, std::ostream* out) {
  *out << domain::name_of(each.policy) << " at " << each.rated_va << " VA"
       << (each.is_in_steps ? " in steps" : "");
}

class caltech : public testing::TestWithParam<expectation> {};

} // namespace

TEST_P(caltech, a_month_gives_the_stated_figures_and_no_limit_is_exceeded) {
  const auto csv = shared_folder() / "data" / "acn_caltech_2019-03_sessions.csv";
  if (!std::filesystem::exists(csv))
    GTEST_SKIP() << "needs the shared data folder: set BUSBAR_SHARED";
  const auto loaded =
      adapters::config::load_site(BUSBAR_SOURCE_DIR "/examples/caltech/site.toml");
  ASSERT_TRUE(loaded.site);
  const auto read = read_recorded_sessions(csv, *loaded.site);
  ASSERT_EQ(read.sessions.size(), 954u);
  auto site = std::make_shared<domain::site>(*loaded.site);
  site->split = GetParam().policy;
  for (auto& node : site->nodes)
    if (node.transformer) node.transformer->rated = domain::volt_amperes{GetParam().rated_va};
  if (GetParam().is_in_steps)
    for (auto& connector : site->connectors) {
      connector.current_min = domain::milliamperes{6'000};
      connector.step = domain::milliamperes{1'000};
    }
  const auto result = replay({site, domain::seconds{300}}, read.sessions, nullptr);
  const auto made = evaluation_of(result, read.sessions, std::nullopt);
  EXPECT_GE(made.delivered_permille, GetParam().delivered_low);
  EXPECT_LE(made.delivered_permille, GetParam().delivered_high);
  EXPECT_GE(made.jain, GetParam().jain_low);
  EXPECT_LE(made.starved, GetParam().starved_high);
  for (const auto& node : result.worst) EXPECT_LE(node.permille, 1000.0) << node.node;
}

using domain::policy;
INSTANTIATE_TEST_SUITE_P(
    published, caltech,
    testing::Values(expectation{policy::equal, 10'000, 437.5, 439.5},
                    expectation{policy::first_come, 10'000, 345.5, 347.5},
                    expectation{policy::earliest_deadline, 10'000, 368.4, 370.4},
                    expectation{policy::least_laxity, 10'000, 367.0, 369.0}));
INSTANTIATE_TEST_SUITE_P(
    beyond, caltech,
    testing::Values(expectation{policy::greatest_total, 10'000, 489, 1000, 0.76},
                    expectation{policy::plan_ahead, 10'000, 514, 1000, 0.78, 0},
                    expectation{policy::plan_ahead, 40'000, 984, 1000, 0.99, 0},
                    expectation{policy::plan_ahead, 75'000, 998, 1000, 0.99, 0},
                    expectation{policy::greatest_total, 10'000, 488, 1000, 0.76, 954, true},
                    expectation{policy::plan_ahead, 10'000, 513.3, 1000, 0.78, 0, true},
                    expectation{policy::plan_ahead, 40'000, 984, 1000, 0.99, 0, true}));

} // namespace busbar::apps::evaluate
