// The formats of recorded sessions that people have, as spreadsheets and interfaces write them.

#include "apps/sessions/recorded_file.hpp"

#include "domain/time_text.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <numeric>

namespace busbar::apps {
namespace {

using namespace std::chrono_literals;

/// What is read from `text`, and the file's name as it stands in faults.
struct reading {
  std::string path;
  recorded_file file;
};

reading reading_of(const std::string& text) {
  const tests::scratch_folder scratch;
  const auto path = scratch.write("recorded", text);
  return {path, read_recorded_file(path)};
}

/// Without the file's name, a line each.
std::string faults_of(const std::string& text) {
  const auto made = reading_of(text);
  std::string all;
  for (const auto& fault : made.file.faults.kept()) {
    EXPECT_TRUE(fault.starts_with(made.path)) << fault;
    all += fault.substr(made.path.size()) + "\n";
  }
  return all;
}

const std::string acn =
    "arrival_5min,departure_5min,arrival_local,station_id,requested_kwh,max_power_kw\n"
    "76,92,2019-03-01T06:20:00,CA-1,4.216,6.6\n";

const std::string epfl_header =
    "Session,CCS,Arrival,Departure,Stay (min),Energy (Wh),Pmax (W),Preq_max (W),"
    "\"Controlled session (0=False, 1=True)\",TotalCapacity,BulkCapacity,SOC arrival,"
    "SOC departure,Energy capacity (Wh)\r\n";

} // namespace

TEST(recorded_file, an_acn_row_becomes_a_visit_at_its_local_time) {
  const auto file = reading_of(acn).file;
  ASSERT_TRUE(file.faults.empty()) << file.faults.front();
  const auto& visit = file.visits.at(0);
  // 76 periods of 5 min are 06:20; 16 of them later it is 07:40.
  EXPECT_EQ(domain::text_of(visit.arrives), "2019-03-01T06:20:00Z");
  EXPECT_EQ(domain::text_of(visit.departs), "2019-03-01T07:40:00Z");
  EXPECT_EQ(visit.announced, visit.departs);
  EXPECT_EQ(visit.requested_wh, 4'216);
  EXPECT_EQ(visit.power_max_w, 6'600);
  EXPECT_FALSE(file.is_utc);
}

TEST(recorded_file, spreadsheets_may_write_it_their_way) {
  const auto file = reading_of("\xef\xbb\xbf\"note, free\" ,max_power_kw,requested_kwh,station_id,"
                               "arrival_local,departure_5min,arrival_5min\r\n"
                               "\"two\r\nlines, \"\"quoted\"\"\",6.6,4.216, \"CA-1\" ,"
                               "2019-03-01T06:20:00,92,76\r\n\r\n").file;
  ASSERT_TRUE(file.faults.empty()) << file.faults.front();
  EXPECT_EQ(file.visits.at(0).places.at(0), "CA-1");
  EXPECT_EQ(domain::text_of(file.visits[0].arrives), "2019-03-01T06:20:00Z");
  EXPECT_EQ(file.visits[0].requested_wh, 4'216);
}

TEST(recorded_file, what_is_no_such_csv_is_refused_with_line_and_column) {
  EXPECT_EQ(faults_of("a;b\n1;2\n"),
            ":1: the header is separated by ';': allowed are commas\n");
  EXPECT_EQ(faults_of(acn + "76,92,\"open,CA-1\n1,2\n"), ":3:7: a quote that is never closed\n");
  EXPECT_EQ(faults_of("station_id,station_id\n"), ":1: column 'station_id' stands there twice\n");
  EXPECT_EQ(faults_of("\xff\xfe" "a"), ": is UTF-16: allowed is UTF-8\n");
  EXPECT_EQ(faults_of(std::string("a\0b", 3)), ": holds bytes of 0: allowed is text, UTF-8\n");
  EXPECT_EQ(faults_of("\x1f\x8b"), ": is packed by gzip: allowed is what gunzip makes of it\n");
  EXPECT_EQ(faults_of(""), ": is empty: allowed is a header and rows\n");
  EXPECT_EQ(faults_of(acn.substr(0, acn.find('\n'))), ": no session: allowed is at least one\n");
  EXPECT_TRUE(faults_of("when,where\n1,2\n").starts_with(":1: no column that is known: "));
}

TEST(recorded_file, every_missing_column_is_named) {
  EXPECT_EQ(faults_of("station_id,arrival_5min,arrival_local\nCA-1,1,x\n"),
            ":1: column 'departure_5min' is missing\n:1: column 'requested_kwh' is missing\n"
            ":1: column 'max_power_kw' is missing\n");
}

TEST(recorded_file, a_cell_in_quotes_over_lines_leaves_the_next_rows_their_line_numbers) {
  EXPECT_EQ(faults_of("station_id,arrival_5min,departure_5min,requested_kwh,max_power_kw\n"
                      "\"A\nB\",1,2,1,1\nC,1.5,2,1,1\n"),
            ":4: arrival_5min '1.5': allowed is a whole number of five-minute periods\n");
}

TEST(recorded_file, an_epfl_row_becomes_a_dc_visit) {
  const auto file = reading_of(epfl_header + "278,CCS1,2022-08-11T23:33:00,2022-08-11T23:37:00,5,"
                                             "9632,168393,192417,1,79140,63312,"
                                             "25.999494566590801,35.9,91504\r\n").file;
  ASSERT_TRUE(file.faults.empty()) << file.faults.front();
  const auto& visit = file.visits.at(0);
  EXPECT_EQ(visit.places.at(0), "CCS1");
  EXPECT_EQ(visit.departs - visit.arrives, 4min);
  EXPECT_EQ(visit.requested_wh, 9'632);
  EXPECT_EQ(visit.power_max_w, 192'417);
  EXPECT_EQ(visit.battery->count(), 91'504);
  EXPECT_EQ(visit.soc->count(), 259); // 25.99 %, towards zero
  EXPECT_TRUE(visit.is_dc);
}

TEST(recorded_file, a_bad_epfl_row_is_named_with_line_and_column) {
  const std::string good = "1,CCS1,2022-08-11T23:33:00,2022-08-11T23:37:00,5,9632,1,1,1,1,1,";
  EXPECT_EQ(faults_of(epfl_header + good + "101,36,91504\r\n" + good + "20,36,0\r\n" +
                      "1,CCS1,11.8.2022,2022-08-11T23:37:00,5,9632,1,1,1,1,1,20,36,1\r\n"),
            ":2: SOC arrival '101': allowed is a number, 0..100\n"
            ":3: Energy capacity (Wh) '0': allowed is a number, 0.001..2000000\n"
            ":4: Arrival '11.8.2022': allowed is a local time, 2022-08-11T23:33:00\n");
}

TEST(recorded_file, an_item_of_acn_data_becomes_a_visit_in_utc) {
  const auto file = reading_of(R"({"_items": [{"_id": "5",
    "connectionTime": "Wed, 25 Apr 2018 11:08:04 GMT",
    "disconnectTime": "Wed, 25 Apr 2018 13:20:10 GMT", "kWhDelivered": 7.932,
    "spaceID": "CA-496", "stationID": "2-39-78-362", "timezone": "America/Los_Angeles",
    "userInputs": [{"requestedDeparture": "Wed, 25 Apr 2018 12:00:00 GMT"},
                   {"requestedDeparture": "Wed, 25 Apr 2018 14:00:00 GMT"}]}],
    "_meta": {}})").file;
  ASSERT_TRUE(file.faults.empty()) << file.faults.front();
  const auto& visit = file.visits.at(0);
  EXPECT_EQ(visit.places, (std::vector<std::string>{"CA-496", "2-39-78-362"}));
  EXPECT_EQ(domain::text_of(visit.arrives), "2018-04-25T11:08:04Z");
  EXPECT_EQ(domain::text_of(visit.announced), "2018-04-25T14:00:00Z");
  EXPECT_EQ(visit.requested_wh, 7'932);
  EXPECT_FALSE(visit.power_max_w);
  EXPECT_TRUE(file.is_utc);
}

TEST(recorded_file, a_bad_item_of_acn_data_is_named_with_its_pointer) {
  EXPECT_EQ(faults_of(R"({"_items": [{"connectionTime": "Wed, 31 Feb 2018 11:08:04 GMT",
      "disconnectTime": 5, "kWhDelivered": "much", "spaceID": ""}]})"),
            ": /_items/0/connectionTime: \"Wed, 31 Feb 2018 11:08:04 GMT\": allowed is a time, "
            "\"Wed, 25 Apr 2018 11:08:04 GMT\"\n"
            ": /_items/0/disconnectTime: 5: allowed is a time, \"Wed, 25 Apr 2018 11:08:04 GMT\"\n"
            ": /_items/0/kWhDelivered: \"much\": allowed is a number, 0..2000\n"
            ": /_items/0/spaceID: \"\": allowed is the name of a place\n");
  EXPECT_EQ(faults_of(R"({"items": []})"),
            ": /_items: null: allowed is ACN-Data's list of sessions\n");
  EXPECT_EQ(faults_of("[]"), ": no session: allowed is at least one\n");
}

TEST(recorded_file, two_sessions_at_once_on_a_connector_are_named_with_both_lines) {
  // The second ends within the first, which the third still meets; the fourth comes as that leaves.
  const auto made = reading_of(acn + "77,80,x,CA-1,1,1\n90,95,x,CA-1,1,1\n95,99,x,CA-1,1,1\n" +
                               "77,80,x,CA-2,1,1\n");
  ASSERT_TRUE(made.file.faults.empty()) << made.file.faults.front();
  domain::fault_list faults;
  add_overlaps(made.file.visits, {0, 0, 0, 0, 1}, faults);
  EXPECT_EQ(faults.kept(),
            (std::vector<std::string>{
                made.path + ":3: station_id 'CA-1': is taken 2019-03-01T06:25:00Z to "
                            "2019-03-01T06:40:00Z, and by the session of line 2 "
                            "2019-03-01T06:20:00Z to 2019-03-01T07:40:00Z: allowed is one session "
                            "at a time on a connector",
                made.path + ":4: station_id 'CA-1': is taken 2019-03-01T07:30:00Z to "
                            "2019-03-01T07:55:00Z, and by the session of line 2 "
                            "2019-03-01T06:20:00Z to 2019-03-01T07:40:00Z: allowed is one session "
                            "at a time on a connector"}));
}

TEST(recorded_file, the_recorded_sessions_of_dc_stations_are_read_whole) {
  const char* stated = std::getenv("BUSBAR_SHARED");
  const auto shared = stated ? std::filesystem::path{stated}
                             : std::filesystem::path{BUSBAR_SOURCE_DIR}.parent_path() / "shared";
  const auto path = shared / "data" / "epfl_l3_sessions.csv";
  if (!std::filesystem::exists(path))
    GTEST_SKIP() << "needs the shared data folder: set BUSBAR_SHARED";
  const auto file = read_recorded_file(path.string());
  for (const auto& fault : file.faults.kept()) ADD_FAILURE() << fault;
  EXPECT_EQ(file.visits.size(), 1878U);
}

} // namespace busbar::apps
