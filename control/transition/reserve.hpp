#pragma once
// The reserve: what is counted against every ancestor's limit for a connector (LIM-1, LIM-3): the
// largest of what it was last told, what it acknowledged, what it draws, all that its grant ledger
// (site/grant_ledger.hpp) counts beside these, and, when it cannot be reached, its fallback.

#include "control/image.hpp"

namespace busbar::control::transition {

/// Less than this is no current: what a meter shows of a vehicle that has stopped.
inline constexpr domain::milliamperes rest_tolerance{500};

[[nodiscard]] domain::milliamperes reserve_of(const connector_image& connector,
                                              const domain::fallback& when_lost);

/// What its station knows it may draw: its reserve without what was read and what is assumed.
[[nodiscard]] domain::milliamperes promised(const connector_image& connector);

/// Half of the least that a vehicle charges with (6 A, IEC 61851-1): what it draws less, on its way
/// to a pause.
inline constexpr domain::milliamperes least_evident{3'000};

/// LIM-8: the lines that its reserve counts on: those that its vehicle uses, while it draws. One
/// that cannot be reached, or does not obey, may by now use any that its station has (LIM-3), and
/// one that draws nothing chooses them when it begins; so does one that was told to pause and has
/// all but done it.
[[nodiscard]] domain::line_set lines_counted(const connector_image& connector, bool is_disobeying);

/// When what it draws was measured.
[[nodiscard]] domain::instant measured_at(const connector_image& connector, domain::instant now);

/// Nothing is told, acknowledged, on its way or flows, but for `rest_tolerance`: only from here may
/// the direction of its current change.
[[nodiscard]] bool is_at_rest(const connector_image& connector);

} // namespace busbar::control::transition
