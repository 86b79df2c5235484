#include "adapters/config/site_file.hpp"
#include "apps/evaluate/report.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace busbar::apps::evaluate {
namespace {

std::filesystem::path temporary(const std::string& name, const std::string& text) {
  static const tests::scratch_folder scratch; // gone with the process
  return scratch.write(name, text);
}

/// One feeder of 10 A line to neutral at 230 V (2 300 W) over two connectors on L1.
std::shared_ptr<const domain::site> a_site(domain::policy policy = domain::policy::equal) {
  const auto loaded = adapters::config::parse_site(R"(
[site]
id = "two"
nominal_v = 230
[[node]]
id = "service"
kind = "service"
limits = [{ source = "rating", a = 10 }]
[[station]]
id = "left"
node = "service"
fallback = { action = "stop", timeout_s = 120 }
[[station.connector]]
id = "left"
phases = ["L1"]
min_a = 0
max_a = 32
[[station]]
id = "right"
node = "service"
fallback = { action = "stop", timeout_s = 120 }
[[station.connector]]
id = "right"
phases = ["L1"]
min_a = 0
max_a = 32
)", "two.toml");
  EXPECT_TRUE(loaded.site) << (loaded.faults.empty() ? "" : loaded.faults.front().message);
  auto site = std::make_shared<domain::site>(*loaded.site);
  site->split = policy;
  return site;
}

const std::string header =
    "arrival_5min,departure_5min,est_departure_5min,arrival_local,departure_local,station_id,"
    "session_id,requested_kwh,battery_capacity_kwh,init_charge_kwh,max_power_kw\n";

/// Both for an hour from 06:00: one asks for 1 kWh, the other for 3 kWh.
const std::string two_sessions =
    header + "72,84,84,2019-03-01T06:00:00,2019-03-01T07:00:00,left,a,1.0,9,0,6.9\n" +
    "72,84,84,2019-03-01T06:00:00,2019-03-01T07:00:00,right,b,3.0,9,0,6.9\n";

std::vector<recorded_session> sessions_of(const std::string& text) {
  const auto read = read_recorded_sessions(temporary("sessions.csv", text), *a_site());
  EXPECT_TRUE(read.faults.empty()) << read.faults.front();
  return read.sessions;
}

evaluation evaluate(domain::policy policy, const std::string& text,
                    const std::optional<tariff>& prices = std::nullopt) {
  const auto sessions = sessions_of(text);
  return evaluation_of(replay({a_site(policy), domain::seconds{300}}, sessions, nullptr), sessions,
                       prices);
}

} // namespace

TEST(evaluate, ideal_batteries_take_their_grant_until_they_are_full) {
  const auto made = evaluate(domain::policy::equal, two_sessions);
  EXPECT_EQ(made.asked_wh, 4000);
  // 2 300 W * 1 h = 2.3 kWh, shared evenly until the first has its 1 kWh.
  EXPECT_NEAR(made.delivered_permille, 575.0, 0.1);
  EXPECT_EQ(made.served_in_full, 1u);
  EXPECT_EQ(made.starved, 0u);
  EXPECT_EQ(made.peak_w, 2300);
  EXPECT_EQ(made.worst.node, "service");
  EXPECT_NEAR(made.worst.permille, 1000.0, 0.1);
  // (1 + 1.3 / 3)^2 / (2 (1 + (1.3 / 3)^2)) = 0.8647
  EXPECT_NEAR(made.jain, 0.8647, 0.001);
}

