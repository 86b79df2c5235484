#include "apps/evaluate/recorded_session.hpp"

#include "apps/fleet/csv_table.hpp"
#include "apps/input_file.hpp"
#include "domain/time_text.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace busbar::apps::evaluate {
namespace {

using std::chrono::minutes;

constexpr std::size_t bytes_max = 64 * 1'048'576;
constexpr std::int64_t period_max = 100'000'000;

using connectors_by_name = std::map<std::string, domain::connector_index>;

connectors_by_name names_of(const domain::site& site) {
  connectors_by_name names;
  for (const auto& station : site.stations) names[station.id.text()] = station.first_connector;
  for (std::size_t i = 0; i < site.connectors.size(); ++i)
    names.emplace(site.connectors[i].id.text(), domain::connector_index{i});
  return names;
}

/// Whole periods of five minutes since the file's midnight.
std::optional<std::int64_t> periods_of(csv_table& table, std::size_t row, const char* column) {
  const auto value = table.thousandths(row, column, 0, period_max * 1000);
  return value ? std::optional{*value / 1000} : std::nullopt;
}

/// The file's midnight: where the row's arrival_local puts it.
std::optional<domain::instant> midnight_of(csv_table& table, std::size_t row,
                                           std::int64_t arrival) {
  const auto text = table.text(row, "arrival_local");
  if (!text) return std::nullopt;
  const auto at = domain::instant_from(*text + "Z");
  if (!at) table.fail(row, "arrival_local", *text, "a local time, 2019-03-01T06:20:00");
  return at ? std::optional{*at - minutes{5} * arrival} : std::nullopt;
}

void read_row(csv_table& table, std::size_t row, const connectors_by_name& names,
              std::optional<domain::instant>& midnight, std::vector<recorded_session>& into) {
  const auto comes = periods_of(table, row, "arrival_5min");
  const auto goes = periods_of(table, row, "departure_5min");
  const auto announced = periods_of(table, row, "est_departure_5min");
  const auto wh = table.thousandths(row, "requested_kwh", 0, 2'000'000);
  const auto capacity = table.thousandths(row, "battery_capacity_kwh", 0, 2'000'000);
  const auto charge = table.thousandths(row, "init_charge_kwh", 0, 2'000'000);
  const auto watts = table.thousandths(row, "max_power_kw", 0, 1'000'000);
  const auto station = table.text(row, "station_id");
  if (!comes || !goes || !announced || !wh || !capacity || !charge || !watts || !station) return;
  if (!midnight) midnight = midnight_of(table, row, *comes);
  if (!midnight) return;
  const auto place = names.find(*station);
  if (place == names.end())
    return table.fail(row, "station_id", *station, "a station or connector of the site");
  if (*goes <= *comes)
    return table.fail(row, "departure_5min", std::to_string(*goes),
                      "after arrival_5min " + std::to_string(*comes));
  into.push_back({.connector = place->second,
                  .arrives = *midnight + minutes{5} * *comes,
                  .departs = *midnight + minutes{5} * *goes,
                  .announced = *midnight + minutes{5} * *announced,
                  .requested_wh = *wh,
                  .takes_wh = std::clamp<std::int64_t>(*capacity - *charge, 0, *wh),
                  .power_max_w = *watts});
}

/// Who finds the place taken waits until it is free.
void queue_up(std::vector<recorded_session>& sessions) {
  const auto comes_first = [](const auto& a, const auto& b) { return a.arrives < b.arrives; };
  std::stable_sort(sessions.begin(), sessions.end(), comes_first);
  std::map<domain::connector_index, domain::instant> free_from;
  for (auto& session : sessions) {
    auto& free = free_from[session.connector];
    session.arrives = std::max(session.arrives, free);
    session.departs = std::max(session.departs, session.arrives);
    free = session.departs;
  }
  std::stable_sort(sessions.begin(), sessions.end(), comes_first);
}

} // namespace

recorded_sessions read_recorded_sessions(const std::string& path, const domain::site& site) {
  recorded_sessions read;
  const auto text = read_input(path, bytes_max);
  if (!text) return read.faults.add(path + ": " + text.failure().message), read;
  csv_table table{path, text.value()};
  const auto names = names_of(site);
  std::optional<domain::instant> midnight;
  for (std::size_t row = 0; row < table.row_count(); ++row)
    read_row(table, row, names, midnight, read.sessions);
  read.faults = table.faults();
  if (read.faults.empty() && read.sessions.empty())
    read.faults.add(path + ": no session: a header line and at least one row");
  queue_up(read.sessions);
  return read;
}

} // namespace busbar::apps::evaluate
