// The engine on the embedded log with the autonomous fleet, in real time.

#include "adapters/config/site_file.hpp"
#include "adapters/embedded/embedded_log.hpp"
#include "node/engine.hpp"
#include "apps/fleet/fleet.hpp"
#include "simulator/presets.hpp"
#include "tests/builders/slack.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

namespace busbar::apps {

using namespace std::chrono_literals;
using tests::patience;
using tests::slack;

namespace {

std::shared_ptr<const domain::site> autonomous_site() {
  return adapters::config::load_site(BUSBAR_SOURCE_DIR "/examples/autonomous.toml").site;
}

/// Waits until `holds`, at most `patience`.
bool wait_until(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::mutex guard;
  std::condition_variable never;
  std::unique_lock lock{guard};
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    never.wait_for(lock, 5ms); // the engine tells nobody: look again
  }
  return true;
}

/// Times how long plans leave a node's reserves above its limit. Base load that rises takes room
/// away from what is already told: it must be given back within the time in which a decrease is
/// told, obeyed (5 s, IEC 61851-1) and seen.
struct excess_watch {
  std::uint64_t plan = 0;
  std::uint64_t plans_seen = 0;
  std::optional<domain::instant> since;
  domain::microseconds longest{};

  void look(const std::shared_ptr<const domain::site_view>& view) {
    if (!view || view->plan_number == plan) return;
    plan = view->plan_number;
    ++plans_seen;
    if (!is_exceeded(*view)) since.reset();
    else if (!since) since = view->at;
    if (since) longest = std::max(longest, view->at - *since);
  }
  static bool is_exceeded(const domain::site_view& view) {
    for (const auto& seen : view.nodes)
      for (std::size_t line = 0; line < seen.reserved.size(); ++line)
        if (seen.reserved[line] > seen.limit_now[line]) return true;
    return false;
  }
};

class running_site : public testing::Test {
protected:
  void SetUp() override {
    site = autonomous_site();
    ASSERT_TRUE(site);
    log = adapters::embedded::make_embedded_log();
    node::engine_settings controlled;
    // Each reading of the "file" is another revision.
    controlled.read_site = [this](const domain::site_id&) {
      auto next = std::make_shared<domain::site>(*site);
      next->soc_target = domain::permille{700 + ++times_read};
      domain::seal(*next);
      return domain::result<std::shared_ptr<const domain::site>>{std::move(next)};
    };
    ASSERT_TRUE(node.start({site}, log, controlled));
    fleet_settings settings;
    settings.world = simulator::autonomous();
    ASSERT_TRUE(yard.start({site}, log, settings));
  }
  void TearDown() override {
    yard.stop();
    node.stop();
  }
  /// ChargePointMaxProfile for the first station.
  [[nodiscard]] ports::profile_request station_limit_of_10_a(std::int32_t id) const {
    domain::charging_profile most;
    most.id = id;
    most.serves = domain::profile_purpose::charge_point_max;
    most.plan.periods = {{std::chrono::seconds{0}, 100, std::nullopt}};
    ports::profile_request request{site->id, station, 0,
                                    domain::command_kind::set_charging_profile, {}};
    request.order.order = std::make_shared<const domain::profile_order>(
        domain::profile_order{true, most, {}});
    return request;
  }
  [[nodiscard]] std::size_t installed_on(const node::engine& asked) const {
    return asked.profiles(site->id, site->stations.front().id)->store().installed().size();
  }
  [[nodiscard]] const ports::session_counters& sessions() const {
    return node.counters().sessions;
  }

  const domain::station_index station{std::size_t{0}};
  std::shared_ptr<const domain::site> site;
  std::shared_ptr<ports::event_log> log;
  int times_read = 0;
  node::engine node;
  fleet yard;
};

} // namespace

