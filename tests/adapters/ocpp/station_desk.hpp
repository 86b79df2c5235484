#pragma once
// A station machine with a clock at hand, and short ways to speak to it.

#include "adapters/ocpp/station/station_machine.hpp"

#include <string>

namespace busbar::tests {

namespace station = adapters::ocpp::station;
using std::chrono::seconds;

inline station::station_place two_connectors() {
  station::station_place place;
  place.site = domain::site_id{"yard"};
  place.index = domain::station_index{std::size_t{3}};
  place.id = domain::station_id{"CP-4"};
  place.when_lost.current = domain::milliamperes{6'000};
  for (std::size_t i = 0; i < 2; ++i)
    place.connectors.push_back({domain::connector_index{7 + i},
                                domain::connector_id{"CP-4-" + std::to_string(i + 1)},
                                domain::current_kind::ac, 3, domain::milliamperes{6'000},
                                domain::milliamperes{32'000}});
  return place;
}

struct station_desk {
  station::station_machine machine{two_connectors()};
  station::number_source numbers{42};
  station::station_house house{numbers, {}};
  busbar::ocpp::wire::frame_reader reader;
  domain::instant now{std::chrono::sys_days{std::chrono::year{2026} / 5 / 1}};
  station::station_effects last;
  int ids = 0;

  void connect(std::uint64_t link = 1) { last = machine.opened(link, now); }
  void raw(const std::string& text) { last = machine.frame(text, house, reader, now); }
  /// What the CALL is answered: the first frame that follows.
  std::string call(const std::string& action, const std::string& payload = "{}") {
    raw("[2,\"s" + std::to_string(++ids) + "\",\"" + action + "\"," + payload + "]");
    return last.frames.empty() ? std::string{} : last.frames.front();
  }
  std::string boot() {
    return call("BootNotification", R"({"chargePointVendor":"V","chargePointModel":"M"})");
  }
  /// Id of the CALL in a frame of ours.
  static std::string id_of(const std::string& frame) {
    const auto begin = frame.find('"') + 1;
    return frame.substr(begin, frame.find('"', begin) - begin);
  }
  /// Answers the newest CALL of ours, which stands last in the frames.
  void answer(const std::string& payload) {
    raw("[3,\"" + id_of(last.frames.back()) + "\"," + payload + "]");
  }
  /// Connected, booted, with all of onboarding answered.
  void serve() {
    connect();
    boot();
    for (int i = 0; i < 20 && !last.frames.empty() && last.frames.back().starts_with("[2,"); ++i)
      answer(last.frames.back().find("GetConfiguration") == std::string::npos
                 ? R"({"status":"Accepted"})"
                 : "{}");
  }
  std::int32_t start(const std::string& tag = "TAG1", int meter = 1000, int connector = 1) {
    const auto frame = call("StartTransaction",
                            "{\"connectorId\":" + std::to_string(connector) + ",\"idTag\":\"" +
                                tag + "\",\"meterStart\":" + std::to_string(meter) +
                                ",\"timestamp\":\"2026-05-01T00:00:00Z\"}");
    const auto place = frame.find("\"transactionId\":");
    return place == frame.npos ? 0 : std::stoi(frame.substr(place + 16));
  }
  std::string stop(std::int64_t number, int meter) {
    return call("StopTransaction", "{\"transactionId\":" + std::to_string(number) +
                                       ",\"meterStop\":" + std::to_string(meter) +
                                       ",\"timestamp\":\"2026-05-01T00:20:00Z\"}");
  }
  domain::command command(domain::command_kind kind, domain::sequence number) const {
    domain::command told;
    told.connector = domain::connector_index{std::size_t{7}};
    told.kind = kind;
    told.number = number;
    return told;
  }
  void tell(const domain::command& told, domain::epoch owner = 5) {
    last = machine.command(told, {owner, now}, now);
  }
  void grant(int current_ma, domain::sequence number, domain::epoch owner = 5) {
    auto told = command(domain::command_kind::grant, number);
    told.current = domain::milliamperes{current_ma};
    told.lease = domain::seconds{60};
    tell(told, owner);
  }
  void fact(domain::session_fact_kind kind, const domain::driver_request& about,
            const std::string& session) {
    domain::session_fact said;
    said.kind = kind;
    said.request = about.id;
    said.driver = about.driver;
    said.station = about.station;
    said.session = domain::session_id{session};
    last = machine.fact(said, now);
  }
  /// Its session is named, and started.
  void accept(const std::string& session, domain::sequence number) {
    const auto asked = last.requests.front();
    fact(domain::session_fact_kind::accepted, asked, session);
    auto told = command(domain::command_kind::start, number);
    told.session = domain::session_id{session};
    told.driver = asked.driver;
    tell(told);
  }
  bool has(station::count which) const {
    for (const auto each : last.counts)
      if (each == which) return true;
    return false;
  }
};

} // namespace busbar::tests
