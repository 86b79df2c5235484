#pragma once
// Progressive filling: one level (current per weight) rises from zero; a connector's current is
// max(floor, min(cap, weight * level)) until a gauge that it loads is used up, which freezes it.
// Because what LIM-6 allows is convex and closed downwards, the point where all are frozen or
// at the cap is the weighted max-min point of FAIR-1.
//
// Cost: every slot keeps its current as `settled + rising * level`, so that a connector's floor and
// cap are two events, and a gauge's saturation is predicted from a few sums. Predictions are lower
// bounds (freezing and caps only delay; floors that still wait are counted as if they rose), kept
// in a heap and looked at again when their time has come.

#include "control/distribution/loads.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace busbar::control::distribution {

/// A level is counted in 2^-28 mA per weight: weight * level is finer than a current.
inline constexpr int level_bits = 28;
inline constexpr int level_shift = level_bits - fine_bits;

/// By row.
struct row_demand {
  std::int64_t floor_ma = 0;
  std::int64_t cap_ma = 0;
  std::uint32_t weight = 1;
};

class filling {
public:
  filling(const network& net, bound_table& bounds);

  /// Leaves in `bounds` only what can matter for these demands.
  void run(std::span<const row_demand> demands);

  /// By row: the current (fine) at the max-min point, and the gauge that froze it (none: its cap).
  [[nodiscard]] std::int64_t fine(std::uint32_t row) const { return fine_[row]; }
  [[nodiscard]] std::uint32_t frozen_by(std::uint32_t row) const { return frozen_by_[row]; }
  /// Orders frozen rows by the level at which they were frozen.
  [[nodiscard]] std::uint32_t rank(std::uint32_t row) const { return rank_[row]; }

private:
  using level = std::uint64_t;
  /// Beyond every level that a cap allows (2^31 mA at weight 1).
  static constexpr level never = level{1} << 60;
  struct event {
    level at;
    std::uint32_t row;
  };
  struct prediction {
    level at;
    std::uint32_t gauge;
  };
  /// A slot's current at a level is settled + rising * level; `waiting` weights are at their floor.
  struct slot_state {
    std::int64_t settled = 0;
    std::uint64_t rising = 0;
    std::uint64_t waiting = 0;
  };
  enum class row_phase : std::uint8_t { waiting, rising, done };

  void drop_slack();
  void start_rows();
  void start_gauges();
  void pass_events(level now);
  void pass_floor(const event& passed);
  void pass_cap(const event& passed);
  [[nodiscard]] level next_floor() const;
  /// What `weight` adds to a current from level zero to `to`; large sums stop at 2^56.
  [[nodiscard]] static std::int64_t rise(std::uint64_t weight, level to) {
    const auto fine = (unsigned_wide{weight} * to) >> level_shift;
    constexpr auto bound = unsigned_wide{1} << 56;
    return static_cast<std::int64_t>(fine < bound ? fine : bound);
  }
  [[nodiscard]] std::int64_t fine_at(std::uint32_t slot, level at) const;
  [[nodiscard]] bool holds_at(std::uint32_t gauge, level at) const;
  /// The level up to which the gauge surely holds (at least `now`), or `never`.
  [[nodiscard]] level predict(std::uint32_t gauge, level now) const;
  [[nodiscard]] level predict_sum(std::uint32_t gauge, level now) const;
  [[nodiscard]] level predict_bent(std::uint32_t gauge, level now) const;
  [[nodiscard]] level first_of(level without_waiting, level with_waiting) const;
  /// The steps in which a gauge that does not rise in proportion (phasors, room that is kept) is
  /// resolved: together 2^-12 mA.
  [[nodiscard]] level grain(std::uint32_t gauge) const;
  [[nodiscard]] level guess_bent(std::uint32_t gauge, level now, std::uint64_t weight) const;
  template <class Holds>
  static level last_holding(level now, level grain, level guess, Holds holds_until);
  void saturate(std::uint32_t gauge, level now);
  /// Marks the slots of `gauge` that must not rise beyond `now`.
  void mark_blocked(std::uint32_t gauge, level now);
  void mark_blocked_angles(std::uint32_t gauge, level now);
  void freeze_marked(std::uint32_t gauge, level now);
  /// Those whose rise beyond `now` takes more of the room that is kept at `gauge`; or all of them.
  void freeze_sparing(std::uint32_t gauge, level now, bool is_overloaded);
  void freeze_row(std::uint32_t row, std::uint32_t gauge, level now);
  void end_row(std::uint32_t row, std::uint32_t gauge, level now);
  [[nodiscard]] std::int64_t row_fine_at(std::uint32_t row, level at) const;
  /// What is kept at `gauge` for lines that vehicles do not use (spare_room.hpp).
  [[nodiscard]] kept_room room_at(std::uint32_t gauge, level at) const;
  [[nodiscard]] wide left_at(std::uint32_t gauge, level at) const;
  /// Weights of rows for which the gauge keeps room and that rise still.
  [[nodiscard]] std::uint64_t sparing_weights(std::uint32_t gauge) const;
  void push(level at, std::uint32_t gauge);

  const network& net_;
  bound_table& bounds_;
  std::span<const row_demand> demands_;
  std::vector<slot_state> slots_;
  std::vector<std::int64_t> fine_caps_;
  /// Meaningful for rows that spare lines.
  std::vector<std::int64_t> row_caps_;
  std::vector<std::uint8_t> marked_;
  std::vector<row_phase> phase_;
  std::vector<std::int64_t> fine_;
  std::vector<std::uint32_t> frozen_by_;
  std::vector<std::uint32_t> rank_;
  level last_saturation_ = 0;
  std::uint32_t current_rank_ = 0;
  std::vector<event> floors_, caps_, sorted_;
  std::size_t next_floor_ = 0, next_cap_ = 0;
  std::vector<prediction> heap_;
};

} // namespace busbar::control::distribution
