#include "domain/relief.hpp"

#include "domain/current_text.hpp"

namespace busbar::domain {

namespace {

std::string name_of_node(const site& site, node_index index) {
  const auto& node = site.nodes[index.value()];
  return node.name.empty() ? node.id.text() : node.name;
}

/// A station with one outlet is known by its own name.
std::string name_of_outlet(const site& site, connector_index index) {
  const auto& connector = site.connectors[index.value()];
  const auto& station = site.stations[connector.station.value()];
  if (station.connector_count > 1) return connector.id.text();
  return station.name.empty() ? station.id.text() : station.name;
}

std::string room_text(const relief& lifting, const reason& because, const site& site) {
  const auto node = name_of_node(site, *because.node);
  std::string text;
  const auto add = [&text](const std::string& way) {
    text += (text.empty() ? "" : ", or ") + way;
  };
  if (because.source == limit_source::meter_lost)
    add("the lost meter of " + node + ", or below it, heard again");
  if (lifting.more > 0 && because.line == binding_line::power)
    add(std::to_string(lifting.more) + " W more at " + node);
  else if (lifting.more > 0)
    add(text_of(milliamperes{lifting.more}) + " more on " + name_of(because.line) + " of " + node);
  if (lifting.leaving) add(name_of_outlet(site, *lifting.leaving) + " leaving");
  if (because.which == rule::turn) add("its turn");
  return text.empty() ? "more room at " + node : text;
}

} // namespace

std::string text_of(const relief& lifting, const reason& because, const site& site) {
  if (because.node) return room_text(lifting, because, site);
  switch (because.which) {
  case rule::maximum: return "nothing: it has the most that its connector gives";
  case rule::demand: return "its vehicle taking more";
  case rule::turn: return "its turn";
  case rule::not_wanted: return "a vehicle that wants energy";
  case rule::ramp: return "time: it is raised step by step";
  case rule::fallback: return "its station answering";
  case rule::input_lost: return "fresh readings of its station";
  case rule::load_shedding: return "less load than the plan can explain: the level goes down";
  case rule::site_operator: return "its operator's limit ending";
  case rule::derating: return "cooler contacts, or a battery that is less full";
  case rule::disobedience: return "its station drawing no more than it acknowledged";
  default: return "the first plan";
  }
}

} // namespace busbar::domain
