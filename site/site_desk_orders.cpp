// What operators have set, on its way into the image, the view and the events.
#include "site/site_desk.hpp"

#include "control/distribution/split.hpp"
#include "control/limits/order_bounds.hpp"
#include "domain/events/limits.hpp"

#include <algorithm>
#include <utility>

namespace busbar::site {

namespace {

namespace events = domain::events;

/// Stations follow the end of a lease; until then a silent one holds on to what it was told.
constexpr domain::seconds lease_below_fallbacks{30};

/// The event of an order.
struct order_event {
  const domain::site& site;
  const domain::cause& by;
  events::moment at;

  domain::event operator()(const domain::node_constraint& set) const {
    events::node_limit_words words{site.nodes[set.node.value()].id, set, {}, {}};
    if (set.guaranteed)
      words.guaranteed = control::operators::guaranteed_power(site, set.node, *set.guaranteed);
    words.if_engine_stops = control::operators::what_remains(site, set);
    return events::limit_set(at, words, by);
  }
  domain::event operator()(const domain::lift_node_constraint& lifted) const {
    return events::limit_lifted(at, site.nodes[lifted.node.value()].id, lifted.source, by);
  }
  domain::event operator()(const domain::connector_constraint& set) const {
    const auto& connector = site.connectors[set.connector.value()].id;
    if (set.is_export()) return events::export_ordered(at, connector, -*set.power, by);
    return events::limit_set(
        at, connector, {domain::limit_source::site_operator, set.current, set.power}, by);
  }
  domain::event operator()(const domain::lift_connector_constraint& lifted) const {
    return events::limit_lifted(at, site.connectors[lifted.connector.value()].id, by);
  }
  domain::event operator()(const domain::configure_shedding& set) const {
    return events::load_shedding_configured(at, set, by);
  }
};

} // namespace

void site_desk::take(const domain::operator_order& order) {
  orders_.take(order);
  work_out_orders();
  is_changed_ = true;
  // A site in its safe mode tells it with its next tick (LIM-7).
  told_safe_at_ = {};
}

void site_desk::work_out_orders() {
  orders_.work_out(*layout_->site);
  order_limits_.clear();
  for (const auto& constraint : orders_.nodes())
    order_limits_.push_back(control::operators::limit_of(*layout_->site, constraint));
}

domain::event site_desk::event_of(const domain::operator_order& order, const domain::cause& by,
                                  domain::instant now) const {
  const auto& site = *layout_->site;
  return std::visit(order_event{site, by, {site.id, now}}, order);
}

void site_desk::restore_orders(const domain::site_state& state) {
  // A limit is taken back whatever LIM-4 says by now: it only ever lowers.
  for (const auto& constraint : state.node_constraints)
    if (constraint.node.value() < image_.nodes.size()) orders_.take(constraint);
  for (const auto& constraint : state.connector_constraints)
    if (constraint.connector.value() < image_.connectors.size()) orders_.take(constraint);
  work_out_orders();
  if (!state.shedding) return;
  orders_.take(state.shedding->chosen);
  shedding_.restore(state.shedding->level, state.shedding->changed_at);
}

void site_desk::apply_orders(domain::instant now) {
  const auto& site = *layout_->site;
  if (orders_.expire(now)) {
    work_out_orders();
    is_changed_ = true;
  }
  end_exports();
  for (std::size_t i = 0; i < order_limits_.size(); ++i) {
    const auto& constraint = orders_.nodes()[i];
    if (!control::operators::is_in_force(constraint, now)) continue;
    auto& node = image_.nodes[constraint.node.value()];
    const bool is_plain =
        constraint.counts == domain::counted_load::everything && !constraint.guaranteed;
    if (is_plain) node.live_limits.push_back(constraint.limit);
    else node.orders.push_back(order_limits_[i]);
  }
  for (const auto& constraint : orders_.connectors()) {
    const auto& data = site.connectors[constraint.connector.value()];
    const auto node = site.stations[data.station.value()].parent;
    const control::operators::output_now output{now, output_voltage(constraint.connector)};
    control::operators::apply(
        constraint, control::operators::most_of(constraint, data, voltages_[node.value()], output),
        image_.connectors[constraint.connector.value()]);
  }
}

/// As its bay showed it last; a reading that is stale says nothing.
std::optional<domain::millivolts>
site_desk::output_voltage(domain::connector_index connector) const {
  const auto& row = layout_->rows[connector.value()];
  if (!views_[row.bay]) return std::nullopt;
  const auto& seen = views_[row.bay]->connectors[row.row];
  return seen.is_stale ? std::nullopt : seen.voltage;
}

bool site_desk::has_order_below_fallbacks(domain::instant now) const {
  return std::any_of(orders_.nodes().begin(), orders_.nodes().end(), [&](const auto& each) {
    return each.if_engine_stops && each.from <= now + layout_->site->lease;
  });
}

std::optional<domain::seconds> site_desk::short_lease(domain::instant now) const {
  if (!has_order_below_fallbacks(now)) return std::nullopt;
  return std::min(layout_->site->lease, lease_below_fallbacks);
}

/// Where `currents` exceed an order, nothing is left below its node: it is obeyed, come what may.
void site_desk::hold_to_orders(std::vector<domain::milliamperes>& currents) const {
  const auto& site = *layout_->site;
  if (!has_order_below_fallbacks(image_.now)) return;
  control::distribution::splitter splitter{site};
  for (std::size_t i = 0; i < order_limits_.size(); ++i) {
    const auto& constraint = orders_.nodes()[i];
    if (!control::operators::is_in_force(constraint, image_.now)) continue;
    std::vector<control::distribution::node_bounds> bounds(site.nodes.size());
    control::limits::node_limits limits;
    const auto place = constraint.node.value();
    control::limits::tighten_to_order(limits, order_limits_[i], uses_[place], voltages_[place]);
    bounds[place] = control::limits::bounds_of(limits);
    if (splitter.fits(currents, bounds)) continue;
    for (std::size_t c = 0; c < currents.size(); ++c)
      if (control::operators::is_below(site, domain::connector_index{c}, constraint.node))
        currents[c] = {};
  }
}

/// An order for export is for one session.
void site_desk::end_exports() {
  std::optional<domain::connector_index> ended;
  for (const auto& constraint : orders_.connectors()) {
    const auto connector = constraint.connector;
    const bool is_known = views_[layout_->rows[connector.value()].bay] != nullptr;
    const bool has_session = image_.connectors[connector.value()].arrived_at.has_value();
    if (constraint.is_export() && is_known && !has_session) ended = connector;
  }
  if (!ended) return;
  take(domain::lift_connector_constraint{*ended});
  safety_events_.push_back(
      events::export_ended(here(), layout_->site->connectors[ended->value()].id));
}

} // namespace busbar::site
