#pragma once
// LIM-8: room that is kept on lines which vehicles do not use. A row that counts on some of its
// lines only *spares* the others: its vehicle has been seen not to use them, which is no promise.
// So every gauge that the row would load on all of its lines keeps room for those of such rows that
// would load it most, as many as the site states (domain/line_settings.hpp): so many vehicles may
// begin to use their other lines before a reading and a plan can answer. What is kept grows with
// the rows' currents, is convex and closed downwards, so that filling and admission stay exact; and
// it is never more than counting all lines would take.
//
// Such rows have no transformer above them that changes lines (network::row_can_spare), so that a
// milliampere of theirs is one on every gauge above; on gauges of phasors the sum of magnitudes is
// an upper bound.

#include "control/distribution/network.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace busbar::control::distribution {

/// The largest loads that may come on top of one gauge, in the unit of its sums.
struct kept_room {

  struct entry {
    wide load = 0;
    std::uint32_t row = none;
  };
  /// Vehicles that may change within one reading and one plan: entries of `largest` that count.
  std::uint8_t changes_at_once = domain::line_settings{}.changes_at_once;
  /// Largest first.
  std::array<entry, domain::line_settings::changes_at_once_max> largest{};

  [[nodiscard]] wide sum() const {
    wide total = 0;
    for (const auto& each : largest) total += each.load;
    return total;
  }
  /// `row` would load it by `load`, no less than before. True where that changes the sum.
  bool raise(std::uint32_t row, wide load) {
    const auto end = largest.begin() + changes_at_once;
    auto own = std::find_if(largest.begin(), end,
                            [row](const entry& each) { return each.row == row; });
    if (own == end) own = end - 1;
    if (load <= own->load) return false;
    *own = {load, row};
    for (; own != largest.begin() && own->load > (own - 1)->load; --own)
      std::swap(*own, *(own - 1));
    return true;
  }
};

/// What one part of a milliampere of `row` would add to `of` on the lines that it spares: 0 or 1;
/// of power, nanowatts.
[[nodiscard]] inline std::int64_t spared_factor(const network& net, const gauge& of,
                                                std::uint32_t row) {
  if (of.is_power()) {
    const auto slot = net.row_slot[row];
    const auto whole = net.slot_of_lines[net.slot_position[slot]][every_line_bit];
    return static_cast<std::int64_t>(net.slot_microvolts[whole] - net.slot_microvolts[slot]);
  }
  // A vehicle that uses all lines loads them alike.
  if (of.line >= domain::binding_line::balance_l1) return 0;
  constexpr auto own = static_cast<unsigned>(domain::binding_line::l1);
  const auto line = (static_cast<unsigned>(of.line) - own) % 3;
  return net.row_spared[row] >> line & 1U;
}

/// Calls `visit(row)` for every sparing row at or below the gauge's node.
template <class Visit> void for_each_sparing(const network& net, const gauge& of, Visit visit) {
  const auto& node = net.nodes[of.position];
  const auto& rows = net.sparing_rows;
  auto at = std::lower_bound(rows.begin(), rows.end(), node.first_row);
  for (; at != rows.end() && *at < node.end_row_below; ++at) visit(*at);
}

/// `current_of(row)`: its current, in the parts that the gauge's sums are counted in.
template <class CurrentOf>
[[nodiscard]] kept_room room_kept(const network& net, const gauge& of, CurrentOf current_of) {
  kept_room room;
  room.changes_at_once = net.changes_at_once;
  if (net.sparing_rows.empty()) return room;
  for_each_sparing(net, of, [&](std::uint32_t row) {
    const auto factor = spared_factor(net, of, row);
    if (factor != 0) room.raise(row, wide{current_of(row)} * factor);
  });
  return room;
}

} // namespace busbar::control::distribution
