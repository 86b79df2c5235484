#pragma once
// QUAL-1: what a node's meter measures of its supply against the node's bands: voltage, frequency,
// power factor, how unequal the line currents are. A violation stands while samples are outside a
// band; one that comes back within `clear_after` is the same one. Nothing is limited by
// it: the limits of the moment (control/limits/supply_limits.hpp) do that.

#include "control/limits/violations.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "domain/violation.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace busbar::control::limits {

/// What a meter says now; absent: not measured.
struct supply_sample {
  std::optional<domain::per_line<domain::milliamperes>> current;
  /// Line to neutral.
  std::optional<domain::millivolts> voltage;
  std::optional<std::int64_t> frequency_mhz;
  std::optional<domain::permille> power_factor;
};

/// Currents below this say nothing of a power factor or of balance.
inline constexpr domain::milliamperes quality_watched_from{10'000};

/// One site's; the topology outlives it.
class supply_quality {
public:
  explicit supply_quality(const domain::site& site);

  /// Appends the violations that stand at `now`, at most one a quantity.
  void watch(domain::node_index node, const supply_sample& sample, domain::instant now,
             std::vector<domain::violation>& violations);

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit.rows(self.memories_);
  }

private:
  static constexpr std::size_t quantities = 4;
  struct memory {
    std::optional<domain::instant> exceeded_since;
    std::optional<domain::instant> kept_since;
    /// As it was seen last.
    std::int64_t measured = 0;
    std::int64_t allowed = 0;
    template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
      visit(self.exceeded_since, self.kept_since, self.measured, self.allowed);
    }
  };

  const domain::site& site_;
  /// Line to neutral, by node.
  std::vector<domain::millivolts> nominal_;
  std::vector<std::array<memory, quantities>> memories_;
  violation_settings settings_;
};

} // namespace busbar::control::limits
