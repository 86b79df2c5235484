// The load manager's environment variables, and what they do to a site.

#include "apps/environment.hpp"

#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

#include <map>

namespace busbar::apps {
namespace {

using domain::milliamperes;
using domain::permille;
using domain::watts;

class surroundings : public testing::Test {
protected:
  surroundings() {
    auto built = std::make_shared<domain::site>(
        *tests::site_builder{}.limit(350'000).meter().station("CP-001").fallback(6'000).build());
    built->nodes[0].limits[0].source = domain::limit_source::rating;
    domain::seal(*built);
    site = built;
  }
  read_environment_result read() const {
    return read_environment([this](const std::string& name) -> std::optional<std::string> {
      const auto found = set.find(name);
      return found == set.end() ? std::nullopt : std::optional{found->second};
    });
  }
  std::string verdict() {
    const auto over = read();
    if (!over.faults.empty()) return over.faults.front();
    said.clear();
    auto taken = with_environment(site, over.read, said);
    if (!taken) return taken.failure().message;
    made = taken.value();
    return "";
  }

  std::map<std::string, std::string> set;
  std::shared_ptr<const domain::site> site;
  std::shared_ptr<const domain::site> made;
  std::vector<std::string> said;
};

TEST_F(surroundings, without_any_variable_a_site_is_as_its_file_says) {
  EXPECT_EQ(verdict(), "");
  EXPECT_EQ(made->revision, site->revision);
  EXPECT_EQ(made->topology_hash, site->topology_hash);
  EXPECT_TRUE(said.empty());
}

TEST_F(surroundings, every_variable_of_the_load_manager_is_understood) {
  set = {{"MAX_GRID_CAPACITY_KW", "250"},        {"PEAK_DEMAND_THRESHOLD_KW", "200"},
         {"MAX_SERVICE_CURRENT", "400"},         {"SERVICE_VOLTAGE", "480"},
         {"SERVICE_PHASES", "3"},                {"NEC625_CONTINUOUS_FACTOR", "0.80"},
         {"MAX_PHASE_IMBALANCE", "0.10"},        {"ENABLE_LOAD_SHEDDING", "false"},
         {"LOAD_SHEDDING_UPPER_THRESHOLD", "0.96"}, {"LOAD_SHEDDING_LOWER_THRESHOLD", "0.8"},
         {"ENABLE_FAIL_SAFE", "true"},           {"FAIL_SAFE_COMM_TIMEOUT", "20000"},
         {"AUDIT_LOG_DIR", "./logs/audit"},      {"HEALTH_CHECK_INTERVAL", "30000"}};
  EXPECT_EQ(verdict(), "");
  const auto& service = made->nodes.front();
  EXPECT_EQ((*service.limits[0].current)[1], milliamperes{400'000});
  EXPECT_EQ(service.limits[1].power, watts{250'000});
  EXPECT_EQ(service.protection.peak_demand, watts{200'000});
  EXPECT_EQ(service.continuous, permille{800});
  EXPECT_EQ(service.protection.quality.imbalance_max, permille{100});
  EXPECT_EQ(made->nominal, domain::millivolts{277'128}); // 480 V / sqrt 3
  EXPECT_FALSE(made->shedding.is_enabled);
  EXPECT_EQ(made->shedding.rise, permille{960});
  EXPECT_EQ(made->shedding.fall, permille{800});
  EXPECT_EQ(made->input.stale_after, domain::seconds{20});
  const auto over = read().read;
  EXPECT_EQ(over.audit_dir, "./logs/audit");
  EXPECT_EQ(over.health_check_every, std::chrono::seconds{30});
}

TEST_F(surroundings, what_a_file_says_otherwise_is_told_once_for_each_variable) {
  set = {{"MAX_SERVICE_CURRENT", "400"}, {"SERVICE_VOLTAGE", "400"},
         {"LOAD_SHEDDING_UPPER_THRESHOLD", "0.95"}, {"FAIL_SAFE_COMM_TIMEOUT", "20000"}};
  EXPECT_EQ(verdict(), "");
  EXPECT_EQ(made->nominal, site->nominal) << "400 V is what 230 V is called";
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[0], "MAX_SERVICE_CURRENT comes over what the site file of " + site->id.text() +
                         " says");
  EXPECT_EQ(said[1].substr(0, 22), "FAIL_SAFE_COMM_TIMEOUT");
}

TEST_F(surroundings, a_wrong_value_is_named_with_what_is_allowed) {
  const std::pair<std::pair<const char*, const char*>, const char*> wrong[] = {
      {{"MAX_SERVICE_CURRENT", "many"},
       "MAX_SERVICE_CURRENT is 'many': allowed are numbers from 0.001 to 100000 (A)"},
      {{"MAX_GRID_CAPACITY_KW", "-1"},
       "MAX_GRID_CAPACITY_KW is '-1': allowed are numbers from 0.001 to 100000 (kW)"},
      {{"PEAK_DEMAND_THRESHOLD_KW", "1e999"},
       "PEAK_DEMAND_THRESHOLD_KW is '1e999': allowed are numbers from 0.001 to 100000 (kW)"},
      {{"SERVICE_VOLTAGE", "49"},
       "SERVICE_VOLTAGE is '49': allowed are numbers from 50 to 1732 (V)"},
      {{"SERVICE_PHASES", "4"}, "SERVICE_PHASES is '4': allowed are 1, 2 and 3"},
      {{"NEC625_CONTINUOUS_FACTOR", "1.1"},
       "NEC625_CONTINUOUS_FACTOR is '1.1': allowed are numbers from 0.001 to 1"},
      {{"MAX_PHASE_IMBALANCE", "0"},
       "MAX_PHASE_IMBALANCE is '0': allowed are numbers from 0.001 to 1"},
      {{"ENABLE_LOAD_SHEDDING", "yes"},
       "ENABLE_LOAD_SHEDDING is 'yes': allowed are true and false"},
      {{"LOAD_SHEDDING_UPPER_THRESHOLD", "95"},
       "LOAD_SHEDDING_UPPER_THRESHOLD is '95': allowed are numbers from 0.5 to 1.2"},
      {{"ENABLE_FAIL_SAFE", "false"}, "ENABLE_FAIL_SAFE is 'false': allowed are true alone: leases "
                                      "and fallbacks cannot be turned off (SAFE-1)"},
      {{"FAIL_SAFE_COMM_TIMEOUT", "1999"},
       "FAIL_SAFE_COMM_TIMEOUT is '1999': allowed are numbers from 2000 to 3600000 (ms)"},
      {{"HEALTH_CHECK_INTERVAL", "0"},
       "HEALTH_CHECK_INTERVAL is '0': allowed are numbers from 100 to 3600000 (ms)"},
  };
  for (const auto& [variable, message] : wrong) {
    set = {{variable.first, variable.second}};
    EXPECT_EQ(verdict(), message);
  }
}

TEST_F(surroundings, LIM_4_a_supply_that_cannot_bear_the_fallbacks_is_refused) {
  set = {{"MAX_SERVICE_CURRENT", "5"}};
  EXPECT_EQ(verdict().substr(0, 33), "LIM-4: service L1: fallbacks 6 A,");
  set = {{"SERVICE_PHASES", "1"}};
  EXPECT_EQ(verdict().substr(0, 33), "LIM-4: service L2: fallbacks 6 A,");
  set = {{"LOAD_SHEDDING_LOWER_THRESHOLD", "0.95"}};
  EXPECT_NE(verdict(), "") << "it falls below where it rises";
}

} // namespace
} // namespace busbar::apps
