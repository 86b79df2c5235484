// What a site file says of the site as a whole and of what protects a node. Each refusal states the
// field, the value and what is allowed.

#include "adapters/config/site_file.hpp"
#include "tests/adapters/site_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace busbar::adapters::config {

using domain::milliamperes;
using domain::permille;
using tests::faults_of;
using tests::read;
using tests::site_text;

namespace {

std::string faults_of_site(const std::string& lines) { return faults_of({.site = lines}); }
std::string faults_of_feeder(const std::string& lines) { return faults_of({.feeder = lines}); }

} // namespace

TEST(site_settings, a_file_that_states_none_has_the_defaults) {
  const auto site = read({});
  EXPECT_EQ(site.input, domain::input_settings{});
  EXPECT_EQ(site.shedding, domain::shedding_settings{});
  EXPECT_FALSE(site.ramping);
  EXPECT_EQ(site.by_priority, domain::priority_order::weighted);
  EXPECT_EQ(site.nodes[2].protection, domain::node_protection{});
  EXPECT_EQ(site.nodes[0].continuous, permille{1'000});
}

TEST(site_settings, SAFE_1_what_is_done_without_input_is_read_whole) {
  const auto site = read({.site = "[site.input]\nstale_after_s = 20\nwhen_stale = \"hold-last\"\n"
                                  "hold_max_s = 90\ncycles_max = 7\ncold_start = \"safe-zero\"\n"});
  EXPECT_EQ(site.input.stale_after, domain::seconds{20});
  EXPECT_EQ(site.input.when_stale, domain::stale_input_policy::hold_last);
  EXPECT_EQ(site.input.hold_max, domain::seconds{90});
  EXPECT_EQ(site.input.cycles_max, 7);
  EXPECT_EQ(site.input.cold_start, domain::stale_input_policy::safe_zero);
}

TEST(site_settings, FAIR_2_turn_lengths_and_delays_are_settings_of_the_site) {
  const auto site = read({.site = "[site.turns]\non_min_s = 900\noff_min_s = 120\n"
                                  "patience_s = 3600\nblink_s = 60\nasleep_after_s = 900\n"
                                  "probe_after_s = 1200\n"
                                  "reclaim_after_s = 90\n"});
  EXPECT_EQ(site.turns.on_min, domain::seconds{900});
  EXPECT_EQ(site.turns.off_min, domain::seconds{120});
  EXPECT_EQ(site.turns.patience, domain::seconds{3'600});
  EXPECT_EQ(site.turns.blink_max, domain::seconds{60});
  EXPECT_EQ(site.turns.asleep_after, domain::seconds{900});
  EXPECT_EQ(site.turns.probe_after, domain::seconds{1'200});
  EXPECT_EQ(site.turns.reclaim_after, domain::seconds{90});
  EXPECT_EQ(read({}).turns, domain::turn_settings{});
  EXPECT_NE(site.revision, read({}).revision) << "a change of a setting is a new revision";
}

TEST(site_settings, FAIR_2_turn_settings_out_of_range_are_refused) {
  EXPECT_EQ(faults_of_site("[site.turns]\non_min_s = 59\noff_min_s = 3601\npatience_s = 299\n"
                           "blink_s = -1\nasleep_after_s = 9\nprobe_after_s = 59\n"
                           "reclaim_after_s = 3601\n"),
            "site turns: `on_min_s` is 59: allowed is a whole number, 60 to 7200 s\n"
            "site turns: `off_min_s` is 3601: allowed is a whole number, 0 to 3600 s\n"
            "site turns: `patience_s` is 299: allowed is a whole number, 300 to 86400 s\n"
            "site turns: `blink_s` is -1: allowed is a whole number, 0 to 3600 s\n"
            "site turns: `asleep_after_s` is 9: allowed is a whole number, 10 to 3600 s\n"
            "site turns: `probe_after_s` is 59: allowed is a whole number, 60 to 86400 s\n"
            "site turns: `reclaim_after_s` is 3601: allowed is a whole number, 10 to 3600 s\n");
}

TEST(site_settings, LIM_8_what_is_made_of_unused_lines_is_a_setting_of_the_site) {
  const auto site = read({.site = "[site.lines]\nlearned = false\nchanges_at_once = 7\n"});
  EXPECT_FALSE(site.lines.are_learned);
  EXPECT_EQ(site.lines.changes_at_once, 7);
  EXPECT_EQ(read({}).lines, domain::line_settings{});
  EXPECT_NE(read({.site = "[site.lines]\nlearned = false\n"}).revision, read({}).revision);
  EXPECT_NE(read({.site = "[site.lines]\nchanges_at_once = 4\n"}).revision, read({}).revision);
  EXPECT_EQ(faults_of_site("[site.lines]\nlearned = 1\nchanges_at_once = 9\n"),
            "site lines: `learned` is 1: allowed are true, false\n"
            "site lines: `changes_at_once` is 9: allowed is a whole number, 1 to 8 vehicles\n");
}

TEST(site_settings, SAFE_1_the_oldest_two_may_stand_in_the_site_table_but_not_twice) {
  const auto site = read({.site = "stale_after_s = 12\nwhen_stale = \"safe-zero\"\n"});
  EXPECT_EQ(site.input.stale_after, domain::seconds{12});
  EXPECT_EQ(site.input.when_stale, domain::stale_input_policy::safe_zero);
  EXPECT_EQ(faults_of_site("stale_after_s = 12\n[site.input]\nstale_after_s = 12\n"),
            "site input: `stale_after_s` stands in [site] too: allowed is one place, best "
            "[site.input]\n");
}

TEST(site_settings, SAFE_1_input_settings_out_of_range_are_refused) {
  EXPECT_EQ(faults_of_site("[site.input]\nstale_after_s = 1\nhold_max_s = 121\ncycles_max = 0\n"
                           "cold_start = \"exclude\"\nwhen_stale = \"never\"\n"),
            "site input: `stale_after_s` is 1: allowed is a whole number, 2 to 3600 s\n"
            "site input: `hold_max_s` is 121: allowed is a whole number, 0 to 120 s\n"
            "site input: `cycles_max` is 0: allowed is a whole number, 1 to 100 cycles\n"
            "site input: `cold_start` is 'exclude': allowed are safe-zero, hold-last\n"
            "site input: `when_stale` is 'never': allowed are safe-zero, hold-last, exclude\n");
}

TEST(site_settings, load_shedding_is_read_whole_and_falls_below_where_it_rises) {
  const auto site = read({.site = "[site.load_shedding]\nenabled = false\nrise_permille = 900\n"
                                  "fall_permille = 700\nunexplained_permille = 20\n"
                                  "dwell_up_s = 0.5\ndwell_down_s = 90\n"});
  EXPECT_FALSE(site.shedding.is_enabled);
  EXPECT_EQ(site.shedding.rise, permille{900});
  EXPECT_EQ(site.shedding.fall, permille{700});
  EXPECT_EQ(site.shedding.unexplained, permille{20});
  EXPECT_EQ(site.shedding.dwell_up, domain::microseconds{500'000});
  EXPECT_EQ(site.shedding.dwell_down, domain::microseconds{90'000'000});
  EXPECT_EQ(faults_of_site("[site.load_shedding]\nrise_permille = 850\n"),
            "site load_shedding: `fall_permille` is 850: allowed is below `rise_permille`, 850\n");
}

TEST(site_settings, RAMP_1_a_ramp_is_read_in_amperes_and_kilowatts_a_second) {
  const auto site = read(
      {.site = "[site.ramp]\nup_a_per_s = 1.5\ndc_up_kw_per_s = 7.25\ndead_band_a = 0.25\n"});
  ASSERT_TRUE(site.ramping);
  EXPECT_EQ(site.ramping->up_per_second, milliamperes{1'500});
  EXPECT_EQ(site.ramping->dc_up_per_second, domain::watts{7'250});
  EXPECT_EQ(site.ramping->dead_band, milliamperes{250});
  EXPECT_EQ(faults_of_site("[site.ramp]\nup_a_per_s = 0\n"),
            "site ramp: `up_a_per_s` is 0: allowed is 0.001 to 1000 A/s\n");
}

TEST(site_settings, FAIR_3_how_priorities_and_states_of_charge_count_is_read) {
  const auto site = read({.site = "priority = \"strict\"\nsoc_target_permille = 900\n"
                                  "soc_reserve_permille = 300\ntracking_window = 30\n"});
  EXPECT_EQ(site.by_priority, domain::priority_order::strict);
  EXPECT_EQ(site.soc_target, permille{900});
  EXPECT_EQ(site.soc_reserve, permille{300});
  EXPECT_EQ(site.tracking_window, 30U);
  EXPECT_EQ(faults_of_site("soc_target_permille = 150\n"),
            "site: `soc_reserve_permille` is 200: allowed is at most `soc_target_permille`, 150\n");
}

TEST(site_settings, LIM_2_continuous_load_counts_at_four_fifths_unless_a_node_says_otherwise) {
  auto site = read({.site = "continuous = true\n", .transformer = "continuous = false\n",
                    .feeder = "continuous_permille = 900\n"});
  EXPECT_EQ(site.nodes[0].continuous, permille{800});
  EXPECT_EQ(site.nodes[1].continuous, permille{1'000});
  EXPECT_EQ(site.nodes[2].continuous, permille{900});
  site = read({.feeder = "continuous = true\n"});
  EXPECT_EQ(site.nodes[0].continuous, permille{1'000});
  EXPECT_EQ(site.nodes[2].continuous, permille{800});
}

TEST(site_settings, LIM_2_what_protects_a_feeder_is_read_whole) {
  const auto site = read({.feeder = "meter = true\nunmanaged_max_a = 0\n"
                                    "peak_demand_w = 40000\napparent_va = 44000\n"
                                    "ambient_c = 41.5\n"
                                    "[node.breaker]\nrated_a = 63\nholds_permille = 1100\n"
                                    "time_constant_s = 900\ncurve = \"D\"\n"
                                    "[node.cable]\ntabled_a = 80.5\nconductor_max_c = 90\n"
                                    "reference_c = 25\ngrouping_permille = 800\n"
                                    "[node.imbalance]\ndifference_a = 16\nsingle_line_va = 4600\n"
                                    "of_mean_permille = 200\n"
                                    "[node.voltage]\nstart_permille = 930\nstop_permille = 890\n"
                                    "[node.frequency]\nstart_hz = 49.75\nstop_hz = 48.5\n"});
  const auto& own = site.nodes[2].protection;
  EXPECT_EQ(own.peak_demand, domain::watts{40'000});
  EXPECT_EQ(own.apparent, domain::volt_amperes{44'000});
  EXPECT_EQ(own.ambient, domain::millidegrees_celsius{41'500});
  EXPECT_EQ(own.breaker, (domain::breaker_data{milliamperes{63'000}, permille{1'100},
                                               domain::seconds{900}, 10}));
  EXPECT_EQ(own.cable,
            (domain::cable_data{milliamperes{80'500}, domain::millidegrees_celsius{90'000},
                                domain::millidegrees_celsius{25'000}, permille{800}}));
  EXPECT_EQ(own.imbalance, (domain::imbalance_rule{milliamperes{16'000},
                                                   domain::volt_amperes{4'600}, permille{200}}));
  EXPECT_EQ(own.voltage, (domain::voltage_band{permille{930}, permille{890}}));
  EXPECT_EQ(own.frequency, (domain::frequency_droop{49'750, 48'500}));
}

TEST(site_settings, LIM_2_a_breakers_curve_is_told_by_its_letter) {
  const auto instantaneous = [](const std::string& curve) {
    const auto site = read({.feeder = "[node.breaker]\nrated_a = 63\n" + curve});
    return site.nodes[2].protection.breaker->instantaneous_from;
  };
  EXPECT_EQ(instantaneous(""), 3);
  EXPECT_EQ(instantaneous("curve = \"B\"\n"), 3);
  EXPECT_EQ(instantaneous("curve = \"C\"\n"), 5);
  EXPECT_EQ(instantaneous("curve = \"D\"\n"), 10);
}

TEST(site_settings, LIM_2_a_transformers_thermal_rule_is_read_whole) {
  const auto site = read({.transformer = "[node.thermal]\ncooling = \"onaf\"\noil_max_c = 95\n"
                                         "hot_spot_max_c = 110\nload_max_permille = 1200\n"});
  EXPECT_EQ(site.nodes[1].protection.thermal,
            (domain::thermal_rule{domain::cooling::onaf, domain::millidegrees_celsius{95'000},
                                  domain::millidegrees_celsius{110'000}, permille{1'200}}));
  EXPECT_EQ(faults_of_feeder("[node.thermal]\n"),
            "node f1: `thermal` belongs to nodes of kind \"transformer\" only\n");
}

TEST(site_settings, LIM_2_a_transformer_has_a_rated_current_and_a_voltage) {
  auto text = site_text{.connector = "power_w = 11000\n"}.text();
  text.erase(text.find("secondary_v = 400\n"), 18);
  const auto loaded = parse_site(text, "site.toml");
  ASSERT_EQ(loaded.faults.size(), 1U);
  EXPECT_EQ(loaded.faults[0].message,
            "node t1: `secondary_v` is missing for a transformer: 50 to 100000 V");
  text = site_text{}.text();
  text.replace(text.find("100000\nsecondary_v = 400"), 24, "17\nsecondary_v = 10000");
  // 17 VA / (sqrt 3 * 10 000 V) = 0.98 mA
  EXPECT_EQ(parse_site(text, "site.toml").faults.at(0).message,
            "node t1: `rated_va` is 17 VA: allowed is at least 0.001 A of line current at "
            "`secondary_v`");
}

TEST(site_settings, what_a_meter_must_measure_needs_one) {
  const std::string why = " needs `meter = true`: it holds what this node's meter measures\n";
  EXPECT_EQ(faults_of_feeder("[node.imbalance]\ndifference_a = 20\n"),
            "node f1: `imbalance`" + why);
  EXPECT_EQ(faults_of_feeder("[node.voltage]\n"), "node f1: `voltage`" + why);
  EXPECT_EQ(faults_of_feeder("[node.frequency]\n"), "node f1: `frequency`" + why);
  EXPECT_EQ(faults_of_feeder("apparent_va = 1000\n"), "node f1: `apparent_va`" + why);
}

TEST(site_settings, LIM_3_a_meter_states_the_most_that_is_drawn_beside_the_connectors) {
  const auto site = read({.feeder = "meter = true\nunmanaged_max_a = [40, 30.5, 0]\n"
                                    "export_room_permille = 700\n"});
  EXPECT_EQ(site.nodes[2].unmanaged_max,
            (domain::per_line<milliamperes>{milliamperes{40'000}, milliamperes{30'500}, {}}));
  EXPECT_EQ(site.nodes[2].export_room, permille{700});
  EXPECT_EQ(faults_of_feeder("meter = true\n"),
            "node f1: `unmanaged_max_a` is missing beside `meter = true`: the most that is drawn "
            "beside the connectors, 0 to 100000 A; it counts while the meter is lost\n");
  EXPECT_EQ(faults_of_feeder("unmanaged_max_a = 40\n"),
            "node f1: `unmanaged_max_a` needs `meter = true`: it is about what the meter "
            "measures\n");
  EXPECT_EQ(faults_of_feeder("export_room_permille = 1\n"),
            "node f1: `export_room_permille` needs `meter = true`: it is about what the meter "
            "measures\n");
  EXPECT_EQ(faults_of_feeder("meter = true\nunmanaged_max_a = -1\n"
                             "export_room_permille = 1001\n"),
            "node f1: `unmanaged_max_a` is -1: allowed is 0 to 100000 A\n"
            "node f1: `export_room_permille` is 1001: allowed is a whole number, 0 to 1000 "
            "permille\n");
}

TEST(site_settings, LIM_4_the_building_counts_beside_the_fallbacks) {
  const std::string maintain = "fallback = { action = \"maintain\" }\n";
  const std::string breaker = "[node.breaker]\nrated_a = 32\n";
  EXPECT_EQ(faults_of({.feeder = "meter = true\nunmanaged_max_a = 16.1\n" + breaker,
                       .station = maintain}),
            "f1 L1: fallbacks 16 A beside 16.1 A of unmanaged load, breaker allows 32 A; "
            "0 of 1 connectors at 16 A would fit, or 15.9 A each\n");
  EXPECT_EQ(faults_of({.feeder = "meter = true\nunmanaged_max_a = 16\n" + breaker,
                       .station = maintain}),
            "");
}

TEST(site_settings, a_protection_that_contradicts_itself_is_refused) {
  EXPECT_EQ(faults_of_feeder("meter = true\nunmanaged_max_a = 0\n"
                             "[node.voltage]\nstop_permille = 940\n"),
            "node f1 voltage: `stop_permille` is 940: allowed is below `start_permille`, 940\n");
  EXPECT_EQ(faults_of_feeder("meter = true\nunmanaged_max_a = 0\n"
                             "[node.frequency]\nstart_hz = 48.75\n"),
            "node f1 frequency: `stop_hz` is 49: allowed is below `start_hz`, 48.75\n");
  EXPECT_EQ(faults_of_feeder("[node.cable]\ntabled_a = 80\nreference_c = 70\n"),
            "node f1 cable: `reference_c` is 70: allowed is below `conductor_max_c`, 70\n");
  EXPECT_EQ(faults_of_feeder("ambient_c = 75\n[node.cable]\ntabled_a = 80\n"),
            "node f1: `ambient_c` is 75: allowed is below `cable.conductor_max_c`, 70\n");
  EXPECT_EQ(faults_of_feeder("meter = true\nunmanaged_max_a = 0\n[node.imbalance]\n"),
            "node f1 imbalance: `difference_a` and `single_line_va` and `of_mean_permille` are "
            "missing: an imbalance rule states at least one of them\n");
}

TEST(site_settings, a_protection_out_of_range_is_refused) {
  EXPECT_EQ(faults_of_feeder("peak_demand_w = 0\nambient_c = 81\n"
                             "[node.breaker]\nrated_a = 0\nholds_permille = 999\n"
                             "time_constant_s = 7201\ncurve = \"K\"\n[node.cable]\n"
                             "grouping_permille = 0\n"),
            "node f1: `peak_demand_w` is 0: allowed is a whole number, 1 to 100000000 W\n"
            "node f1: `ambient_c` is 81: allowed is -50 to 80 degrees Celsius\n"
            "node f1 breaker: `rated_a` is 0: allowed is 0.001 to 100000 A\n"
            "node f1 breaker: `holds_permille` is 999: allowed is a whole number, 1000 to 1500 "
            "permille\n"
            "node f1 breaker: `time_constant_s` is 7201: allowed is a whole number, 1 to 7200 s\n"
            "node f1 breaker: `curve` is 'K': allowed are B, C, D\n"
            "node f1 cable: `tabled_a` is missing: 0.001 to 100000 A\n"
            "node f1 cable: `grouping_permille` is 0: allowed is a whole number, 1 to 1000 "
            "permille\n");
}

TEST(site_settings, LIM_4_fallbacks_are_held_against_the_cable_in_its_surroundings) {
  site_text from{.feeder = "ambient_c = 45\n[node.cable]\ntabled_a = 20\n",
                 .station = "fallback = { action = \"maintain\" }\n"};
  // 20 A * sqrt((70 - 45) / (70 - 30)) = 15.811 A, and the fallback is 16 A
  EXPECT_EQ(faults_of(from), "f1 L1: fallbacks 16 A, cable allows 15.811 A; "
                             "0 of 1 connectors at 16 A would fit, or 15.8 A each\n");
  from.feeder = "ambient_c = 44\n[node.cable]\ntabled_a = 20\n";
  // 20 A * sqrt(26 / 40) = 16.124 A
  EXPECT_EQ(faults_of(from), "");
}

TEST(site_settings, LIM_4_fallbacks_are_held_against_the_breaker_and_the_demand_threshold) {
  const std::string maintain = "fallback = { action = \"maintain\" }\n";
  EXPECT_EQ(faults_of({.feeder = "[node.breaker]\nrated_a = 15\n", .station = maintain}),
            "f1 L1: fallbacks 16 A, breaker allows 15 A; "
            "0 of 1 connectors at 16 A would fit, or 15 A each\n");
  // 16 A * 400 V * sqrt 3 = 11 085.1 W, rounded up
  EXPECT_EQ(faults_of({.feeder = "peak_demand_w = 11085\n", .station = maintain}),
            "f1 power: fallbacks 11086 W, peak_demand allows 11085 W; "
            "0 of 1 connectors at 16 A would fit, or 15.9 A each\n");
  EXPECT_EQ(faults_of({.feeder = "peak_demand_w = 11086\n", .station = maintain}), "");
}

} // namespace busbar::adapters::config
