// Every rule that the auditor holds points to is seen to find its fault, and to be silent without.

#include "simulator/auditor.hpp"
#include "simulator/presets.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace busbar::simulator {
namespace {

using domain::connector_index;
using domain::milliamperes;
using domain::seconds;
using std::chrono::milliseconds;
using std::chrono::minutes;

/// A yard whose points are told what a test says.
struct told_yard {
  explicit told_yard(std::shared_ptr<const domain::site> of)
      : site(std::move(of)), yard(site, settings(), random_source{1}),
        watch(site, no_escalation()) {
    for (std::size_t c = 0; c < site->connectors.size(); ++c) {
      auto& at = yard.at(connector_index{c});
      at.plug({everyday_vehicles()[3], domain::permille{200}}); // 22 kW, three phases
      at.open_session(domain::session_id{"s-" + std::to_string(c)}, now);
    }
  }

  static world_settings settings() {
    world_settings made;
    made.base_load = {domain::permille{0}, domain::permille{0}, minutes{1}};
    return made;
  }

  /// No station is escalated here, and none is expected to be.
  static auditor_settings no_escalation() {
    auditor_settings made;
    made.obedience.plan = std::chrono::hours{24};
    return made;
  }

  domain::command_batch batch(std::size_t connector, std::int64_t ma, seconds lease = seconds{60}) {
    domain::command told;
    told.connector = connector_index{connector};
    told.kind = domain::command_kind::grant;
    told.number = ++number;
    told.current = milliamperes{ma};
    told.lease = lease;
    return {site->id, site->topology_hash, owner, now, {told}};
  }
  /// Tells, heard by the auditor.
  void tell(std::size_t connector, std::int64_t ma, seconds lease = seconds{60}) {
    const auto told = batch(connector, ma, lease);
    watch.hear(told);
    obey(told);
  }
  void obey(const domain::command_batch& told) {
    outputs said;
    said.results.push_back(yard.obey(told, now, story));
    watch.hear(said);
  }
  void pass(domain::microseconds time, domain::microseconds step = milliseconds{500}) {
    for (const auto end = now + time; now < end;) {
      now += step;
      outputs said;
      said.telemetry = yard.step(now, story);
      if (said.telemetry && are_meters_silent) said.telemetry->meters.clear();
      watch.hear(said);
      watch.look(yard, now);
    }
  }
  void disobey(std::size_t connector) {
    auto told = batch(connector, 0);
    told.commands[0].kind = domain::command_kind::simulate_fault;
    told.commands[0].fault = domain::fault_kind::disobey;
    obey(told);
  }
  std::vector<std::string> rules() const {
    std::vector<std::string> found;
    for (const auto& one : watch.findings())
      if (found.empty() || found.back() != one.rule) found.push_back(one.rule);
    return found;
  }
  std::string first() const {
    return watch.findings().empty() ? std::string{} : watch.findings().front().text;
  }

