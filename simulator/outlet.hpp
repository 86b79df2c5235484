#pragma once
// One connector of a simulated charge point: the vehicle in it, the session, the current it may
// draw, the current it does draw, and its meter.
//
//   DISCONNECTED --plug--> ACTIVATED --current flows--> SUPPLYING --stops--> ACTIVATED --unplug--+
//        ^----------------------------------------------------------------------------------- --/
//   any state --fault--> FAULTED --cleared--> as found

#include "domain/ids.hpp"
#include "domain/site.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "simulator/vehicle.hpp"

#include <optional>

namespace busbar::simulator {

/// What its station leaves to an outlet.
struct local_cap {
  std::optional<domain::milliamperes> current;
  std::optional<domain::watt_hours> session;
};

/// By the outlet's own register.
struct ended_session {
  /// Empty: none has ended.
  domain::session_id id;
  domain::watt_hours energy{};
  /// When it ended.
  std::int64_t register_wh = 0;
};

class outlet {
public:
  /// For which a vehicle must not charge while lines are switched.
  static constexpr domain::microseconds switching_time{std::chrono::seconds{5}};

  /// `response`: time in which a vehicle follows a new current. 1 us..5 s (IEC 61851-1).
  outlet(const domain::site& site, domain::connector_index index, domain::microseconds response);

  [[nodiscard]] domain::connector_index index() const { return index_; }
  /// The same outlet at its place in a changed site file. REQUIRES: its wiring is the same.
  void follow(const domain::site& site, domain::connector_index index);
  /// What it offers on the lines that it charges on now (`switch_phases`).
  [[nodiscard]] const supply& offered() const { return supply_; }
  [[nodiscard]] domain::milliamperes current_max() const { return current_max_; }
  [[nodiscard]] bool can_switch_phases() const { return can_switch_phases_; }
  [[nodiscard]] const std::optional<vehicle>& car() const { return car_; }
  [[nodiscard]] const domain::session_id& session() const { return session_; }
  /// The newest session that has ended.
  [[nodiscard]] const ended_session& last() const { return last_; }
  [[nodiscard]] domain::instant session_began() const { return session_began_; }
  /// Its register when the session began, Wh.
  [[nodiscard]] std::int64_t session_register_wh() const { return session_register_wh_; }
  /// Delivered since the session began.
  [[nodiscard]] domain::watt_hours session_energy() const;
  /// A magnitude.
  [[nodiscard]] domain::milliamperes drawn() const { return drawn_; }
  /// What is drawn flows out of the vehicle.
  [[nodiscard]] bool is_export() const { return is_export_ && drawn_.count() > 0; }
  /// Given back since the beginning, by its own register.
  [[nodiscard]] domain::watt_hours exported() const { return domain::watt_hours{out_wh_}; }
  /// Phases loaded by the vehicle now; 0 without one.
  [[nodiscard]] std::uint8_t phases() const;
  /// What it may draw at `now`, or give back under a grant of export: its grant, or the fallback
  /// when none is valid (SAFE-1), which is never export.
  [[nodiscard]] domain::milliamperes allowed(domain::instant now) const;
  [[nodiscard]] bool is_in_fallback(domain::instant now) const { return now >= grant_ends_; }
  [[nodiscard]] domain::connector_state state() const;
  /// What its vehicle takes of its grant where neither profile nor policy holds it back.
  [[nodiscard]] domain::milliamperes unheld(domain::instant now) const;
  /// Active power of its vehicle at `current`, mW.
  [[nodiscard]] std::int64_t milliwatts_at(domain::milliamperes current) const;

