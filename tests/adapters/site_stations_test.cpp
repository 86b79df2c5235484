// What a site file says of stations: their capabilities, and connectors that fit them. Each refusal
// states the field, the value and what is allowed.

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

TEST(site_stations, a_capability_is_read_whole_and_stations_may_name_it) {
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

TEST(site_stations, RAMP_1_a_memory_that_bears_no_more_than_renewals_is_refused) {
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

TEST(site_stations, an_ac_capability_gives_its_connectors_minimum_and_step) {
  const auto site = read({.capability = ac_profile + "step_a = 0.5\nswitch_phases = true\n",
                          .station = "capability = \"box\"\n",
                          .connector = "max_a = 16\nswitch_phases = true\n"});
  EXPECT_EQ(site.connectors[0].current_min, milliamperes{8'000});
  EXPECT_EQ(site.connectors[0].step, milliamperes{500});
  EXPECT_TRUE(site.connectors[0].can_switch_phases);
}

TEST(site_stations, a_step_of_which_none_lies_between_minimum_and_maximum_is_refused) {
  EXPECT_EQ(faults_of({.connector = "max_a = 32\nstep_a = 50\n"}),
            "station CP-1 connector: `step_a` is 50 A: allowed are steps of which one lies "
            "within 6 A (`min_a`) to 32 A (`max_a`)\n");
  // 1 x 20 A is below 30 A, 2 x 20 A above 32 A.
  EXPECT_EQ(faults_of({.connector = "max_a = 32\nmin_a = 30\nstep_a = 20\n"}),
            "station CP-1 connector: `step_a` is 20 A: allowed are steps of which one lies "
            "within 30 A (`min_a`) to 32 A (`max_a`)\n");
  EXPECT_EQ(faults_of({.connector = "max_a = 32\nmin_a = 30\nstep_a = 16\n"}), "");
  EXPECT_EQ(faults_of({.connector = "max_a = 32\nstep_a = 32\n"}), "");
}

TEST(site_stations, a_power_that_its_minimum_current_never_fits_is_refused) {
  // 1 000 W / (3 x 230.94 V) = 1.443 A; 6 A on three lines are 4 157 W.
  EXPECT_EQ(faults_of({.connector = "max_a = 32\npower_w = 1000\n"}),
            "station CP-1 connector: `power_w` is 1000 W, 1.444 A at the site's side: allowed is "
            "at least `min_a`, 6 A\n");
  EXPECT_EQ(faults_of({.connector = "max_a = 32\npower_w = 4140\n"}), "");
}

TEST(site_stations, an_unknown_capability_is_refused_with_those_that_are_known) {
  EXPECT_EQ(faults_of({.capability = dc_profile, .station = "capability = \"warp\"\n"}),
            "station CP-1: `capability` is 'warp': allowed are ac_level2_single, ac_level2_three, "
            "dcfc_ccs_medium, dcfc_ccs_high, dcfc_chademo, dc60\n");
}

TEST(site_stations, a_connector_that_does_not_fit_its_capability_is_refused_with_the_range) {
  const auto with = [](const std::string& connector) {
    return faults_of({.capability = ac_profile + dc_profile,
                      .station = "capability = \"box\"\n",
                      .connector = connector});
  };
  EXPECT_EQ(with("max_a = 32\n"),
            "station CP-1 connector: `max_a` is 32 A: allowed is 8 to 20 A "
            "(capability box)\n");
  EXPECT_EQ(with("max_a = 16\nphases = [\"L1\"]\n"),
            "station CP-1 connector: `phases` is 1: allowed is 3 to 3 (capability box)\n");
  EXPECT_EQ(with("max_a = 16\nmin_a = 6\nstep_a = 0.7\n"),
            "station CP-1 connector: `min_a` is 6 A: allowed is at least 8 A (capability "
            "box)\n"
            "station CP-1 connector: `step_a` is 0.7 A: allowed are multiples of 1 A "
            "(capability box)\n");
  EXPECT_EQ(with("max_a = 16\nswitch_phases = true\n"),
            "station CP-1 connector: `switch_phases` is true: allowed is false (capability box)\n");
  EXPECT_EQ(with("kind = \"dc\"\npower_w = 20000\n"),
            "station CP-1 connector: `kind` is dc: allowed is ac (capability box)\n");
}

TEST(site_stations, a_dc_connector_that_does_not_fit_its_capability_is_refused) {
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
            "station CP-1 connector: `min_a` is 7 A: allowed is at least 7.217 A (capability "
            "dc60)\n");
}

TEST(site_stations, FAIR_2_phases_are_switched_on_three_phase_ac_connectors_only) {
  const std::string refusal = "station CP-1 connector: `switch_phases` is true: allowed for "
                              "three-phase AC connectors only\n";
  EXPECT_TRUE(read({.connector = "max_a = 16\nswitch_phases = true\n"})
                  .connectors[0].can_switch_phases);
  EXPECT_EQ(faults_of({.connector = "max_a = 16\nphases = [\"L1\"]\nswitch_phases = true\n"}),
            refusal);
  EXPECT_EQ(faults_of({.connector = "kind = \"dc\"\nmax_a = 16\nswitch_phases = true\n"}), refusal);
}

TEST(site_stations, a_capability_that_contradicts_itself_is_refused_once_not_for_each_connector) {
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

TEST(site_stations, a_measured_curve_ascends_and_derating_stops_above_its_start) {
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

TEST(site_stations, a_measured_curve_is_never_above_the_profiles_power) {
  EXPECT_EQ(faults_of({.capability = dc_profile + "[capability.taper]\nmeasured = "
                                                  "[{ soc_permille = 500, power_w = 900000 }]\n"}),
            "capability dc60 taper: `measured` has 900000 W at 500 permille: allowed is at most "
            "`power_max_w`, 60000 W\n");
}

TEST(site_stations, a_capability_is_there_once_and_does_not_hide_a_built_in_one) {
  EXPECT_EQ(faults_of({.capability = ac_profile + ac_profile}),
            "capability box: `name` is there already, here or built in\n");
  auto shadow = ac_profile;
  shadow.replace(shadow.find("box"), 3, "ac_level2_three");
  EXPECT_EQ(faults_of({.capability = shadow}),
            "capability ac_level2_three: `name` is there already, here or built in\n");
}

TEST(site_stations, LIM_1_what_the_exact_split_cannot_count_is_refused_not_asserted) {
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
            "station CP-1 connector: `power_w` is 10000000 W, 14433.764 A at the site's side: "
            "allowed are 0 to 10000 A\n");
}

TEST(site_stations, OCPP_11_no_station_comes_under_the_name_of_orders_to_many) {
  const std::string why = ": allowed is any other, because /api/v1/chargepoints/bulk is where "
                          "orders to many stations go\n";
  const site_text named{.station = "ocpp = { identity = \"bulk\" }\n"};
  const auto loaded = parse_site(named.text(), "site.toml");
  ASSERT_EQ(loaded.faults.size(), 1u);
  EXPECT_EQ(loaded.faults[0].message + "\n", "station CP-1 ocpp: `identity` is 'bulk'" + why);
  EXPECT_EQ(loaded.faults[0].file, "site.toml");
  EXPECT_GT(loaded.faults[0].line, 1u);
  auto by_id = site_text{}.text();
  by_id.replace(by_id.find("CP-1"), 4, "bulk");
  const auto refused = parse_site(by_id, "site.toml");
  ASSERT_EQ(refused.faults.size(), 1u);
  EXPECT_EQ(refused.faults[0].message + "\n",
            "station bulk ocpp: `identity` is 'bulk', which is its id" + why);
  EXPECT_TRUE(faults_of({.station = "ocpp = { identity = \"bulk-1\" }\n"}).empty());
}

TEST(site_stations, whom_a_station_serves_is_read_and_a_fixed_tag_goes_with_free_alone) {
  const auto rules = [](const std::string& stated) {
    const site_text text{.station = "ocpp = { " + stated + " }\n"};
    const auto loaded = parse_site(text.text(), "site.toml");
    return loaded.ocpp.empty() ? control::sessions::tag_rules{} : loaded.ocpp.front().tags;
  };
  using control::sessions::tag_policy;
  using control::sessions::tag_rules;
  EXPECT_EQ(rules(R"(tags = "free", free_tag = "FREE")"),
            (tag_rules{tag_policy::free, "FREE", {}}));
  EXPECT_EQ(rules(R"(tags = "listed", tag_group = "staff")"),
            (tag_rules{tag_policy::listed, {}, "staff"}));
  const auto fault = [](const std::string& stated) {
    return faults_of({.station = "ocpp = { " + stated + " }\n"});
  };
  EXPECT_EQ(fault(R"(tags = "free")"),
            "station CP-1 ocpp: `free_tag` is missing: tags = \"free\" needs the tag that the "
            "station states for every vehicle that is plugged in\n");
  EXPECT_EQ(rules(R"(tags = "external", tags_offline = "refuse")"),
            (tag_rules{tag_policy::external, {}, {}, control::sessions::offline_rule::refuse}));
  EXPECT_EQ(fault(R"(tags_offline = "refuse")"),
            "station CP-1 ocpp: `tags_offline` is there: it goes with tags = \"external\" alone\n");
  EXPECT_EQ(fault(R"(free_tag = "FREE")"),
            "station CP-1 ocpp: `free_tag` is there: it goes with tags = \"free\" alone\n");
  EXPECT_EQ(fault(R"(tag_group = "a b")"),
            "station CP-1 ocpp: `tag_group` is 'a b': allowed are 1 to 20 printable ASCII "
            "characters without blanks and commas\n");
}

TEST(site_stations, OCPP_11_a_station_has_the_settings_that_its_site_wants) {
  const auto with = [](const std::string& settings) {
    return site_text{.station = "ocpp = { settings = { " + settings + " } }\n"};
  };
  const auto loaded = parse_site(
      with(R"(HeartbeatInterval = "300", "Vendor.Key" = "on")").text(), "site.toml");
  ASSERT_TRUE(loaded.faults.empty());
  const auto& settings = loaded.ocpp.front().settings;
  ASSERT_EQ(settings.size(), 2u);
  EXPECT_EQ(settings[0].key + "=" + settings[0].value, "HeartbeatInterval=300");
  EXPECT_EQ(settings[1].key + "=" + settings[1].value, "Vendor.Key=on");
  const auto fault = [&](const std::string& setting) { return faults_of(with(setting)); };
  EXPECT_EQ(fault(R"(HeartbeatInterval = "soon")").substr(0, 68),
            "station CP-1 ocpp settings: `HeartbeatInterval` is \"soon\": allowed: ");
  EXPECT_EQ(fault("HeartbeatInterval = 300").substr(0, 49),
            "station CP-1 ocpp settings: `HeartbeatInterval` i");
  EXPECT_EQ(fault(R"(NumberOfConnectors = "3")"),
            "station CP-1 ocpp settings: `NumberOfConnectors` is read-only: allowed are keys that "
            "can be set\n");
  EXPECT_EQ(fault(R"(HeartbeatInterval = "45", heartbeatinterval = "60")"),
            "station CP-1 ocpp settings: `heartbeatinterval` is `HeartbeatInterval`: names of keys "
            "are the same in capitals\n");
  EXPECT_EQ(fault(R"(SecurityProfile = "2")"),
            "station CP-1 ocpp settings: `SecurityProfile` is none of the settings: it is stated "
            "by `profile`\n");
}

TEST(site_stations, OCPP_5_a_station_tolerates_all_or_what_is_listed_or_nothing) {
  using ocpp::v16::tolerance;
  using ocpp::v16::tolerance_set;
  const auto tolerated = [](const std::string& more) {
    const site_text text{.station = "ocpp = { identity = \"box\"" + more + " }\n"};
    const auto loaded = parse_site(text.text(), "site.toml");
    EXPECT_TRUE(loaded.faults.empty()) << more;
    return loaded.ocpp.empty() ? tolerance_set{} : loaded.ocpp.front().tolerances;
  };
  EXPECT_EQ(tolerated(""), tolerance_set::all());
  EXPECT_EQ(tolerated(", strict = false"), tolerance_set::all());
  EXPECT_EQ(tolerated(", strict = true"), tolerance_set::none());
  EXPECT_EQ(tolerated(", tolerate = []"), tolerance_set::none());
  EXPECT_EQ(tolerated(R"(, tolerate = ["celcius", "value_case"])"),
            (tolerance_set{tolerance::celcius, tolerance::value_case}));
}

TEST(site_stations, OCPP_5_a_tolerance_that_there_is_not_is_refused_with_those_that_there_are) {
  const auto faults = [](const std::string& more) {
    return faults_of({.station = "ocpp = { identity = \"box\", " + more + " }\n"});
  };
  const std::string allowed = ": allowed are different ones of longer_text, unknown_member, ";
  const auto begins = [&](const std::string& more, const std::string& text) {
    EXPECT_EQ(faults(more).substr(0, text.size()), text);
  };
  begins(R"(tolerate = ["celsius"])",
         "station CP-1 ocpp: `tolerate` has 'celsius'" + allowed);
  begins(R"(tolerate = ["celcius", "celcius"])",
         "station CP-1 ocpp: `tolerate` has 'celcius'" + allowed);
  begins(R"(tolerate = "celcius")", "station CP-1 ocpp: `tolerate` is 'celcius'" + allowed);
  EXPECT_EQ(faults(R"(strict = true, tolerate = ["celcius"])"),
            "station CP-1 ocpp: `tolerate` stands beside `strict = true`, which tolerates "
            "nothing: allowed is one of both\n");
}

} // namespace busbar::adapters::config
