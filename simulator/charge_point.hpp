#pragma once
// One simulated charge point (a station): its outlets, what it is told, what it answers, and the
// faults it suffers. Real ones behave alike through adapters/ocpp.

#include "control/ownership/command_fence.hpp"
#include "domain/capability.hpp"
#include "domain/command.hpp"
#include "domain/command_result.hpp"
#include "domain/ids.hpp"
#include "domain/simulated_fault.hpp"
#include "domain/site.hpp"
#include "domain/site_state.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "simulator/local_policy.hpp"
#include "simulator/outlet.hpp"
#include "simulator/station_profiles.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace busbar::simulator {

/// What a charge point suffers, each until an instant; absent: not at all.
struct ailments {
  std::optional<domain::instant> faulted_until;
  std::optional<domain::instant> monitor_fails_until;
  std::optional<domain::instant> silent_until;
  std::optional<domain::instant> disobeys_until;
  /// Nor does it open its contactor while it disobeys.
  bool is_welded = false;
};

/// The sender and the time of a command.
struct command_origin {
  domain::epoch owner = 0;
  domain::instant issued_at{};
};

/// What a charge point decides by itself, and how often it looks.
struct local_settings {
  local_policy policy;
  /// The meter interval. > 0.
  domain::microseconds look_every{std::chrono::seconds{1}};
};

/// A change of what holds an outlet back beside its grant.
struct local_change {
  domain::connector_index connector;
  std::string text;
};

/// A session that the point has ended by itself: its policy says stop.
struct local_stop {
  domain::connector_index connector;
  domain::session_id session;
  domain::driver_id driver;
};

class charge_point {
public:
  charge_point(const domain::site& site, domain::station_index index,
               domain::microseconds response, local_settings local = {});

  [[nodiscard]] domain::station_index index() const { return index_; }
  /// The same point at its place in a changed site file. REQUIRES: its connectors' ids and wiring
  /// are the same.
  void follow(const domain::site& site, domain::station_index index);
  [[nodiscard]] std::vector<outlet>& outlets() { return outlets_; }
  [[nodiscard]] const std::vector<outlet>& outlets() const { return outlets_; }
  /// Null before the first charging profile.
  [[nodiscard]] const station_profiles* profiles() const { return profiles_.get(); }
  [[nodiscard]] bool disobeys() const { return ailments_.disobeys_until.has_value(); }
  [[nodiscard]] bool is_silent() const { return ailments_.silent_until.has_value(); }
  [[nodiscard]] bool is_faulted() const { return ailments_.faulted_until.has_value(); }
  [[nodiscard]] bool monitor_fails() const { return ailments_.monitor_fails_until.has_value(); }

  /// Obeys or refuses. OWN-1: an older owner or number is refused; a repeated number gets the same
  /// answer and changes nothing. SAFE-1: a grant's lease counts from its issue, and one that comes
  /// after its end is refused, so that what waited in a log for an hour changes nothing.
  /// REQUIRES: `told.connector` is one of its outlets; not silent.
  domain::command_result obey(const domain::command& told, const command_origin& from,
                              domain::instant now);
  /// Begins (or, with fault_kind::clear, ends) a fault. meter_loss is not a charge point's.
  void suffer(domain::fault_kind kind, domain::instant until, bool is_welded = false);
  /// Lets time pass. Returns the faults that ended by themselves. On every meter interval, and at
  /// once after a command, it looks at what the profiles leave to each outlet (they stand before
  /// everything local); where none speaks the local policy decides.
  std::vector<domain::fault_kind> advance(domain::instant now);
  /// What has changed since the last call; each decision once.
  std::vector<local_change> take_changes();
  /// Sessions that it has ended by itself since the last call.
  std::vector<local_stop> take_stops() { return std::exchange(stops_, {}); }

private:
  struct memory {
    control::ownership::command_mark obeyed;
    domain::command_result answer;
  };

  /// Why refused; empty when done.
  std::string act(outlet& at, const domain::command& told, domain::instant issued_at,
                  domain::instant now);
  std::string hold(outlet& at, const domain::command& told, domain::instant issued_at,
                   domain::instant now) const;
  std::string start(outlet& at, const domain::command& told, domain::instant now);
  std::string stop(outlet& at, const domain::command& told);
  std::string switch_phases(outlet& at, std::uint8_t lines, domain::instant now);
  std::string keep_profile(const domain::command& told, domain::instant now);
  void apply_ailments();
  /// Holds every outlet to what its profiles or the local policy leave.
  void look(domain::instant now);
  void hold_back(std::size_t place, const profile_cap& cap, domain::instant now);
  void end_session(std::size_t place, const std::string& why);
  void say_limit(std::size_t place, const profile_cap& cap, domain::instant now);
  void say_policy(std::size_t place, const local_decision& own, domain::instant now);
  /// `text` where `key` is another than the last one of this outlet.
  void note(std::size_t place, std::string key, std::string text);
  /// Energy of one meter interval at this power, for people: "175", "6.1" Wh.
  [[nodiscard]] std::string step_of(std::int64_t milliwatts) const;

  domain::station_index index_;
  domain::connector_index first_;
  std::vector<domain::milliamperes> current_max_;
  domain::microseconds own_timeout_;
  bool has_smart_charging_ = true;
  /// What it says that it is.
  domain::shared_station_report nameplate_;
  bool is_bidirectional_ = false;
  local_settings local_;
  std::vector<outlet> outlets_;
  std::vector<memory> memories_;
  ailments ailments_;
  std::unique_ptr<station_profiles> profiles_;
  domain::instant next_look_{};
  /// By outlet: the lines it was told to charge on, the driver of its newest session, and what was
  /// said of it last.
  std::vector<std::uint8_t> lines_told_;
  std::vector<domain::driver_id> drivers_;
  std::vector<std::string> said_;
  std::vector<local_change> changes_;
  std::vector<local_stop> stops_;
};

} // namespace busbar::simulator
