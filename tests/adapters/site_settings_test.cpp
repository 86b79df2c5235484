// Everything of a site file beside the tree: settings of the site, what protects a node,
// capabilities. Each refusal states the field, the value and what is allowed.

#include "adapters/config/site_file.hpp"

#include "control/limits/lasting_limits.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace busbar::adapters::config {

namespace {

using domain::milliamperes;
using domain::permille;

/// A site whose parts are given: lines of [site], of the transformer's and the feeder's [[node]],
/// of [[station]] and of [[station.connector]], and tables that stand between.
struct site_text {
  std::string site, transformer, feeder, capability, station;
  std::string connector = "max_a = 16\n";

  [[nodiscard]] std::string text() const {
    return "[site]\nid = \"garage\"\n" + site + capability +
           "[[node]]\nid = \"service\"\nkind = \"service\"\n"
           "limits = [{ source = \"rating\", a = 100 }]\n"
           "[[node]]\nid = \"t1\"\nkind = \"transformer\"\nparent = \"service\"\n"
           "rated_va = 100000\nsecondary_v = 400\n" +
           transformer + "[[node]]\nid = \"f1\"\nkind = \"feeder\"\nparent = \"t1\"\n" + feeder +
           "[[station]]\nid = \"CP-1\"\nnode = \"f1\"\n" + station + "[[station.connector]]\n" +
           connector;
  }
};

domain::site read(const site_text& from) {
  const auto loaded = parse_site(from.text(), "site.toml");
  for (const auto& fault : loaded.faults) ADD_FAILURE() << text_of(fault);
  return loaded.site ? *loaded.site : domain::site{};
}

/// The faults of `from` without their places, one a line.
std::string faults_of(const site_text& from) {
  std::string lines;
  for (const auto& fault : parse_site(from.text(), "site.toml").faults) {
    EXPECT_GT(fault.line, 0U) << fault.message;
    EXPECT_GT(fault.column, 0U) << fault.message;
    lines += fault.message + "\n";
  }
  return lines;
}

std::string faults_of_site(const std::string& lines) { return faults_of({.site = lines}); }
std::string faults_of_feeder(const std::string& lines) { return faults_of({.feeder = lines}); }

const std::string dc_profile = R"([[capability]]
name = "dc60"
kind = "dc"
voltage_min_v = 200
voltage_max_v = 920
current_min_a = 5
current_max_a = 150
power_min_w = 5000
power_max_w = 60000
)";

const std::string ac_profile = R"([[capability]]
name = "box"
kind = "ac"
lines = 3
voltage_min_v = 207
voltage_max_v = 253
current_min_a = 8
current_max_a = 20
)";

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
  const auto site = read({.feeder = "meter = true\npeak_demand_w = 40000\napparent_va = 44000\n"
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
            "node t1: `rated_va` is 17: allowed is at least 1 mA of line current at `secondary_v`");
}

TEST(site_settings, what_a_meter_must_measure_needs_one) {
  const std::string why = " needs `meter = true`: it holds what this node's meter measures\n";
  EXPECT_EQ(faults_of_feeder("[node.imbalance]\ndifference_a = 20\n"),
            "node f1: `imbalance`" + why);
  EXPECT_EQ(faults_of_feeder("[node.voltage]\n"), "node f1: `voltage`" + why);
  EXPECT_EQ(faults_of_feeder("[node.frequency]\n"), "node f1: `frequency`" + why);
  EXPECT_EQ(faults_of_feeder("apparent_va = 1000\n"), "node f1: `apparent_va`" + why);
}

