#include "domain/events/simulated.hpp"

#include "domain/events/form.hpp"

namespace busbar::domain::events {

namespace {

using enum severity;

/// Failed checks in a row after which a station counts as faulted.
constexpr std::uint32_t failures_of_fault = 3;

constexpr form refuses{"command_refused", warning, "{command} refused: {why}",
                       speaker::charge_point};
constexpr form begins{"fault", critical, "{fault} begins", speaker::charge_point};
constexpr form is_over{"fault_cleared", info, "{fault} is over", speaker::charge_point};
constexpr form all_cleared{"fault_cleared", info, "every fault cleared", speaker::charge_point};
constexpr form decides{"local_decision", info, "{what it decides}", speaker::charge_point};
constexpr form state{"state", {info, critical}, "{before} to {now}{ (what it means)}",
                     speaker::charge_point};
constexpr form comes{"plugged_in", info, "a vehicle is plugged in", speaker::charge_point};
constexpr form goes{"unplugged", info, "the vehicle has left", speaker::charge_point};

constexpr form begun{"registered", info, "registered: {name}", speaker::monitor};
constexpr form passed{"check_passed", info, "health check passed ({count} in a row)",
                      speaker::monitor};
constexpr form failed{"check_failed", warning, "health check failed ({count})", speaker::monitor};
constexpr form is_faulty{"fault_reported", critical,
                         "marked as FAULTY (3 consecutive failures)", speaker::monitor};
constexpr form well_again{"recovered", info,
                          "recovered: check passed after {count} failures", speaker::monitor};
constexpr form fault_ends{"recovered", info,
                          "recovered from fault: check passed after {count} failures",
                          speaker::monitor};

constexpr form wants_in{"asks", info, "asks for {station}", speaker::driver};
constexpr form wants_out{"leaves", info, "asks to end the session at {station}",
                         speaker::driver};
constexpr form not_answered{"no_answer", warning, "no answer about {station}", speaker::driver};
constexpr form pulls{"no_answer", warning, "session {session} does not end: pulls the cable",
                     speaker::driver};
constexpr form may_charge{"accepted", info, "may charge at {station}", speaker::driver};
constexpr form tries_on{"denied", info, "{denial}, tries the next", speaker::driver};
constexpr form gives_up{"denied", info, "{denial}, no point left to try for now",
                        speaker::driver};
constexpr form charges{"in_progress", info, "{power}, {energy}, {cost}", speaker::driver};
constexpr form has_charged{"completed", info, "{energy} for {cost} ({why})", speaker::driver};

template <class Id>
event of_device(const form& of, const moment& now, const Id& id, const station_id& station,
                std::initializer_list<std::string> values = {}) {
  return caused(filled(of, now, id.text(), values), caused_by_device(station.text()));
}

event of_station(const form& of, const moment& now, const station_id& station,
                 std::initializer_list<std::string> values = {}) {
  return of_device(of, now, station, station, values);
}

event of_driver(const form& of, const moment& now, const driver_id& driver,
                std::initializer_list<std::string> values) {
  return caused(filled(of, now, driver.text(), values), caused_by_token(driver.text()));
}

} // namespace

event command_refused(const moment& now, const connector_names& of, command_kind kind,
                      const std::string& why) {
  return of_device(refuses, now, of.connector, of.station, {name_of(kind), why});
}

event fault_begins(const moment& now, const station_id& station, fault_kind kind) {
  return of_station(begins, now, station, {name_of(kind)});
}

event fault_is_over(const moment& now, const station_id& station, fault_kind kind) {
  return of_station(is_over, now, station, {name_of(kind)});
}

event faults_cleared(const moment& now, const station_id& station) {
  return of_station(all_cleared, now, station);
}

event local_decision(const moment& now, const connector_names& of, const std::string& text) {
  return of_device(decides, now, of.connector, of.station, {text});
}

event state_changed(const moment& now, const station_id& station, const state_words& words) {
  const auto level = words.now == connector_state::faulted ? critical : info;
  return raised_to(of_station(state, now, station,
                              {name_of(words.before), name_of(words.now), words.meaning}),
                   state, level);
}

event plugged_in(const moment& now, const station_id& station) {
  return of_station(comes, now, station);
}

event unplugged(const moment& now, const station_id& station) {
  return of_station(goes, now, station);
}

event registered(const moment& now, const station_id& station, const std::string& name) {
  return of_station(begun, now, station, {name.empty() ? station.text() : name});
}

event check_passed(const moment& now, const station_id& station, std::size_t in_a_row) {
  return of_station(passed, now, station, {std::to_string(in_a_row)});
}

event check_failed(const moment& now, const station_id& station, std::uint32_t in_a_row) {
  return of_station(failed, now, station, {std::to_string(in_a_row)});
}

event fault_reported(const moment& now, const station_id& station) {
  return of_station(is_faulty, now, station);
}

event recovered(const moment& now, const station_id& station, std::uint32_t failures) {
  const auto& of = failures < failures_of_fault ? well_again : fault_ends;
  return of_station(of, now, station, {std::to_string(failures)});
}

event asks(const moment& now, const driver_id& driver, const station_id& station) {
  return of_driver(wants_in, now, driver, {station.text()});
}

event leaves(const moment& now, const driver_id& driver, const station_id& station) {
  return of_driver(wants_out, now, driver, {station.text()});
}

event no_answer(const moment& now, const driver_id& driver, const station_id& station) {
  return of_driver(not_answered, now, driver, {station.text()});
}

event cable_pulled(const moment& now, const driver_id& driver, const session_id& session) {
  return of_driver(pulls, now, driver, {session.text()});
}

event accepted(const moment& now, const driver_id& driver, const station_id& station) {
  return of_driver(may_charge, now, driver, {station.text()});
}

event denied(const moment& now, const driver_id& driver, const std::string& denial,
             bool tries_next) {
  return of_driver(tries_next ? tries_on : gives_up, now, driver, {denial});
}

event in_progress(const moment& now, const driver_id& driver, const progress_words& words) {
  return of_driver(charges, now, driver, {words.power, words.energy, words.cost});
}

event completed(const moment& now, const driver_id& driver, const progress_words& words,
                const std::string& why) {
  return of_driver(has_charged, now, driver, {words.energy, words.cost, why});
}

} // namespace busbar::domain::events
