#include "domain/relief.hpp"

#include "domain/current_text.hpp"
#include "domain/time_text.hpp"

#include <algorithm>

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

/// Lines of one node stand together: one amount that is enough for each.
bool stand_together(const room_need& a, const room_need& b) {
  const auto is_power = [](const room_need& each) { return each.line == binding_line::power; };
  const auto is_imbalance = [](const room_need& each) {
    return each.source == limit_source::phase_imbalance;
  };
  return a.node == b.node && is_power(a) == is_power(b) && is_imbalance(a) == is_imbalance(b);
}

std::string list_of(std::vector<binding_line> lines) {
  std::ranges::sort(lines);
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) text += i + 1 < lines.size() ? ", " : " and ";
    text += name_of(lines[i]);
  }
  return text;
}

/// The room that `first` and all of `needs` that stand together with it lack.
std::string need_text(const room_need& first, const std::vector<room_need>& needs,
                      const site& site) {
  const auto node = name_of_node(site, first.node);
  auto more = first.more;
  std::vector<binding_line> lines;
  for (const auto& each : needs) {
    if (!stand_together(first, each)) continue;
    more = std::max(more, each.more);
    lines.push_back(each.line);
  }
  if (first.line == binding_line::power) return std::to_string(more) + " W more at " + node;
  const bool is_imbalance = first.source == limit_source::phase_imbalance;
  return text_of(milliamperes{more}) + " more " + (is_imbalance ? "imbalance " : "") + "on " +
         list_of(std::move(lines)) + " of " + node;
}

std::string needs_text(const std::vector<room_need>& needs, const site& site) {
  std::string text;
  for (auto next = needs.begin(); next != needs.end(); ++next) {
    const auto is_said = [&](const room_need& each) { return stand_together(each, *next); };
    if (std::any_of(needs.begin(), next, is_said)) continue;
    text += (text.empty() ? "" : " and ") + need_text(*next, needs, site);
  }
  return text;
}

std::string room_text(const relief& lifting, const reason& because, const site& site) {
  const auto node = name_of_node(site, *because.node);
  std::string text;
  const auto add = [&text](const std::string& way) {
    text += (text.empty() ? "" : ", or ") + way;
  };
  if (because.source == limit_source::meter_lost)
    add("the lost meter of " + node + ", or below it, heard again");
  std::vector<room_need> needs;
  if (lifting.more > 0)
    needs.push_back({*because.node, because.line, because.source, lifting.more});
  needs.insert(needs.end(), lifting.also.begin(), lifting.also.end());
  if (!needs.empty()) {
    add(needs_text(needs, site));
    if (because.is_kept)
      text += std::string{", since room is kept on "} + name_of(because.line) +
              " in case its vehicle begins to use it";
  }
  if (lifting.leaving) add(name_of_outlet(site, *lifting.leaving) + " leaving");
  if (because.which == rule::turn) add("its turn");
  return text.empty() ? "more room at " + node : text;
}

std::string way_text(const relief& lifting, const reason& because, const site& site) {
  if (because.node) return room_text(lifting, because, site);
  switch (because.which) {
  case rule::maximum: return "nothing: it has the most that its connector gives";
  case rule::demand: return "its vehicle taking more";
  case rule::turn: return "its turn";
  case rule::not_wanted: return "a vehicle that wants energy";
  case rule::ramp: return "time: it is raised step by step";
  case rule::fallback: return "its station answering";
  case rule::input_lost: return "fresh readings of its station";
  case rule::load_shedding:
    return lifting.level_by_hand
               ? "the release of level " + std::to_string(*lifting.level_by_hand) +
                     ", which was set by hand"
               : "less load that no plan explains: the level goes down";
  case rule::site_operator: return "its operator's limit ending";
  case rule::derating: return "cooler contacts, or a battery that is less full";
  case rule::disobedience: return "its station drawing no more than it acknowledged";
  default: return "the first plan";
  }
}

} // namespace

std::string text_of(const relief& lifting, const reason& because, const site& site) {
  if (because.switches_until) {
    const auto end = std::max(*because.switches_until, because.rests_until.value_or(instant{}));
    return "its station on the lines that it changes to, at " + text_of(end) + " at the latest";
  }
  if (!because.rests_until) return way_text(lifting, because, site);
  const auto rest = "the end of its minimum off time of " +
                    std::to_string(site.turns.off_min.count()) + " s at " +
                    text_of(*because.rests_until);
  if (because.turn_by == because.rests_until) return rest;
  return rest + ", and then " + way_text(lifting, because, site);
}

} // namespace busbar::domain
