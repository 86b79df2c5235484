// What stations have reported: samples, spans of samples, and transactions that are over.

#include "adapters/ocpp/gateway/meter_history.hpp"
#include "tests/adapters/ocpp/station_desk.hpp"

#include <gmock/gmock.h>

namespace busbar::tests {
namespace {

namespace v16 = busbar::ocpp::v16;
using adapters::ocpp::gateway::meter_history;
using std::chrono::minutes;

const domain::instant noon{std::chrono::sys_days{std::chrono::year{2026} / 5 / 1} +
                           std::chrono::hours{12}};

station::reported_sample sample_of(v16::measurand what, domain::instant at, std::int64_t value) {
  station::reported_sample made;
  made.connector = 1;
  made.what = what;
  made.unit = what == v16::measurand::power_active_import ? v16::sample_unit::w
                                                          : v16::sample_unit::wh;
  made.at = at;
  made.thousandths = value * 1'000;
  return made;
}

struct meter_history_of_a_station : testing::Test {
  void keep(v16::measurand what, seconds after, std::int64_t value) {
    history.keep("wallbox-1", sample_of(what, noon + after, value), noon + std::chrono::hours{1});
  }
  std::vector<ports::meter_row> of(const ports::meter_question& asked) const {
    return rows_of(history.copy_of(asked), asked).rows;
  }
  std::vector<ports::meter_row> rows(int period, std::optional<std::string> measurand = {}) const {
    ports::meter_question asked;
    asked.identity = "wallbox-1";
    asked.period = minutes{period};
    asked.measurand = std::move(measurand);
    return of(asked);
  }

