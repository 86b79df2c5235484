#pragma once
// LIFE-1: the session of one connector, from the start command to its one bill.
//
//   none --start--> open --stop asked / energy reached--> stopping --answered, overdue--+
//    ^               |                                                                  |
//    +-- COMPLETED <-+--- fault, unplugged, start refused or not answered -- COMPLETED <-+
//
// A stop that the station refuses ends nothing: it goes on, and is stopped once more every minute.
// A session is open from the start command on, not from its answer: the plan counts a vehicle that
// may begin at any moment, and the answer alone tells the register that the bill begins with. It
// is over when the station has answered the stop, or is taken not to: no session waits for ever.
// A session that is completed without an answer is billed by what is known, and its bill waits for
// the register (site/unsettled_bill.hpp).

#include "domain/request.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"
#include "site/command_channel.hpp"
#include "site/station_effects.hpp"
#include "site/station_notice.hpp"
#include "site/unsettled_bill.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace busbar::site {

/// Works on `connector_notes::session`.
class session_machine {
public:
  explicit session_machine(const command_channel& channel)
      : channel_(channel), bill_(channel) {}

  /// `request` was admitted, or reports a transaction that runs already: then no start is sent.
  /// `newest`: the connector's newest reading. REQUIRES: none is open.
  void start(station_effects& out, connector_notes& notes, const domain::driver_request& request,
             const domain::reading& newest, domain::instant now) const;
  /// OCPP-7: a transaction that was over before its station could report it has its session and
  /// its bill, and nothing at the connector changes. REQUIRES: `request` reports its end.
  void record(station_effects& out, const connector_notes& notes,
              const domain::driver_request& request, domain::instant now) const;
  /// Its station has ended it. REQUIRES: it is open, `request` reports its end.
  void ended(station_effects& out, connector_notes& notes, const domain::driver_request& request,
             domain::instant now) const;
  /// Nothing happens where none is open, or a stop waits for its answer.
  void stop(station_effects& out, connector_notes& notes, const std::string& why) const;
  /// The same, and a stop that waits is sent once more. REQUIRES: one is open.
  void insist_on_stop(station_effects& out, connector_notes& notes,
                      const std::string& why) const;

  /// The newest register, by whatever states it.
  void note_register(connector_notes& notes, std::int64_t register_wh) const;
  void answered(station_effects& out, connector_notes& notes, const station_notice& notice) const;
  void overdue(station_effects& out, connector_notes& notes, const station_notice& notice) const;
  /// A second has passed. True where the session goes on.
  bool progress(station_effects& out, connector_notes& notes, const station_notice& notice) const;
  /// It ends here and now, with its bill.
  void complete(station_effects& out, connector_notes& notes, const station_notice& notice,
                const std::string& why) const;

  /// The connector's vehicle has left. Nothing happens where it left before the session began: that
  /// was the vehicle before, and its notice was under way while the next driver was let in.
  void unplugged(station_effects& out, connector_notes& notes, const station_notice& notice) const;

  [[nodiscard]] const unsettled_bill& bill() const { return bill_; }

private:
  /// The next session of this station, as `request` asks for it or reports it.
  [[nodiscard]] std::shared_ptr<domain::session_state>
  new_session(const connector_notes& notes, const domain::driver_request& request,
              domain::instant now) const;
  /// As `complete`, of a session whose station does not answer: its bill waits for the register.
  void complete_unsettled(station_effects& out, connector_notes& notes,
                          const station_notice& notice, const std::string& why) const;
  void start_answered(station_effects& out, connector_notes& notes,
                      const station_notice& notice) const;
  void begin(station_effects& out, connector_notes& notes, const station_notice& notice) const;
  /// An answer to its stop.
  void stop_answered(station_effects& out, connector_notes& notes,
                     const station_notice& notice) const;
  void stop_refused(station_effects& out, connector_notes& notes,
                    const station_notice& notice) const;
  void send_start(station_effects& out, connector_notes& notes) const;
  /// KEEP-1: what an epoch before owed the session. A start that never left is sent; a stop is sent
  /// again, because its answer may be lost: a station that has ended the session accepts it.
  void go_on(station_effects& out, connector_notes& notes) const;

  command_channel channel_;
  unsettled_bill bill_;
};

} // namespace busbar::site
