#include "site/connector_table.hpp"
#include "site/image_writer.hpp"
#include "site/report_writer.hpp"
#include "site/table_inputs.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace busbar::site {

using domain::connector_index;
using domain::connector_state;
using domain::instant;
using domain::milliamperes;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const instant start{seconds{1'000'000}};

struct table_bench {
  std::shared_ptr<const site_layout> layout = lay_out(tests::site_builder{}
                                                          .feeder("f1", 63'000)
                                                          .station("A")
                                                          .fallback(6'000)
                                                          .station("B", 2)
                                                          .build());
  connector_table under_test{layout, 0, {}};
  std::vector<station_notice> notices;

  void read(instant at, connector_state state, std::int32_t ma, std::uint32_t connector = 0) {
    read_late(at, at, state, ma, connector);
  }
  void read_late(instant at, instant received_at, connector_state state, std::int32_t ma,
                 std::uint32_t connector = 0) {
    domain::reading reading;
    reading.connector = connector_index{connector};
    reading.measured_at = at;
    reading.state = state;
    reading.current_ma = {ma, ma, ma};
    reading.energy_wh = 1'000;
    under_test.apply(std::span{&reading, 1}, received_at, notices);
  }
  void grant(instant at, domain::sequence number, std::int64_t ma) {
    domain::command command;
    command.kind = domain::command_kind::grant;
    command.number = number;
    command.current = milliamperes{ma};
    command.lease = seconds{60};
    under_test.issued(command, at);
  }
  void answer(instant at, domain::sequence number, domain::outcome outcome) {
    under_test.apply(domain::command_result{connector_index{}, number, outcome, "", at}, at,
                     notices);
  }
  control::connector_image image(instant at) const {
    return image_of(under_test.rows(), connector_index{}, at);
  }
  const connector_row& row() const { return under_test.rows().connectors[0]; }
};

} // namespace

TEST(connector_table, LIM_8_a_session_counts_on_the_site_lines_that_its_readings_show) {
  auto site = *table_bench{}.layout->site;
  site.connectors[0].lines = {domain::line::l2, domain::line::l3, domain::line::l1};
  domain::seal(site);
  const auto layout = lay_out(std::make_shared<const domain::site>(site));
  connector_table under_test{layout, 0, {}};
  std::vector<station_notice> notices;
  domain::reading reading;
  reading.state = connector_state::supplying;
  reading.current_ma = {10'000, 0, 0};
  reading.power_w = 2'300;
  for (int second = 0; second <= 61; ++second) {
    reading.measured_at = start + seconds{second};
    under_test.apply(std::span{&reading, 1}, reading.measured_at, notices);
  }
  bay_report report;
  write_report(report, under_test, {1, reading.measured_at, true});
  domain::line_set l2;
  l2.add(domain::line::l2); // the connector's first
  EXPECT_EQ(report.rows[0].used_lines, l2);
  EXPECT_EQ(report.view->connectors[0].used_lines, l2);
  under_test.session_changed({});
  write_report(report, under_test, {2, reading.measured_at});
  EXPECT_EQ(report.rows[0].used_lines, std::nullopt);
}

TEST(connector_table, LIM_3_a_station_that_never_spoke_counts_with_its_fallback) {
  table_bench bench;
  const auto image = bench.image(start);
  EXPECT_FALSE(image.is_reachable);
  EXPECT_EQ(image.acknowledged.count(), 6'000);
}

TEST(connector_table, LIM_1_the_highest_value_on_its_way_counts_until_the_newest_is_acknowledged) {
  table_bench bench;
  bench.read(start, connector_state::supplying, 0);
  bench.grant(start, 1, 20'000);
  bench.grant(start, 2, 12'000);
  EXPECT_EQ(bench.image(start).told.count(), 12'000);
  EXPECT_EQ(bench.image(start).reserve.count(), 20'000); // 20 A may be in force
  bench.answer(start, 1, domain::outcome::accepted);
  EXPECT_EQ(bench.image(start).reserve.count(), 20'000);
  bench.answer(start, 2, domain::outcome::accepted);
  EXPECT_EQ(bench.image(start).acknowledged.count(), 12'000);
}

TEST(connector_table, LIM_1_a_vehicle_told_less_counts_with_what_it_had_until_a_reading_shows) {
  table_bench bench;
  bench.grant(start, 1, 32'000);
  bench.answer(start, 1, domain::outcome::accepted);
  bench.read(start + milliseconds{100}, connector_state::supplying, 10'000); // on its way up
  bench.grant(start + milliseconds{600}, 2, 12'000);
  bench.answer(start + milliseconds{700}, 2, domain::outcome::accepted);
  EXPECT_EQ(bench.image(start + milliseconds{700}).acknowledged.count(), 12'000);
  EXPECT_EQ(bench.image(start + milliseconds{700}).reserve.count(), 32'000);
  // A decrease after the decrease: still what it had before both.
  bench.grant(start + milliseconds{800}, 3, 8'000);
  bench.answer(start + milliseconds{900}, 3, domain::outcome::accepted);
  EXPECT_EQ(bench.image(start + milliseconds{900}).reserve.count(), 32'000);
  // A reading from before the answer says nothing; one from after it does.
  bench.read(start + milliseconds{850}, connector_state::supplying, 25'000);
  EXPECT_EQ(bench.image(start + milliseconds{950}).reserve.count(), 32'000);
  bench.read(start + milliseconds{1'000}, connector_state::supplying, 21'000);
  EXPECT_EQ(bench.image(start + milliseconds{1'000}).reserve.count(), 21'000);
  EXPECT_EQ(bench.image(start + milliseconds{1'000}).drawn.count(), 21'000);
}

TEST(connector_table, LIM_1_a_vehicle_of_which_no_reading_comes_has_followed_after_five_seconds) {
  table_bench bench;
  bench.grant(start, 1, 32'000);
  bench.answer(start, 1, domain::outcome::accepted);
  bench.read(start, connector_state::supplying, 10'000);
  bench.grant(start + seconds{1}, 2, 12'000);
  bench.answer(start + seconds{1}, 2, domain::outcome::accepted);
  EXPECT_EQ(bench.image(start + milliseconds{5'999}).reserve.count(), 32'000);
  EXPECT_EQ(bench.image(start + seconds{6}).reserve.count(), 12'000);
}

TEST(connector_table, a_reading_that_says_which_command_it_obeys_acknowledges_it) {
  table_bench bench;
  bench.grant(start, 7, 12'000);
  domain::reading reading;
  reading.measured_at = start;
  reading.obeyed = 7;
  bench.under_test.apply(std::span{&reading, 1}, start, bench.notices);
  EXPECT_EQ(bench.image(start).acknowledged.count(), 12'000);
}

TEST(connector_table, a_refused_raise_leaves_what_was_in_force) {
  table_bench bench;
  bench.read(start, connector_state::supplying, 0);
  bench.grant(start, 1, 10'000);
  bench.answer(start, 1, domain::outcome::accepted);
  bench.grant(start, 2, 16'000);
  bench.answer(start, 2, domain::outcome::refused);
  EXPECT_EQ(bench.image(start).told.count(), 16'000); // it may still take what it refused
  ASSERT_EQ(bench.notices.size(), 1u);
  EXPECT_EQ(bench.notices[0].answer, domain::outcome::refused);
}

TEST(connector_table, a_grant_accepted_in_good_time_waits_for_the_next_message_to_its_station) {
  table_bench bench;
  bench.grant(start, 1, 10'000);
  bench.answer(start + milliseconds{2'999}, 1, domain::outcome::accepted);
  EXPECT_TRUE(bench.notices.empty());
  EXPECT_EQ(bench.image(start + seconds{3}).acknowledged.count(), 10'000); // at once
  EXPECT_EQ(bench.under_test.supervision(domain::station_index{}).take_routine(), 1);
  EXPECT_EQ(bench.under_test.supervision(domain::station_index{}).take_routine(), 0);
}

TEST(connector_table, a_slow_answer_is_news_to_its_station) {
  table_bench bench;
  bench.grant(start, 1, 10'000);
  bench.answer(start + seconds{3}, 1, domain::outcome::accepted);
  ASSERT_EQ(bench.notices.size(), 1u);
  EXPECT_EQ(bench.notices[0].took, seconds{3});
}

TEST(connector_table, every_answer_is_news_to_a_station_whose_breaker_is_not_closed) {
  table_bench bench;
  control::safety::breaker breaker;
  static_cast<void>(breaker.force_open(start));
  bench.under_test.supervision(domain::station_index{}).breaker_changed(breaker);
  bench.grant(start, 1, 10'000);
  bench.answer(start, 1, domain::outcome::accepted);
  ASSERT_EQ(bench.notices.size(), 1u);
}

TEST(connector_table, awaits_the_plan_where_a_lease_is_to_be_renewed) {
  table_bench bench;
  const auto awaits = [&](instant at) {
    bay_report report;
    write_report(report, bench.under_test, {1, at});
    return report.awaits_plan;
  };
  EXPECT_FALSE(awaits(start)); // nothing is heard of anybody
  bench.read(start, connector_state::supplying, 0);
  bench.grant(start, 1, 10'000);
  EXPECT_FALSE(awaits(start + seconds{30})); // it has not answered
  bench.answer(start, 1, domain::outcome::accepted);
  EXPECT_FALSE(awaits(start + seconds{10}));
  EXPECT_TRUE(awaits(start + seconds{20})); // a third of 60 s
}

std::size_t disobedience_in(const std::vector<station_notice>& notices) {
  return static_cast<std::size_t>(std::count_if(
      notices.begin(), notices.end(),
      [](const auto& notice) { return notice.kind == notice_kind::disobeys; }));
}

TEST(connector_table, SAFE_2_a_draw_of_the_fallback_after_a_lease_is_no_disobedience) {
  table_bench bench;
  bench.read(start, connector_state::supplying, 0);
  bench.grant(start, 1, 0);
  bench.answer(start, 1, domain::outcome::accepted);
  // Readings come through, commands do not: from 54 s on (a lease of 60 s) it may have fallen back.
  for (int second = 54; second < 80; ++second)
    bench.read(start + seconds{second}, connector_state::supplying, 6'000);
  EXPECT_EQ(disobedience_in(bench.notices), 0u);
  for (int second = 80; second < 82; ++second)
    bench.read(start + seconds{second}, connector_state::supplying, 16'000);
  EXPECT_EQ(disobedience_in(bench.notices), 1u);
}

TEST(connector_table, LIM_4_the_fallback_of_this_revision_is_accepted_with_a_grant_of_it) {
  table_bench bench;
  domain::site_state state;
  state.told.push_back({connector_index{}, 5, milliamperes{10'000}, milliamperes{10'000}});
  bench.under_test.restore(state);
  const auto is_accepted = [&] {
    return bench.row().ledger.facts().is_fallback_accepted;
  };
  bench.answer(start, 5, domain::outcome::accepted);
  EXPECT_FALSE(is_accepted()) << "a grant of the revision before";
  bench.grant(start, 6, 10'000);
  EXPECT_FALSE(is_accepted());
  bench.answer(start, 6, domain::outcome::refused);
  EXPECT_FALSE(is_accepted());
  bench.grant(start, 7, 10'000);
  bench.answer(start, 7, domain::outcome::accepted);
  EXPECT_TRUE(is_accepted());
}

TEST(connector_table, LIM_1_an_answer_of_an_epoch_before_settles_no_grant) {
  table_bench bench;
  bench.grant(start, 1, 16'000);
  bench.answer(start, 1, domain::outcome::accepted);
  bench.grant(start, 2, 8'000);
  const domain::command_result late{connector_index{}, 2, domain::outcome::accepted, "", start};
  bench.notices.clear();
  take_answers(bench.under_test, {std::span{&late, 1}, start, true}, bench.notices);
  ASSERT_EQ(bench.notices.size(), 1u);
  EXPECT_EQ(bench.notices[0].number, 2u);
  EXPECT_TRUE(bench.notices[0].is_of_before);
  EXPECT_EQ(bench.row().ledger.facts().currents.unanswered, milliamperes{16'000})
      << "16 A count still";
}

TEST(connector_table, SAFE_2_readings_that_a_broker_held_back_are_no_disobedience) {
  table_bench bench;
  bench.read(start, connector_state::supplying, 16'000);
  bench.grant(start, 1, 8'000);
  bench.answer(start, 1, domain::outcome::accepted);
  // The vehicle follows in 5 s; what it drew until then arrives after 12 s.
  for (int second = 1; second < 12; ++second)
    bench.read_late(start + seconds{second}, start + seconds{12}, connector_state::supplying,
                    second < 5 ? 16'000 : 8'000);
  EXPECT_EQ(disobedience_in(bench.notices), 0u);
  for (int second = 12; second < 14; ++second)
    bench.read_late(start + seconds{second}, start + seconds{15}, connector_state::supplying,
                    16'000);
  EXPECT_EQ(disobedience_in(bench.notices), 1u) << "late, and still above";
}

TEST(connector_table, SAFE_2_a_station_that_is_told_the_same_by_the_next_engine_is_watched) {
  table_bench bench;
  domain::site_state state;
  state.told.push_back({connector_index{}, 5, milliamperes{10'000}, milliamperes{10'000}});
  bench.under_test.restore(state);
  bench.grant(start, 6, 10'000);
  bench.answer(start, 6, domain::outcome::accepted);
  for (int second = 5; second < 7; ++second)
    bench.read(start + seconds{second}, connector_state::supplying, 16'000);
  EXPECT_EQ(disobedience_in(bench.notices), 1u);
}

TEST(connector_table, SAFE_2_one_that_did_not_obey_and_falls_silent_counts_with_what_it_drew) {
  table_bench bench;
  bench.grant(start, 1, 8'000);
  bench.answer(start, 1, domain::outcome::accepted);
  int second = 1;
  for (; second < 40; ++second)
    bench.read(start + seconds{second}, connector_state::supplying, 30'000);
  ASSERT_TRUE(bench.image(start + seconds{second}).is_disobeying);
  const auto later = start + std::chrono::minutes{10};
  bench.under_test.check(later, bench.notices);
  EXPECT_FALSE(bench.image(later).is_reachable);
  EXPECT_EQ(bench.image(later).drawn.count(), 30'000);
}

TEST(connector_table, SAFE_1_a_lease_that_runs_out_leaves_the_fallback) {
  table_bench bench;
  bench.read(start, connector_state::supplying, 20'000);
  bench.grant(start, 1, 20'000);
  bench.answer(start, 1, domain::outcome::accepted);
  const auto silent_since = start + seconds{119};
  bench.under_test.check(silent_since, bench.notices);
  EXPECT_EQ(bench.image(silent_since).acknowledged.count(), 20'000);
  const auto fallen_back = start + seconds{125}; // timeout 120 s + 5 s of grace
  bench.under_test.check(fallen_back, bench.notices);
  const auto image = bench.image(fallen_back);
  EXPECT_EQ(std::max({image.told, image.acknowledged, image.drawn}).count(), 6'000);
}

TEST(connector_table, LIM_3_a_probe_of_a_silent_station_does_not_undo_its_fallback) {
  table_bench bench;
  bench.read(start, connector_state::activated, 0);
  bench.grant(start, 1, 0);
  bench.answer(start, 1, domain::outcome::accepted);
  EXPECT_EQ(bench.image(start).acknowledged.count(), 0);
  // Probes without an answer; the acknowledged lease ends at 60 s.
  bench.grant(start + seconds{45}, 2, 0);
  EXPECT_EQ(bench.image(start + seconds{45}).acknowledged.count(), 0);
  // The others need 14 s to make room for it.
  EXPECT_EQ(bench.image(start + seconds{46}).acknowledged.count(), 6'000);
  bench.grant(start + seconds{60}, 3, 0);
  bench.read(start + seconds{61}, connector_state::activated, 0);
  EXPECT_EQ(bench.image(start + seconds{61}).acknowledged.count(), 6'000);
  bench.answer(start + seconds{62}, 3, domain::outcome::accepted);
  EXPECT_EQ(bench.image(start + seconds{62}).acknowledged.count(), 0);
}

TEST(connector_table, LIM_3_a_bay_reports_what_its_rows_draw_and_what_they_have_released) {
  table_bench bench;
  for (int second = 0; second <= 2; ++second)
    bench.read(start + seconds{second}, connector_state::supplying, 25'000);
  bay_report report;
  write_report(report, bench.under_test, {1, start + seconds{10}});
  EXPECT_EQ(report.drawn[0].count(), 25'000); // silent, reserved at no less, and not stale yet
  EXPECT_EQ(report.released[0].count(), 0);
  const auto back = start + seconds{12};
  bench.read(back, connector_state::activated, 0);
  write_report(report, bench.under_test, {2, back});
  EXPECT_EQ(report.drawn[0].count(), 0);
  EXPECT_EQ(report.released[0].count(), 25'000);
  EXPECT_EQ(report.released_at, back);
}

TEST(connector_table, LIM_1_export_loads_its_line_like_charging_does) {
  table_bench bench;
  bench.read(start, connector_state::supplying, -16'000);
  EXPECT_EQ(bench.image(start).drawn.count(), 16'000);
  bay_report report;
  write_report(report, bench.under_test, {1, start});
  EXPECT_EQ(report.drawn[0].count(), -16'000) << "what a meter above it sees";
}

TEST(connector_table, LIM_3_export_that_falls_silent_may_end_at_any_time_and_frees_nothing) {
  table_bench bench;
  bench.grant(start, 1, 16'000);
  bench.read(start, connector_state::supplying, -16'000);
  bay_report report;
  const auto stale = start + seconds{31};
  write_report(report, bench.under_test, {1, stale});
  EXPECT_EQ(report.silent_rows, 3u);
  EXPECT_EQ(report.drawn[0].count(), -16'000) << "the meter reads low by it as long as it goes on";
  EXPECT_EQ(report.released[0].count(), 0);
  bench.under_test.check(start + seconds{125}, bench.notices); // fallen back
  write_report(report, bench.under_test, {2, start + seconds{125}});
  EXPECT_EQ(report.drawn[0].count(), 0);
}

TEST(connector_table, LIM_3_of_readings_around_the_meters_sample_the_smaller_is_taken_off) {
  table_bench bench;
  bench.read(start, connector_state::supplying, 6'000);
  bench.read(start + seconds{1}, connector_state::supplying, 16'000);
  bay_report report;
  const auto sampled_between = start + milliseconds{800};
  write_report(report, bench.under_test, {1, start + seconds{1}, false, sampled_between});
  EXPECT_EQ(report.drawn[0].count(), 6'000) << "the 16 A may not have flowed yet";
  write_report(report, bench.under_test, {2, start + seconds{1}, false, start + seconds{1}});
  EXPECT_EQ(report.drawn[0].count(), 16'000);
  bench.read(start + seconds{2}, connector_state::supplying, 10'000);
  write_report(report, bench.under_test,
               {3, start + seconds{2}, false, start + milliseconds{1'800}});
  EXPECT_EQ(report.drawn[0].count(), 10'000) << "on its way down";
}

TEST(connector_table, LIM_3_a_stale_row_has_released_what_it_drew) {
  table_bench bench;
  bench.read(start, connector_state::supplying, 25'000);
  bay_report report;
  const auto stale_after = bench.layout->site->input.stale_after;
  write_report(report, bench.under_test, {1, start + stale_after + seconds{1}});
  EXPECT_EQ(report.drawn[0].count(), 0);
  EXPECT_EQ(report.released[0].count(), 25'000);
  // After as long again the meter was sampled without it, or is lost.
  write_report(report, bench.under_test, {2, start + 2 * stale_after + seconds{1}});
  EXPECT_EQ(report.released[0].count(), 0);
}

TEST(connector_table, older_and_repeated_readings_change_nothing) {
  table_bench bench;
  bench.read(start, connector_state::supplying, 20'000);
  bench.read(start - seconds{1}, connector_state::faulted, 0);
  bench.read(start, connector_state::disconnected, 0);
  EXPECT_EQ(bench.row().observed.newest().state, connector_state::supplying);
}

TEST(connector_table, LIM_3_a_clock_that_runs_ahead_does_not_keep_a_station_fresh) {
  table_bench bench;
  domain::reading reading;
  reading.measured_at = start + seconds{500};
  bench.under_test.apply(std::span{&reading, 1}, start, bench.notices);
  EXPECT_FALSE(bench.image(start + seconds{31}).is_reachable);
}

TEST(connector_table, a_command_without_answer_is_noticed_once) {
  table_bench bench;
  bench.read(start, connector_state::supplying, 0);
  bench.grant(start, 1, 10'000);
  bench.under_test.check(start + seconds{5}, bench.notices);
  EXPECT_TRUE(bench.notices.empty());
  bench.under_test.check(start + seconds{6}, bench.notices);
  bench.under_test.check(start + seconds{7}, bench.notices);
  ASSERT_EQ(bench.notices.size(), 1u);
  EXPECT_EQ(bench.notices[0].kind, notice_kind::overdue);
}

TEST(connector_table, an_answer_is_not_overdue_for_the_time_in_which_the_node_itself_was_late) {
  table_bench bench;
  bench.under_test.check(start, bench.notices);
  bench.grant(start, 1, 6'000);
  // 8 s without a check, 2 s of which are none of its lateness: the station had 2 s.
  bench.under_test.check(start + seconds{8}, bench.notices);
  EXPECT_TRUE(bench.notices.empty());
  bench.under_test.check(start + seconds{10}, bench.notices);
  EXPECT_TRUE(bench.notices.empty()) << "4 s";
  bench.under_test.check(start + seconds{12}, bench.notices);
  EXPECT_EQ(bench.notices.size(), 1u) << "6 s, of 5 s";
}

TEST(connector_table, an_order_counts_as_told_before_it_is_a_command) {
  table_bench bench;
  bench.read(start, connector_state::supplying, 0);
  plan_orders plan;
  plan.now = start;
  plan.is_safe = true;
  plan.orders.push_back({connector_index{}, milliamperes{16'000}, {}, false});
  plan.bay_begin = {0, 1};
  std::vector<station_order> orders;
  bench.under_test.order(plan, orders);
  EXPECT_EQ(bench.image(start).told.count(), 16'000);
  bench.under_test.not_issued(connector_index{});
  EXPECT_EQ(bench.image(start).told.count(), 0);
}

TEST(connector_table, one_or_two_failed_checks_of_a_monitor_change_nothing) {
  table_bench bench;
  domain::health_report report{start, domain::station_index{}, false, 2};
  EXPECT_FALSE(bench.under_test.apply(report));
  report.failures = 3;
  EXPECT_TRUE(bench.under_test.apply(report));
  report.failures = 1;
  EXPECT_FALSE(bench.under_test.apply(report));
  EXPECT_TRUE(bench.under_test.rows().stations[0].is_unhealthy());
  report.is_healthy = true;
  EXPECT_TRUE(bench.under_test.apply(report));
}

TEST(connector_table, what_it_remembers_restores_another_one) {
  table_bench bench;
  bench.read(start, connector_state::supplying, 0);
  bench.grant(start, 9, 16'000);
  bay_report report;
  write_report(report, bench.under_test, {1, start});
  ASSERT_TRUE(report.memory);
  domain::site_state state;
  state.told = report.memory->told;
  table_bench successor;
  successor.under_test.restore(state);
  EXPECT_EQ(successor.image(start).told.count(), 16'000);
}

} // namespace busbar::site
