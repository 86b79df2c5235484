// The files of `busbar fleet`: what is read from them, and how bad ones are refused.

#include "apps/fleet/input_files.hpp"

#include "apps/sessions/csv_table.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>

namespace busbar::apps {
namespace {

using namespace std::chrono_literals;

/// A file that is gone with the test.
class scratch_file {
public:
  explicit scratch_file(const std::string& content) : path_(folder_.write("input", content)) {}
  [[nodiscard]] const std::string& path() const { return path_; }

private:
  tests::scratch_folder folder_;
  std::string path_;
};

std::filesystem::path shared_folder() {
  const char* stated = std::getenv("BUSBAR_SHARED");
  return stated ? std::filesystem::path{stated}
                : std::filesystem::path{BUSBAR_SOURCE_DIR}.parent_path() / "shared";
}

constexpr const char* needs_shared = "needs the shared data folder: set BUSBAR_SHARED";
constexpr const char* session_header =
    "arrival_5min,departure_5min,station_id,requested_kwh,max_power_kw\n";

/// CA-1 and CA-2 with three-phase AC outlets, hub with an AC and a DC one.
domain::site a_site() {
  domain::site site;
  site.nodes.push_back({.id = domain::node_id{"service"}});
  const auto add_station = [&site](const char* id) {
    domain::station station{.id = domain::station_id{id}};
    station.first_connector = domain::connector_index{site.connectors.size()};
    site.stations.push_back(station);
  };
  const auto add_connector = [&site](const char* id, domain::current_kind kind) {
    domain::connector connector{.id = domain::connector_id{id}};
    connector.station = domain::station_index{site.stations.size() - 1};
    connector.kind = kind;
    ++site.stations.back().connector_count;
    site.connectors.push_back(connector);
  };
  for (const char* id : {"CA-1", "CA-2"}) {
    add_station(id);
    add_connector((std::string{id} + "-1").c_str(), domain::current_kind::ac);
  }
  add_station("hub");
  add_connector("hub-ac", domain::current_kind::ac);
  add_connector("hub-dc", domain::current_kind::dc);
  return site;
}

TEST(fleet_sessions, a_row_becomes_a_visit_and_the_first_comes_at_once) {
  const scratch_file file{std::string{session_header} +
                          "88,94,CA-2,10.5,7.2\n76,92,CA-1,4.216,6.6\n"};
  const auto read = read_sessions(file.path(), a_site(), {});
  ASSERT_TRUE(read.faults.empty()) << read.faults.front();
  ASSERT_EQ(read.values.size(), 2U);
  EXPECT_EQ(read.values[0].prefers.text(), "CA-1");
  EXPECT_EQ(read.values[0].comes_after, 0s);
  EXPECT_EQ(read.values[0].stays, 80min); // (92 - 76) * 5 min
  EXPECT_EQ(read.values[0].energy_wanted->count(), 4'216);
  EXPECT_EQ(read.values[1].comes_after, 60min); // (88 - 76) * 5 min
  EXPECT_EQ(read.values[1].car.ac_power.count(), 7'200);
}

TEST(fleet_sessions, a_vehicle_charges_at_the_connector_that_is_named_and_fits_it) {
  const scratch_file file{std::string{session_header} +
                          "76,92,bay 7,60,150\n76,92,CA-2,10,11\n76,92,elsewhere,4,6.6\n"};
  const auto read = read_sessions(file.path(), a_site(), {{"bay 7", "hub-dc"}});
  ASSERT_TRUE(read.faults.empty()) << read.faults.front();
  ASSERT_EQ(read.values.size(), 3U);
  EXPECT_EQ(read.values[0].prefers.text(), "hub");
  EXPECT_EQ(read.values[0].connector.text(), "hub-dc");
  ASSERT_FALSE(read.values[0].car.dc_curve.empty());
  EXPECT_EQ(read.values[0].car.dc_curve.front().power.count(), 150'000);
  EXPECT_EQ(read.values[1].connector.text(), "CA-2-1");
  EXPECT_EQ(read.values[1].car.ac_phases, 3) << "11 kW are more than one line carries";
  EXPECT_TRUE(read.values[2].connector.is_empty());
  EXPECT_EQ(read.values[2].car.ac_phases, 1);
  EXPECT_EQ(read.said, file.path() + ": 1 of its places, as 'elsewhere', are no station or "
                                     "connector of the site: their sessions go to any free point "
                                     "(--map elsewhere=ID says which)");
}

TEST(fleet_sessions, two_at_once_at_one_connector_are_a_fault) {
  // By its station's and by its own name.
  const scratch_file file{std::string{session_header} +
                          "76,92,CA-1,4,6.6\n80,95,CA-1-1,4,6.6\n80,95,x,4,6.6\n81,95,x,4,6.6\n"};
  const auto read = read_sessions(file.path(), a_site(), {});
  ASSERT_EQ(read.faults.kept().size(), 1U);
  EXPECT_NE(read.faults.front().find("CA-1-1"), std::string::npos) << read.faults.front();
  EXPECT_NE(read.faults.front().find("one session at a time"), std::string::npos);
}

TEST(fleet_sessions, every_bad_row_is_named_with_file_line_column_value_and_range) {
  const scratch_file file{std::string{session_header} +
                          "76,92,CA-1,oops,6.6\n92,76,CA-1,4,6.6\n1,2,CA-1\n"};
  const auto read = read_sessions(file.path(), a_site(), {});
  EXPECT_EQ(read.faults.kept(),
            (std::vector<std::string>{
                file.path() + ":4: 3 cells: the header has 5",
                file.path() + ":2: requested_kwh 'oops': allowed is a number, 0..2000",
                file.path() + ":3: departure_5min '76': allowed is after arrival_5min 92"}));
}

TEST(fleet_sessions, no_battery_ends_a_session_however_much_is_asked_for) {
  const scratch_file file{std::string{session_header} +
                          "76,92,CA-1,2000,6.6\n92,99,CA-1,1000,6.6\n99,101,CA-1,5,6.6\n"};
  const auto read = read_sessions(file.path(), a_site(), {});
  ASSERT_TRUE(read.faults.empty()) << read.faults.front();
  for (const auto& visit : read.values) {
    EXPECT_LE(visit.car.battery.count(), 2'000'000);
    EXPECT_GE(visit.car.battery.count() * (1'000 - visit.soc.count()) / 1'000,
              visit.energy_wanted->count());
  }
}

TEST(fleet_sessions, a_missing_column_or_file_is_named) {
  const scratch_file file{"arrival_5min,station_id\n1,CA-1\n"};
  EXPECT_EQ(read_sessions(file.path(), a_site(), {}).faults.front(),
            file.path() + ":1: column 'departure_5min' is missing");
  EXPECT_EQ(read_sessions("/nowhere.csv", a_site(), {}).faults.front(),
            "/nowhere.csv: cannot be read: No such file or directory");
}

TEST(fleet_sessions, the_recorded_month_of_a_garage_is_read_whole) {
  const auto path = shared_folder() / "data" / "acn_caltech_2019-03_sessions.csv";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << needs_shared;
  const auto read = read_sessions(path.string(), a_site(), {});
  EXPECT_TRUE(read.faults.empty());
  EXPECT_EQ(read.values.size(), 954U);
}

TEST(fleet_vehicles, at_a_named_connector_comes_one_that_fits_it) {
  simulator::vehicle_model ac;
  simulator::vehicle_model dc;
  dc.ac_phases = 0;
  dc.dc_curve = {{domain::permille{0}, domain::watts{50'000}}};
  std::vector<simulator::arrival> visits(40);
  for (std::size_t i = 0; i < visits.size(); ++i) {
    visits[i].connector = domain::connector_id{i % 2 == 0 ? "hub-dc" : "hub-ac"};
    if (i % 2 == 0) visits[i].car.dc_curve = {{domain::permille{0}, domain::watts{7'000}}};
  }
  hand_out_vehicles(visits, {ac, dc}, 1);
  for (std::size_t i = 0; i < visits.size(); ++i)
    EXPECT_EQ(visits[i].car.ac_phases, i % 2 == 0 ? 0 : ac.ac_phases) << i;
}

TEST(fleet_vehicles, the_open_data_of_vehicles_is_read_whole) {
  const auto path = shared_folder() / "data" / "chargeprice_ev-data.json";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << needs_shared;
  const auto read = read_vehicles(path.string());
  for (const auto& fault : read.faults.kept()) ADD_FAILURE() << fault;
  EXPECT_GT(read.values.size(), 200U);
}

TEST(fleet_vehicles, the_specifications_by_name_are_read_whole) {
  const auto path = shared_folder() / "data" / "ev2gym_ev_specs.json";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << needs_shared;
  const auto read = read_vehicles(path.string());
  for (const auto& fault : read.faults.kept()) ADD_FAILURE() << fault;
  EXPECT_GT(read.values.size(), 10U);
}

TEST(fleet_vehicles, a_bad_member_is_named_with_pointer_value_and_range) {
  const scratch_file file{R"({"data": [{"brand": "A", "model": "B", "usable_battery_size": "big",
    "ac_charger": {"usable_phases": 4, "max_power": 11}}]})"};
  const auto read = read_vehicles(file.path());
  const std::string where = file.path() + ": /data/0";
  EXPECT_EQ(read.faults.kept(),
            (std::vector<std::string>{
                where + "/usable_battery_size: \"big\": allowed is a number, 0..2000",
                where + "/ac_charger/usable_phases: 4: allowed is a number, 0..3"}));
}

TEST(fleet_vehicles, what_is_not_json_is_refused_with_its_line_and_column) {
  const scratch_file file{"{\n \"data\": [,]\n}"};
  const auto read = read_vehicles(file.path());
  ASSERT_EQ(read.faults.size(), 1U);
  EXPECT_NE(read.faults.front().find("line 2, column 11"), std::string::npos)
      << read.faults.front();
}

TEST(fleet_arrivals, come_when_the_distribution_says_and_the_seed_decides) {
  const scratch_file file{"\xef\xbb\xbf\"Arrival time\",\"public\"\n\"08:00\",0\n\"17:15\",2.5\n"};
  const auto read = read_distribution(file.path(), "public");
  ASSERT_TRUE(read.faults.empty()) << read.faults.front();
  const auto draw = [&](std::uint64_t seed) {
    return draw_arrivals(read.values, 50, domain::watt_hours{20'000}, seed);
  };
  const auto visits = draw(3);
  ASSERT_EQ(visits.size(), 50U);
  EXPECT_LT(visits.back().comes_after, 15min);
  EXPECT_EQ(visits[7].stays, draw(3)[7].stays);
  EXPECT_NE(visits[7].stays, draw(4)[7].stays);
}

TEST(fleet_arrivals, a_bad_time_or_a_column_of_nothing_is_refused) {
  const scratch_file bad{"Arrival time,public\n25:00,1\n"};
  EXPECT_EQ(read_distribution(bad.path(), "public").faults.front(),
            bad.path() + ":2: Arrival time '25:00': allowed is HH:MM, 00:00..23:59");
}

TEST(fleet_speed, shrinks_times_and_energies_alike_so_that_power_stays) {
  simulator::world_settings settings;
  simulator::arrival visit;
  visit.comes_after = 2h;
  visit.stays = 1h;
  visit.energy_wanted = domain::watt_hours{12'000};
  settings.arrivals.push_back(visit);
  speed_up(settings, 60);
  EXPECT_EQ(settings.arrivals[0].comes_after, 2min);
  EXPECT_EQ(settings.arrivals[0].stays, 1min);
  EXPECT_EQ(settings.arrivals[0].energy_wanted->count(), 200);
  EXPECT_EQ(settings.arrivals[0].car.battery.count(), 1'000);
  EXPECT_EQ(settings.arrivals[0].car.ac_power.count(), 11'000);
  EXPECT_EQ(settings.asks_again, 1s) << "an hour is a minute";
}

} // namespace
} // namespace busbar::apps