TEST(evaluate, LIM_5_whole_amperes_do_not_slow_a_vehicle_down_that_takes_less) {
  auto site = std::make_shared<domain::site>(*a_site());
  for (auto& connector : site->connectors) {
    connector.step = domain::milliamperes{1'000};
    connector.current_min = domain::milliamperes{6'000};
  }
  // 1.5 kW are 6.52 A at 230 V: told 7 A it takes its 1.5 kWh in the hour, told 6 A 1.38 kWh.
  const auto sessions = sessions_of(
      header + "72,84,84,2019-03-01T06:00:00,2019-03-01T07:00:00,left,a,1.5,9,0,1.5\n");
  const auto result = replay({site, domain::seconds{300}}, sessions, nullptr);
  EXPECT_NEAR(evaluation_of(result, sessions, std::nullopt).delivered_permille, 1000.0, 1.0);
}

TEST(evaluate, a_strict_order_leaves_the_last_with_what_is_left) {
  const auto made = evaluate(domain::policy::first_come, two_sessions);
  EXPECT_NEAR(made.delivered_permille, 575.0, 0.1);
  EXPECT_EQ(made.served_in_full, 1u);
}

TEST(evaluate, cost_is_energy_by_time_of_use_and_the_months_peak) {
  const auto path = temporary("tariff.json", R"({"schedule": [
    {"effective_start": "10-01", "effective_end": "5-31", "dow_mask": "WEEKDAYS",
     "times": [0, 6.5], "tariffs": [0.1, 0.3], "demand_charge": 10}]})");
  const auto read = read_tariff(path);
  ASSERT_TRUE(read.found) << read.faults.front();
  const auto made = evaluate(domain::policy::equal, two_sessions, read.found);
  // 2.3 kW * (0.5 h * 0.1 + 0.5 h * 0.3) + 2.3 kW * 10; 2019-03-01 is a Friday
  EXPECT_NEAR(made.cost.value(), 0.46 + 23.0, 0.001);
}

