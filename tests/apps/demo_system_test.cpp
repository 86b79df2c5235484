// The whole house in one process, in real time, with nobody touching anything.

#include "apps/demo/demo.hpp"

#include "simulator/auditor.hpp"
#include "tests/builders/slack.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>

namespace busbar::apps {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;
using domain::connector_state;
using domain::session_fact_kind;
using tests::patience;
using tests::slack;

class demo_in_one_process : public ::testing::Test {
protected:
  demo_in_one_process() {
    options.web.port = 0;
    auto prepared = prepare_demo(options);
    site = prepared.site;
    began = clock::now();
    const auto started = house.start(std::move(prepared), options);
    EXPECT_TRUE(started) << (started ? "" : started.failure().message);
  }
  ~demo_in_one_process() override { house.stop(); }

  /// Looks twenty times a second until it is so, for at most `most`.
  static bool becomes(std::chrono::milliseconds most, const std::function<bool()>& is_so) {
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock{mutex};
    for (const auto deadline = clock::now() + most; clock::now() < deadline;) {
      if (is_so()) return true;
      never.wait_for(lock, 50ms);
    }
    return is_so();
  }

  std::vector<domain::session_fact> facts() {
    std::vector<domain::session_fact> all;
    for (const auto& entry : house.node().journal(0, 100'000))
      if (entry.fact) all.push_back(*entry.fact);
    return all;
  }

  [[nodiscard]] connector_state state_of(std::size_t connector) {
    const auto view = house.node().view(site->id);
    return view ? view->connectors[connector].state : connector_state::unspecified;
  }

  bool is_anyone(connector_state state) {
    for (std::size_t c = 0; c < site->connectors.size(); ++c)
      if (state_of(c) == state) return true;
    return false;
  }

  demo_options options;
  std::shared_ptr<const domain::site> site;
  demo house;
  clock::time_point began;
};

TEST_F(demo_in_one_process, shows_charging_in_under_three_seconds) {
  ASSERT_TRUE(becomes(patience, [&] { return is_anyone(connector_state::supplying); }));
  EXPECT_LT(clock::now() - began, 3s + slack());
}

TEST_F(demo_in_one_process, LIFE_1_serves_every_driver_with_one_start_and_one_end_a_session) {
  const auto all_served = [&] {
    std::map<std::string, std::set<session_fact_kind>> heard;
    for (const auto& fact : facts()) heard[fact.driver.text()].insert(fact.kind);
    return heard.size() >= 5 && std::all_of(heard.begin(), heard.end(), [](const auto& each) {
             return each.second.contains(session_fact_kind::accepted) &&
                    each.second.contains(session_fact_kind::in_progress) &&
                    each.second.contains(session_fact_kind::completed);
           });
  };
  EXPECT_TRUE(becomes(patience, all_served));
  simulator::auditor watch{site};
  for (const auto& fact : facts()) watch.hear(fact);
  for (const auto& found : watch.findings()) ADD_FAILURE() << found.rule << " " << found.text;
}

TEST_F(demo_in_one_process, a_fault_by_hand_shows_at_once_and_ends_the_session_at_that_point) {
  std::size_t victim = 0;
  ASSERT_TRUE(becomes(patience, [&] {
    for (victim = 0; victim < site->connectors.size(); ++victim)
      if (state_of(victim) == connector_state::supplying) return true;
    return false;
  }));
  const auto& station = site->stations[site->connectors[victim].station.value()].id;
  ASSERT_TRUE(house.node().inject({site->id, station, domain::fault_kind::station_fault}));
  EXPECT_TRUE(becomes(3s + slack(), [&] { return state_of(victim) == connector_state::faulted; }));
  EXPECT_TRUE(becomes(3s + slack(), [&] {
    const auto all = facts();
    return std::any_of(all.begin(), all.end(), [&](const auto& fact) {
      return fact.station == station && fact.kind == session_fact_kind::completed &&
             fact.why.find("fault") != std::string::npos;
    });
  }));
  ASSERT_TRUE(house.node().inject({site->id, station, domain::fault_kind::clear}));
  EXPECT_TRUE(becomes(5s + slack(), [&] { return state_of(victim) != connector_state::faulted; }));
}

TEST_F(demo_in_one_process, a_failing_monitor_closes_its_point_in_under_six_seconds) {
  const auto closed = [&] {
    const auto view = house.node().view(site->id);
    return view && !view->stations[4].closed_because.empty();
  };
  ASSERT_TRUE(becomes(patience, [&] { return house.fleet_counts().readings > 10 && !closed(); }));
  const auto injected = clock::now();
  ASSERT_TRUE(house.node().inject(
      {site->id, site->stations[4].id, domain::fault_kind::monitor_failure}));
  ASSERT_TRUE(becomes(patience, [&] {
    const auto view = house.node().view(site->id);
    return view && !view->stations[4].is_healthy;
  }));
  EXPECT_LT(clock::now() - injected, 6s + slack());
}

TEST_F(demo_in_one_process, a_station_that_is_asked_reports_what_it_can_do_and_that_is_kept) {
  ASSERT_TRUE(becomes(patience, [&] { return house.node().view(site->id) != nullptr; }));
  const domain::station_id alternating{"CP-001"}, direct{"CP-003"};
  const auto capability_of = [&](const domain::station_id& id) -> std::string {
    const auto topology = house.node().view(site->id)->topology;
    for (const auto& station : topology->stations)
      if (station.id == id) return station.capability;
    return {};
  };
  const auto reports = [&](const domain::station_id& id) {
    const bool is_asked = bool{house.node().ask_capability(site->id, id)};
    return is_asked && becomes(patience, [&] {
             return capability_of(id).find("(reported)") != std::string::npos;
           });
  };
  ASSERT_TRUE(house.node().ask_capability(site->id, direct));
  EXPECT_TRUE(reports(alternating)) << "both are asked at once";
  EXPECT_EQ(capability_of(alternating), "CP-001 yard_ac_three (reported)");
  EXPECT_TRUE(becomes(patience, [&] { return capability_of(direct) != "yard_dc"; }));
  EXPECT_EQ(capability_of(direct), "CP-003 yard_dc (reported)");
  EXPECT_FALSE(house.node().ask_capability(site->id, domain::station_id{"CP-999"}));
}

TEST_F(demo_in_one_process, stops_in_under_two_seconds) {
  ASSERT_TRUE(becomes(patience, [&] { return is_anyone(connector_state::supplying); }));
  const auto asked = clock::now();
  house.stop();
  EXPECT_LT(clock::now() - asked, 2s + slack());
}

} // namespace
} // namespace busbar::apps
