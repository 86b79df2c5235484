#pragma once
// What may be asked of a node's sites. Thread-safe; nothing here blocks.

#include "domain/charging_profile.hpp"
#include "domain/command.hpp"
#include "domain/ids.hpp"
#include "domain/order_answer.hpp"
#include "domain/request.hpp"
#include "domain/result.hpp"
#include "domain/simulated_fault.hpp"
#include "domain/site_configuration.hpp"
#include "domain/time.hpp"
#include "ports/caller.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace busbar::ports {

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
  /// Of the tree in which `station` is a place; 0: the site's own, whatever it is then.
  std::uint64_t topology_hash = 0;
};

/// What operators or demand response ask of one site.
struct order_request {
  domain::site_id site;
  std::vector<domain::order_wish> wishes;
  caller by;
  /// Of the tree in which the wishes name places; 0: the site's own, whatever it is then.
  std::uint64_t topology_hash = 0;
};
using order_listener = std::function<void(domain::order_answer)>;
/// Called once, on any thread and also from within the call: the log has it, or why it was refused.
using kept_listener = std::function<void(const domain::result<void>&)>;

class orders {
public:
  /// A site that has not answered by then is taken not to.
  static constexpr domain::seconds answer_within{5};
  /// Orders of all sites that wait for their answers.
  static constexpr std::size_t waiting_max = 4'096;

  /// Why `inject` is refused where it is not allowed.
  static constexpr const char* faults_are_off =
      "fault injection is off; busbar engine --allow-faults turns it on";

  virtual ~orders() = default;

  /// Puts a driver's request into the log; its answer comes as session facts. `then` hears when the
  /// log has the request (KEEP-1).
  virtual void submit(const domain::driver_request& request, kept_listener then) = 0;
  /// Whether `inject` is taken at all: only where stations are simulated.
  [[nodiscard]] virtual bool allows_faults() const = 0;
  /// Sends a simulated fault to a station of the simulated fleet. errc::forbidden where faults are
  /// not allowed.
  virtual domain::result<void> inject(const fault_request& fault) = 0;
  /// Asks a station what it can do; what it reports is kept as a revision of the site when it
  /// answers, and told by an event. errc::unknown_reference, errc::unavailable.
  virtual domain::result<void> ask_capability(const domain::site_id& site,
                                              const domain::station_id& station) = 0;
  /// Checked by the site that owns the places, in the order in which they come, and obeyed whatever
  /// the fallbacks are (LIM-7); in force from the next plan on. All of a request are taken or none.
  /// Returns at once; `answer` is called exactly once, on any thread and also from within the call.
  /// Refusals: errc::out_of_range, errc::missing_field, errc::unknown_reference; errc::conflict
  /// where the site has another tree by then; errc::unavailable
  /// where the site does not control, errc::full where too many orders wait, errc::timeout where it
  /// has not answered within `answer_within`: then they are not taken later either.
  virtual void order(order_request request, order_listener answer) = 0;
  /// A revision of the site: what `change` states comes over what was configured before, on top of
  /// the site's file. Kept in the changelog. errc::unsafe (LIM-4), errc::out_of_range,
  /// errc::unknown_reference, errc::conflict. What is not refused is heard by `then` once the log
  /// has it (KEEP-1); empty: nothing is called.
  virtual domain::result<void> configure(const domain::site_id& site,
                                         const domain::site_configuration& change,
                                         const caller& by, kept_listener then = {}) = 0;
  /// Takes a site's file again: limits, policy and settings change while sessions go on.
  /// errc::unsafe (LIM-4) or errc::malformed with every fault, errc::conflict where ids, tree or
  /// wiring differ. `then` as of `configure`.
  virtual domain::result<void> reload(const domain::site_id& site, kept_listener then = {}) = 0;
  /// Tells the station; its answer is an event ("profile_accepted", "profile_refused").
  /// errc::unknown_reference, errc::unavailable, errc::conflict where the site has another tree by
  /// then.
  virtual domain::result<void> manage(const profile_request& request) = 0;
};

} // namespace busbar::ports
