#pragma once
// What load shedding acts on: measured load that the split cannot explain. Load at or above
// `rise` counts
//   - as a surprise: what no plan knew (a rise of the unmanaged load that is sure whatever the
//     moments at which connectors were read, and what they draw above everything that was reserved
//     for them) is at least `unexplained` of the limit; or
//   - because it stays above the limit for longer than vehicles need to follow a lower value (5 s,
//     IEC 61851-1, and two readings): the split's answer did not help.
// The limit is what the node's fixed sources and those of the moment leave, without the imbalance
// and without orders from outside (LIM-7): lines that differ are no overload, and what an order
// leaves is for the split to keep, down to zero or turns at the minimum.
// What the split hands out is reserved before it is drawn, so it never counts however full a node
// is: the split alone never sheds.

#include "control/image.hpp"
#include "control/limits/live_limits.hpp"
#include "control/plan.hpp"
#include "domain/safety_settings.hpp"
#include "domain/site.hpp"

#include <optional>
#include <span>
#include <vector>

namespace busbar::control::safety {

/// The fullest of the nodes whose load counts; where none counts, the fullest of all.
struct site_load {
  domain::node_index node;
  domain::permille load;
  /// The surprise.
  domain::permille unexplained;
  bool counts = false;
};

class unexplained_load {
public:
  explicit unexplained_load(const domain::site& site);

  /// Once a tick: the image of now, what flows through every node, and the newest plan (made
  /// before). Absent where no node with a current limit has a load that is known. Nodes without a
  /// meter of their own are not looked at where line-to-line loads or a delta-wye transformer stand
  /// below them: currents of different groups do not add up there.
  [[nodiscard]] std::optional<site_load> observe(const domain::shedding_settings& settings,
                                                 const image& image,
                                                 std::span<const limits::node_flow> flows,
                                                 const plan& plan);

  static constexpr domain::seconds response{7};

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit.rows(self.watches_);
  }

private:
  using lines = domain::per_line<domain::milliamperes>;
  struct watch {
    bool is_measured = true;
    lines known{};
    bool has_known = false;
    std::optional<domain::instant> over_since;
    template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
      visit(self.known, self.has_known, self.over_since);
    }
  };

  void find_surprises(const image& image, const plan& plan);
  [[nodiscard]] std::optional<lines> capacity_of(std::size_t node, const image& image) const;
  /// `at`: when it was measured. A sample that is repeated proves nothing about the time since.
  [[nodiscard]] bool is_over_for_long(watch& own, bool is_over, domain::instant at) const;

  const domain::site& site_;
  std::vector<watch> watches_;
  std::vector<limits::node_limits> stated_;
  /// By node: what connectors below draw above their reserves.
  std::vector<lines> surprises_;
};

/// The load that `load_shedding` is asked about: as measured where it counts, otherwise below the
/// level at which shedding falls.
[[nodiscard]] std::optional<domain::permille>
load_to_shed(const domain::shedding_settings& settings, const std::optional<site_load>& load);

} // namespace busbar::control::safety
