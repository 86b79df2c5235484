#pragma once
// The bounds of one call, and the sums of whole milliamperes against them.

#include "control/distribution/gauges.hpp"
#include "control/distribution/spare_room.hpp"
#include "control/distribution/split.hpp"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace busbar::control::distribution {

/// Limits by gauge, and which of them can matter.
class bound_table {
public:
  explicit bound_table(const network& net);

  /// Takes the limits over; every present one matters.
  void set(std::span<const node_bounds> bounds);
  /// From now on only gauges that do not hold at `fine_caps` (by slot; `row_caps`: by row) matter.
  void drop_slack(std::span<const std::int64_t> fine_caps, std::span<const std::int64_t> row_caps);

  [[nodiscard]] bool matters(std::uint32_t gauge) const;
  [[nodiscard]] wide limit(std::uint32_t gauge) const { return limits_[gauge]; }
  /// Bit k: the node's gauge first_gauge + k matters.
  [[nodiscard]] gauge_mask at(std::uint32_t position) const { return matters_[position]; }
  /// The slot itself or the nearest slot above it whose node has a gauge that matters, or none.
  [[nodiscard]] std::uint32_t entry(std::uint32_t slot) const { return entry_[slot]; }
  /// The next such slot above.
  [[nodiscard]] std::uint32_t above(std::uint32_t slot) const {
    const std::uint32_t parent = net_.slot_parent[slot];
    return parent == none ? none : entry_[parent];
  }

private:
  void link();

  const network& net_;
  std::vector<wide> limits_;
  std::vector<gauge_mask> matters_;
  std::vector<std::uint32_t> entry_;
};

/// Sums of milliamperes by slot. The caller keeps `bounds` alive and unchanged between `begin`s.
class load_sums {
public:
  load_sums(const network& net, const bound_table& bounds);

  /// `milliamperes_of(row)` for every row.
  template <class MilliamperesOf> void begin(MilliamperesOf milliamperes_of) {
    ++epoch_;
    std::fill(sums_.begin(), sums_.end(), 0);
    for (std::uint32_t row = 0; row < net_.row_slot.size(); ++row) {
      sums_[net_.row_slot[row]] += milliamperes_of(row);
    }
    for (std::size_t slot = sums_.size(); slot-- > 0;) {
      const std::uint32_t parent = net_.slot_parent[slot];
      if (parent != none) sums_[parent] += sums_[slot];
    }
    keeps_room_ = false;
  }
  /// The same; from here on `try_add` counts what is kept for lines that vehicles do not use.
  template <class MilliamperesOf> void begin_with_room(MilliamperesOf milliamperes_of) {
    begin(milliamperes_of);
    keeps_room_ = !net_.sparing_rows.empty();
    for (const auto row : net_.sparing_rows) sparing_ma_[row] = milliamperes_of(row);
    if (keeps_room_) measure_rooms(0, static_cast<std::uint32_t>(rooms_.size()));
  }
  /// Adds where every gauge that matters and that the row loads holds then; else changes nothing
  /// and returns the gauge nearest to the row that does not hold: at one node one that the row
  /// loads before one that only keeps room for it. Returns none when added.
  std::uint32_t try_add(std::uint32_t row, std::int64_t milliamperes);
  /// Where `try_add` refuses for `gauge`: that of its node and kind (lines, primary lines) which
  /// the row loads and which lacks most then.
  [[nodiscard]] std::uint32_t tightest(std::uint32_t row, std::int64_t milliamperes,
                                       std::uint32_t gauge);
  /// Takes back what the last call of `try_add` added.
  void undo(std::uint32_t row, std::int64_t milliamperes);
  /// Takes away.
  void lower(std::uint32_t row, std::int64_t milliamperes);

  [[nodiscard]] std::int64_t fine(std::uint32_t slot) const {
    return std::min(sums_[slot], current_ma_max) << fine_bits;
  }

private:
  /// What was last refused at a slot. Loads only grow between two `lower`s, so that whatever is not
  /// less is refused again without looking.
  struct refusal {
    std::uint64_t epoch = 0;
    std::int64_t milliamperes = 0;
    std::uint32_t gauge = none;
  };

  void measure_rooms(std::uint32_t first_gauge, std::uint32_t end_gauge);
  /// On the path of a row that spares lines; says at which gauges of each node more is kept.
  void raise_rooms(std::uint32_t row, std::int64_t milliamperes);
  void restore_rooms(std::uint32_t row, std::int64_t milliamperes);
  [[nodiscard]] std::uint32_t add_along(std::uint32_t row, std::int64_t milliamperes,
                                        bool may_remember);
  [[nodiscard]] gauge_mask grown_at(std::uint32_t position) const;
  [[nodiscard]] bool is_refused(std::uint32_t slot, std::int64_t milliamperes) const {
    return refusals_[slot].epoch == epoch_ && milliamperes >= refusals_[slot].milliamperes;
  }
  [[nodiscard]] bool is_within_limit(std::uint32_t gauge) const;
  [[nodiscard]] std::uint32_t first_broken(std::uint32_t slot, gauge_mask also) const;
  [[nodiscard]] std::uint32_t first_broken_of(std::uint32_t position, unsigned asked) const;
  [[nodiscard]] std::uint32_t tightest_of(std::uint32_t slot, std::uint32_t gauge) const;
  /// Of a line: what is beyond its limit, in mA.
  [[nodiscard]] std::int64_t lack_at(std::uint32_t gauge) const;

  const network& net_;
  const bound_table& bounds_;
  std::vector<std::int64_t> sums_;
  std::vector<refusal> refusals_;
  std::uint64_t epoch_ = 1;
  /// By gauge: what is kept for lines that vehicles do not use. By row: what it has.
  std::vector<kept_room> rooms_;
  std::vector<std::int64_t> sparing_ma_;
  bool keeps_room_ = false;
  /// What the newest raise of a sparing row changed: gauges, and what was kept before.
  std::vector<std::pair<std::uint32_t, kept_room>> grown_;
};

} // namespace busbar::control::distribution
