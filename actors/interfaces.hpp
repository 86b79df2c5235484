#pragma once
// The one map of every actor and every message inside an engine node.
//
//   engine node --> site --> transformer --> feeder --> station     (spawns, watches, passes ticks)
//        \--> driver, protocol driver
//
// Reading plane:       ingest --bay_readings--> feeder (its bay); ingest --node_meters--> site
// Conversation plane:  driver --driver_order--> feeder --station_request--> station
//                      feeder --station_orders, station_notices--> station; back: station_outcome
//                      (everything for a station travels as station_work)
// Tick, downwards:     site --tick--> branches; upwards: branch_report (rows and sums)
//        then down:    plan_message (effects by bay), to bays that have some or await it;
//        up:           bay_commands; then one record to the log
//
// All messages stay inside one process: they carry shared pointers and have no serialised form.

#include "actors/site_inbox.hpp"
#include "actors/site_parts.hpp"
#include "domain/command.hpp"
#include "domain/command_result.hpp"
#include "domain/operator_order.hpp"
#include "domain/request.hpp"
#include "domain/session.hpp"
#include "domain/simulated_fault.hpp"
#include "domain/site.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace busbar::actors {

struct site_context;

// -- messages ------------------------------------------------------------------------------------

/// 100 times a second, from the pulse thread to the engine node.
struct pulse {
  domain::instant now{};
};

/// Once a second (or sooner, when a plan was asked for): do what is due.
struct tick {
  std::uint64_t number = 0;
  domain::instant now{};
  /// Rows of the view are wanted.
  bool with_view = false;
  /// The oldest of the meters' newest samples: what connectors drew is summed as of then.
  domain::instant sampled_at = domain::instant::max();
};

/// Something cannot wait for the next tick (a start, a stop, a fault).
struct tick_wanted {
  domain::instant now{};
  /// The tick of the newest report of the feeder that asks: a round that waits for its next one
  /// sees what it asks for.
  std::uint64_t reported = std::numeric_limits<std::uint64_t>::max();
};

/// A decoded batch, stamped at its arrival. `ticket` is released with the last copy: ingest counts
/// what is still on its way to bays.
struct arrived_batch {
  domain::telemetry_batch batch;
  domain::instant received_at{};
  std::shared_ptr<void> ticket;
};

/// One feeder's part of a batch: readings [first, first + count) and health reports likewise.
struct bay_readings {
  std::shared_ptr<const arrived_batch> arrived;
  std::uint32_t first_reading = 0;
  std::uint32_t readings = 0;
  std::uint32_t first_health = 0;
  std::uint32_t health = 0;
};

/// A site's meter readings.
struct node_meters {
  std::shared_ptr<const arrived_batch> arrived;
};

/// Answers of one feeder's stations.
struct bay_results {
  std::vector<domain::command_result> results;
  domain::instant received_at{};
  /// Their commands were sent in an epoch before: they are answers to what was carried over.
  bool are_of_before = false;
};

/// How a supervisor sees one of its children.
struct child_watch {
  branch_index branch = 0;
  domain::microseconds every{};
  domain::instant last_seen{};
  bool is_overdue = false;
  std::uint32_t restarts = 0;
};

/// Everything below one branch at one tick.
struct branch_report {
  branch_index branch = 0;
  std::uint64_t tick = 0;
  /// False: a branch or station below has not answered in time.
  bool is_complete = true;
  std::vector<std::shared_ptr<const bay_report>> bays;
  std::vector<node_sum> sums;
  std::vector<child_watch> watches;
};

/// What the plan of a tick asks of all bays of the site.
struct plan_message {
  std::shared_ptr<const plan_orders> orders;
};

/// The commands that came of a plan in one bay.
struct bay_commands {
  bay_index bay = 0;
  std::uint64_t tick = 0;
  std::vector<domain::command> commands;
  /// Of the bay's last mail (`last_mail`): no more commands come of it.
  std::shared_ptr<void> ticket;
};

/// A driver's request on its way to a station.
struct driver_request_message {
  domain::driver_request request;
  domain::instant received_at{};
};
/// What was answered to a driver: accepted, denied or completed.
struct driver_notice {
  domain::session_fact fact;
};
/// The site has left this engine node, and the driver's sessions there with it.
struct site_left {
  domain::site_id site;
};

