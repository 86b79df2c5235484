#pragma once
// What an operator may set about vehicles that use fewer lines than their station has (LIM-8);
// docs/control/used-lines.md says what follows.

#include <cstdint>

namespace busbar::domain {

struct line_settings {
  static constexpr std::uint8_t changes_at_once_max = 8;

  /// False: every vehicle counts on all lines of its station.
  bool are_learned = true;
  /// Vehicles that may begin to use further lines within one reading and one plan: room is kept for
  /// the largest ones of so many. 1..`changes_at_once_max`.
  std::uint8_t changes_at_once = 3;
  bool operator==(const line_settings&) const = default;
};

} // namespace busbar::domain
