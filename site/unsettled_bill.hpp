#pragma once
// LIFE-1: the bill of a session that had to be completed while its station did not answer. It was
// given by the last register that is known, and the session may be open still at the station: once
// that is heard again it is ordered to stop, and its answer states the register. Where its start
// had no answer either, the bill began with a reading of before: an answer that comes now states
// the register that it begins with.
//
//   none --completed without an answer--> awaits a reading --heard again: stop--> awaits an answer
//    ^                                         ^  |                                  |      |
//    |                                         +--|--------- no answer in time ------+      |
//    +-- SETTLED <-- heard, `stops_max` unanswered; the next session starts <-- answered ---+

#include "domain/request.hpp"
#include "domain/time.hpp"
#include "site/command_channel.hpp"
#include "site/session_notes.hpp"
#include "site/station_effects.hpp"
#include "site/station_notice.hpp"

#include <cstdint>
#include <memory>

namespace busbar::site {

/// Works on `connector_notes::unsettled`.
class unsettled_bill {
public:
  explicit unsettled_bill(const command_channel& channel) : channel_(channel) {}

  /// From now on the bill of `last`, which was just given, waits for the register.
  void keep(station_effects& out, connector_notes& notes,
            std::unique_ptr<session_notes> last) const;
  void heard_again(station_effects& out, connector_notes& notes,
                   const station_notice& notice) const;
  /// An answer to one of its stops settles it, one to its start states where it begins; others
  /// change nothing.
  void answered(station_effects& out, connector_notes& notes, const station_notice& notice) const;
  void overdue(station_effects& out, connector_notes& notes, const station_notice& notice) const;
  /// Its station reports the end. REQUIRES: one waits, `request` reports its end.
  void ended(station_effects& out, connector_notes& notes, const domain::driver_request& request,
             domain::instant now) const;
  /// Another session is about to start there: the one before is stopped, and settled by the
  /// register that the newest reading tells.
  void give_way(station_effects& out, connector_notes& notes, std::int64_t register_wh,
                domain::instant now) const;

private:
  void stop(station_effects& out, connector_notes& notes) const;
  void await_register(station_effects& out, const connector_notes& notes) const;
  void start_answered(station_effects& out, connector_notes& notes,
                      const station_notice& notice) const;
  /// Its station never had it: there is nothing to bill.
  void settle_as_nothing(station_effects& out, connector_notes& notes, domain::instant now) const;
  /// By that register, or the newest one that is known.
  void settle(station_effects& out, connector_notes& notes, std::int64_t register_wh,
              domain::instant now) const;
  struct registers {
    std::int64_t start_wh = 0;
    std::int64_t now_wh = 0;
  };
  /// What they change of the bill that was given is a fact, and the session is forgotten.
  void settle(station_effects& out, connector_notes& notes, registers metered,
              domain::instant now) const;

  command_channel channel_;
};

} // namespace busbar::site
