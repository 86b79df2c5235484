#pragma once
// The conversation with one charge point. Pure: an input and the time in, effects out; the station
// actor only carries them. It gives each input to the part that it is for:
//
//   orders, answers, silence --> command_channel      numbers, circuit breaker
//   requests                 --> driver_requests      admission, reservation
//   start, stop, registers   --> session_machine      LIFE-1, its bill: unsettled_bill
//   disobedience             --> escalate             SAFE-2
//   charging profiles        --> profile_conversation
//
// What must survive the actor is in `notebook` and `connector_notes`, which the parts share.

#include "control/smart_charging/profile_book.hpp"
#include "domain/command.hpp"
#include "domain/ids.hpp"
#include "domain/request.hpp"
#include "domain/simulated_fault.hpp"
#include "domain/time.hpp"
#include "site/command_channel.hpp"
#include "site/conversation_terms.hpp"
#include "site/notebook.hpp"
#include "site/profile_conversation.hpp"
#include "site/profile_errand.hpp"
#include "site/session_machine.hpp"
#include "site/station_effects.hpp"
#include "site/station_facts.hpp"
#include "site/station_notice.hpp"
#include "site/station_order.hpp"

#include <cstdint>
#include <span>

namespace busbar::site {

class conversation {
public:
  /// REQUIRES: `notes` holds one entry for each connector of the station.
  conversation(const conversation_terms& terms, domain::station_index station, notebook& book,
               std::span<connector_notes> notes)
      : channel_(terms, station, book, notes), sessions_(channel_), profiles_(channel_) {}

  [[nodiscard]] station_effects order(const station_order& order);
  [[nodiscard]] station_effects notice(const station_notice& notice);
  /// So many grants were accepted in good time: its breaker counts them.
  [[nodiscard]] station_effects routine_answers(std::uint8_t answers, domain::instant now);
  [[nodiscard]] station_effects request(const domain::driver_request& request,
                                        const station_facts& facts, domain::instant now);
  /// A command that no plan and no session asks for. `fault`: of simulate_fault.
  [[nodiscard]] station_effects direct(domain::command_kind kind, domain::fault_kind fault);
  /// `settings`: how the station reads profiles; used with the first order.
  [[nodiscard]] station_effects
  manage(const profile_errand& errand, const control::smart_charging::station_settings& settings);

private:
  void answered(station_effects& out, connector_notes& notes, const station_notice& notice);
  void overdue(station_effects& out, connector_notes& notes, const station_notice& notice);

  command_channel channel_;
  session_machine sessions_;
  profile_conversation profiles_;
};

} // namespace busbar::site