  /// It draws nothing before the outlet has been seen with it once: a charge begins in ACTIVATED.
  /// REQUIRES: no vehicle plugged in.
  void plug(vehicle car);
  /// Ends the session and the energy, too. REQUIRES: !is_locked().
  std::optional<vehicle> unplug();
  /// The vehicle of an ended session makes room; a session that has begun since goes on.
  /// REQUIRES: !is_locked().
  void make_room();
  void open_session(const domain::session_id& session, domain::instant now);
  void close_session();
  void hold(domain::milliamperes current, domain::instant ends, bool is_export = false);
  /// What it does once its grant has ended; absent: as its own configuration says.
  void fall_back_to(const std::optional<domain::fallback>& told) { told_fallback_ = told; }
  void obey(domain::sequence number) { obeyed_ = number; }
  /// What a charging profile or the local policy leaves; absent: no more than the grant says. The
  /// smaller of both holds. `session_max`: the contactor opens where the session has had this much.
  void cap(std::optional<domain::milliamperes> most,
           std::optional<domain::watt_hours> session_max = std::nullopt) {
    cap_ = {most, session_max};
  }
  /// Charges on the connector's first line alone (1) or on all three from now on. A vehicle that
  /// charges pauses for `switching_time`. REQUIRES: can_switch_phases(); 1 or 3.
  void switch_phases(std::uint8_t lines, domain::instant now);

  void set_faulted(bool is_faulted);
  void set_available(bool is_available) { is_available_ = is_available; }
  /// From now on it keeps drawing what it draws, whatever it is told (SAFE-2). `is_welded`: nor
  /// does a stop end that, only a fault of the station does.
  void set_disobedient(bool is_disobedient, bool is_welded = false);
  /// Current flows that cannot be stopped: the plug stays locked.
  [[nodiscard]] bool is_locked() const { return is_stuck_live() && drawn_.count() > 0; }

  /// From now on its readings show the first line alone, and power to match: they lie.
  void hide_lines() { hides_lines_ = true; }

  /// Lets time pass until `now`: the draw follows, the battery and the meter take in the energy.
  void advance(domain::instant now);
  [[nodiscard]] domain::reading sample(domain::instant now) const;

private:
  /// The way that its grant points at `now`.
  [[nodiscard]] bool may_export(domain::instant now) const {
    return granted_export_ && !is_in_fallback(now);
  }
  [[nodiscard]] domain::milliamperes target(domain::instant now) const;
  [[nodiscard]] domain::milliamperes on_the_way(domain::instant now) const;
  [[nodiscard]] domain::millivolts measured_voltage() const;
  void cut();
  [[nodiscard]] bool is_stuck_live() const { return is_welded_ && stuck_at_ && !is_faulted_; }
  void take_energy(domain::milliamperes mean, domain::microseconds time);

  domain::connector_index index_;
  supply supply_;
  domain::milliamperes current_max_;
  domain::fallback fallback_;
  std::optional<domain::fallback> told_fallback_;
  domain::microseconds response_;
  bool can_switch_phases_;

  std::optional<vehicle> car_;
  bool has_just_come_ = false;
  domain::session_id session_;
  ended_session last_;
  domain::instant session_began_{};
  std::int64_t session_register_wh_ = 0;
  domain::milliamperes granted_{};
  domain::milliamperes last_granted_{};
  bool granted_export_ = false;
  /// Of `drawn_`; changes at zero only.
  bool is_export_ = false;
  domain::instant grant_ends_{};
  domain::sequence obeyed_ = 0;
  bool is_faulted_ = false;
  bool is_available_ = true;
  std::optional<domain::milliamperes> stuck_at_;
  bool is_welded_ = false;
  bool hides_lines_ = false;
  /// Of the session's first current.
  std::optional<domain::instant> charging_since_;
  local_cap cap_;
  domain::instant paused_until_{};

  /// The draw moves from `ramp_from_` at `ramp_began_` to `ramp_to_` within `response_`.
  domain::milliamperes drawn_{};
  domain::milliamperes ramp_from_{};
  domain::milliamperes ramp_to_{};
  domain::instant ramp_began_{};
  domain::instant now_{};
  std::int64_t register_wh_ = 0;
  std::int64_t register_mw_us_ = 0;
  std::int64_t out_wh_ = 0;
  std::int64_t out_mw_us_ = 0;
};

} // namespace busbar::simulator
