#pragma once
// What the outside (HTTP, metrics, `busbar demo`) may ask of a running engine node. No CAF in here,
// so that adapters compile without it. Everything is thread-safe and answers at once: queries read
// published snapshots, commands are handed over and answered by facts in the log.

#include "actors/engine_counters.hpp"
#include "control/smart_charging/profile_book.hpp"
#include "domain/charging_profile.hpp"
#include "domain/command.hpp"
#include "domain/event.hpp"
#include "domain/health_probe.hpp"
#include "domain/ids.hpp"
#include "domain/operator_order.hpp"
#include "domain/request.hpp"
#include "domain/result.hpp"
#include "domain/session.hpp"
#include "domain/simulated_fault.hpp"
#include "domain/site_view.hpp"
#include "domain/time.hpp"
#include "messages/log/event_log.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::actors {

struct driver_view {
  domain::driver_id driver;
  /// "idle", "asking", "charging", "denied".
  std::string state;
  domain::site_id site;
  domain::station_id station;
  domain::session_id session;
  domain::instant since{};
  std::uint64_t accepted = 0;
  std::uint64_t denied = 0;
  std::uint64_t completed = 0;
};

/// One entry of the journal: an event or a session fact; `Last-Event-ID` names its number. Each has
/// the number after the one before; what is thinned out leaves its number behind.
struct journal_entry {
  std::uint64_t number = 0;
  domain::event event;
  /// Set where the entry is a session fact.
  std::optional<domain::session_fact> fact;
};

/// One registered health check (as in Kubernetes usage).
struct health_check {
  std::string name;
  bool is_critical = false;
  bool is_passing = false;
  std::string message;
  domain::microseconds took{};
};

struct fault_request {
  domain::site_id site;
  domain::station_id station;
  domain::fault_kind kind = domain::fault_kind::unspecified;
};

/// What is ordered about a station's charging profiles.
struct profile_request {
  domain::site_id site;
  domain::station_index station;
  /// The connector's place within its station.
  std::size_t place = 0;
  /// set_charging_profile or clear_charging_profile.
  domain::command_kind kind = domain::command_kind::unspecified;
  domain::shared_profile_order order;
};

/// Where a site is, as one engine node sees it.
enum class site_place : std::uint8_t {
  here,
  /// Just being taken over.
  coming,
  /// Another engine node of the group holds it.
  elsewhere,
  unknown,
};

/// Where sites are.
class site_places {
public:
  virtual ~site_places() = default;
  [[nodiscard]] virtual site_place place_of(const domain::site_id&) const {
    return site_place::unknown;
  }
};

class engine_port : public site_places {
public:

  [[nodiscard]] virtual std::vector<domain::site_id> sites() const = 0;
  /// The newest snapshot; null for an unknown site or before its first tick.
  [[nodiscard]] virtual std::shared_ptr<const domain::site_view>
  view(const domain::site_id& site) const = 0;
  [[nodiscard]] virtual std::vector<driver_view> drivers() const = 0;
  /// Breakers and watchdogs that belong to no site (drivers, protocol drivers, the engine node).
  [[nodiscard]] virtual std::vector<domain::breaker_view> node_breakers() const = 0;
  [[nodiscard]] virtual std::vector<domain::watchdog_view> node_watchdogs() const = 0;
  /// Facts of sessions that have ended or were denied, newest first, at most `count`.
  [[nodiscard]] virtual std::vector<domain::session_fact>
  past_sessions(std::size_t count) const = 0;
  /// Entries with a number above `after`, oldest first, at most `count`; the journal keeps a
  /// bounded number of each severity, so that warnings outlive any number of notes.
  [[nodiscard]] virtual std::vector<journal_entry> journal(std::uint64_t after,
                                                           std::size_t count) const = 0;
  /// Entries with a number below `before`, newest first, at most `count`.
  [[nodiscard]] virtual std::vector<journal_entry> journal_before(std::uint64_t before,
                                                                  std::size_t count) const = 0;
  /// From this number on every entry is there, except that facts of progress (each replaces the one
  /// before) are kept for a short time.
  [[nodiscard]] virtual std::uint64_t journal_whole_from() const = 0;
  /// The number of the newest entry.
  [[nodiscard]] virtual std::uint64_t journal_end() const = 0;

