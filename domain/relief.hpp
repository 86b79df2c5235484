#pragma once
// What would lift the reason for which a connector gets no more.

#include "domain/reason.hpp"
#include "domain/site.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace busbar::domain {

/// Room that one bound lacks, in mA; in W where it is power.
struct room_need {
  node_index node;
  /// No balance line: those are the line with the source `phase_imbalance`.
  binding_line line = binding_line::unspecified;
  limit_source source = limit_source::unspecified;
  std::int64_t more = 0;
  bool operator==(const room_need&) const = default;
};

/// At the node and on the line that the reason names, in mA; in W where that is its power.
struct relief {
  /// So much more room and the limit holds the connector no longer: it has all that it asks for, or
  /// its minimum where it waits, with what `also` names. 0: the reason is no limit.
  std::int64_t more = 0;
  /// What the others have reserved there and do not draw: what was not acknowledged yet, what lost
  /// stations may draw, turns that a vehicle sleeps through. 0: the room is used.
  std::int64_t unused = 0;
  /// Whose leaving makes that room: the one with the least current of those whose leaving is
  /// enough. Absent: one alone is not.
  std::optional<connector_index> leaving;
  /// Bounds on its way to the service that would hold it next, where `more` alone is not enough:
  /// all of them together are.
  std::vector<room_need> also{};
  /// rule::load_shedding: this level was set by hand, and stays until that is released, whatever
  /// the load. Absent: the level goes with the load.
  std::optional<int> level_by_hand{};
  bool operator==(const relief&) const = default;
};

/// In words, with the names that people have given: "200 W more at DC feeder, or CP-3 leaving".
/// Bounds that hold it one after another: "4 A more on L1 and L2 of Feeder 1 and 2 A more on L1 of
/// Garage". A minimum off time comes first: "the end of its minimum off time of 60 s at
/// 2026-05-01T12:00:31Z, and then 4 A more on L1 of Garage". A level that was set by hand: "the
/// release of level 4, which was set by hand".
[[nodiscard]] std::string text_of(const relief& lifting, const reason& because, const site& site);

} // namespace busbar::domain
