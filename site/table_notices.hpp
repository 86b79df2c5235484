#pragma once
// What a row of the connector table notices, as the notice to its station.

#include "domain/command_result.hpp"
#include "domain/escalation.hpp"
#include "domain/ids.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"
#include "site/connector_row.hpp"
#include "site/site_layout.hpp"
#include "site/station_notice.hpp"

#include <vector>

namespace busbar::site {

/// A connector at a moment.
struct notice_origin {
  domain::connector_index connector;
  domain::instant now{};
};

/// SAFE-2: a step of the escalation is due.
[[nodiscard]] station_notice disobedience_of(const connector_row& row, const site_layout& layout,
                                             domain::escalation step, domain::instant now);
/// How long it took is the caller's.
[[nodiscard]] station_notice answer_of(const connector_row& row, const site_layout& layout,
                                       const domain::command_result& result, domain::instant now);
[[nodiscard]] station_notice overdue_of(const connector_row& row, const site_layout& layout,
                                        const notice_origin& from, domain::microseconds waited);

/// LIM-7: a station that reports again while its circuit breaker is open is commanded again, not
/// only once `open_wait` is over.
void notice_return(connector_row& row, const site_layout& layout, const notice_origin& from,
                   std::vector<station_notice>& out);

/// A session's connector was unplugged or has failed. `before`: its state until the newest reading.
void notice_state(const connector_row& row, const site_layout& layout,
                  domain::connector_state before, domain::instant now,
                  std::vector<station_notice>& out);
/// What is due of its session: progress, the energy that was wanted, a bill that waits.
void notice_session(connector_row& row, const site_layout& layout, const notice_origin& from,
                    domain::microseconds progress_every, std::vector<station_notice>& out);

/// What the newest reading shows of the vehicle.
void watch_vehicle(connector_row& row, const site_layout& layout);

} // namespace busbar::site