  /// Puts a driver's request into the log; the answer comes as session facts.
  virtual domain::result<void> submit(const domain::driver_request& request) = 0;
  /// Whether `inject` is taken at all: only where stations are simulated.
  [[nodiscard]] virtual bool allows_faults() const = 0;
  /// Sends a simulated fault to a station of the simulated fleet. errc::forbidden where faults are
  /// not allowed.
  virtual domain::result<void> inject(const fault_request& fault) = 0;

  /// Asks a station what it can do; what it reports is kept as a revision of the site when it
  /// answers, and told by an event. errc::unknown_reference, errc::unavailable.
  virtual domain::result<void> ask_capability(const domain::site_id& site,
                                              const domain::station_id& station) = 0;

  /// An operator's order for a running site. Checked before it is taken: errc::out_of_range,
  /// errc::unknown_reference, errc::unavailable. It is obeyed whatever the fallbacks are (LIM-7)
  /// and shows in the view after the next plan.
  virtual domain::result<void> order(const domain::site_id& site,
                                     const domain::operator_order& order) = 0;
  /// What flows at the order's node where the engine stops while it is in force, if that is more
  /// than it allows. Absent too for a site or a node that is not there.
  [[nodiscard]] virtual std::optional<domain::fallback_load>
  what_remains(const domain::site_id& site, const domain::node_constraint& order) const = 0;
  /// The moves that make `wish` so in the site as it is now: a part of what `configure` takes.
  /// errc::unknown_reference, errc::conflict.
  [[nodiscard]] virtual domain::result<domain::site_configuration>
  moves_of(const domain::site_id& site, const domain::tree_wish& wish) const = 0;
  /// A revision of the site: what `change` states comes over what was configured before, on top of
  /// the site's file. Kept in the changelog. errc::unsafe (LIM-4), errc::out_of_range,
  /// errc::unknown_reference, errc::conflict.
  virtual domain::result<void> configure(const domain::site_id& site,
                                         const domain::site_configuration& change) = 0;
  /// Takes a site's file again: limits, policy and settings change while sessions go on.
  /// errc::unsafe (LIM-4) or errc::malformed with every fault, errc::conflict where ids, tree or
  /// wiring differ.
  virtual domain::result<void> reload(const domain::site_id& site) = 0;

  /// The charging profiles that a station has accepted from this engine node; null for an unknown
  /// site or station.
  [[nodiscard]] virtual std::shared_ptr<const control::smart_charging::profile_book>
  profiles(const domain::site_id& site, domain::station_index station) const = 0;
  /// Tells the station; its answer is an event ("profile_accepted", "profile_refused").
  /// errc::unknown_reference, errc::unavailable.
  virtual domain::result<void> manage(const profile_request& request) = 0;

  /// Registers a check that /health shows from now on; asked on a thread of its own until the
  /// engine stops. errc::duplicate for a name that is there, errc::out_of_range, errc::too_large,
  /// errc::unavailable.
  virtual domain::result<void> watch_health(domain::health_probe probe) = 0;
  /// What every registered check found last, and what the engine sees of itself. Asks nothing.
  [[nodiscard]] virtual std::vector<health_check> health() const = 0;

  /// What the node counts about itself; lives as long as the engine.
  [[nodiscard]] virtual const engine_counters& counters() const = 0;
  /// What the log's adapter reports of its producers and consumers.
  [[nodiscard]] virtual messages::log_statistics log_statistics() const = 0;
};

} // namespace busbar::actors
