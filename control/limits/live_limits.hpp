#pragma once
// The limits of the moment (LIM-2): what a node's protection leaves, from what flows through it
// now. Keeps the state of the models: a breaker's heat, a transformer's temperatures, the window of
// the peak demand. Owned by one site's desk, asked on every tick.
//
// LIM-3: what is not measured counts as the most that can flow, and a model that has no history
// begins as after a long time at its rating.

#include "control/limits/breaker_curve.hpp"
#include "control/limits/node_limits.hpp"
#include "control/limits/peak_demand.hpp"
#include "control/limits/transformer_thermal.hpp"
#include "domain/site.hpp"
#include "domain/site_state.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace busbar::control::limits {

/// What flows through a node, managed or not.
struct node_flow {
  /// Absent: the meter is lost or stale.
  std::optional<domain::per_line<domain::milliamperes>> current;
  domain::watts power{};
  /// A meter's; absent where none measures them.
  std::optional<domain::millivolts> voltage;
  std::optional<std::int64_t> frequency_mhz;
  /// When the meter measured it; absent: it is the sum of what is known now.
  std::optional<domain::instant> measured_at;
  /// Where `current` is absent: what can flow at most, by what is reserved and the declared maximum
  /// of the unmanaged load. Absent as well: as much as the node carries.
  std::optional<domain::per_line<domain::milliamperes>> current_max;
  domain::watts power_max{};
};

/// How hot the parts of a node are, for people.
struct node_heat {
  /// Of the breaker's hottest line, permille of the heat at which its trip band begins.
  std::optional<domain::permille> breaker;
  std::optional<domain::millidegrees_celsius> oil;
  std::optional<domain::millidegrees_celsius> hot_spot;
};

class live_limits {
public:
  explicit live_limits(const domain::site& site);

  /// Appends the limits that `flow` leaves to node `node` at `now` to `out`: at most one a source.
  /// Times go forward. Models are advanced and asked once in `model_every`, the rest every time.
  void observe(domain::node_index node, const node_flow& flow, domain::instant now,
               std::vector<domain::limit>& out);

  [[nodiscard]] node_heat heat_of(domain::node_index node) const;

  /// What cannot be measured again, of nodes that have any of it, in their order.
  [[nodiscard]] std::vector<domain::node_warmth> warmth() const;
  /// As it was remembered; the time since counts as none, so nothing has cooled meanwhile. Of a
  /// transformer whose rule has changed since the cooler of what it was and of what an unknown one
  /// begins with: a lower maximum is reached by the load that may be held for ever, not by none.
  void restore(const std::vector<domain::node_warmth>& remembered);
  /// The same of a predecessor, and its windows of peak demand; `nodes`: where its nodes are here.
  void take_over(const live_limits& before,
                 const std::vector<std::optional<domain::node_index>>& nodes);

  /// A thermal model moves in minutes: it is advanced and asked this often.
  static constexpr domain::seconds model_every{10};

  /// KEEP-3: what decides later, of nodes that have models.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    for (auto& model : self.models_)
      if (model.is_used) visit(model);
  }

private:
  struct model {
    /// The node's protection has something for it.
    bool is_used = false;
    /// What the node may carry on each line by its fixed limits, and as power; for what is in
    /// proportion to it.
    domain::per_line<domain::milliamperes> full{};
    domain::watts full_power{};
    std::optional<domain::instant> seen_at;
    std::optional<domain::instant> modelled_at;
    breaker_heat heat{};
    thermal_data thermal;
    thermal_state temperatures;
    peak_window window;
    std::optional<domain::limit> breaker_limit;
    std::optional<domain::limit> thermal_limit;
    /// Highest flow since the models were advanced last.
    domain::per_line<domain::milliamperes> highest{};
    template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
      visit(self.seen_at, self.modelled_at, self.heat, self.temperatures, self.window,
            self.breaker_limit, self.thermal_limit, self.highest);
    }
  };

  void start(model& own, const domain::node& node);
  [[nodiscard]] domain::node_warmth warmth_of(std::size_t place) const;
  /// A restart and a change of the site while it runs go on alike.
  void go_on(std::size_t place, const domain::node_warmth& then);
  void advance(model& own, const domain::node& node, domain::instant now);
  void watch_peak(model& own, const domain::node& node, const node_flow& flow,
                  domain::instant now, std::vector<domain::limit>& out);
  void follow_grid(const model& own, const domain::node& node, node_voltage voltage,
                   const node_flow& flow, std::vector<domain::limit>& out) const;

  const domain::site& site_;
  std::vector<node_voltage> voltages_;
  std::vector<model> models_;
};

} // namespace busbar::control::limits