/// What a connection of a protocol driver says about itself.
struct connection_report {
  /// "log", "ocpp" ...
  std::string protocol;
  domain::instant now{};
  bool has_succeeded = false;
  domain::microseconds took{};
  std::string why;
};

/// Orders wait in the site's inbox.
struct mail_waits {
  domain::instant now{};
};

/// The last message to a site that another context is to replace, and from it to all below: nothing
/// is sent to them after it. The last copy of `ticket` goes once what was sent before is handled.
struct last_mail {
  std::shared_ptr<void> ticket;
};

/// A branch has stalled whose stall is to end in the site's safe mode.
struct safe_wanted {
  std::string why;
};

/// Tests only (actors/test_door.hpp): the actor that gets it throws, or hangs until `until` is
/// true.
struct test_fault {
  std::shared_ptr<std::atomic<bool>> until;
};

/// All that a station is ever told, in one message: what an actor takes is kept with each of them,
/// 40 bytes a kind, and there are many stations.
struct station_work {
  std::variant<station_orders, station_notices, station_request, direct_order, profile_errand,
               test_fault>
      what;
};

// -- handles -------------------------------------------------------------------------------------

/// The actor that receives what a branch reports.
using branch_parent = caf::typed_actor<caf::reacts_to<branch_report>>;

/// The conversation with one charge point.
using station_actor = caf::typed_actor<caf::reacts_to<station_work>>;

/// A transformer or a feeder, as its parent sees it.
using branch_actor =
    caf::typed_actor<caf::reacts_to<tick>, caf::reacts_to<plan_message>,
                     caf::reacts_to<branch_report>, caf::reacts_to<last_mail>,
                     caf::reacts_to<test_fault>>;

/// A feeder or a panel: a bay and the stations on it.
using feeder_actor = branch_actor::extend<
    caf::reacts_to<bay_readings>, caf::reacts_to<bay_results>,
    caf::reacts_to<driver_request_message>, caf::reacts_to<station_outcome>,
    caf::reacts_to<direct_order>, caf::reacts_to<profile_errand>>;

/// One site: collects, plans, tells.
using site_actor =
    caf::typed_actor<caf::reacts_to<tick>, caf::reacts_to<tick_wanted>,
                     caf::reacts_to<branch_report>, caf::reacts_to<bay_commands>,
                     caf::reacts_to<node_meters>, caf::reacts_to<operator_message>,
                     caf::reacts_to<mail_waits>, caf::reacts_to<last_mail>,
                     caf::reacts_to<safe_wanted>, caf::reacts_to<test_fault>>;

/// One driver: what it asked for and what it has.
using driver_actor =
    caf::typed_actor<caf::reacts_to<driver_request_message>, caf::reacts_to<driver_notice>,
                     caf::reacts_to<site_left>, caf::reacts_to<pulse>, caf::reacts_to<test_fault>>;

/// One connection to the outside: its breaker and its watchdog.
using protocol_driver_actor =
    caf::typed_actor<caf::reacts_to<connection_report>, caf::reacts_to<pulse>,
                     caf::reacts_to<test_fault>>;

/// The root: sites, drivers and protocol drivers of this process.
using engine_node_actor =
    caf::typed_actor<caf::reacts_to<pulse>, caf::reacts_to<driver_request_message>,
                     caf::reacts_to<driver_notice>, caf::reacts_to<connection_report>,
                     caf::reacts_to<test_fault>>;

} // namespace busbar::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::actors::pulse)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::actors::tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::actors::tick_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::actors::bay_readings)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::actors::node_meters)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::actors::bay_results)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::actors::branch_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::actors::plan_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::actors::bay_commands)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::actors::station_work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::actors::station_outcome)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::actors::driver_request_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::actors::direct_order)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::site::profile_errand)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::actors::driver_notice)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::actors::site_left)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::actors::connection_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::actors::operator_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::actors::mail_waits)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::actors::last_mail)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::actors::safe_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(busbar::actors::test_fault)
