#pragma once
// What operators and demand response have set at one site, and whether an order may be taken.
// Owned by one site's desk; canonical order (by node and source, by connector), so that equal
// histories give equal images.

#include "control/image.hpp"
#include "control/limits/node_limits.hpp"
#include "domain/operator_order.hpp"
#include "domain/result.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"

#include <optional>
#include <vector>

namespace busbar::control::operators {

/// Longest time for which a connector may be held down.
inline constexpr domain::seconds connector_hold_max{86'400};

/// Whether `order` may be taken at `now`: errc::unknown_reference (a place that the site does not
/// have), errc::missing_field, errc::out_of_range (field, value, what is allowed). Never because of
/// the fallbacks: an order is obeyed by live control (LIM-7), `order_limits.hpp` says what remains.
[[nodiscard]] domain::result<void> check(const domain::site& site,
                                         const domain::operator_order& order, domain::instant now);

class order_book {
public:
  explicit order_book(const domain::site& site) : shedding_{site.shedding, std::nullopt} {}

  /// REQUIRES: `check` allowed it.
  void take(const domain::operator_order& order);
  /// Writes down beside every node constraint what remains of the load if the engine stops.
  void work_out(const domain::site& site);
  /// Forgets what is over. True when something was.
  bool expire(domain::instant now);

  /// In force or yet to begin, by node and source.
  [[nodiscard]] const std::vector<domain::node_constraint>& nodes() const { return nodes_; }
  /// By connector.
  [[nodiscard]] const std::vector<domain::connector_constraint>& connectors() const {
    return connectors_;
  }
  [[nodiscard]] const domain::configure_shedding& shedding() const { return shedding_; }

private:
  void put(const domain::node_constraint& constraint);
  void put(const domain::connector_constraint& constraint);

  std::vector<domain::node_constraint> nodes_;
  std::vector<domain::connector_constraint> connectors_;
  domain::configure_shedding shedding_;
};

/// Whether `constraint` holds at `now`.
[[nodiscard]] inline bool is_in_force(const domain::node_constraint& constraint,
                                      domain::instant now) {
  return now >= constraint.from && (!constraint.until || now < *constraint.until);
}

/// What the voltage of a connector's output is, and when.
struct output_now {
  domain::instant now{};
  /// Absent: not measured; an order in amperes at the output keeps the power that it began with.
  std::optional<domain::millivolts> voltage;
};

/// What `constraint` leaves to its connector, as the equal line current at the site's side, rounded
/// down; of an order for export what may flow back. `voltage`: at the node that the connector hangs
/// on.
[[nodiscard]] domain::milliamperes most_of(const domain::connector_constraint& constraint,
                                           const domain::connector& connector,
                                           limits::node_voltage voltage,
                                           const output_now& output = {});

/// Holds `connector` to `constraint`, of which `most` is what it leaves. An order for export: the
/// vehicle gives back while it is above its departure need, charges while it is below, and stands
/// at zero where neither is possible or anything is not known.
void apply(const domain::connector_constraint& constraint, domain::milliamperes most,
           connector_image& connector);

} // namespace busbar::control::operators
