// The tree grows while vehicles charge: engine and fleet on the embedded log, in real time.
#include "adapters/config/site_file.hpp"
#include "adapters/embedded/embedded_log.hpp"
#include "apps/fleet/fleet.hpp"
#include "node/engine.hpp"
#include "simulator/presets.hpp"
#include "tests/builders/slack.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace busbar::apps {

using namespace std::chrono_literals;
using site_pointer = std::shared_ptr<const domain::site>;

namespace {

site_pointer autonomous_site() {
  return adapters::config::load_site(BUSBAR_SOURCE_DIR "/examples/autonomous.toml").site;
}

/// One station more, before all others: every place is another one.
site_pointer grown(const domain::site& before) {
  auto site = before;
  auto station = site.stations.front();
  station.id = domain::station_id{"CP-NEW"};
  station.when_lost.current = {};
  station.connector_count = 1;
  auto connector = site.connectors.front();
  connector.id = domain::connector_id{"CP-NEW-1"};
  site.stations.insert(site.stations.begin(), station);
  site.connectors.insert(site.connectors.begin(), connector);
  for (std::size_t i = 1; i < site.connectors.size(); ++i)
    site.connectors[i].station = domain::station_index{site.connectors[i].station.value() + 1U};
  for (std::size_t i = 1; i < site.stations.size(); ++i)
    site.stations[i].first_connector =
        domain::connector_index{site.stations[i].first_connector.value() + 1U};
  domain::seal(site);
  return std::make_shared<const domain::site>(std::move(site));
}

bool wait_until(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + tests::patience;
  std::mutex guard;
  std::condition_variable never;
  std::unique_lock lock{guard};
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    never.wait_for(lock, 5ms); // the engine tells nobody: look again
  }
  return true;
}

class growing_site : public testing::Test {
protected:
  void SetUp() override {
    first = autonomous_site();
    next = grown(*first);
    log = adapters::embedded::make_embedded_log();
    ASSERT_TRUE(node.start({first}, log, reading_the_next()));
    fleet_settings settings;
    settings.world = simulator::autonomous();
    settings.read_site = [this](const domain::site_id&) {
      return domain::result<site_pointer>{next};
    };
    ASSERT_TRUE(yard.start({first}, log, settings));
    ASSERT_TRUE(wait_until([&] { return open_sessions(node) > 0; }));
  }
  void TearDown() override {
    yard.stop();
    node.stop();
  }
  [[nodiscard]] node::engine_settings reading_the_next() const {
    node::engine_settings settings;
    settings.read_site = [this](const domain::site_id&) {
      return domain::result<site_pointer>{next};
    };
    return settings;
  }
  [[nodiscard]] std::size_t open_sessions(const node::engine& asked) const {
    const auto view = asked.view(first->id);
    return view ? view->sessions.size() : 0;
  }
  /// Under the grown tree every station is heard, and sessions of the tree before complete.
  void expect_goes_on(const node::engine& asked, const std::vector<domain::session_view>& before) {
    const auto all_heard = [&] {
      const auto view = asked.view(first->id);
      return view && view->topology->stations.size() == next->stations.size() &&
             std::ranges::none_of(view->connectors, &domain::connector_view::is_stale);
    };
    EXPECT_TRUE(wait_until(all_heard));
    const auto is_known = [&](const domain::session_view& session) {
      const auto view = asked.view(first->id);
      const auto ended = asked.past_sessions(1'000);
      return std::ranges::any_of(view->sessions,
                                 [&](const auto& open) { return open.id == session.id; }) ||
             std::ranges::any_of(ended,
                                 [&](const auto& fact) { return fact.session == session.id; });
    };
    EXPECT_TRUE(std::ranges::all_of(before, is_known));
    const auto completed = asked.counters().sessions.completed.value();
    EXPECT_TRUE(wait_until(
        [&] { return asked.counters().sessions.completed.value() > completed; }));
  }

  site_pointer first, next;
  std::shared_ptr<ports::event_log> log;
  node::engine node;
  fleet yard;
};

} // namespace

TEST_F(growing_site, one_station_more_in_the_file_of_a_running_engine_loses_no_session) {
  const auto before = node.view(first->id)->sessions;
  ASSERT_TRUE(node.reload(first->id));
  expect_goes_on(node, before);
}

TEST_F(growing_site, one_station_more_and_a_restart_lose_no_session) {
  node.stop();
  const auto before = node.view(first->id)->sessions;
  node::engine successor;
  ASSERT_TRUE(successor.start({next}, log, {}));
  expect_goes_on(successor, before);
  successor.stop();
}

} // namespace busbar::apps