TEST_F(running_site, drivers_are_served_and_billed_and_no_limit_is_exceeded) {
  excess_watch watch;
  const auto is_served = [&] {
    watch.look(node.view(site->id));
    return sessions().completed.value() >= 3;
  };
  EXPECT_TRUE(wait_until(is_served));
  EXPECT_GT(watch.plans_seen, 5u);
  EXPECT_LE(watch.longest, 8s + slack());
  EXPECT_GE(sessions().accepted.value(), 3u);
  EXPECT_GT(sessions().energy_wh.value(), 0u);
  EXPECT_EQ(node.counters().supervision.restarts.value(), 0u);
  EXPECT_EQ(node.counters().planning.commands_unanswered.value(), 0u);
  EXPECT_GT(node.journal_end(), 10u);
  EXPECT_FALSE(node.past_sessions(10).empty());
  EXPECT_FALSE(node.drivers().empty());
  for (const auto& check : node.health_checks()) EXPECT_TRUE(check.is_passing) << check.name;
}

TEST_F(running_site, a_charging_profile_is_kept_where_the_station_accepts_it) {
  const auto installed = [&] { return installed_on(node); };
  EXPECT_EQ(installed(), 0u);
  auto request = station_limit_of_10_a(41);
  ASSERT_TRUE(node.manage(request));
  EXPECT_TRUE(wait_until([&] { return installed() == 1; }));
  request.kind = domain::command_kind::clear_charging_profile;
  request.order.order = std::make_shared<const domain::profile_order>(
      domain::profile_order{false, {}, {.id = 41}});
  ASSERT_TRUE(node.manage(request));
  EXPECT_TRUE(wait_until([&] { return installed() == 0; }));
  request.place = 7;
  EXPECT_EQ(node.manage(request).failure().code, domain::errc::unknown_reference);
  request.place = 0;
  request.topology_hash = site->topology_hash + 1;
  EXPECT_EQ(node.manage(request).failure().code, domain::errc::conflict)
      << "a place of a tree that the site no longer has";
}

