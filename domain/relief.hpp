#pragma once
// What would lift the reason for which a connector gets no more.

#include "domain/reason.hpp"
#include "domain/site.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace busbar::domain {

/// At the node and on the line that the reason names, in mA; in W where that is its power.
struct relief {
  /// So much more room and the limit holds the connector no longer: it has all that it asks for, or
  /// its minimum where it waits. 0: the reason is no limit.
  std::int64_t more = 0;
  /// What the others have reserved there and do not draw: what was not acknowledged yet, what lost
  /// stations may draw, turns that a vehicle sleeps through. 0: the room is used.
  std::int64_t unused = 0;
  /// Whose leaving makes that room: the one with the least current of those whose leaving is
  /// enough. Absent: one alone is not.
  std::optional<connector_index> leaving;
  bool operator==(const relief&) const = default;
};

/// In words, with the names that people have given: "200 W more at DC feeder, or CP-3 leaving".
[[nodiscard]] std::string text_of(const relief& lifting, const reason& because, const site& site);

} // namespace busbar::domain