  meter_history history;
};

TEST_F(meter_history_of_a_station, samples_are_newest_first_whenever_they_came) {
  using enum v16::measurand;
  keep(power_active_import, seconds{20}, 300);
  keep(power_active_import, seconds{10}, 200);
  keep(energy_active_import_register, seconds{20}, 5);
  const auto all = rows(0);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].measurand, "Energy.Active.Import.Register");
  EXPECT_EQ(all[1].mean, 300'000);
  EXPECT_EQ(all[2].at, noon + seconds{10});
  EXPECT_EQ(rows(0, "Power.Active.Import").size(), 2u);
  ports::meter_question other;
  other.identity = "wallbox-2";
  EXPECT_TRUE(of(other).empty());
  other.identity = "wallbox-1";
  other.connector = 2;
  EXPECT_TRUE(of(other).empty());
  other.connector = 1;
  other.from = noon + seconds{20};
  EXPECT_EQ(of(other).size(), 2u);
  other.to = noon + seconds{20};
  EXPECT_TRUE(of(other).empty()) << "the end is not included";
}

TEST_F(meter_history_of_a_station, a_span_has_mean_least_peak_and_energy) {
  using enum v16::measurand;
  for (const auto& [after, watts] : {std::pair{0, 600}, {30, 1'200}, {60, 2'400}, {90, 1'200}})
    keep(power_active_import, seconds{after}, watts);
  for (const auto& [after, wh] : {std::pair{0, 100}, {30, 105}, {60, 115}, {90, 135}})
    keep(energy_active_import_register, seconds{after}, wh);
  const auto power = rows(1, "Power.Active.Import");
  ASSERT_EQ(power.size(), 2u);
  EXPECT_EQ(power[0].at, noon + minutes{1});
  EXPECT_EQ(power[1].samples, 2u);
  EXPECT_EQ(power[1].mean, 900'000);
  EXPECT_EQ(power[1].least, 600'000);
  EXPECT_EQ(power[1].peak, 1'200'000);
  // 600 W * 30 s + 1200 W * 30 s = 54 000 Ws = 15 Wh
  EXPECT_EQ(power[1].energy, 15'000);
  // 2400 W * 30 s = 20 Wh; how long the last one lasts is not known.
  EXPECT_EQ(power[0].energy, 20'000);
  const auto energy = rows(1, "Energy.Active.Import.Register");
  EXPECT_EQ(energy[1].energy, 5'000) << "from its first sample on";
  EXPECT_EQ(energy[0].energy, 30'000) << "since the last sample of the span before";
  const auto both = rows(5, "Energy.Active.Import.Register");
  ASSERT_EQ(both.size(), 1u);
  EXPECT_EQ(both[0].energy, 35'000);
  EXPECT_EQ(both[0].at, noon);
}

TEST_F(meter_history_of_a_station, a_register_that_begins_anew_takes_nothing_away) {
  using enum v16::measurand;
  keep(energy_active_import_register, seconds{0}, 100);
  keep(energy_active_import_register, seconds{10}, 2);
  keep(energy_active_import_register, seconds{20}, 5);
  EXPECT_EQ(rows(1)[0].energy, 3'000);
  keep(power_active_import, seconds{0}, 3'600);
  keep(power_active_import, seconds{600}, 3'600);
  // 3600 W for two minutes at most.
  EXPECT_EQ(rows(60, "Power.Active.Import")[0].energy, 120'000);
}

TEST_F(meter_history_of_a_station, a_message_that_comes_twice_counts_once) {
  using enum v16::measurand;
  for (int time = 0; time < 2; ++time)
    for (const auto& [after, wh] : {std::pair{0, 100}, {60, 120}, {120, 100}})
      keep(energy_active_import_interval, seconds{after}, wh);
  EXPECT_EQ(rows(0).size(), 3u);
  EXPECT_EQ(history.samples(), 3u);
  EXPECT_EQ(rows(60).front().energy, 320'000);
  keep(energy_active_import_interval, seconds{60}, 130);
  EXPECT_EQ(rows(0).size(), 4u) << "another value of that moment is another sample";
}

TEST_F(meter_history_of_a_station, a_power_counts_in_every_span_that_it_lasts_in) {
  using enum v16::measurand;
  for (int minute = 0; minute < 60; ++minute)
    keep(power_active_import, seconds{60 * minute + 50}, 6'000);
  const auto minutes_of_it = rows(1, "Power.Active.Import");
  ASSERT_EQ(minutes_of_it.size(), 60u);
  EXPECT_EQ(minutes_of_it[30].energy, 100'000) << "6 kW for a minute";
  std::int64_t sum = 0;
  for (const auto& each : minutes_of_it) sum += each.energy.value();
  EXPECT_NEAR(static_cast<double>(sum),
              static_cast<double>(rows(60, "Power.Active.Import")[0].energy.value()), 60.0);
  keep(power_active_export, seconds{0}, 6'000);
  keep(power_active_export, seconds{110}, 6'000);
  keep(power_active_export, seconds{200}, 6'000);
  const auto some = rows(1, "Power.Active.Export");
  ASSERT_EQ(some.size(), 4u);
  EXPECT_EQ(some[1].samples, 0u) << "no sample of its own";
  EXPECT_EQ(some[1].mean, 6'000'000);
  EXPECT_EQ(some[1].energy, 100'000);
}

TEST_F(meter_history_of_a_station, energies_of_large_powers_are_whole) {
  using enum v16::measurand;
  for (int sample = 0; sample <= 360; ++sample)
    keep(power_active_import, seconds{10 * sample}, 3'000'000);
  EXPECT_EQ(rows(60, "Power.Active.Import")[1].energy, 3'000'000'000) << "3 MW for an hour";
  keep(power_active_export, seconds{0}, 900'000'000'000);
  keep(power_active_export, seconds{100}, 0);
  EXPECT_EQ(rows(60, "Power.Active.Export")[0].energy, 25'000'000'000'000);
}

TEST_F(meter_history_of_a_station, a_page_of_rows_is_a_part_of_all_rows) {
  using enum v16::measurand;
  for (const int after : {0, 10, 20}) {
    keep(power_active_import, seconds{after}, after);
    keep(energy_active_import_register, seconds{after}, after);
  }
  const auto all = rows(0);
  ASSERT_EQ(all.size(), 6u);
  ports::meter_question asked;
  asked.identity = "wallbox-1";
  asked.offset = 3;
  asked.limit = 2;
  const auto page = rows_of(history.copy_of(asked), asked);
  EXPECT_EQ(page.total, 6u);
  ASSERT_EQ(page.rows.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(page.rows[i].at, all[3 + i].at);
    EXPECT_EQ(page.rows[i].measurand, all[3 + i].measurand);
    EXPECT_EQ(page.rows[i].mean, all[3 + i].mean);
  }
  asked.offset = 5;
  EXPECT_EQ(rows_of(history.copy_of(asked), asked).rows.size(), 1u);
  asked.offset = 7;
  EXPECT_TRUE(rows_of(history.copy_of(asked), asked).rows.empty());
}

TEST_F(meter_history_of_a_station, rows_need_a_copy_of_the_samples_asked_for_and_no_history) {
  using enum v16::measurand;
  for (int after = 0; after < 600; after += 10) {
    keep(power_active_import, seconds{after}, 600);
    keep(energy_active_import_register, seconds{after}, after);
  }
  ports::meter_question asked;
  asked.identity = "wallbox-1";
  asked.period = minutes{1};
  asked.from = noon + minutes{2};
  asked.to = noon + minutes{4};
  const auto copied = history.copy_of(asked);
  ASSERT_EQ(copied.size(), 2u);
  for (const auto& each : copied) {
    ASSERT_EQ(each.points.size(), 14u) << "12 samples, and one on either side";
    EXPECT_EQ(each.points.front().at, noon + seconds{110});
    EXPECT_EQ(each.points.back().at, noon + seconds{240});
  }
  history.let_time_pass(noon + std::chrono::hours{48});
  ASSERT_EQ(history.samples(), 0u);
  const auto page = rows_of(copied, asked);
  ASSERT_EQ(page.rows.size(), 4u);
  EXPECT_EQ(page.rows[1].measurand, "Power.Active.Import");
  // 600 W for 60 s, the last 10 s up to a sample that is not within.
  EXPECT_EQ(page.rows[1].energy, 10'000);
  // 10 Wh in each step, the first one from a sample that is not within.
  EXPECT_EQ(page.rows[2].energy, 60'000);
}

TEST_F(meter_history_of_a_station, a_power_counts_where_no_sample_is_within) {
  keep(v16::measurand::power_active_import, seconds{0}, 3'600);
  keep(v16::measurand::power_active_import, seconds{110}, 3'600);
  ports::meter_question asked;
  asked.identity = "wallbox-1";
  asked.period = minutes{1};
  asked.from = noon + seconds{70};
  asked.to = noon + seconds{80};
  const auto some = of(asked);
  ASSERT_EQ(some.size(), 1u);
  EXPECT_EQ(some[0].energy, 10'000);
  asked.to = noon;
  EXPECT_TRUE(of(asked).empty()) << "it ends before it begins";
}

TEST_F(meter_history_of_a_station, it_is_of_a_day_and_of_so_many_samples) {
  using enum v16::measurand;
  constexpr auto most = meter_history::series_samples_max;
  for (std::size_t i = 0; i < most + 10; ++i)
    keep(power_active_import, seconds{static_cast<std::int64_t>(i) / 10},
         static_cast<std::int64_t>(i) % 10);
  EXPECT_EQ(history.samples(), most);
  history.keep("wallbox-1", sample_of(power_active_import, noon, 1), noon + std::chrono::hours{24});
  EXPECT_EQ(history.samples(), most) << "a day old when it comes";
  history.let_time_pass(noon + std::chrono::hours{48});
  EXPECT_EQ(history.samples(), 0u);
  EXPECT_TRUE(rows(0).empty());
  for (std::int32_t i = 0; i < 300; ++i) {
    auto sample = sample_of(power_active_import, noon, 1);
    sample.connector = i;
    history.keep("wallbox-1", sample, noon);
  }
  EXPECT_EQ(history.samples(), meter_history::station_series_max);
}

TEST(station_history, samples_of_any_unit_are_kept_in_plain_ones) {
  station_desk desk;
  desk.serve();
  const auto number = desk.start();
  desk.call("MeterValues", R"({"connectorId":1,"meterValue":[{"timestamp":"2026-05-01T00:00:00Z",
      "sampledValue":[{"value":"1.5","measurand":"Power.Active.Import","unit":"kW"},
      {"value":"300.15","measurand":"Temperature","unit":"K"},
      {"value":"16.1","measurand":"Current.Import","phase":"L1"},
      {"value":"00","format":"SignedData"}]}]})");
  ASSERT_EQ(desk.last.samples.size(), 3u);
  EXPECT_EQ(desk.last.samples[0].thousandths, 1'500'000);
  EXPECT_EQ(desk.last.samples[0].unit, v16::sample_unit::w);
  EXPECT_EQ(desk.last.samples[1].thousandths, 27'000);
  EXPECT_EQ(desk.last.samples[2].thousandths, 16'100);
  EXPECT_EQ(desk.last.samples[2].phase, v16::sample_phase::l1);
  desk.call("MeterValues", R"({"connectorId":0,"meterValue":[{"timestamp":"2020-05-01T00:00:00Z",
      "sampledValue":[{"value":"7"}]}]})");
  ASSERT_EQ(desk.last.samples.size(), 1u) << "OCPP-8: an old sample of the station itself";
  EXPECT_EQ(desk.last.samples[0].connector, 0);
  EXPECT_TRUE(desk.last.readings.empty());
  desk.call("StopTransaction", R"({"meterStop":2000,"timestamp":"2026-05-01T00:20:00Z",
      "transactionData":[{"timestamp":"2026-05-01T00:00:00Z","sampledValue":[{"value":"2000"}]}],
      "transactionId":)" + std::to_string(number) + "}");
  ASSERT_EQ(desk.last.samples.size(), 1u);
  EXPECT_EQ(desk.last.samples[0].connector, 1);
}

TEST(station_history, transactions_that_are_over_are_kept_with_what_was_unusual) {
  station_desk desk;
  desk.serve();
  const auto lost = desk.start("TAG1", 1'000);
  const auto next = desk.start("TAG2", 1'500);
  desk.call("StopTransaction", R"({"meterStop":1400,"timestamp":"2026-05-01T00:20:00Z",
      "reason":"EVDisconnected","transactionId":)" + std::to_string(next) + "}");
  const auto& all = desk.machine.state().transactions;
  ASSERT_EQ(all.size(), 2u);
  EXPECT_TRUE(all[0].has_lost_stop);
  EXPECT_EQ(all[1].reason, "EVDisconnected");
  EXPECT_LT(all[1].stated_stop_wh, all[1].meter_start_wh);
  auto state = desk.machine.state();
  station::retire(state, [&](const auto& each) { return each.number == lost; });
  ASSERT_EQ(state.past.size(), 1u);
  EXPECT_EQ(state.past[0].number, lost);
  EXPECT_EQ(state.transactions.size(), 1u);
  for (std::int32_t i = 1; i <= 60; ++i) {
    station::transaction made;
    made.number = i;
    state.transactions.push_back(made);
    station::retire(state, [&](const auto& each) { return each.number == i; });
  }
  ASSERT_EQ(state.past.size(), station::past_max);
  EXPECT_EQ(state.past.front().number, 11) << "the oldest ones go";
}

} // namespace
} // namespace busbar::tests
