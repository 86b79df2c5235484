#pragma once
// One visit of one driver: asks for a point, hears the answer, charges, leaves.
//
//   away --time to ask--> asking --ACCEPTED--> charging --stayed--> leaving --COMPLETED--> away
//     ^                    |  ^--DENIED: the next point--|  \--COMPLETED (fault, target)--> away
//     \--no answer---------/
//
// A visit with a departure asks again (`world_settings::asks_again`) until then; one without ends
// with its first round of asking. Where every point of a round was only silent, because the engine
// has no reading of it yet, the visit asks again after 2 s, then after 3, 5, 9 and 17 s.
// A pure state machine; `drivers` moves it and does what it wants.

#include "domain/ids.hpp"
#include "domain/request.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "simulator/settings.hpp"
#include "simulator/vehicle.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace busbar::simulator {

enum class driver_phase : std::uint8_t { away = 0, asking, charging, leaving };

/// Points that are asked one after the other.
struct asking_round {
  std::vector<domain::station_index> tried;
  /// What the newest request was answered, until the next one; empty: it was not denied.
  std::string denial;
  /// A point was denied for another reason than that it has not reported yet.
  bool is_refused = false;
};

/// How long a driver waits for what.
struct waiting_terms {
  /// For an answer.
  domain::microseconds patience{};
  /// Until a visit with a departure asks again.
  domain::microseconds asks_again{};
  /// Rounds so far in which every point was silent.
  std::uint8_t silent_rounds = 0;
};

class driver {
public:
  /// One of the visits of a driver that comes again and again.
  driver(const driver_profile& profile, const world_settings& terms, domain::instant now);
  /// The only visit of a driver that comes once.
  driver(const arrival& visit, const world_settings& terms, domain::instant now);

  [[nodiscard]] const domain::driver_id& name() const { return name_; }
  [[nodiscard]] driver_phase phase() const { return phase_; }
  [[nodiscard]] const vehicle_model& car() const { return car_; }
  [[nodiscard]] const domain::station_id& prefers() const { return prefers_; }
  /// The connector of the preferred station; empty: whichever is free.
  [[nodiscard]] const domain::connector_id& connector() const { return connector_; }
  [[nodiscard]] std::optional<domain::permille> soc() const { return soc_; }
  [[nodiscard]] const domain::station_id& station() const { return station_; }
  [[nodiscard]] const domain::session_id& session() const { return session_; }
  [[nodiscard]] const domain::request_id& request() const { return request_; }
  [[nodiscard]] const asking_round& round() const { return round_; }
  /// Nothing more comes of this visit.
  [[nodiscard]] bool is_done(domain::instant now) const;

  [[nodiscard]] bool is_time_to_ask(domain::instant now) const;
  [[nodiscard]] bool has_waited_in_vain(domain::instant now) const;
  [[nodiscard]] bool is_time_to_leave(domain::instant now) const;
  /// The session was not completed although asked for: pulls the cable.
  [[nodiscard]] bool is_out_of_patience(domain::instant now) const;

  domain::driver_request ask(const domain::site_id& site, domain::station_index where,
                             const domain::station_id& station, domain::request_id request,
                             domain::instant now);
  domain::driver_request stop(const domain::site_id& site, domain::request_id request,
                              domain::instant now);
  void be_accepted(const domain::session_id& session, domain::microseconds stays,
                   domain::instant now);
  /// Its session says another departure now; absent: it stays as long as it meant to.
  void leave_at(std::optional<domain::instant> departs_at) {
    leaves_at_ = departs_at.value_or(leaves_at_);
  }
  /// Denied: the next point is asked on the next step, which then says what became of it.
  void try_next(std::string denial, bool is_silent) {
    request_ = {};
    round_.denial = std::move(denial);
    round_.is_refused = round_.is_refused || !is_silent;
  }
  /// The places of stations are others: none of them has been tried.
  void forget_places() { round_.tried.clear(); }
  /// Nothing here for now: comes back at its next time, or sooner where its points were silent.
  void go_away(domain::instant now);

  /// IN_PROGRESS is told each second; true when it is worth a word in the log.
  bool notices_progress(domain::instant now);

private:
  domain::driver_id name_;
  waiting_terms waits_;
  vehicle_model car_;
  domain::station_id prefers_;
  domain::connector_id connector_;
  std::optional<domain::permille> soc_;
  std::optional<domain::watt_hours> energy_wanted_;
  std::optional<domain::instant> departs_at_;
  bool has_asked_ = false;

  driver_phase phase_ = driver_phase::away;
  domain::instant next_ask_{};
  domain::instant asked_at_{};
  domain::instant leaves_at_{};
  domain::instant noticed_at_{};
  domain::request_id request_;
  domain::session_id session_;
  domain::station_id station_;
  asking_round round_;
};

} // namespace busbar::simulator
