// The preset, run in virtual time against the model of a site.

#include "simulator/world.hpp"

#include "messages/codec.hpp"
#include "simulator/presets.hpp"
#include "tests/builders/site_builder.hpp"
#include "tests/simulator/example_site.hpp"
#include "tests/simulator/model_engine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace busbar::simulator {
namespace {

using domain::connector_state;
using domain::session_fact_kind;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct run {
  explicit run(std::uint64_t seed, world_settings settings = autonomous(),
               std::shared_ptr<const domain::site> where = tests::example_site("autonomous.toml"))
      : site(std::move(where)), yard(site, std::move(settings), seed), engine(site) {}

  /// 10 steps a second.
  void pass(std::int64_t for_seconds, const std::function<void(const outputs&)>& see = {}) {
    for (const auto end = tenths + 10 * for_seconds; tenths < end; ++tenths) {
      const auto now = tests::at_second(0) + milliseconds{100 * tenths};
      const auto out = yard.step(now);
      if (see) see(out);
      const auto answers = engine.react(out, now);
      for (const auto& batch : answers.commands) yard.apply(batch, now);
      for (const auto& fact : answers.facts) {
        yard.apply(fact, now);
        facts.push_back(fact);
      }
    }
  }

  std::shared_ptr<const domain::site> site;
  world yard;
  tests::model_engine engine;
  std::vector<domain::session_fact> facts;
  std::int64_t tenths = 0;
};

/// Every byte that a run says, folded (FNV-1a).
std::uint64_t bytes_of(std::uint64_t seed) {
  std::uint64_t fold = 0xcbf29ce484222325ULL;
  const auto mix = [&](const messages::shared_bytes& bytes) {
    for (const auto byte : *bytes) fold = (fold ^ byte) * 0x100000001b3ULL;
  };
  run it{seed};
  it.pass(300, [&](const outputs& out) {
    if (out.telemetry) mix(messages::encode(*out.telemetry));
    for (const auto& batch : out.results) mix(messages::encode(batch));
    for (const auto& request : out.requests) mix(messages::encode(request));
    for (const auto& event : out.events) mix(messages::encode(event));
  });
  return fold;
}

TEST(world, the_same_seed_gives_the_same_bytes_and_another_seed_others) {
  const auto first = bytes_of(7);
  EXPECT_EQ(first, bytes_of(7));
  EXPECT_NE(first, bytes_of(8));
}

TEST(world, every_driver_of_the_preset_is_served_with_nobody_touching_anything) {
  run it{1};
  it.pass(300);
  std::map<std::string, std::set<session_fact_kind>> heard;
  for (const auto& fact : it.facts) heard[fact.driver.text()].insert(fact.kind);
  for (const auto* name : {"Alice", "Bob", "Charlie", "David", "Eve"}) {
    EXPECT_TRUE(heard[name].contains(session_fact_kind::accepted)) << name;
    EXPECT_TRUE(heard[name].contains(session_fact_kind::in_progress)) << name;
    EXPECT_TRUE(heard[name].contains(session_fact_kind::completed)) << name;
  }
}

TEST(world, a_session_of_the_preset_lasts_about_ten_seconds) {
  auto calm = autonomous();
  calm.faults.every.reset();
  run it{3, calm};
  it.pass(300);
  std::map<std::string, domain::instant> began;
  int completed = 0;
  for (const auto& fact : it.facts) {
    if (fact.kind == session_fact_kind::accepted) began[fact.session.text()] = fact.at;
    if (fact.kind != session_fact_kind::completed) continue;
    ++completed;
    const auto lasted = fact.at - began[fact.session.text()];
    EXPECT_GE(lasted, milliseconds{8'900});
    EXPECT_LE(lasted, milliseconds{11'200});
  }
  EXPECT_GE(completed, 60);
}

TEST(world, drivers_of_the_preset_ask_by_their_own_clocks_60_to_80_times_a_minute_in_all) {
  run it{6};
  std::map<std::string, int> asked;
  int starts = 0;
  int denied = 0;
  constexpr int minutes = 20;
  it.pass(minutes * 60, [&](const outputs& out) {
    for (const auto& request : out.requests) {
      if (request.kind != domain::request_kind::start) continue;
      ++starts;
      ++asked[request.driver.text()];
    }
    for (const auto& event : out.events) denied += event.kind == "denied";
  });
  EXPECT_GE(starts, 60 * minutes);
  EXPECT_LE(starts, 80 * minutes);
  EXPECT_GE(denied, 3 * minutes) << "DENIED, tries the next";
  // At least nine in ten of their own clocks' moments: every 5, 6, 7, 8 and 4.5 s.
  const std::map<std::string, double> every{
      {"Alice", 5}, {"Bob", 6}, {"Charlie", 7}, {"David", 8}, {"Eve", 4.5}};
  for (const auto& [name, period] : every)
    EXPECT_GE(asked[name], 0.9 * minutes * 60 / period) << name;
}

TEST(world, a_driver_tries_the_next_point_only_where_there_is_one_and_says_each_denial_once) {
  run it{6};
  std::map<std::string, int> asks;
  int tries = 0, ends = 0;
  it.pass(1'200, [&](const outputs& out) {
    std::map<std::string, std::string> denied;
    std::set<std::string> asked;
    for (const auto& event : out.events) {
      EXPECT_NE(event.kind, "gives_up");
      if (event.kind == "asks") asked.insert(event.subject);
      if (event.kind != "denied") continue;
      EXPECT_EQ(event.level, domain::severity::info) << event.text;
      denied[event.subject] = event.text;
    }
    for (const auto& [driver, text] : denied) {
      const bool is_next = text.ends_with("tries the next");
      (is_next ? tries : ends) += 1;
      EXPECT_EQ(asked.contains(driver), is_next) << text;
      EXPECT_TRUE(is_next || text.ends_with("no point left to try for now")) << text;
    }
  });
  EXPECT_GT(tries, 20);
  EXPECT_GT(ends, 0);
}

TEST(world, no_charge_begins_without_a_point_that_is_activated_first) {
  run it{7};
  std::map<std::uint32_t, connector_state> before;
  int starts = 0;
  it.pass(300, [&](const outputs& out) {
    if (!out.telemetry) return;
    for (const auto& reading : out.telemetry->readings) {
      auto& last = before[reading.connector.value()];
      if (reading.state == connector_state::supplying && last != reading.state) {
        ++starts;
        EXPECT_EQ(last, connector_state::activated);
      }
      last = reading.state;
    }
  });
  EXPECT_GE(starts, 100);
}

TEST(world, its_log_tells_registrations_checks_faults_and_ready_points) {
  run it{8};
  std::set<std::string> told;
  it.pass(3'600, [&](const outputs& out) {
    for (const auto& event : out.events)
      told.insert(std::string{name_of(event.speaker)} + " " + event.text.substr(0, 24));
  });
  for (const auto* line :
       {"monitor registered: 22 kW AC", "monitor health check passed (1 i",
        "monitor health check failed (1)", "monitor health check failed (2)",
        "monitor marked as FAULTY (3 cons", "monitor recovered from fault: ch",
        "cp DISCONNECTED to ACTIVATE", "cp ACTIVATED to SUPPLYING (",
        "cp SUPPLYING to ACTIVATED ("})
    EXPECT_TRUE(told.contains(line)) << line;
}

TEST(world, a_session_that_a_point_ends_by_itself_is_completed_and_paid) {
  auto settings = autonomous();
  settings.faults.every.reset();
  settings.local.session_max = domain::watt_hours{200};
  settings.session_lasts = seconds{600};
  run it{9, settings};
  std::vector<std::string> said;
  it.pass(120, [&](const outputs& out) {
    for (const auto& event : out.events)
      if (event.kind == "local_decision") said.push_back(event.text);
  });
  EXPECT_GE(std::ranges::count(said, "local policy stops: energy cap reached (0.2/0.2 kWh)"), 5);
  const auto completed = std::ranges::count(it.facts, session_fact_kind::completed,
                                            &domain::session_fact::kind);
  EXPECT_GE(completed, 5) << "long before the 600 s for which drivers stay";
}

TEST(world, a_connector_that_supplies_is_read_every_second) {
  auto calm = autonomous();
  calm.faults.every.reset();
  run it{4, calm};
  std::map<std::uint32_t, domain::reading> last;
  it.pass(120, [&](const outputs& out) {
    if (!out.telemetry) return;
    for (const auto& reading : out.telemetry->readings) {
      auto& before = last[reading.connector.value()];
      if (before.state == connector_state::supplying) {
        EXPECT_LE(reading.measured_at - before.measured_at, seconds{1});
      }
      EXPECT_GE(reading.energy_wh, before.energy_wh);
      before = reading;
    }
  });
  EXPECT_EQ(last.size(), 10U);
}

TEST(world, a_denied_driver_tries_another_point_at_once) {
  auto settings = autonomous();
  settings.faults.every.reset();
  run it{5, settings};
  std::map<std::string, domain::driver_request> last;
  int tried_next = 0;
  it.pass(300, [&](const outputs& out) {
    for (const auto& request : out.requests) {
      const auto& before = last[request.driver.text()];
      const bool was_denied = !it.facts.empty() &&
                              std::any_of(it.facts.begin(), it.facts.end(), [&](const auto& fact) {
                                return fact.request == before.id &&
                                       fact.kind == session_fact_kind::denied &&
                                       request.asked_at - fact.at <= milliseconds{100};
                              });
      if (was_denied) {
        ++tried_next;
        EXPECT_NE(request.station.text(), before.station.text());
      }
      last[request.driver.text()] = request;
    }
  });
  EXPECT_GE(tried_next, 3);
}

TEST(world, a_visit_that_names_its_connector_charges_there_and_nowhere_else) {
  world_settings settings;
  for (const char* name : {"first", "second"}) {
    arrival visit;
    visit.name = domain::driver_id{name};
    visit.stays = std::chrono::minutes{10};
    visit.prefers = domain::station_id{"A"};
    visit.connector = domain::connector_id{"A-2"};
    settings.arrivals.push_back(visit);
  }
  const auto site = tests::site_builder{}.feeder("f1", 63'000).station("A", 2).station("B").build();
  run it{9, settings, site};
  std::set<std::size_t> used;
  it.pass(200, [&](const outputs& out) {
    for (const auto& request : out.requests) EXPECT_EQ(request.connector.text(), "A-2");
    if (!out.telemetry) return;
    for (const auto& reading : out.telemetry->readings)
      if (reading.state == connector_state::supplying) used.insert(reading.connector.value());
  });
  EXPECT_EQ(used, std::set<std::size_t>{1});
  const auto accepted = std::count_if(it.facts.begin(), it.facts.end(), [](const auto& fact) {
    return fact.kind == session_fact_kind::accepted;
  });
  EXPECT_EQ(accepted, 1) << "the second waits at the named connector, although others are free";
}

TEST(world, a_failing_monitor_reports_three_failures_in_a_row_in_under_six_seconds) {
  auto calm = autonomous();
  calm.faults.every.reset();
  calm.faults.by_command_lasts = seconds{30};
  for (std::int64_t offset = 0; offset < 20; ++offset) {
    run it{6, calm};
    it.pass(10);
    it.tenths += offset;
    const auto begins = tests::at_second(0) + milliseconds{100 * it.tenths};
    domain::command fault;
    fault.connector = domain::connector_index{4u};
    fault.kind = domain::command_kind::simulate_fault;
    fault.fault = domain::fault_kind::monitor_failure;
    it.yard.apply({it.site->id, it.site->topology_hash, 1, begins, {fault}}, begins);
    std::optional<domain::instant> third;
    std::optional<domain::instant> recovered;
    it.pass(45, [&](const outputs& out) {
      for (const auto& verdict :
           out.telemetry ? out.telemetry->health : std::vector<domain::health_report>{}) {
        if (verdict.station.value() != 4) continue;
        if (verdict.failures == 3) third = verdict.checked_at;
        if (third && verdict.is_healthy && !recovered) recovered = verdict.checked_at;
      }
    });
    ASSERT_TRUE(third && recovered);
    EXPECT_LT(*third - begins, seconds{6});
    EXPECT_LE(*recovered - begins, seconds{32});
  }
}

TEST(world, a_silent_point_says_nothing_and_answers_nothing_until_it_is_cleared) {
  auto calm = autonomous();
  calm.faults.every.reset();
  calm.faults.by_command_lasts.reset();
  run it{6, calm};
  it.pass(5);
  const auto tell = [&](domain::fault_kind kind) {
    domain::command fault;
    fault.kind = domain::command_kind::simulate_fault;
    fault.fault = kind;
    const auto now = tests::at_second(0) + milliseconds{100 * it.tenths};
    it.yard.apply({it.site->id, it.site->topology_hash, 1, now, {fault}}, now);
    it.yard.step(now);
  };
  int heard = 0;
  const auto listen = [&](const outputs& out) {
    for (const auto& batch : out.results)
      for (const auto& result : batch.results) heard += result.connector.value() == 0;
    if (!out.telemetry) return;
    for (const auto& reading : out.telemetry->readings) heard += reading.connector.value() == 0;
  };
  tell(domain::fault_kind::silence);
  it.pass(60, listen);
  EXPECT_EQ(heard, 0);
  tell(domain::fault_kind::clear);
  it.pass(10, listen);
  EXPECT_GT(heard, 0);
}

TEST(world, OWN_1_batches_of_an_older_epoch_or_another_topology_are_refused_whole) {
  run it{9};
  it.pass(1);
  domain::command grant;
  grant.kind = domain::command_kind::grant;
  grant.number = 1'000;
  const auto now = tests::at_second(2);
  const auto answers = [&](domain::epoch owner, std::uint64_t topology) {
    ++grant.number;
    it.yard.apply({it.site->id, topology, owner, now, {grant}}, now);
    return it.yard.step(now).results.at(0);
  };
  const auto answer = [&](domain::epoch owner, std::uint64_t topology) {
    return answers(owner, topology).results.at(0);
  };
  EXPECT_EQ(answer(5, it.site->topology_hash).answer, domain::outcome::accepted);
  EXPECT_EQ(answer(4, it.site->topology_hash).why, "epoch 4 is older than 5");
  EXPECT_EQ(answers(4, it.site->topology_hash).owner, 5u) << "what is obeyed is said";
  EXPECT_EQ(answer(5, 12'345).why, "made for another topology of the site");
}

TEST(world, who_comes_once_asks_with_a_wish_charges_until_the_departure_and_is_gone) {
  auto settings = autonomous();
  settings.drivers.clear();
  settings.faults.every.reset();
  arrival visit;
  visit.name = domain::driver_id{"visit-1"};
  visit.comes_after = seconds{10};
  visit.stays = seconds{60};
  visit.prefers = domain::station_id{"CP-006"};
  visit.energy_wanted = domain::watt_hours{5'000}; // more than it gets in that time
  settings.arrivals.push_back(visit);
  run it{11, settings};
  std::vector<domain::driver_request> asked;
  const auto note = [&](const outputs& out) {
    asked.insert(asked.end(), out.requests.begin(), out.requests.end());
  };
  it.pass(9, note);
  EXPECT_EQ(it.yard.driver_count(), 0U);
  it.pass(50, note);
  EXPECT_EQ(it.yard.yard().at(domain::connector_index{5u}).state(), connector_state::supplying);
  it.pass(30, note);
  EXPECT_EQ(it.yard.driver_count(), 0U);
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[0].station.text(), "CP-006");
  EXPECT_EQ(asked[0].energy_wanted->count(), 5'000);
  EXPECT_EQ(*asked[0].departs_at - asked[0].asked_at, seconds{60});
  EXPECT_EQ(asked[1].kind, domain::request_kind::stop);
}

TEST(world, a_driver_leaves_when_its_session_says_so_after_a_change) {
  auto settings = autonomous();
  settings.drivers.clear();
  settings.faults.every.reset();
  arrival visit;
  visit.name = domain::driver_id{"visit-1"};
  visit.stays = seconds{600};
  visit.prefers = domain::station_id{"CP-006"};
  settings.arrivals.push_back(visit);
  run it{11, settings};
  std::vector<domain::driver_request> stops;
  const auto note = [&](const outputs& out) {
    for (const auto& request : out.requests)
      if (request.kind == domain::request_kind::stop) stops.push_back(request);
  };
  it.pass(20, note);
  const auto accepted = std::ranges::find(it.facts, session_fact_kind::accepted,
                                          &domain::session_fact::kind);
  ASSERT_NE(accepted, it.facts.end());
  auto changed = *accepted;
  changed.kind = session_fact_kind::changed;
  changed.departs_at = tests::at_second(30);
  it.yard.apply(changed, tests::at_second(20));
  it.pass(9, note);
  EXPECT_TRUE(stops.empty());
  it.pass(3, note);
  ASSERT_EQ(stops.size(), 1U);
  EXPECT_EQ(stops[0].session, changed.session);
}

TEST(world, a_session_that_a_driver_knows_nothing_of_is_asked_to_end_once) {
  auto settings = autonomous();
  settings.faults.every.reset();
  run it{12, settings};
  it.pass(1);
  domain::session_fact stray;
  stray.session = domain::session_id{"from-an-earlier-run"};
  stray.driver = domain::driver_id{"Alice"};
  stray.station = domain::station_id{"CP-001"};
  stray.kind = session_fact_kind::in_progress;
  int stops = 0;
  for (int again = 0; again < 3; ++again) {
    it.yard.apply(stray, tests::at_second(1));
    for (const auto& request : it.yard.step(tests::at_second(1)).requests)
      stops += request.session == stray.session && request.kind == domain::request_kind::stop;
  }
  EXPECT_EQ(stops, 1);
}

TEST(world, a_driver_whom_nobody_answers_gives_up_and_comes_back) {
  auto settings = autonomous();
  settings.faults.every.reset();
  settings.drivers.resize(1);
  world alone{tests::example_site("autonomous.toml"), settings, 13};
  int asked = 0;
  int in_vain = 0;
  for (int tenth = 0; tenth < 300; ++tenth) {
    const auto out = alone.step(tests::at_second(0) + milliseconds{100 * tenth});
    asked += static_cast<int>(out.requests.size());
    for (const auto& event : out.events) in_vain += event.kind == "no_answer";
  }
  EXPECT_GE(asked, 5); // every 5 s for 30 s
  EXPECT_GE(in_vain, 5);
}

TEST(world, a_stranger_who_is_started_by_the_api_brings_a_car_and_takes_it_away) {
  auto settings = autonomous();
  settings.drivers.clear();
  settings.faults.every.reset();
  run it{10, settings};
  it.pass(3);
  outputs ask;
  ask.requests.push_back({domain::request_id{"api-1"}, it.site->id, domain::driver_id{"Zoe"},
                          domain::request_kind::start, domain::station_id{"CP-010"}, {},
                          tests::at_second(3), {}, {}});
  const auto act = [&] {
    const auto now = tests::at_second(0) + milliseconds{100 * it.tenths};
    const auto answers = it.engine.react(ask, now);
    for (const auto& batch : answers.commands) it.yard.apply(batch, now);
    for (const auto& fact : answers.facts) it.yard.apply(fact, now);
    return answers.facts.at(0).session;
  };
  const auto session = act();
  it.pass(10);
  const auto& outlet = it.yard.yard().at(domain::connector_index{9u});
  EXPECT_EQ(outlet.state(), connector_state::supplying);
  ask.requests[0].kind = domain::request_kind::stop;
  ask.requests[0].session = session;
  act();
  it.pass(5);
  EXPECT_EQ(outlet.state(), connector_state::disconnected);
  EXPECT_EQ(it.yard.driver_count(), 0U);
}

} // namespace
} // namespace busbar::simulator