TEST(site_settings, a_protection_that_contradicts_itself_is_refused) {
  EXPECT_EQ(faults_of_feeder("meter = true\n[node.voltage]\nstop_permille = 940\n"),
            "node f1 voltage: `stop_permille` is 940: allowed is below `start_permille`, 940\n");
  EXPECT_EQ(faults_of_feeder("meter = true\n[node.frequency]\nstart_hz = 48.75\n"),
            "node f1 frequency: `stop_hz` is 49: allowed is below `start_hz`, 48.75\n");
  EXPECT_EQ(faults_of_feeder("[node.cable]\ntabled_a = 80\nreference_c = 70\n"),
            "node f1 cable: `reference_c` is 70: allowed is below `conductor_max_c`, 70\n");
  EXPECT_EQ(faults_of_feeder("ambient_c = 75\n[node.cable]\ntabled_a = 80\n"),
            "node f1: `ambient_c` is 75: allowed is below `cable.conductor_max_c`, 70\n");
  EXPECT_EQ(faults_of_feeder("meter = true\n[node.imbalance]\n"),
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
  EXPECT_EQ(faults_of(from), "f1 L1: fallbacks 16000 mA, cable allows 15811 mA\n"
                             "f1 L2: fallbacks 16000 mA, cable allows 15811 mA\n"
                             "f1 L3: fallbacks 16000 mA, cable allows 15811 mA\n");
  from.feeder = "ambient_c = 44\n[node.cable]\ntabled_a = 20\n";
  // 20 A * sqrt(26 / 40) = 16.124 A
  EXPECT_EQ(faults_of(from), "");
}

TEST(site_settings, LIM_4_fallbacks_are_held_against_the_breaker_and_the_demand_threshold) {
  const std::string maintain = "fallback = { action = \"maintain\" }\n";
  EXPECT_EQ(faults_of({.feeder = "[node.breaker]\nrated_a = 15\n", .station = maintain}),
            "f1 L1: fallbacks 16000 mA, breaker allows 15000 mA\n"
            "f1 L2: fallbacks 16000 mA, breaker allows 15000 mA\n"
            "f1 L3: fallbacks 16000 mA, breaker allows 15000 mA\n");
  // 16 A * 400 V * sqrt 3 = 11 085.1 W, rounded up
  EXPECT_EQ(faults_of({.feeder = "peak_demand_w = 11085\n", .station = maintain}),
            "f1 power: fallbacks 11086 W, peak_demand allows 11085 W\n");
  EXPECT_EQ(faults_of({.feeder = "peak_demand_w = 11086\n", .station = maintain}), "");
}

TEST(site_settings, a_capability_is_read_whole_and_stations_may_name_it) {
  const auto site =
      read({.capability = dc_profile +
                          "standard = \"CCS\"\nstep_a = 0.5\nbidirectional = true\n"
                          "smart_charging = false\nwrites_per_minute = 7\nwrites_per_day = 9000\n"
                          "[capability.derating]\nstart_c = 60\nstop_c = 80\n"
                          "[capability.taper]\nstart_permille = 750\npermille_per_percent = 30\n"
                          "floor_permille = 40\nmeasured = [{ soc_permille = 100, power_w = 60000 "
                          "}, { soc_permille = 800, power_w = 20000 }]\n",
            .station = "capability = \"dc60\"\n",
            .connector = "kind = \"dc\"\npower_w = 50000\n"});
  ASSERT_EQ(site.capabilities.size(), 1U);
  const auto& profile = site.capabilities[0];
  EXPECT_EQ(profile.name, "dc60");
  EXPECT_EQ(profile.standard, "CCS");
  EXPECT_EQ(profile.kind, domain::current_kind::dc);
  EXPECT_EQ(profile.voltage_min, domain::millivolts{200'000});
  EXPECT_EQ(profile.voltage_max, domain::millivolts{920'000});
  EXPECT_EQ(profile.current_min, milliamperes{5'000});
  EXPECT_EQ(profile.current_max, milliamperes{150'000});
  EXPECT_EQ(profile.power_min, domain::watts{5'000});
  EXPECT_EQ(profile.power_max, domain::watts{60'000});
  EXPECT_EQ(profile.step, milliamperes{500});
  EXPECT_TRUE(profile.is_bidirectional);
  EXPECT_FALSE(profile.has_smart_charging);
  EXPECT_EQ(profile.writes_per_minute, 7U);
  EXPECT_EQ(profile.writes_per_day, 9000U);
  EXPECT_EQ(profile.derating.start, domain::millidegrees_celsius{60'000});
  EXPECT_EQ(profile.derating.stop, domain::millidegrees_celsius{80'000});
  EXPECT_EQ(profile.taper.start, permille{750});
  EXPECT_EQ(profile.taper.permille_per_percent, permille{30});
  EXPECT_EQ(profile.taper.floor, permille{40});
  ASSERT_EQ(profile.taper.measured.size(), 2U);
  EXPECT_EQ(profile.taper.measured[1].power, domain::watts{20'000});
  // 5 000 W / (3 * 230.940 V) = 7.217 A: a DC station gets nothing below its least power.
  EXPECT_EQ(site.connectors[0].current_min, milliamperes{7'217});
}

TEST(site_settings, RAMP_1_a_memory_that_bears_no_more_than_renewals_is_refused) {
  const auto with = [](const std::string& site, const std::string& budget) {
    return faults_of({.site = site, .capability = ac_profile + budget,
                      .station = "capability = \"box\"\n"});
  };
  // Leases of 60 s are renewed 10 s apart at the soonest: 6 a minute, 8 640 a day.
  EXPECT_EQ(with("", "writes_per_minute = 6\n"),
            "station CP-1: `capability` is box, whose `writes_per_minute` is 6: renewing leases of "
            "60 s takes 6: allowed are more writes than that, or a longer `lease_s`\n");
  EXPECT_EQ(with("", "writes_per_minute = 7\nwrites_per_day = 8641\n"), "");
  EXPECT_EQ(with("", "writes_per_day = 8640\n"),
            "station CP-1: `capability` is box, whose `writes_per_day` is 8640: renewing leases of "
            "60 s takes 8640: allowed are more writes than that, or a longer `lease_s`\n");
  EXPECT_EQ(with("lease_s = 300\n", "writes_per_day = 2000\n"), "");
}

TEST(site_settings, an_ac_capability_gives_its_connectors_minimum_and_step) {
  const auto site = read({.capability = ac_profile + "step_a = 0.5\nswitch_phases = true\n",
                          .station = "capability = \"box\"\n",
                          .connector = "max_a = 16\nswitch_phases = true\n"});
  EXPECT_EQ(site.connectors[0].current_min, milliamperes{8'000});
  EXPECT_EQ(site.connectors[0].step, milliamperes{500});
  EXPECT_TRUE(site.connectors[0].can_switch_phases);
}

TEST(site_settings, an_unknown_capability_is_refused_with_those_that_are_known) {
  EXPECT_EQ(faults_of({.capability = dc_profile, .station = "capability = \"warp\"\n"}),
            "station CP-1: `capability` is 'warp': allowed are ac_level2_single, ac_level2_three, "
            "dcfc_ccs_medium, dcfc_ccs_high, dcfc_chademo, dc60\n");
}

TEST(site_settings, a_connector_that_does_not_fit_its_capability_is_refused_with_the_range) {
  const auto with = [](const std::string& connector) {
    return faults_of({.capability = ac_profile + dc_profile,
                      .station = "capability = \"box\"\n",
                      .connector = connector});
  };
  EXPECT_EQ(with("max_a = 32\n"),
            "station CP-1 connector: `max_a` is 32000 mA: allowed is 8000 to 20000 mA "
            "(capability box)\n");
  EXPECT_EQ(with("max_a = 16\nphases = [\"L1\"]\n"),
            "station CP-1 connector: `phases` is 1: allowed is 3 to 3 (capability box)\n");
  EXPECT_EQ(with("max_a = 16\nmin_a = 6\nstep_a = 0.7\n"),
            "station CP-1 connector: `min_a` is 6000 mA: allowed is at least 8000 mA (capability "
            "box)\n"
            "station CP-1 connector: `step_a` is 700 mA: allowed are multiples of 1000 mA "
            "(capability box)\n");
  EXPECT_EQ(with("max_a = 16\nswitch_phases = true\n"),
            "station CP-1 connector: `switch_phases` is true: allowed is false (capability box)\n");
  EXPECT_EQ(with("kind = \"dc\"\npower_w = 20000\n"),
            "station CP-1 connector: `kind` is dc: allowed is ac (capability box)\n");
}

TEST(site_settings, a_dc_connector_that_does_not_fit_its_capability_is_refused) {
  const auto with = [](const std::string& connector) {
    return faults_of({.capability = dc_profile,
                      .station = "capability = \"dc60\"\n",
                      .connector = "kind = \"dc\"\n" + connector});
  };
  EXPECT_EQ(with("power_w = 61000\n"),
            "station CP-1 connector: `power_w` is 61000 W: allowed is 5000 to 60000 W "
            "(capability dc60)\n");
  EXPECT_EQ(with("max_a = 100\n"), "station CP-1 connector: `power_w` is missing: a DC connector "
                                   "with a capability states it\n");
  EXPECT_EQ(with("power_w = 60000\nmin_a = 7\n"),
            "station CP-1 connector: `min_a` is 7000 mA: allowed is at least 7217 mA (capability "
            "dc60)\n");
}

TEST(site_settings, FAIR_2_phases_are_switched_on_three_phase_ac_connectors_only) {
  const std::string refusal = "station CP-1 connector: `switch_phases` is true: allowed for "
                              "three-phase AC connectors only\n";
  EXPECT_TRUE(read({.connector = "max_a = 16\nswitch_phases = true\n"})
                  .connectors[0].can_switch_phases);
  EXPECT_EQ(faults_of({.connector = "max_a = 16\nphases = [\"L1\"]\nswitch_phases = true\n"}),
            refusal);
  EXPECT_EQ(faults_of({.connector = "kind = \"dc\"\nmax_a = 16\nswitch_phases = true\n"}), refusal);
}

TEST(site_settings, a_capability_that_contradicts_itself_is_refused_once_not_for_each_connector) {
  const auto with = [](const std::string& profile) {
    return faults_of({.capability = profile,
                      .station = "capability = \"box\"\n",
                      .connector = "max_a = 100\n"});
  };
  EXPECT_EQ(with("[[capability]]\nname = \"box\"\nkind = \"ac\"\nvoltage_min_v = 260\n"
                 "voltage_max_v = 250\ncurrent_min_a = 20\ncurrent_max_a = 16\nlines = 1\n"
                 "switch_phases = true\npower_max_w = 5\nderating = {}\n"),
            "capability box: `voltage_min_v` is 260: allowed is at most `voltage_max_v`, 250\n"
            "capability box: `current_min_a` is 20: allowed is at most `current_max_a`, 16\n"
            "capability box: `switch_phases` is true: allowed with `lines = 3` only\n"
            "capability box: `power_max_w` is for kind \"dc\" only\n"
            "capability box: `derating` is for kind \"dc\" only\n");
  EXPECT_EQ(with("[[capability]]\nname = \"box\"\nkind = \"ac\"\n"),
            "capability box: `voltage_min_v` is missing\n"
            "capability box: `voltage_max_v` is missing\n"
            "capability box: `current_max_a` is missing\n");
}

TEST(site_settings, a_measured_curve_ascends_and_derating_stops_above_its_start) {
  EXPECT_EQ(faults_of({.capability = dc_profile +
                                     "[capability.derating]\nstart_c = 95\n[capability.taper]\n"
                                     "measured = [{ soc_permille = 500, power_w = 1 },\n"
                                     "{ soc_permille = 500, power_w = 1 }, { power_w = 1 }]\n"}),
            "capability dc60 derating: `start_c` is 95: allowed is below `stop_c`, 90\n"
            "capability dc60 taper point: `soc_permille` is 500: allowed is above that of the "
            "point before, 500\n"
            "capability dc60 taper point: `soc_permille` is missing: a point has `soc_permille` "
            "and `power_w`\n");
}

TEST(site_settings, a_capability_is_there_once_and_does_not_hide_a_built_in_one) {
  EXPECT_EQ(faults_of({.capability = ac_profile + ac_profile}),
            "capability box: `name` is there already, here or built in\n");
  auto shadow = ac_profile;
  shadow.replace(shadow.find("box"), 3, "ac_level2_three");
  EXPECT_EQ(faults_of({.capability = shadow}),
            "capability ac_level2_three: `name` is there already, here or built in\n");
}

TEST(site_settings, LIM_1_what_the_exact_split_cannot_count_is_refused_not_asserted) {
  // 200 * 4 connectors of 10 000 A: 8 000 000 A fit, one station more does not.
  const std::string four = "max_a = 10000\nmin_a = 0\n[[station.connector]]\nmax_a = 10000\nmin_a "
                           "= 0\n[[station.connector]]\nmax_a = 10000\nmin_a = 0\n"
                           "[[station.connector]]\nmax_a = 10000\nmin_a = 0\n";
  const auto faults_for = [&](int count) {
    auto text = site_text{.station = "count = " + std::to_string(count) + "\n", .connector = four};
    auto whole = text.text();
    whole.replace(whole.find("CP-1"), 4, "CP-{n}");
    std::string found;
    for (const auto& fault : parse_site(whole, "site.toml").faults) found += fault.message;
    return found;
  };
  EXPECT_EQ(faults_for(200), "");
  EXPECT_EQ(faults_for(201), "file: the connectors up to this station add up to 8040000 A: "
                             "allowed are at most 8000000 A");
  EXPECT_EQ(faults_of({.station = "weight = 1001\n"}),
            "station CP-1: `weight` is 1001: allowed is a whole number, 1 to 1000\n");
  // 10 MW / (3 * 230.940 V) = 14 433.763 A, rounded up
  EXPECT_EQ(faults_of({.connector = "power_w = 10000000\n"}),
            "station CP-1 connector: `power_w` is 10000000 W, 14433764 mA at the site's side: "
            "allowed are 0 to 10000 A\n");
}

} // namespace busbar::adapters::config
