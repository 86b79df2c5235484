#include "site/operator_orders.hpp"

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

/// As its bay showed it last; a reading that is stale says nothing.
std::optional<domain::millivolts> output_voltage(const site_layout& layout,
                                                 const operator_orders::bay_views& views,
                                                 domain::connector_index connector) {
  const auto& row = layout.rows[connector.value()];
  if (!views[row.bay]) return std::nullopt;
  const auto& seen = views[row.bay]->connectors[row.row];
  return seen.is_stale ? std::nullopt : seen.voltage;
}

} // namespace

domain::event event_of(const domain::operator_order& order, const domain::site& site,
                       const order_origin& from) {
  return std::visit(order_event{site, from.by, {site.id, from.at}}, order);
}

operator_orders::operator_orders(std::shared_ptr<const site_layout> layout)
    : layout_(std::move(layout)), book_(*layout_->site) {}

void operator_orders::take(const domain::operator_order& order) {
  book_.take(order);
  work_out();
}

void operator_orders::work_out() {
  book_.work_out(*layout_->site);
  limits_.clear();
  for (const auto& constraint : book_.nodes())
    limits_.push_back(control::operators::limit_of(*layout_->site, constraint));
}

void operator_orders::restore(const domain::site_state& state) {
  const auto& site = *layout_->site;
  // A limit is taken back whatever LIM-4 says by now: it only ever lowers.
  for (const auto& constraint : state.node_constraints)
    if (constraint.node.value() < site.nodes.size()) book_.take(constraint);
  for (const auto& constraint : state.connector_constraints)
    if (constraint.connector.value() < site.connectors.size()) book_.take(constraint);
  work_out();
  if (state.shedding) book_.take(state.shedding->chosen);
}

bool operator_orders::apply(control::image& image, const bay_views& views, site_events& events) {
  bool has_changed = book_.expire(image.now);
  if (has_changed) work_out();
  has_changed = end_exports(image, views, events) || has_changed;
  apply_to_nodes(image);
  const auto& site = *layout_->site;
  for (const auto& constraint : book_.connectors()) {
    const auto connector = constraint.connector;
    const auto& data = site.connectors[connector.value()];
    const auto node = site.stations[data.station.value()].parent;
    const control::operators::output_now output{image.now,
                                                output_voltage(*layout_, views, connector)};
    const auto voltage = layout_->voltages[node.value()];
    control::operators::apply(constraint,
                              control::operators::most_of(constraint, data, voltage, output),
                              image.connectors[connector.value()]);
  }
  return has_changed;
}

void operator_orders::apply_to_nodes(control::image& image) const {
  for (std::size_t i = 0; i < limits_.size(); ++i) {
    const auto& constraint = book_.nodes()[i];
    if (!control::operators::is_in_force(constraint, image.now)) continue;
    auto& node = image.nodes[constraint.node.value()];
    const bool is_plain =
        constraint.counts == domain::counted_load::everything && !constraint.guaranteed;
    if (is_plain) node.live_limits.push_back(constraint.limit);
    else node.orders.push_back(limits_[i]);
  }
}

/// An order for export is for one session.
bool operator_orders::end_exports(const control::image& image, const bay_views& views,
                                  site_events& events) {
  std::optional<domain::connector_index> ended;
  for (const auto& constraint : book_.connectors()) {
    const auto connector = constraint.connector;
    const bool is_known = views[layout_->rows[connector.value()].bay] != nullptr;
    const bool has_session = image.connectors[connector.value()].arrived_at.has_value();
    if (constraint.is_export() && is_known && !has_session) ended = connector;
  }
  if (!ended) return false;
  take(domain::lift_connector_constraint{*ended});
  events.add(domain::events::export_ended(events.here(),
                                          layout_->site->connectors[ended->value()].id));
  return true;
}

bool operator_orders::has_order_below_fallbacks(domain::instant now) const {
  return std::any_of(book_.nodes().begin(), book_.nodes().end(), [&](const auto& each) {
    return each.if_engine_stops && each.from <= now + layout_->site->lease;
  });
}

std::optional<domain::seconds> operator_orders::short_lease(domain::instant now) const {
  if (!has_order_below_fallbacks(now)) return std::nullopt;
  return std::min(layout_->site->lease, lease_below_fallbacks);
}

void operator_orders::hold(std::vector<domain::milliamperes>& currents, domain::instant now,
                           std::span<const control::limits::unmanaged_use> uses) const {
  const auto& site = *layout_->site;
  if (!has_order_below_fallbacks(now)) return;
  control::distribution::splitter splitter{site};
  for (std::size_t i = 0; i < limits_.size(); ++i) {
    const auto& constraint = book_.nodes()[i];
    if (!control::operators::is_in_force(constraint, now)) continue;
    std::vector<control::distribution::node_bounds> bounds(site.nodes.size());
    control::limits::node_limits limits;
    const auto place = constraint.node.value();
    control::limits::tighten_to_order(limits, limits_[i], uses[place], layout_->voltages[place]);
    bounds[place] = control::limits::bounds_of(limits);
    if (splitter.fits(currents, bounds)) continue;
    for (std::size_t c = 0; c < currents.size(); ++c)
      if (control::operators::is_below(site, domain::connector_index{c}, constraint.node))
        currents[c] = {};
  }
}

} // namespace busbar::site
