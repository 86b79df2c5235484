#pragma once
// One station as a pure state machine: (state, input, now) -> effects. No socket, no clock.
//
//   away --opened--> connected --BootNotification--> accepted --closed--> away (stays accepted)
//
// Before it is accepted nothing is asked of it, and what it sends earns SecurityError. One that was
// accepted and connects again is served and commanded as before.

#include "adapters/ocpp/station/station_calls.hpp"
#include "adapters/ocpp/station/station_commands.hpp"
#include "adapters/ocpp/station/station_state.hpp"
#include "domain/site_state.hpp"
#include "ocpp/wire/frame_reader.hpp"

#include <string_view>

namespace busbar::adapters::ocpp::station {

class station_machine {
public:
  explicit station_machine(station_place place) : state_(new_station(std::move(place))) {}

  /// A connection with this epoch; one before it has ended.
  [[nodiscard]] station_effects opened(std::uint64_t link, domain::instant now);
  [[nodiscard]] station_effects frame(std::string_view text, const station_house& house,
                                      busbar::ocpp::wire::frame_reader& reader,
                                      domain::instant now);
  /// A pong or a ping.
  [[nodiscard]] station_effects alive(domain::instant now);
  [[nodiscard]] station_effects closed();
  [[nodiscard]] station_effects command(const domain::command& told, const command_origin& from,
                                        domain::instant now);
  [[nodiscard]] station_effects fact(const domain::session_fact& fact, domain::instant now);
  /// An operator's order: a CALL as it stands. REQUIRES: connected and accepted.
  [[nodiscard]] station_effects order(station_call call, domain::instant now);
  /// False where the order is not one that waits.
  [[nodiscard]] bool cancel(std::uint64_t order) { return state_.lane.cancel(order); }
  /// The tag of a transaction that an earlier gateway began was refused then.
  [[nodiscard]] station_effects refuse(std::int32_t transaction, domain::instant then);
  /// The log has refused a request of this station, which was not answered: it is made again once
  /// the station connects again, or repeats what it reports.
  void refused(domain::driver_request request);
  /// A second has passed.
  [[nodiscard]] station_effects pulse(domain::instant now);
  /// A session that has been accepted for a transaction which is not known here: an earlier gateway
  /// has given its number.
  [[nodiscard]] std::optional<domain::session_state>
  begun_by(const domain::session_fact& fact) const;
  /// What the log holds of the station's sessions: their transactions go on under their numbers.
  /// False: it is known here.
  bool restore(const domain::session_state& open, number_source& numbers);
  void restore(const domain::told_state& told, domain::epoch owner);

  /// The same station at its place in a changed site file. REQUIRES: as many connectors.
  void move(station_place place) { state_.place = std::move(place); }

  [[nodiscard]] const station_state& state() const { return state_; }

private:
  [[nodiscard]] station_effects finish(station_effects out, domain::instant now);

  station_state state_;
};

} // namespace busbar::adapters::ocpp::station
