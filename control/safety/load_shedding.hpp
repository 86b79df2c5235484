#pragma once
// Shedding by priority when measured load cannot be explained by the split: an unmanaged rise,
// stations that do not obey. The split alone never needs it (LIM-1); this is the net below.
//
//   level 0 --(load >= rise for a tick)--> 1 --> 2 --> 3 --> 4 --> 5     up: one level per dwell
//   level 0 <--(load < fall)------------- 1 <-- 2 <-- 3 <-- 4 <-- 5     down: as the load does
//
//   1: priority <= 3 reduced by 20 %      2: and priority <= 5 by 40 %     3: all by 50 %
//   4: priority <= 5 stopped              5: all but priorities 9 and 10 stopped
//   Those that levels 4 and 5 do not name go on with all that they have.
//
// Down, after a dwell in the level: one level, and one more for each band of rise - fall that the
// load is below fall.
// Owned by one site. Load is the largest measured load of any node in permille of its limit.

#include "domain/result.hpp"
#include "domain/safety_settings.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>

namespace busbar::control::safety {

inline constexpr int shedding_levels = 5;

using domain::shedding_settings;

/// errc::out_of_range with the member, its value and what is allowed.
[[nodiscard]] domain::result<void> validate(const shedding_settings& settings);

struct shedding_change {
  int from = 0;
  int to = 0;
  domain::permille load;
  domain::instant at{};
  bool operator==(const shedding_change&) const = default;
};

class load_shedding {
public:
  /// Once a tick. `load` is absent where nothing is measured: then the level holds.
  std::optional<shedding_change> observe(const shedding_settings& settings, domain::instant now,
                                         std::optional<domain::permille> load);
  /// An operator sets the level by hand, 0..5.
  std::optional<shedding_change> force(int level, domain::instant now);
  /// The operator lets go of it: without a dwell it goes down to `before`, the level of when it was
  /// taken in hand, unless the load is too high for that.
  std::optional<shedding_change> release(int before, const shedding_settings& settings,
                                         domain::instant now,
                                         std::optional<domain::permille> load);

  [[nodiscard]] int level() const { return level_; }
  [[nodiscard]] domain::instant changed_at() const { return changed_at_; }
  /// For a planner's memory.
  void restore(int level, domain::instant changed_at);

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.level_, self.has_changed_, self.changed_at_);
  }

private:
  std::optional<shedding_change> move(int to, domain::instant now, domain::permille load);

  int level_ = 0;
  bool has_changed_ = false;
  domain::instant changed_at_{};
};

/// What is left of a connector's cap at a level. Priority 1..10. Rounded down (LIM-5).
[[nodiscard]] domain::milliamperes shed_cap(int level, int priority, domain::milliamperes cap);

} // namespace busbar::control::safety
