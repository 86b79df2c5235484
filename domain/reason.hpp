#pragma once
// Why a connector gets what it gets: the rule, and for limits the node, the line and the source
// that bind (docs/control/README.md).

#include "domain/ids.hpp"
#include "domain/maybe.hpp"
#include "domain/site_kinds.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <optional>

namespace busbar::domain {

enum class rule : std::uint8_t {
  unspecified = 0,
  limit,
  maximum,
  demand,
  turn,
  not_wanted,
  ramp,
  fallback,
  /// its readings are lost: told zero (SAFE-1)
  input_lost,
  load_shedding,
  /// an operator holds this connector down
  site_operator,
  /// hot contacts or a nearly full battery (DC)
  derating,
  /// draws above what it acknowledged: reserved at what it draws, no plan can change it (SAFE-2)
  disobedience,
};
[[nodiscard]] const char* name_of(rule which);

/// Which bound of a node holds something down.
enum class binding_line : std::uint8_t {
  unspecified = 0, l1, l2, l3, primary_l1, primary_l2, primary_l3, power,
  /// What may be added to a line by loads that do not load all three alike. Inside `control/` only:
  /// reasons say the line and the source `phase_imbalance`.
  balance_l1, balance_l2, balance_l3
};
[[nodiscard]] const char* name_of(binding_line which);

/// Why a connector gets what it gets. `node`, `line`, `source` are set for rule::limit, and for
/// rule::turn where a limit makes turns needed.
struct reason {
  rule which = rule::unspecified;
  std::optional<node_index> node;
  binding_line line = binding_line::unspecified;
  limit_source source = limit_source::unspecified;
  /// rule::turn: its place in the line, 1 comes next; 0: none. Not on the log.
  std::uint32_t place = 0;
  /// rule::turn: its turn begins by then at the latest (FAIR-2). Not on the log.
  maybe<instant> turn_by;
  /// It was off for less than the minimum off time, which ends then: until then nothing else lifts
  /// the reason. The same as `turn_by` where nothing else stands against its turn. Not on the log.
  maybe<instant> rests_until;
  /// rule::turn: it stands still because its station changes the lines that it uses, and goes on by
  /// then at the latest. Nothing else lifts the reason before. Not on the log.
  maybe<instant> switches_until;
  /// rule::limit, rule::turn: its vehicle does not use `line` now; the room that is kept there for
  /// three such vehicles is what holds it (LIM-8). Not on the log.
  bool is_kept = false;
  bool operator==(const reason&) const = default;
};

} // namespace busbar::domain
