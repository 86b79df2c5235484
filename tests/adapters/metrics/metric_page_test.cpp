#include "adapters/metrics/metric_page.hpp"
#include "tests/adapters/http/fake_cluster.hpp"
#include "tests/adapters/http/fake_engine.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

namespace busbar::tests {
namespace {

using adapters::metrics::metric_page;
using adapters::metrics::metric_settings;
using namespace std::chrono_literals;

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

class metric_page_text : public testing::Test {
protected:
  void SetUp() override { engine.publish(make_view(make_site("garage", 3))); }
  [[nodiscard]] std::string text(metric_settings settings = {}) const {
    return metric_page{engine, std::move(settings)}.text();
  }

  fake_engine engine;
};

TEST_F(metric_page_text, counts_what_the_engine_counts) {
  engine.counts.ingest.readings.add(41);
  engine.counts.ingest.dead_letters.add(domain::errc::out_of_range);
  engine.counts.planning.grants_lowered.add(3);
  engine.counts.sessions.energy_wh.add(2); // 2 Wh * 3600 J/Wh = 7200 J
  const std::string page = text();
  EXPECT_TRUE(has_line(page, "busbar_readings_total 41"));
  EXPECT_TRUE(has_line(page, "busbar_dead_letters_total{reason=\"out_of_range\"} 1"));
  EXPECT_TRUE(has_line(page, "busbar_dead_letters_total{reason=\"malformed\"} 0"));
  EXPECT_TRUE(has_line(page, "busbar_grants_total{kind=\"lowered\"} 3"));
  EXPECT_TRUE(has_line(page, "busbar_session_energy_joules_total 7200")) << page;
}

TEST_F(metric_page_text, puts_durations_into_cumulative_buckets_of_seconds) {
  for (const auto took : {5us, 40us, 60us, 20'000'000us, -3us})
    engine.counts.planning.plan_duration.observe(took);
  const std::string page = text();
  EXPECT_TRUE(has_line(page, "busbar_plan_duration_seconds_bucket{le=\"1e-05\"} 2")) << page;
  EXPECT_TRUE(has_line(page, "busbar_plan_duration_seconds_bucket{le=\"5e-05\"} 3"));
  EXPECT_TRUE(has_line(page, "busbar_plan_duration_seconds_bucket{le=\"10\"} 4"));
  EXPECT_TRUE(has_line(page, "busbar_plan_duration_seconds_bucket{le=\"+Inf\"} 5"));
  EXPECT_TRUE(has_line(page, "busbar_plan_duration_seconds_sum 20.000105")) << page;
}

TEST_F(metric_page_text, tells_load_limit_and_binding_source_of_a_node) {
  const std::string page = text();
  EXPECT_TRUE(has_line(page,
                       "busbar_node_limit_amperes{site=\"garage\",node=\"f1\",line=\"L2\"} 100"));
  // 14 A reserved of 100 A
  EXPECT_TRUE(has_line(page, "busbar_node_load_ratio{site=\"garage\",node=\"f1\"} 0.14")) << page;
  EXPECT_TRUE(has_line(
      page, "busbar_node_limit_source{site=\"garage\",node=\"f1\",source=\"rating\"} 1"));
}

TEST_F(metric_page_text, LIM_2_counts_unmanaged_load_on_both_sides_of_a_nodes_limit) {
  auto view = make_view(make_site("garage", 3));
  view.nodes[2].unmanaged.fill(domain::milliamperes{20'000});
  view.nodes[2].limit_now.fill(domain::milliamperes{80'000});
  view.nodes[1].source = domain::limit_source::unspecified;
  view.nodes[1].allowed.fill({});
  view.nodes[1].limit_now.fill({});
  engine.publish(view);
  const std::string page = text();
  const auto of_f1 = [&](const std::string& what, const char* value) {
    return has_line(page, "busbar_node_" + what +
                              "_amperes{site=\"garage\",node=\"f1\",line=\"L2\"} " + value);
  };
  EXPECT_TRUE(of_f1("limit", "100")) << page;
  EXPECT_TRUE(of_f1("reserved", "34")); // 14 A and 20 A
  EXPECT_TRUE(of_f1("unmanaged", "20"));
  EXPECT_TRUE(has_line(page, "busbar_node_load_ratio{site=\"garage\",node=\"f1\"} 0.34"));
  EXPECT_EQ(page.find("busbar_node_limit_amperes{site=\"garage\",node=\"t1\""),
            std::string::npos)
      << "nothing bounds it";
  EXPECT_TRUE(has_line(page, "busbar_node_load_ratio{site=\"garage\",node=\"t1\"} 0"));
}

TEST_F(metric_page_text, counts_a_limit_of_zero_as_full_where_anything_is_reserved) {
  auto view = make_view(make_site("garage", 3));
  view.nodes[1].limit_now.fill({});
  view.nodes[2].limit_now.fill({});
  view.nodes[2].reserved.fill({});
  engine.publish(view);
  const std::string page = text();
  EXPECT_TRUE(has_line(page, "busbar_node_load_ratio{site=\"garage\",node=\"t1\"} 1"));
  EXPECT_TRUE(has_line(page, "busbar_node_load_ratio{site=\"garage\",node=\"f1\"} 0"));
}

TEST_F(metric_page_text, sums_over_sites_and_breakers_of_the_node) {
  engine.publish(make_view(make_site("yard", 2)));
  const std::string page = text();
  EXPECT_TRUE(has_line(page, "busbar_sites{mode=\"controlling\"} 2"));
  EXPECT_TRUE(has_line(page, "busbar_connectors{state=\"SUPPLYING\"} 2"));
  EXPECT_TRUE(has_line(page, "busbar_power_watts 19320")); // 2 * 9660 W
  EXPECT_TRUE(has_line(page, "busbar_breakers{position=\"half-open\"} 2"));
  EXPECT_TRUE(has_line(page, "busbar_breakers{position=\"open\"} 1"));
  EXPECT_TRUE(has_line(page, "busbar_watchdogs_overdue 4"));
}

TEST_F(metric_page_text, leaves_out_series_of_stations_and_nodes_above_their_bounds) {
  EXPECT_NE(text().find("connector=\"CP-001-1\""), std::string::npos);
  metric_settings few;
  few.station_series_max = 2;
  EXPECT_EQ(text(few).find("connector=\"CP-001-1\""), std::string::npos);
  EXPECT_NE(text(few).find("node=\"f1\""), std::string::npos);
  few.node_series_max = 2;
  few.trouble_series_max = 0;
  EXPECT_EQ(text(few).find("site=\"garage\""), std::string::npos);
  EXPECT_TRUE(has_line(text(few), "busbar_stations 3"));
}

TEST_F(metric_page_text, tells_the_shedding_level_and_the_load_that_is_not_explained) {
  const std::string page = text();
  EXPECT_TRUE(has_line(page, "busbar_shedding_level{site=\"garage\"} 1"));
  EXPECT_TRUE(has_line(page, "busbar_shedding_forced{site=\"garage\"} 0"));
  EXPECT_TRUE(has_line(page, "busbar_shedding_load_ratio{site=\"garage\"} 0.962"));
  EXPECT_TRUE(has_line(page, "busbar_shedding_unexplained_ratio{site=\"garage\"} 0.12"));
  EXPECT_TRUE(has_line(page, "busbar_sites_shedding 1"));
}

TEST_F(metric_page_text, counts_limits_in_force_and_no_others) {
  auto view = make_view(make_site("garage", 3));
  view.constraints.push_back(view.constraints.front());
  view.constraints.back().from = view.at + domain::seconds{1};
  view.constraints.push_back(view.constraints.front());
  view.constraints.back().until = view.at;
  engine.publish(view);
  const std::string page = text();
  EXPECT_TRUE(has_line(page, "busbar_constraints{by=\"operator\"} 1"));
  EXPECT_TRUE(has_line(page, "busbar_constraints{by=\"demand_response\"} 0"));
  EXPECT_TRUE(has_line(page, "busbar_constraints{by=\"connector\"} 1"));
}

TEST_F(metric_page_text, SAFE_2_counts_stations_that_do_not_obey_by_step) {
  auto view = make_view(make_site("garage", 3));
  view.connectors[1].step = domain::escalation::lower_limit;
  view.connectors[2].step = domain::escalation::site_operator;
  view.connectors[2].tracking_error = domain::milliamperes{1'120};
  engine.publish(view);
  const std::string page = text();
  EXPECT_TRUE(has_line(page, "busbar_connectors_escalated{step=\"lower_limit\"} 1"));
  EXPECT_TRUE(has_line(page, "busbar_connectors_escalated{step=\"operator\"} 1"));
  EXPECT_TRUE(has_line(page, "busbar_connectors_escalated{step=\"tell_again\"} 0"));
  EXPECT_EQ(page.find("step=\"none\""), std::string::npos);
  EXPECT_TRUE(has_line(page, "busbar_connector_tracking_error_amperes{site=\"garage\","
                             "station=\"CP-003\",connector=\"CP-003-1\"} 1.12"));
  // (-0.12 + 1.12) A / 2 = 0.5 A
  EXPECT_TRUE(has_line(page, "busbar_site_tracking_error_amperes{site=\"garage\"} 0.5")) << page;
}

TEST_F(metric_page_text, tells_how_many_sessions_will_miss_how_much) {
  auto view = make_view(make_site("garage", 3)); // of CP-001's session 12 kWh will be missing
  view.connectors[2].shortfall = domain::watt_hours{500};
  engine.publish(view);
  auto yard = make_view(make_site("yard", 1));
  yard.connectors[0].shortfall = {};
  engine.publish(yard);
  const std::string page = text();
  EXPECT_TRUE(has_line(page, "busbar_sessions_short 2")) << page;
  EXPECT_TRUE(has_line(page, "busbar_site_sessions_short{site=\"garage\"} 2"));
  EXPECT_TRUE(has_line(page, "busbar_site_shortfall_wh{site=\"garage\"} 12500"));
  EXPECT_TRUE(has_line(page, "busbar_site_sessions_short{site=\"yard\"} 0"));
  EXPECT_TRUE(has_line(page, "busbar_site_shortfall_wh{site=\"yard\"} 0"));
}

TEST_F(metric_page_text, names_what_is_in_trouble) {
  auto site = make_site("garage", 3);
  auto view = make_view(site);
  view.stations[1].is_healthy = false;
  view.connectors[0].step = domain::escalation::remote_stop;
  view.breakers = {
      {"station:CP-002", "command channel", domain::breaker_position::open, 5, 5, 1, {}}};
  view.violations = {
      {"f1", "L1 above breaker", domain::severity::critical, {}, 70'000, 63'000, "ma"}};
  view.violations.push_back(view.violations.front()); // a series stands once
  engine.publish(view);
  const std::string page = text();
  for (const char* line :
       {"busbar_station_unhealthy{site=\"garage\",station=\"CP-002\"} 1",
        "busbar_connector_escalation{site=\"garage\",station=\"CP-001\",connector=\"CP-001-1\","
        "step=\"remote_stop\"} 1",
        "busbar_breaker_open{site=\"garage\",actor=\"station:CP-002\","
        "guards=\"command channel\"} 1",
        "busbar_violation{site=\"garage\",subject=\"f1\",what=\"L1 above breaker\","
        "level=\"critical\"} 1"}) {
    EXPECT_TRUE(has_line(page, line)) << page;
  }
  EXPECT_FALSE(has_line(text({.trouble_series_max = 0, .version = ""}),
                        "busbar_station_unhealthy{site=\"garage\",station=\"CP-002\"} 1"));
}

TEST_F(metric_page_text, takes_statistics_by_their_names) {
  metric_page page{engine, {}};
  page.add_statistics("http", [] {
    return std::map<std::string, double>{{"requests_total", 5}, {"broker-1.latency", 2}};
  });
  const std::string made = page.text();
  EXPECT_TRUE(has_line(made, "# TYPE busbar_http_requests_total counter"));
  EXPECT_TRUE(has_line(made, "busbar_http_broker_1_latency 2"));
  EXPECT_TRUE(has_line(made, "busbar_log_queue_depth 7"));
}

TEST_F(metric_page_text, counts_shards_by_where_they_are_owned) {
  const fake_cluster group;
  metric_page page{engine, {}};
  page.add_cluster(group);
  const std::string made = page.text();
  EXPECT_TRUE(has_line(made, "busbar_shards{state=\"here\"} 1"));
  EXPECT_TRUE(has_line(made, "busbar_shards{state=\"elsewhere\"} 2"));
  EXPECT_TRUE(has_line(made, "busbar_shards{state=\"unowned\"} 1"));
}

TEST_F(metric_page_text, tells_each_health_check) {
  engine.checks.push_back({"clock", false, false, "", 1us});
  EXPECT_TRUE(
      has_line(text(), "busbar_health_check_passing{check=\"clock\",critical=\"false\"} 0"));
}

TEST_F(metric_page_text, satisfies_promtool_s_rules_for_names_and_units) {
  if (std::system("promtool --version >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "needs promtool (Debian package prometheus)";
  const scratch_folder scratch;
  const auto file = scratch.write("page.txt", text());
  EXPECT_EQ(std::system(("promtool check metrics < " + file).c_str()), 0);
}

} // namespace
} // namespace busbar::tests
