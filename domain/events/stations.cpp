#include "domain/events/stations.hpp"

#include "domain/events/form.hpp"

#include <utility>

namespace busbar::domain::events {

namespace {

using enum severity;

constexpr form monitor_passes{"healthy", info, "its monitor says that it is healthy again"};
constexpr form monitor_fails{"unhealthy", warning,
                             "its monitor failed three times: takes no new driver"};

constexpr form clock_differs{
    "clock_off", warning,
    "its clock is {difference} of the engine's: its readings' times allow for it"};
constexpr form clock_fits{"clock_right", info, "its clock is right again"};
constexpr form meter_differs{
    "clock_off", warning,
    "the meter's clock is {difference} of the engine's: its samples' times allow for it"};
constexpr form meter_fits{"clock_right", info, "the meter's clock is right again"};

constexpr form lost{
    "meter_lost", critical,
    "the meter is lost: what it measures beside the connectors counts as {load}"};
constexpr form late{
    "meter_lost", critical,
    "the meter's samples arrive long after their times (late, or by a clock that is behind): what "
    "it measures beside the connectors counts as {load}"};
constexpr form back{"meter_back", info, "the meter is heard again"};

constexpr form unanswered{
    "command_unanswered", warning,
    "command {number} is not answered within {time} ms: it is sent again, and what it was told "
    "before stays counted"};
constexpr form disobeys{"disobedience", {warning, critical},
                        "draws {drawn} mA, acknowledged {acknowledged} mA: {what is done}"};
constexpr form obeys{"obeys_again", info,
                     "draws {drawn} mA, acknowledged {acknowledged} mA: obeys again"};

constexpr form queue_full{"profile_not_sent", warning,
                          "32 orders wait for an answer already"};
constexpr form breaker_open{"profile_not_sent", warning,
                            "the circuit breaker of its command channel is open"};
constexpr form accepted{"profile_accepted", info, "charging profiles changed as ordered"};
constexpr form refused{"profile_refused", warning, "{why}"};
constexpr form no_answer{"profile_not_answered", warning,
                         "{orders} orders about charging profiles"};
constexpr form not_read{
    "profiles_lost", warning,
    "its charging profiles cannot be read from the changelog: set them again"};
constexpr form not_kept{
    "profiles_not_kept", warning,
    "a restart forgets the charging profiles of {stations} stations: those of all others are as "
    "many as are kept"};

constexpr form report_kept{"capability_reported", info,
                           "the station reports what it can do: {capability}"};
constexpr form report_not_kept{"capability_reported", warning, "not kept: {why}"};
constexpr form no_report{
    "capability_reported", warning,
    "not kept: the station has not said what it can do, asked {times} times"};

template <class Id>
event of_device(const form& of, const moment& now, const Id& id,
                std::initializer_list<std::string> values = {}) {
  return caused(filled(of, now, id.text(), values), caused_by_device(id.text()));
}

event of_connector(const form& of, const moment& now, const connector_names& names,
                   std::initializer_list<std::string> values) {
  return caused(filled(of, now, names.connector.text(), values),
                caused_by_device(names.station.text()));
}

const char* what_is_done(escalation step) {
  switch (step) {
  case escalation::none: break;
  case escalation::tell_again: return "is told again";
  case escalation::lower_limit: return "is told a lower limit";
  case escalation::remote_stop: return "its session is stopped";
  case escalation::set_unavailable: return "is set unavailable";
  case escalation::site_operator: return "needs an operator: switch it off by hand";
  }
  return "";
}

} // namespace

connector_names names_of(const site& of, connector_index connector) {
  const auto& data = of.connectors[connector.value()];
  return {data.id, of.stations[data.station.value()].id};
}

event healthy(const moment& now, const station_id& station) {
  return of_device(monitor_passes, now, station);
}

event unhealthy(const moment& now, const station_id& station) {
  return of_device(monitor_fails, now, station);
}

event station_clock_off(const moment& now, const station_id& station,
                        const std::string& difference) {
  return of_device(clock_differs, now, station, {difference});
}

event station_clock_right(const moment& now, const station_id& station) {
  return of_device(clock_fits, now, station);
}

event meter_clock_off(const moment& now, const node_id& node, const std::string& difference) {
  return of_device(meter_differs, now, node, {difference});
}

event meter_clock_right(const moment& now, const node_id& node) {
  return of_device(meter_fits, now, node);
}

event meter_lost(const moment& now, const node_id& node, const std::string& counted) {
  return of_device(lost, now, node, {counted});
}

event meter_late(const moment& now, const node_id& node, const std::string& counted) {
  return of_device(late, now, node, {counted});
}

event meter_back(const moment& now, const node_id& node) { return of_device(back, now, node); }

event command_unanswered(const moment& now, const connector_names& of, sequence number,
                         microseconds within) {
  return of_connector(unanswered, now, of,
                      {std::to_string(number), std::to_string(within.count() / 1'000)});
}

event obedience(const moment& now, const connector_names& of, milliamperes drawn,
                milliamperes acknowledged, escalation done) {
  const auto drawn_text = std::to_string(drawn.count());
  const auto told_text = std::to_string(acknowledged.count());
  if (done == escalation::none) return of_connector(obeys, now, of, {drawn_text, told_text});
  const auto level = done == escalation::site_operator ? critical : warning;
  return raised_to(of_connector(disobeys, now, of, {drawn_text, told_text, what_is_done(done)}),
                   disobeys, level);
}

event profile_not_sent_full(const moment& now, const station_id& station) {
  return filled(queue_full, now, station.text());
}

event profile_not_sent_breaker(const moment& now, const station_id& station) {
  return filled(breaker_open, now, station.text());
}

event profile_accepted(const moment& now, const station_id& station) {
  return of_device(accepted, now, station);
}

event profile_refused(const moment& now, const station_id& station, const std::string& why) {
  return of_device(refused, now, station, {why});
}

event profile_not_answered(const moment& now, const station_id& station, std::size_t orders) {
  return of_device(no_answer, now, station, {std::to_string(orders)});
}

event profiles_lost(const moment& now, const station_id& station) {
  return filled(not_read, now, station.text());
}

event profiles_not_kept(const moment& now, std::size_t stations) {
  return filled(not_kept, now, now.site.text(), {std::to_string(stations)});
}

event capability_kept(const moment& now, const station_id& station,
                      const std::string& capability) {
  return of_device(report_kept, now, station, {capability});
}

event capability_not_kept(const moment& now, const station_id& station, const std::string& why) {
  return of_device(report_not_kept, now, station, {why});
}

event capability_not_reported(const moment& now, const station_id& station, int times_asked) {
  return of_device(no_report, now, station, {std::to_string(times_asked)});
}

} // namespace busbar::domain::events