TEST_F(running_site, reloads_in_a_row_lose_no_session) {
  const auto is_charging = [&] {
    const auto view = node.view(site->id);
    return view && !view->sessions.empty();
  };
  ASSERT_TRUE(wait_until(is_charging));
  const auto before = node.view(site->id)->sessions;
  int taken = 0;
  int refused = 0;
  for (int i = 0; i < 20; ++i) {
    const auto verdict = node.reload(site->id);
    if (verdict) ++taken;
    else if (verdict.failure().code == domain::errc::conflict) ++refused;
  }
  EXPECT_GE(taken, 1);
  EXPECT_EQ(taken + refused, 20);
  const auto owner = 1 + static_cast<domain::epoch>(taken);
  ASSERT_TRUE(wait_until([&] { return node.view(site->id)->owner == owner; }));
  const auto is_known = [&](const domain::session_id& id) {
    const auto now = node.view(site->id);
    const auto ended = node.past_sessions(1'000);
    return std::any_of(now->sessions.begin(), now->sessions.end(),
                       [&](const auto& open) { return open.id == id; }) ||
           std::any_of(ended.begin(), ended.end(),
                       [&](const auto& fact) { return fact.session == id; });
  };
  for (const auto& session : before) EXPECT_TRUE(is_known(session.id)) << session.id.text();
}

TEST_F(running_site, configurations_that_follow_one_another_at_once_are_all_taken) {
  ASSERT_TRUE(wait_until([&] { return node.view(site->id) != nullptr; }));
  const auto with_breaker = [&](const char* id, std::int64_t ma) {
    domain::site_configuration change;
    change.nodes.push_back({});
    change.nodes.back().node = domain::node_id{id};
    change.nodes.back().breaker = domain::milliamperes{ma};
    return node.configure(site->id, change, {});
  };
  for (const std::int64_t ma : {79'000, 78'000, 77'000})
    if (const auto done = with_breaker("f-ac", ma); !done) ADD_FAILURE() << done.failure().message;
  const auto is_newest = [&] {
    const auto view = node.view(site->id);
    return view && view->topology->configured && view->topology->nodes[2].limits[0].current &&
           (*view->topology->nodes[2].limits[0].current)[0] == domain::milliamperes{77'000};
  };
  EXPECT_TRUE(wait_until(is_newest));
  // What was accepted shows at once; its own epoch comes with the first plan under it.
  const auto has_epoch = [&] { return node.view(site->id)->owner == 4u; };
  EXPECT_TRUE(wait_until(has_epoch)) << "1, and one for each";
}

TEST_F(running_site, a_configuration_leaves_the_engine_healthy) {
  const auto failing = [&] {
    std::string names;
    for (const auto& check : node.health_checks())
      if (!check.is_passing) names += check.name + ": " + check.message + "; ";
    return names;
  };
  ASSERT_TRUE(wait_until([&] { return node.view(site->id) && failing().empty(); }));
  for (std::int64_t ma = 70'000; ma < 73'000; ma += 1'000) {
    domain::site_configuration change;
    change.nodes.push_back({});
    change.nodes.back().node = domain::node_id{"f-ac"};
    change.nodes.back().breaker = domain::milliamperes{ma};
    ASSERT_TRUE(node.configure(site->id, change, {}));
    EXPECT_EQ(failing(), "");
    const auto owner = static_cast<domain::epoch>(2 + (ma - 70'000) / 1'000);
    const auto is_planned = [&] { return node.view(site->id)->owner == owner; };
    const auto is_planned_or_unhealthy = [&] { return !failing().empty() || is_planned(); };
    EXPECT_TRUE(wait_until(is_planned_or_unhealthy));
    EXPECT_EQ(failing(), "") << "on the way to revision " << owner;
  }
  ASSERT_TRUE(node.reload(site->id));
  EXPECT_EQ(failing(), "");
}

TEST_F(running_site, more_than_16_changes_that_are_not_in_place_yet_are_refused_and_none_is_lost) {
  ASSERT_TRUE(wait_until([&] { return node.view(site->id) != nullptr; }));
  std::int64_t newest = 0;
  std::optional<domain::error> refusal;
  for (std::int64_t ma = 60'000; ma < 80'000 && !refusal; ma += 50) {
    domain::site_configuration change;
    change.nodes.push_back({});
    change.nodes.back().node = domain::node_id{"f-ac"};
    change.nodes.back().breaker = domain::milliamperes{ma};
    const auto done = node.configure(site->id, change, {});
    if (done) newest = ma;
    else refusal = done.failure();
  }
  ASSERT_TRUE(refusal) << "400 changes were in place at once";
  EXPECT_EQ(refusal->code, domain::errc::conflict) << "409";
  EXPECT_EQ(refusal->message, "site: 16 changes before this one are still under way; try again");
  const auto is_newest = [&] {
    const auto view = node.view(site->id);
    const auto& current = view->topology->nodes[2].limits[0].current;
    return view->owner > 1 && current && (*current)[0] == domain::milliamperes{newest};
  };
  EXPECT_TRUE(wait_until(is_newest));
}

TEST_F(running_site, LIM_4_a_lower_fallback_counts_once_its_station_has_accepted_it) {
  ASSERT_TRUE(wait_until([&] { return node.view(site->id) != nullptr; }));
  const auto fall_back_to = [&](std::int64_t w) {
    domain::site_configuration change;
    change.stations.push_back({});
    change.stations.back().station = site->stations[0].id;
    change.stations.back().safe_power = domain::watts{w};
    return node.configure(site->id, change, {});
  };
  const auto counted = [&] {
    return node.view(site->id)->topology->stations[0].when_lost.current;
  };
  const auto file = site->stations[0].when_lost.current;
  ASSERT_TRUE(fall_back_to(9'000));
  ASSERT_TRUE(wait_until([&] { return counted() > file; }));
  const auto high = counted();
  ASSERT_TRUE(fall_back_to(6'000));
  EXPECT_EQ(counted(), high) << "it was told so";
  EXPECT_TRUE(wait_until([&] { return counted() < high; }));
  const auto& known = node.view(site->id)->topology->configured->stations[0];
  EXPECT_FALSE(known.told_max);
}

TEST_F(running_site, LIM_4_a_configuration_is_a_revision_an_event_and_outlives_the_engine) {
  ASSERT_TRUE(wait_until([&] { return node.view(site->id) != nullptr; }));
  domain::site_configuration change;
  change.nodes.push_back({});
  change.nodes.back().node = domain::node_id{"f-ac"};
  change.nodes.back().breaker = domain::milliamperes{80'000};
  change.stations.push_back({});
  change.stations.back().station = domain::station_id{"CP-001"};
  change.stations.back().action = domain::fallback_action::stop;
  ASSERT_TRUE(node.configure(site->id, change, {}));
  const auto is_configured = [&](const node::engine& asked) {
    const auto view = asked.view(site->id);
    return view && view->topology->configured && view->topology->nodes[2].limits[0].current &&
           (*view->topology->nodes[2].limits[0].current)[0] == domain::milliamperes{80'000} &&
           view->topology->stations[0].told_when_lost;
  };
  ASSERT_TRUE(wait_until([&] { return is_configured(node); }));
  const auto is_said = [&] {
    const auto entries = node.journal(0, 100'000);
    return std::any_of(entries.begin(), entries.end(), [](const auto& entry) {
      return entry.event.kind == "site_configured" && entry.event.subject == "f-ac";
    });
  };
  EXPECT_TRUE(wait_until(is_said));
  change.nodes.back().breaker = domain::milliamperes{1'000};
  EXPECT_EQ(node.configure(site->id, change, {}).failure().code, domain::errc::unsafe);
  EXPECT_TRUE(is_configured(node)) << "the last good configuration stays";
  ASSERT_TRUE(node.reload(site->id)) << "of a file that is new";
  EXPECT_TRUE(wait_until([&] { return is_configured(node); }));
  node.stop();
  node::engine successor;
  ASSERT_TRUE(successor.start({site}, log, {}));
  EXPECT_TRUE(wait_until([&] { return is_configured(successor); }));
  successor.stop();
}

TEST_F(running_site, a_second_engine_on_the_same_log_still_knows_a_stations_profiles) {
  ASSERT_TRUE(node.manage(station_limit_of_10_a(41)));
  ASSERT_TRUE(wait_until([&] { return installed_on(node) == 1; }));
  const auto plan = node.view(site->id)->plan_number;
  // The changelog is written at most once a second.
  ASSERT_TRUE(wait_until([&] { return node.view(site->id)->plan_number > plan + 3; }));
  node.stop();
  node::engine successor;
  ASSERT_TRUE(successor.start({site}, log, {}));
  EXPECT_NE(successor.profiles(site->id, site->stations.front().id)->store().find(41), nullptr);
  EXPECT_EQ(installed_on(successor), 1u);
  successor.stop();
}

TEST_F(running_site, faults_are_not_injected_unless_the_engine_allows_them) {
  ASSERT_FALSE(node.allows_faults());
  const auto refused =
      node.inject({site->id, site->stations.front().id, domain::fault_kind::silence});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().code, domain::errc::forbidden);
}

TEST_F(running_site, stops_in_under_two_seconds) {
  EXPECT_TRUE(wait_until([&] { return sessions().accepted.value() >= 1; }));
  yard.stop();
  const auto began = std::chrono::steady_clock::now();
  node.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2s + slack());
}

TEST_F(running_site, OWN_1_a_second_engine_goes_on_with_a_newer_epoch_and_open_sessions) {
  const auto is_charging = [&] {
    const auto view = node.view(site->id);
    return view && !view->sessions.empty();
  };
  ASSERT_TRUE(wait_until(is_charging));
  node.stop();
  const auto before = node.view(site->id);
  node::engine successor;
  ASSERT_TRUE(successor.start({site}, log, {}));
  ASSERT_TRUE(wait_until([&] { return successor.view(site->id) != nullptr; }));
  EXPECT_GT(successor.view(site->id)->owner, before->owner);
  const auto completes = [&] {
    return successor.counters().sessions.completed.value() >= before->sessions.size();
  };
  EXPECT_TRUE(wait_until(completes));
  successor.stop();
}

} // namespace busbar::apps
