#pragma once
// The reserve: what is counted against every ancestor's limit for a connector (LIM-1, LIM-3): the
// largest of what it was last told, what it acknowledged, what it draws, what may still be on its
// way to it, and, when it cannot be reached, its fallback.

#include "control/image.hpp"
#include "control/plan_state.hpp"

namespace busbar::control::transition {

struct reserve_settings {
  /// Longest that a told current can be on its way: then the conversation has ended it (lease,
  /// acknowledgement deadline), even where the acknowledgements seen cannot tell.
  domain::seconds in_flight_max{30};
  /// Drawing this much above what it acknowledged ...
  domain::milliamperes overdraw_tolerance{500};
  /// ... for this long is not obeying (SAFE-2): the 5 s that a vehicle may take to follow a lower
  /// value (IEC 61851-1), and two readings.
  domain::seconds overdraw_after{7};
  /// A decrease that is not acknowledged for this long cannot be counted on soon.
  domain::seconds answer_after{3};
};

/// How it is known what is still on its way, without sequence numbers: stations answer in order,
/// and nothing is raised while a decrease is unanswered (`may_be_raised`). So what is told
/// rises, then falls, and an answer that is below everything told on the way up can only be the
/// last one's.
///
/// Forgets what has arrived. Call before `reserve_of`, once a plan.
void note_arrivals(const reserve_settings& settings, const connector_image& connector,
                   domain::instant now, connector_memory& memory);

[[nodiscard]] domain::milliamperes reserve_of(const connector_image& connector,
                                              const domain::fallback& when_lost,
                                              const connector_memory& memory);

/// LIM-8: the lines that its reserve counts on: those that its vehicle uses. One that cannot be
/// reached, or does not obey, may by now use any that its station has (LIM-3).
[[nodiscard]] domain::line_set lines_counted(const connector_image& connector, bool is_disobeying);

/// When what it draws was measured.
[[nodiscard]] domain::instant measured_at(const connector_image& connector, domain::instant now);

/// Whether its newest reading is of before it was told what it is told, or was never heard: it says
/// nothing of how that is followed.
[[nodiscard]] bool is_read_before_told(const connector_image& connector, domain::instant now,
                                       const connector_memory& memory);

/// What its station knows it may draw: its reserve without what was read and what is assumed.
[[nodiscard]] domain::milliamperes promised(const connector_image& connector,
                                            const connector_memory& memory);

/// SAFE-2: acknowledged and keeps drawing more, from one reading to another at least
/// `overdraw_after` later. A reading of before it was told what it is told changes nothing, so that
/// what was found stands while no readings come. Keeps `memory`, once a plan.
[[nodiscard]] bool is_disobeying(const reserve_settings& settings,
                                 const connector_image& connector, domain::instant now,
                                 connector_memory& memory);

/// LIM-1: what it draws above all it was told, once it has done so for `overdraw_after`. Within the
/// tolerance that is no disobedience, but a current that the others make room for. Keeps `memory`,
/// once a plan.
[[nodiscard]] domain::milliamperes excess_of(const reserve_settings& settings,
                                             const connector_image& connector,
                                             domain::instant now, connector_memory& memory);

/// LIM-1: what it was told to give up is not acknowledged in time, so that the others must make
/// room for all that it may still draw.
[[nodiscard]] bool is_behind(const reserve_settings& settings, const connector_image& connector,
                             domain::instant now, const connector_memory& memory);

/// Nothing is told, acknowledged or flows, but for `overdraw_tolerance`: only from here may the
/// direction of its current change.
[[nodiscard]] bool is_at_rest(const reserve_settings& settings, const connector_image& connector);

/// False while a decrease, or something lower after a raise, is on its way.
[[nodiscard]] bool may_be_raised(const reserve_settings& settings,
                                 const connector_image& connector, domain::instant now,
                                 const connector_memory& memory);

/// Call where `grant` replaces `connector.told`: a raise that is not acknowledged yet stays
/// counted until its acknowledgement has come by, although something lower is told after it.
void note_told(const connector_image& connector, domain::milliamperes grant, domain::instant now,
               connector_memory& memory);

} // namespace busbar::control::transition
