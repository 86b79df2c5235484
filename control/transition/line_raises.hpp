#pragma once
// LIM-8: which vehicles that leave lines out are raised now. A vehicle may use further lines from
// some current on, a raise of many is what makes many do so at once, and room is kept for
// a few (domain/line_settings.hpp). So no more than these are raised at a
// time, and the next ones once readings show what these raises have done: those first that have not
// been raised for the longest. One that is being raised goes on up to `ahead_max` above the lowest
// of those that wait. One that was told to pause is not raised at all: a vehicle that wakes chooses
// its lines anew. The next reading shows the pause, which ends what was learned, or that its
// station does not obey (SAFE-2); until then what wakes many at once wakes none of these. Pure.

#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace busbar::control::transition {

/// From a plan to a current that has settled: the command's way, and 5 s (IEC 61851-1).
inline constexpr domain::microseconds followed_within{std::chrono::seconds{7}};
/// The least that a vehicle charges with.
inline constexpr domain::milliamperes ahead_max{6'000};

/// A connector whose vehicle leaves lines out.
struct line_raise {
  std::uint32_t connector = 0;
  domain::milliamperes told{};
  /// The past where it never was.
  domain::instant raised_at{};
  /// When what it draws was measured.
  domain::instant measured_at{};
  /// The plan would raise it, were it not for the others.
  bool is_wished = false;
  /// Out: it may be.
  bool is_permitted = false;

  /// No reading shows yet what its last raise has done.
  [[nodiscard]] bool is_settling() const { return measured_at < raised_at + followed_within; }
  [[nodiscard]] bool may_be_raised() const { return is_wished && !told.is_zero(); }
};

/// Permits some of those that are wished, `at_once` at a time; the order of `rows` changes.
void permit_raises(std::span<line_raise> rows, std::size_t at_once);

} // namespace busbar::control::transition
