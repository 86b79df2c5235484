#pragma once
// What stations and meters do or fail to do, as the engine observes it.

#include "domain/escalation.hpp"
#include "domain/event.hpp"
#include "domain/events/moment.hpp"
#include "domain/ids.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstddef>
#include <string>

namespace busbar::domain::events {

/// A connector and its station: what the event is about, and the device that caused it.
struct connector_names {
  connector_id connector;
  station_id station;
};
[[nodiscard]] connector_names names_of(const site& of, connector_index connector);

[[nodiscard]] event healthy(const moment& now, const station_id& station);
[[nodiscard]] event unhealthy(const moment& now, const station_id& station);

/// `difference` as people read it: "1.5 s behind".
[[nodiscard]] event station_clock_off(const moment& now, const station_id& station,
                                      const std::string& difference);
[[nodiscard]] event station_clock_right(const moment& now, const station_id& station);
[[nodiscard]] event meter_clock_off(const moment& now, const node_id& node,
                                    const std::string& difference);
[[nodiscard]] event meter_clock_right(const moment& now, const node_id& node);

/// `counted` is what counts as the load beside the connectors until it is back, for people.
[[nodiscard]] event meter_lost(const moment& now, const node_id& node, const std::string& counted);
/// Its samples come, but arrive long after their times.
[[nodiscard]] event meter_late(const moment& now, const node_id& node, const std::string& counted);
[[nodiscard]] event meter_back(const moment& now, const node_id& node);

[[nodiscard]] event command_unanswered(const moment& now, const connector_names& of,
                                       sequence number, microseconds within);

/// SAFE-2: the connector draws more than was acknowledged; export is negative. `done` is the step
/// that is taken; escalation::none: it obeys again.
[[nodiscard]] event obedience(const moment& now, const connector_names& of, milliamperes drawn,
                              milliamperes acknowledged, escalation done);

[[nodiscard]] event profile_not_sent_full(const moment& now, const station_id& station);
[[nodiscard]] event profile_not_sent_breaker(const moment& now, const station_id& station);
[[nodiscard]] event profile_accepted(const moment& now, const station_id& station);
[[nodiscard]] event profile_refused(const moment& now, const station_id& station,
                                    const std::string& why);
[[nodiscard]] event profile_not_answered(const moment& now, const station_id& station,
                                         std::size_t orders);
[[nodiscard]] event profiles_lost(const moment& now, const station_id& station);
[[nodiscard]] event profiles_not_kept(const moment& now, std::size_t stations);

/// What a station says that it can do: kept as `capability`.
[[nodiscard]] event capability_kept(const moment& now, const station_id& station,
                                    const std::string& capability);
[[nodiscard]] event capability_not_kept(const moment& now, const station_id& station,
                                        const std::string& why);
[[nodiscard]] event capability_not_reported(const moment& now, const station_id& station,
                                            int times_asked);

} // namespace busbar::domain::events
