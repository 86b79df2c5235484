// What operators have set, on its way into the image, the view and the events.
#include "actors/site_desk.hpp"

namespace busbar::actors {

namespace {

std::string text_of(const domain::limit& limit) {
  std::string text;
  if (limit.current)
    for (const auto line : *limit.current)
      text += (text.empty() ? "" : ", ") + std::to_string(line.count());
  if (limit.current) text += " mA";
  if (limit.power)
    text += (text.empty() ? "" : " and ") + std::to_string(limit.power->count()) + " W";
  return text;
}

/// The words of an event: what it is about, its kind and its text.
struct order_words {
  const domain::site& site;
  domain::event& event;

  void say(const std::string& subject, const char* kind, std::string text) const {
    event.subject = subject;
    event.kind = kind;
    event.text = std::move(text);
  }
  void operator()(const domain::node_constraint& set) const {
    say(site.nodes[set.node.value()].id.text(), "limit_set",
        std::string{name_of(set.limit.source)} + " sets " + text_of(set.limit));
  }
  void operator()(const domain::lift_node_constraint& lifted) const {
    say(site.nodes[lifted.node.value()].id.text(), "limit_lifted",
        std::string{name_of(lifted.source)} + " limit lifted");
  }
  void operator()(const domain::connector_constraint& set) const {
    if (set.is_export())
      return say(site.connectors[set.connector.value()].id.text(), "export_ordered",
                 "operator asks for " + std::to_string(-set.power->count()) + " W back");
    const domain::limit limit{domain::limit_source::site_operator, set.current, set.power};
    say(site.connectors[set.connector.value()].id.text(), "limit_set",
        "operator sets " + text_of(limit));
  }
  void operator()(const domain::lift_connector_constraint& lifted) const {
    say(site.connectors[lifted.connector.value()].id.text(), "limit_lifted",
        "operator limit lifted");
  }
  void operator()(const domain::configure_shedding& set) const {
    std::string text = set.settings.is_enabled ? "on" : "off";
    if (set.forced_level) text += ", level " + std::to_string(*set.forced_level) + " by hand";
    say(site.id.text(), "load_shedding_configured", "load shedding " + text);
  }
};

} // namespace

void site_desk::take(const domain::operator_order& order) {
  orders_.take(order);
  is_changed_ = true;
}

domain::event site_desk::event_of(const domain::operator_order& order,
                                  domain::instant now) const {
  domain::event event;
  event.site = layout_->site->id;
  event.at = now;
  event.speaker = domain::role::central;
  event.level = domain::severity::info;
  std::visit(order_words{*layout_->site, event}, order);
  return event;
}

void site_desk::restore_orders(const domain::site_state& state) {
  // A limit is taken back whatever LIM-4 says by now: it only ever lowers.
  for (const auto& constraint : state.node_constraints)
    if (constraint.node.value() < image_.nodes.size()) orders_.take(constraint);
  for (const auto& constraint : state.connector_constraints)
    if (constraint.connector.value() < image_.connectors.size()) orders_.take(constraint);
  if (!state.shedding) return;
  orders_.take(state.shedding->chosen);
  shedding_.restore(state.shedding->level, state.shedding->changed_at);
}

void site_desk::apply_orders(domain::instant now) {
  const auto& site = *layout_->site;
  is_changed_ = orders_.expire(now) || is_changed_;
  end_exports();
  for (const auto& constraint : orders_.nodes())
    if (control::operators::is_in_force(constraint, now))
      image_.nodes[constraint.node.value()].live_limits.push_back(constraint.limit);
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
  say(domain::severity::info, "export_ended", "the session has ended, and the order with it");
  safety_events_.back().subject = layout_->site->connectors[ended->value()].id.text();
}

} // namespace busbar::actors