TEST(evaluate, hours_of_a_tariff_are_local_where_the_sessions_are_in_utc) {
  tariff_season all_year{.first_day = 101, .last_day = 1231, .on_weekdays = true,
                         .on_weekends = true, .hours = {0, 7}, .prices_per_kwh = {0.1, 0.3}};
  const tariff prices{{all_year}};
  const auto sessions = sessions_of(two_sessions);
  const auto result = replay({a_site(), domain::seconds{300}}, sessions, nullptr);
  const domain::time_zone berlin{"Europe/Berlin", {{domain::instant{}, domain::seconds{3'600}}}};
  // 2.3 kW for an hour from 06:00: UTC it is before 07:00, in Berlin 07:00 begins with it.
  EXPECT_NEAR(evaluation_of(result, sessions, prices).cost.value(), 0.23, 0.001);
  EXPECT_NEAR(evaluation_of(result, sessions, prices, berlin).cost.value(), 0.69, 0.001);
}

TEST(evaluate, a_tariff_knows_weekends_and_seasons_over_new_year) {
  tariff_season winter{.first_day = 1001, .last_day = 531, .on_weekdays = true,
                       .on_weekends = false, .hours = {0}, .prices_per_kwh = {1}};
  const tariff prices{{winter}};
  using namespace std::chrono;
  EXPECT_EQ(prices.price_at(sys_days{2019y / 3 / 1}), 1);
  EXPECT_EQ(prices.price_at(sys_days{2019y / 3 / 2}), 0) << "a Saturday";
  EXPECT_EQ(prices.price_at(sys_days{2019y / 7 / 1}), 0);
}

TEST(evaluate, every_fault_of_a_sessions_file_is_named) {
  const auto path = temporary("bad_sessions.csv", header +
      "72,72,84,2019-03-01T06:00:00,x,left,a,1.0,9,0,6.9\n"
      "72,84,84,2019-03-01T06:00:00,x,nowhere,a,1.0,9,0,6.9\n"
      "72,84,84,2019-03-01T06:00:00,x,left,a,much,9,0,6.9\n");
  const auto read = read_recorded_sessions(path, *a_site());
  ASSERT_EQ(read.faults.size(), 3u);
  EXPECT_NE(read.faults.kept()[0].find("departure_5min"), std::string::npos);
  EXPECT_NE(read.faults.kept()[1].find("much"), std::string::npos);
  EXPECT_NE(read.faults.kept()[2].find("nowhere"), std::string::npos);
  EXPECT_FALSE(read_recorded_sessions("/nowhere.csv", *a_site()).faults.empty());
  EXPECT_FALSE(read_recorded_sessions(temporary("empty.csv", header), *a_site()).faults.empty());
}

TEST(evaluate, faults_of_a_tariff_carry_their_place) {
  const auto path = temporary("bad_tariff.json", R"({"schedule": [
    {"effective_start": "summer", "effective_end": "5-31", "dow_mask": "MONDAYS",
     "times": [1, 2], "tariffs": [0.1], "demand_charge": -1}]})");
  const auto read = read_tariff(path);
  EXPECT_FALSE(read.found);
  ASSERT_EQ(read.faults.size(), 4u);
  for (const auto& fault : read.faults.kept())
    EXPECT_EQ(fault.find(path.string() + ": /schedule/0/"), 0u) << fault;
  EXPECT_FALSE(read_tariff("/nowhere.json").faults.empty());
}

TEST(evaluate, two_sessions_at_once_on_a_connector_are_a_fault_that_names_both_lines) {
  const auto path = temporary("overlap.csv",
      header + "72,84,84,2019-03-01T06:00:00,x,left,a,1.0,9,0,6.9\n" +
      "80,90,90,2019-03-01T06:40:00,x,left,b,1.0,9,0,6.9\n");
  const auto read = read_recorded_sessions(path, *a_site());
  ASSERT_EQ(read.faults.size(), 1u);
  EXPECT_EQ(read.faults.front().find(path.string() + ":3: station_id 'left': is taken "), 0u);
  EXPECT_NE(read.faults.front().find("by the session of line 2"), std::string::npos);
}

TEST(evaluate, a_place_has_the_name_that_the_site_gives_it) {
  const auto path = temporary("places.csv",
      header + "72,84,84,2019-03-01T06:00:00,x,CA-1,a,1.0,9,0,6.9\n" +
      "90,95,95,2019-03-01T07:30:00,x,CA-1,b,1.0,9,0,6.9\n");
  const auto read = read_recorded_sessions(path, *a_site(), {{"CA-1", "right"}});
  ASSERT_TRUE(read.faults.empty()) << read.faults.front();
  EXPECT_EQ(read.sessions[0].connector, domain::connector_index{1u});
  const auto refused = read_recorded_sessions(path, *a_site(), {{"CA-1", "middle"}});
  EXPECT_EQ(refused.faults.kept(),
            std::vector<std::string>{path.string() + ":2: station_id 'CA-1', by --map 'middle': "
                                                     "allowed is a station or connector of the "
                                                     "site"});
}

TEST(evaluate, LIM_2_protection_that_lasts_is_honoured) {
  auto site = std::make_shared<domain::site>(*a_site());
  site->nodes[0].protection.peak_demand = domain::watts{1'150};
  const auto sessions = sessions_of(two_sessions);
  const auto result = replay({site, domain::seconds{300}, true}, sessions, nullptr);
  const auto made = evaluation_of(result, sessions, std::nullopt);
  // Half of the 2 300 W that 10 A are: 1.15 of 4 kWh.
  EXPECT_EQ(made.peak_w, 1'150);
  EXPECT_NEAR(made.delivered_permille, 287.5, 0.1);
  // Of a node there are its lines and its power, of which the power is full; the day begins at 0.
  ASSERT_EQ(result.loads.size(), 2u * 84);
  const auto& six = result.loads[2 * 72 + 1];
  EXPECT_EQ(six.line, domain::binding_line::power);
  EXPECT_EQ(six.load, 1'150);
  EXPECT_EQ(six.limit, 1'150);
}

TEST(evaluate, the_command_writes_every_session_and_period_and_draws_them) {
  const tests::scratch_folder scratch;
  const auto& folder = scratch.path();
  const auto sessions = temporary("for_folder.csv", header +
      "72,84,84,2019-03-01T06:00:00,x,CA-303,\"a, <b>\",1.0,9,0,6.9\n");
  const auto command = BUSBAR_BINARY " evaluate --site " BUSBAR_SOURCE_DIR
      "/examples/caltech/site.toml --policy equal,first-come --rated-kva 10 --json --sessions " +
      sessions.string() + " --csv " + folder.string() + " --plots " + folder.string() +
      " >" + temporary("evaluate_out", "").string();
  ASSERT_EQ(std::system(command.c_str()), 0);
  const auto text_of = [&](const char* name) {
    std::ifstream file(folder / name);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  EXPECT_EQ(text_of("sessions.csv"),
            "policy,rated_kva,recorded_at,connector,arrives,departs,requested_wh,delivered_wh,"
            "delivered_permille\n"
            "equal,10," + sessions.string() +
            ":2,CA-303,2019-03-01T06:00:00,2019-03-01T07:00:00,1000,1000,1000\n"
            "first-come,10," + sessions.string() +
            ":2,CA-303,2019-03-01T06:00:00,2019-03-01T07:00:00,1000,1000,1000\n");
  // In the first period it draws all of its 32 A at 208 V, 6 656 W; the transformer of 10 kVA
  // allows 10 000 / 3 / 120.09 V = 27.757 A on a line.
  const auto periods = text_of("periods.csv");
  EXPECT_NE(periods.find("first-come,10,2019-03-01T06:00:00,"), std::string::npos);
  EXPECT_NE(periods.find(",t1,L1,"), std::string::npos);
  EXPECT_NE(periods.find(",27757,mA,"), std::string::npos);
  for (const char* name : {"load-equal-10kva.svg", "energy-equal-10kva.svg",
                           "load-first-come-10kva.svg", "energy-first-come-10kva.svg"})
    EXPECT_EQ(std::system(("python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' " +
                           (folder / name).string()).c_str()), 0) << name;
  EXPECT_NE(text_of("load-equal-10kva.svg").find("limit"), std::string::npos);
}

TEST(evaluate, json_and_table_say_the_same) {
  auto made = evaluate(domain::policy::equal, two_sessions);
  made.policy = "equal";
  made.rated_kva = 10;
  const auto json = json_of({made}).at("results").at(0);
  EXPECT_EQ(json.at("delivered_permille"), 575.0);
  EXPECT_EQ(json.at("cost"), nullptr);
  EXPECT_NE(table_of({made}).find("575.0"), std::string::npos);
}

TEST(evaluate, its_json_keeps_to_the_schema) {
  if (std::system("python3 -c 'import jsonschema' 2>/dev/null") != 0)
    GTEST_SKIP() << "needs python3-jsonschema";
  const auto path = temporary("evaluate.json",
                              json_of({evaluate(domain::policy::equal, two_sessions)}).dump());
  const auto command = "python3 -c 'import json, jsonschema, sys; "
                       "jsonschema.validate(*[json.load(open(p)) for p in sys.argv[1:]])' " +
                       path.string() + " " BUSBAR_SOURCE_DIR "/docs/formats/evaluate.schema.json";
  EXPECT_EQ(std::system(command.c_str()), 0);
}

TEST(evaluate, the_command_names_every_fault_of_its_options_and_exits_2) {
  const auto err = temporary("evaluate_err", "");
  const int status = std::system(
      (BUSBAR_BINARY " evaluate --site " BUSBAR_SOURCE_DIR "/examples/caltech/site.toml "
       "--sessions /nowhere.csv --policy equal,best --rated-kva 0 --period 3x 2>" + err.string())
          .c_str());
  EXPECT_EQ(WEXITSTATUS(status), 2);
  std::ifstream file(err);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0].substr(0, 16), "--policy: best: ");
  EXPECT_EQ(lines[1].substr(0, 13), "--rated-kva: ");
  EXPECT_EQ(lines[2].substr(0, 14), "--period: 3x: ");
  EXPECT_EQ(lines[3].substr(0, 14), "/nowhere.csv: ");
}

} // namespace busbar::apps::evaluate
