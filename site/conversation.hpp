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
#include "domain/charging_profile.hpp"
#include "domain/command.hpp"
#include "domain/command_result.hpp"
#include "domain/escalation.hpp"
#include "domain/event.hpp"
#include "domain/ids.hpp"
#include "domain/maybe.hpp"
#include "domain/reason.hpp"
#include "domain/request.hpp"
#include "domain/session.hpp"
#include "domain/simulated_fault.hpp"
#include "domain/site.hpp"
#include "domain/site_state.hpp"
#include "domain/site_view.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace busbar::site {

using session_pointer = std::shared_ptr<const domain::session_state>;

/// What is remembered of an open session's conversation.
struct session_notes {
  /// Never null.
  session_pointer state;
  /// The meter's register as last heard.
  std::int64_t register_now_wh = 0;
  /// Numbers of the start and stop commands that wait for an answer.
  std::optional<domain::sequence> start_waits;
  std::optional<domain::sequence> stop_waits;
  /// Why it stops, once it does.
  std::string stopping_because;
  /// Stops that the station has not answered.
  std::uint8_t stops_unanswered = 0;
  /// Its start and stop were sent in an epoch before, or were to be.
  bool is_of_before = false;
};

/// What is remembered of one connector's conversation.
struct connector_notes {
  /// Number of the last command.
  domain::sequence number = 0;
  /// Null: none is open.
  std::unique_ptr<session_notes> session;
  /// Completed while its station did not answer: its bill waits for the register. Null: none does.
  std::unique_ptr<session_notes> unsettled;
  /// Set unavailable for not obeying.
  bool is_taken_out = false;
  /// Its newest commands were not answered, which has been said.
  bool is_unanswered = false;
};

/// Its state with what it waits for now, for those that keep a copy.
[[nodiscard]] session_pointer with_waits(const session_notes& open);
/// The same once its start is accepted. `register_at`: of the answer.
[[nodiscard]] session_pointer begun(session_notes& open,
                                    const domain::maybe<domain::watt_hours>& register_at);

struct reservation {
  domain::driver_id driver;
  domain::instant until{};
};

/// What is remembered of one station's conversation.
struct notebook {
  control::safety::breaker commands;
  std::uint64_t sessions_begun = 0;
  /// Pieces of work that were done, by every actor of the station.
  std::uint64_t pieces_done = 0;
  std::unique_ptr<reservation> reserved;
  /// Made with the first order about charging profiles.
  std::unique_ptr<control::smart_charging::profile_book> profiles;
};

/// What a feeder orders a station to do about one connector on the tick.
struct station_order {
  domain::connector_index connector;
  domain::milliamperes current{};
  domain::reason because;
  /// A safety decrease goes out even with an open breaker.
  bool is_decrease = false;
  domain::instant now{};
  /// 1 or 3: the lines to charge on, in place of a grant. Otherwise 0.
  std::uint8_t lines = 0;
  /// The current flows out of the vehicle.
  bool is_export = false;
  /// How long it is valid; absent: the site's lease.
  std::optional<domain::seconds> short_lease;
};

/// What is ordered about a station's charging profiles.
struct profile_errand {
  domain::station_index station;
  /// The connector's place within its station.
  std::size_t place = 0;
  /// set_charging_profile or clear_charging_profile.
  domain::command_kind kind = domain::command_kind::unspecified;
  domain::shared_profile_order order;
  domain::instant now{};
};

enum class notice_kind : std::uint8_t {
  unspecified = 0,
  /// `answer` came, `took` after the command.
  answered,
  /// no answer in time to command `number`
  overdue,
  /// the second has passed with a session open
  progress,
  energy_reached,
  /// the station of a session whose bill waits for the register is heard again
  heard_again,
  faulted,
  unplugged,
  /// it acknowledged and keeps drawing: `step` is due (none: it obeys again)
  disobeys,
};

/// What a feeder's bay noticed that a station must act on.
struct station_notice {
  domain::station_index station;
  domain::connector_index connector;
  notice_kind kind = notice_kind::unspecified;
  domain::instant now{};
  domain::outcome answer = domain::outcome::unspecified;
  domain::sequence number = 0;
  std::string why;
  domain::microseconds took{};
  std::int64_t register_wh = 0;
  /// answered: the register that the answer tells.
  domain::maybe<domain::watt_hours> register_at;
  domain::watts power{};
  domain::escalation step = domain::escalation::none;
  domain::milliamperes told{};
  /// Negative: out of the vehicle.
  domain::milliamperes drawn{};
  /// What it was told flows out of the vehicle.
  bool is_export = false;
  /// answered: its command was sent in an epoch before.
  bool is_of_before = false;
};

/// What the bay knows of a station when a driver asks.
struct station_facts {
  bool is_silent = false;
  bool is_unhealthy = false;
  bool is_site_safe = false;
  std::vector<domain::reading> readings;
};

struct session_change {
  domain::connector_index connector;
  /// Null: ended.
  session_pointer session;
  bool is_stopping = false;
  /// The bill of the one that has ended waits until the station is heard again.
  bool is_unsettled = false;
  /// The ended one, with the register that was billed, while its bill waits; null: none waits.
  session_pointer bill_waits;
};

/// What came of one input.
struct station_effects {
  std::vector<domain::command> commands;
  std::vector<domain::session_fact> facts;
  std::vector<domain::event> events;
  std::vector<session_change> sessions;
  bool is_breaker_changed = false;
  /// What people see of its charging profiles is another; of these, what must be remembered.
  bool are_profiles_changed = false;
  bool are_profiles_kept = false;
};

/// Everything a conversation needs besides its notes; shared by all stations of a site.
struct conversation_terms {
  std::shared_ptr<const domain::site> site;
  domain::epoch owner = 0;
  control::safety::breaker_settings breaker;
  /// Of stations that the site's file gives their own.
  std::map<domain::station_index, control::safety::breaker_settings> own_breakers;
  domain::seconds reservation_time{900};

  [[nodiscard]] const control::safety::breaker_settings&
  breaker_of(domain::station_index station) const {
    const auto own = own_breakers.find(station);
    return own == own_breakers.end() ? breaker : own->second;
  }
};

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
  /// KEEP-1: sends a start that is owed, and a stop of the epoch before again.
  void go_on(station_effects& out, connector_notes& notes);
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
