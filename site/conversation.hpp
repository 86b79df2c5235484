#pragma once
// The conversation with one charge point: commands with their numbers, answers, the session and
// the breaker around the command channel. Pure: an input and the time in, effects out; the station
// actor only carries them. What must survive the actor is in `notebook` and `connector_notes`.
//
//   session of one connector (LIFE-1):
//   none --start accepted--> open --stop asked / energy reached--> stopping --answered, overdue--+
//    ^                        |                                                                  |
//    +--- COMPLETED <---------+--- fault, unplugged, start refused -------------- COMPLETED <----+

#include "control/safety/breaker.hpp"
#include "control/smart_charging/profile_book.hpp"
#include "domain/command.hpp"
#include "domain/ids.hpp"
#include "domain/request.hpp"
#include "domain/session.hpp"
#include "domain/simulated_fault.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "site/conversation_terms.hpp"
#include "site/notebook.hpp"
#include "site/profile_errand.hpp"
#include "site/station_effects.hpp"
#include "site/station_facts.hpp"
#include "site/station_notice.hpp"
#include "site/station_order.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace busbar::site {

/// The fact that denies `request`.
[[nodiscard]] domain::session_fact denied(const domain::driver_request& request,
                                          domain::instant now, std::string why);

class conversation {
public:
  /// REQUIRES: `notes` holds one entry for each connector of the station.
  conversation(const conversation_terms& terms, domain::station_index station, notebook& book,
               std::span<connector_notes> notes)
      : terms_(terms), station_(station), book_(book), notes_(notes) {}

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
  [[nodiscard]] const domain::station& station() const;
  connector_notes& notes_of(domain::connector_index connector);
  /// Of the open session that the request is about; null: there is none.
  connector_notes* notes_of(const domain::driver_request& request);
  [[nodiscard]] domain::connector_index connector_of(const connector_notes& notes) const;
  domain::command& issue(station_effects& out, connector_notes& notes, domain::command_kind kind);
  void start(station_effects& out, const domain::driver_request& request,
             const station_facts& facts, domain::instant now);
  void stop(station_effects& out, const domain::driver_request& request, domain::instant now);
  void change(station_effects& out, const domain::driver_request& request, domain::instant now);
  void reserve(station_effects& out, const domain::driver_request& request,
               const station_facts& facts, domain::instant now);
  [[nodiscard]] bool is_meant(const domain::driver_request& request,
                              const connector_notes& notes) const;
  [[nodiscard]] connector_notes* free_connector(const domain::driver_request& request,
                                                const station_facts& facts, domain::instant now,
                                                std::string& why);
  void answered(station_effects& out, connector_notes& notes, const station_notice& notice);
  void overdue(station_effects& out, connector_notes& notes, const station_notice& notice);
  void progress(station_effects& out, connector_notes& notes, const station_notice& notice);
  void begin_stop(station_effects& out, connector_notes& notes, const std::string& why);
  void escalate(station_effects& out, connector_notes& notes, const station_notice& notice);
  void tell(station_effects& out, connector_notes& notes, domain::milliamperes current,
            bool is_export);
  /// True where it is the answer to an order about profiles.
  bool keep_profile_answer(station_effects& out, const connector_notes& notes,
                           const station_notice& notice);
  void give_up_profiles(station_effects& out, const connector_notes& notes,
                        const station_notice& notice);
  void measure_profiles(station_effects& out, const connector_notes& notes,
                        const station_notice& notice);
  /// REQUIRES: book_.profiles.
  void follow_sessions();
  void say_unanswered(station_effects& out, connector_notes& notes, const station_notice& notice);
  void count(station_effects& out, bool has_succeeded, domain::microseconds took,
             domain::instant now);
  void say(station_effects& out, const std::optional<control::safety::breaker_change>& change);
  void complete(station_effects& out, connector_notes& notes, const station_notice& notice,
                const std::string& why);
  /// As `complete`, of a session whose station does not answer: its bill waits for the register.
  void complete_unsettled(station_effects& out, connector_notes& notes,
                          const station_notice& notice, const std::string& why);
  void meter_start(station_effects& out, connector_notes& notes, domain::watt_hours at);
  void heard_again(station_effects& out, connector_notes& notes, const station_notice& notice);
  void stop_unsettled(station_effects& out, connector_notes& notes);
  /// REQUIRES: notes.unsettled.
  void await_register(station_effects& out, const connector_notes& notes) const;
  /// Says what the register adds to the bill that was given, and forgets it.
  void settle(station_effects& out, connector_notes& notes, std::int64_t register_wh,
              domain::instant now);
  void flag_energy(station_effects& out, const session_notes& open, domain::instant now) const;
  [[nodiscard]] domain::session_fact fact(const session_notes& open,
                                          domain::session_fact_kind kind,
                                          domain::instant now) const;

  const conversation_terms& terms_;
  domain::station_index station_;
  notebook& book_;
  std::span<connector_notes> notes_;
};

} // namespace busbar::site