  std::shared_ptr<const domain::site> site;
  std::vector<domain::event> events;
  narrator story{site->id, events};
  plant yard;
  auditor watch;
  domain::instant now{seconds{1'800'000'000}};
  domain::epoch owner = 7;
  domain::sequence number = 100;
  bool are_meters_silent = false;
};

using rules = std::vector<std::string>;

std::shared_ptr<domain::site> two_points() {
  return std::make_shared<domain::site>(*tests::site_builder{}
                                             .feeder("f1", 40'000)
                                             .station("A")
                                             .fallback(6'000)
                                             .station("B")
                                             .fallback(6'000)
                                             .build());
}

TEST(conduct, nothing_is_found_where_points_are_told_within_the_rules) {
  told_yard it{two_points()};
  for (int round = 0; round < 30; ++round) {
    it.tell(0, 32'000);
    it.tell(1, 8'000); // 40 A - 32 A
    it.pass(seconds{20});
  }
  EXPECT_EQ(it.rules(), rules{}) << it.first();
}

TEST(conduct, OWN_1_finds_a_point_that_obeys_an_older_epoch_or_number) {
  told_yard it{two_points()};
  it.tell(0, 6'000);
  outputs said;
  said.results.push_back({it.site->id, it.site->topology_hash, 7, {}});
  said.results[0].results.push_back({connector_index{0U}, 101, domain::outcome::accepted, "", {}});
  it.watch.hear(said);
  EXPECT_EQ(it.rules(), rules{}) << "a repeated answer is none";
  said.results[0].results[0].number = 100;
  it.watch.hear(said);
  EXPECT_EQ(it.rules(), rules{"OWN-1"});
  EXPECT_EQ(it.first(), "A-1: obeyed number 100 of epoch 7 after number 101 of epoch 7");
  said.results[0].owner = 6;
  said.results[0].results[0].number = 500;
  it.watch.hear(said);
  EXPECT_EQ(it.watch.finding_count(), 2U);
  said.results[0].results[0].answer = domain::outcome::refused;
  it.watch.hear(said);
  EXPECT_EQ(it.watch.finding_count(), 2U) << "refused, as it must";
}

TEST(conduct, SAFE_1_finds_a_point_that_draws_on_after_its_lease) {
  told_yard it{two_points()};
  // Its lease of a minute is one of 5 s for the auditor: as if the point forgot it.
  auto told = it.batch(0, 32'000);
  told.commands[0].lease = seconds{5};
  it.watch.hear(told);
  told.commands[0].lease = seconds{60};
  it.obey(told);
  it.pass(seconds{9} + milliseconds{500});
  EXPECT_EQ(it.rules(), rules{}) << "5 s of lease, and 5 s to respond";
  it.pass(seconds{1});
  EXPECT_EQ(it.rules(), rules{"SAFE-1"});
  EXPECT_EQ(it.first(), "A-1: draws 31884 mA without a lease, its fallback is 6000 mA");
}

TEST(conduct, RAMP_1_finds_a_raise_that_is_too_fast_and_no_decrease) {
  auto site = two_points();
  site->ramping = domain::ramp{}; // 2 A a second
  told_yard it{site};
  it.tell(0, 7'000); // from its fallback of 6 A
  it.pass(seconds{2});
  it.tell(0, 11'000); // 7 A + 2 s * 2 A/s
  it.pass(seconds{1});
  it.tell(0, 6'000);
  EXPECT_EQ(it.rules(), rules{}) << it.first();
  it.pass(seconds{1});
  it.tell(0, 10'001); // 2 s after the last raise: 6 A + 4 A
  EXPECT_EQ(it.rules(), rules{"RAMP-1"});
  EXPECT_EQ(it.first(), "A-1: raised from 6000 mA to 10001 mA, allowed is 10000 mA");
}

TEST(conduct, LIM_5_finds_a_grant_that_is_no_whole_step) {
  auto site = two_points();
  site->connectors[0].step = milliamperes{1'000};
  told_yard it{site};
  it.tell(0, 7'000);
  EXPECT_EQ(it.rules(), rules{});
  it.tell(0, 7'500);
  EXPECT_EQ(it.rules(), rules{"LIM-5"});
  EXPECT_EQ(it.first(), "A-1: told 7500 mA, steps are 1000 mA");
}

TEST(conduct, FAIR_2_finds_a_grant_below_the_minimum) {
  told_yard it{two_points()};
  it.tell(0, 5'999);
  EXPECT_EQ(it.rules(), rules{"FAIR-2"});
  EXPECT_EQ(it.first(), "A-1: told 5999 mA, its minimum is 6000 mA");
}

TEST(conduct, FAIR_2_finds_somebody_who_waits_longer_than_the_stated_bound) {
  told_yard it{two_points()};
  // 30 min + 2 * (5 min and a plan of 1 s) = 2402 s.
  const auto renew = [&](int rounds) {
    for (int round = 0; round < rounds; ++round) {
      it.tell(0, 32'000);
      it.tell(1, 0);
      it.pass(seconds{40}, seconds{1});
    }
  };
  renew(60);
  EXPECT_EQ(it.rules(), rules{}) << it.first(); // 2400 s
  EXPECT_GE(it.watch.longest_wait(), minutes{39});
  renew(1);
  EXPECT_EQ(it.rules(), rules{"FAIR-2"});
  EXPECT_EQ(it.first(), "B-1: waits for longer than 2402 s");
}

TEST(conduct, LIM_3_finds_a_raise_below_a_meter_that_is_silent) {
  auto site = two_points();
  site->nodes[0].has_meter = true;
  told_yard it{site};
  it.pass(seconds{1});
  it.tell(0, 6'000);
  it.tell(0, 7'000);
  EXPECT_EQ(it.rules(), rules{}) << it.first();
  it.are_meters_silent = true;
  it.pass(seconds{31});
  it.tell(0, 8'000);
  EXPECT_EQ(it.rules(), rules{}) << "30 s, and a plan to act on it";
  it.pass(seconds{1});
  it.tell(0, 8'000);
  EXPECT_EQ(it.rules(), rules{}) << "the same again is no raise";
  it.tell(0, 9'000);
  EXPECT_EQ(it.rules(), rules{"LIM-3"});
  EXPECT_EQ(it.first(), "A-1: raised from 8000 mA to 9000 mA below a silent meter");
}

TEST(conduct, LIM_3_a_raise_below_a_silent_meter_leaves_the_declared_maximum) {
  auto site = two_points();
  site->nodes[0].has_meter = true;
  // 100 A of the service less 80 A
  site->nodes[0].limits = {{domain::limit_source::rating,
                            domain::per_line<milliamperes>{milliamperes{100'000},
                                                           milliamperes{100'000},
                                                           milliamperes{100'000}},
                            std::nullopt}};
  site->nodes[0].unmanaged_max.emplace().fill(milliamperes{80'000});
  told_yard it{site};
  it.are_meters_silent = true;
  it.pass(seconds{32});
  it.tell(0, 6'000);
  it.tell(0, 20'000);
  EXPECT_EQ(it.rules(), rules{}) << it.first();
  it.tell(1, 7'000);
  EXPECT_EQ(it.rules(), rules{"LIM-3"}); // 20 A + 7 A + 80 A
}

TEST(conduct, SAFE_2_finds_who_is_left_out_where_there_is_room_beside_one_that_disobeys) {
  told_yard it{two_points()};
  it.tell(0, 20'000);
  it.tell(1, 20'000);
  it.pass(seconds{5});
  it.disobey(0);
  it.tell(0, 6'000);
  it.tell(1, 0);
  it.pass(seconds{50});
  EXPECT_EQ(it.rules(), rules{});
  it.tell(0, 6'000);
  it.tell(1, 0);
  it.pass(seconds{30}); // 80 s: a break of 60 s and 15 s to answer are over; 40 A - 20 A is room
  EXPECT_EQ(it.rules(), rules{"SAFE-2"});
  EXPECT_EQ(it.first(), "B-1: charged, and is left out while another point disobeys");
}

TEST(conduct, SAFE_2_finds_nothing_where_the_one_that_disobeys_leaves_no_room) {
  told_yard it{two_points()};
  it.tell(0, 20'000);
  it.tell(1, 8'000);
  it.pass(seconds{5});
  it.tell(1, 0);
  it.tell(0, 32'000);
  it.pass(seconds{5});
  it.disobey(0);
  // 31.9 A are drawn; an operator leaves 37 A: 37 A - 31.9 A is below the minimum of 6 A.
  it.watch.impose(domain::node_index{1U}, milliamperes{37'000}, it.now);
  for (int round = 0; round < 6; ++round) {
    it.tell(0, 32'000);
    it.tell(1, 0);
    it.pass(seconds{20});
  }
  EXPECT_EQ(it.rules(), rules{}) << it.first();
}

TEST(auditor, LIM_2_finds_what_is_held_above_an_operators_limit_after_the_settle_time) {
  told_yard it{two_points()};
  it.tell(0, 32'000);
  it.pass(seconds{5});
  it.watch.impose(domain::node_index{1U}, milliamperes{16'000}, it.now);
  it.pass(seconds{14});
  EXPECT_EQ(it.rules(), rules{});
  it.pass(seconds{2});
  EXPECT_EQ(it.rules(), rules{"LIM-7"});
  // 22 kW on three phases, and the fallback of the other.
  EXPECT_EQ(it.first(), "flow at f1 L1 mA: 37884 above 16000");
  const auto before = it.watch.finding_count();
  it.watch.impose(domain::node_index{1U}, std::nullopt, it.now);
  it.pass(seconds{2});
  EXPECT_EQ(it.watch.finding_count(), before);
}

TEST(auditor, LIM_4_finds_fallbacks_that_do_not_fit_together_once_no_lease_is_valid) {
  auto site = two_points();
  for (auto& station : site->stations) station.when_lost.current = milliamperes{25'000};
  told_yard it{site};
  it.tell(0, 20'000, seconds{10});
  it.tell(1, 20'000, seconds{10});
  it.pass(seconds{9});
  EXPECT_EQ(it.rules(), rules{}) << it.first();
  it.pass(seconds{8}); // 2 * 25 A on 40 A
  ASSERT_EQ(it.rules(), rules{"LIM-4"});
  EXPECT_EQ(it.watch.findings().back().text, "held at f1 L3 mA: 50000 above 40000");
}

} // namespace
} // namespace busbar::simulator
