// The ACN CSV: times in periods of five minutes since the file's midnight, energies in kWh. EPFL's
// CSV of DC sessions: local times, energies in Wh, states of charge in percent.

#include "apps/sessions/csv_table.hpp"
#include "apps/sessions/session_formats.hpp"
#include "domain/time_text.hpp"

#include <algorithm>
#include <array>

namespace busbar::apps {
namespace {

using std::chrono::minutes;

constexpr std::int64_t periods_max = 100'000'000;
/// In thousandths.
constexpr std::int64_t kwh_max = 2'000'000;
constexpr std::int64_t wh_max = 2'000'000'000;
constexpr std::int64_t watts_max = 2'000'000'000;

constexpr std::array acn_columns{"arrival_5min", "departure_5min", "station_id", "requested_kwh",
                                 "max_power_kw"};
constexpr std::array epfl_columns{"CCS",         "Arrival",          "Departure",
                                  "Energy (Wh)", "Preq_max (W)",     "SOC arrival",
                                  "Energy capacity (Wh)"};

template <class Columns> std::size_t count_of(const csv_table& table, const Columns& columns) {
  return static_cast<std::size_t>(std::count_if(
      columns.begin(), columns.end(), [&](const char* each) { return table.has_column(each); }));
}

/// Every missing one becomes a fault.
template <class Columns> bool require(csv_table& table, const Columns& columns) {
  bool is_whole = true;
  for (const auto* each : columns) is_whole &= table.require(each);
  return is_whole;
}

/// Reads the rows of an ACN CSV.
class acn_reader {
public:
  acn_reader(csv_table& table, recorded_file& into) : table_(table), into_(into) {}
  void read();

private:
  void read_row(std::size_t row);
  std::optional<std::int64_t> periods(std::size_t row, const char* column);
  std::optional<std::int64_t> wh(std::size_t row, const char* column, std::int64_t when_missing);
  bool find_midnight(std::size_t row, std::int64_t arrival);
  [[nodiscard]] domain::instant at(std::int64_t periods) const {
    return *midnight_ + minutes{5} * periods;
  }

  csv_table& table_;
  recorded_file& into_;
  std::optional<domain::instant> midnight_;
};

void acn_reader::read() {
  into_.has_dates = table_.has_column("arrival_local");
  if (!into_.has_dates) midnight_ = domain::instant{};
  for (std::size_t row = 0; row < table_.row_count(); ++row) read_row(row);
}

std::optional<std::int64_t> acn_reader::periods(std::size_t row, const char* column) {
  const auto value = table_.thousandths(row, column, 0, periods_max * 1000);
  if (value && *value % 1000 == 0) return *value / 1000;
  if (value)
    table_.fail(row, column, *table_.text(row, column), "a whole number of five-minute periods");
  return std::nullopt;
}

std::optional<std::int64_t> acn_reader::wh(std::size_t row, const char* column,
                                           std::int64_t when_missing) {
  if (!table_.has_column(column)) return when_missing;
  return table_.thousandths(row, column, 0, kwh_max);
}

/// The file's midnight is where the first row's arrival_local puts it.
bool acn_reader::find_midnight(std::size_t row, std::int64_t arrival) {
  if (midnight_) return true;
  const auto text = table_.text(row, "arrival_local");
  const auto at = domain::instant_from(*text + "Z");
  if (at) midnight_ = *at - minutes{5} * arrival;
  else table_.fail(row, "arrival_local", *text, "a local time, 2019-03-01T06:20:00");
  return at.has_value();
}

void acn_reader::read_row(std::size_t row) {
  const auto comes = periods(row, "arrival_5min");
  const auto goes = periods(row, "departure_5min");
  const auto announced = table_.has_column("est_departure_5min")
                             ? periods(row, "est_departure_5min")
                             : goes;
  const auto wanted = table_.thousandths(row, "requested_kwh", 0, kwh_max);
  const auto capacity = wh(row, "battery_capacity_kwh", kwh_max);
  const auto charge = wh(row, "init_charge_kwh", 0);
  const auto watts = table_.thousandths(row, "max_power_kw", 0, 1'000'000);
  const auto station = table_.text(row, "station_id");
  if (!comes || !goes || !announced || !wanted || !capacity || !charge || !watts || !station)
    return;
  if (*goes <= *comes)
    return table_.fail(row, "departure_5min", std::to_string(*goes),
                       "after arrival_5min " + std::to_string(*comes));
  if (!find_midnight(row, *comes)) return;
  into_.visits.push_back({.where = table_.where(row) + ": station_id",
                          .places = {*station},
                          .arrives = at(*comes),
                          .departs = at(*goes),
                          .announced = at(*announced),
                          .requested_wh = *wanted,
                          .takes_wh = std::clamp<std::int64_t>(*capacity - *charge, 0, *wanted),
                          .power_max_w = *watts});
}

std::optional<domain::instant> local_time(csv_table& table, std::size_t row, const char* column) {
  const auto text = table.text(row, column);
  const auto at = domain::instant_from(*text + "Z");
  if (!at) table.fail(row, column, *text, "a local time, 2022-08-11T23:33:00");
  return at;
}

void read_epfl_row(csv_table& table, std::size_t row, recorded_file& into) {
  const auto comes = local_time(table, row, "Arrival");
  const auto goes = local_time(table, row, "Departure");
  const auto energy = table.thousandths(row, "Energy (Wh)", 0, wh_max);
  const auto watts = table.thousandths(row, "Preq_max (W)", 0, watts_max);
  const auto soc = table.thousandths(row, "SOC arrival", 0, 100'000);
  const auto capacity = table.thousandths(row, "Energy capacity (Wh)", 1, wh_max);
  const auto place = table.text(row, "CCS");
  if (!comes || !goes || !energy || !watts || !soc || !capacity) return;
  if (*goes <= *comes)
    return table.fail(row, "Departure", *table.text(row, "Departure"),
                      "after Arrival " + *table.text(row, "Arrival"));
  into.visits.push_back({.where = table.where(row) + ": CCS",
                         .places = {*place},
                         .arrives = *comes,
                         .departs = *goes,
                         .announced = *goes,
                         .requested_wh = *energy / 1000,
                         .takes_wh = *energy / 1000,
                         .power_max_w = *watts / 1000,
                         .battery = domain::watt_hours{*capacity / 1000},
                         .soc = domain::permille{*soc / 100},
                         .is_dc = true});
}

} // namespace

recorded_file read_session_csv(const std::string& path, const std::string& text) {
  recorded_file read;
  csv_table table{path, text};
  if (!table.has_header()) return read.faults = table.faults(), read;
  const auto acn = count_of(table, acn_columns), epfl = count_of(table, epfl_columns);
  if (acn == 0 && epfl == 0)
    return read.faults.add(path + ":1: no column that is known: allowed are those of ACN "
                                  "(arrival_5min, departure_5min, station_id, requested_kwh, "
                                  "max_power_kw) or EPFL (CCS, Arrival, Departure, ...); "
                                  "docs/session-files.md has them all"),
           read;
  const bool is_epfl = epfl > acn;
  const bool is_whole = is_epfl ? require(table, epfl_columns) : require(table, acn_columns);
  if (is_whole && is_epfl)
    for (std::size_t row = 0; row < table.row_count(); ++row) read_epfl_row(table, row, read);
  else if (is_whole)
    acn_reader(table, read).read();
  read.faults = table.faults();
  return read;
}

} // namespace busbar::apps
