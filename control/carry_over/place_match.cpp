#include "control/carry_over/place_match.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace busbar::control::carry_over {

namespace {

using connector_key = std::pair<domain::station_id, domain::connector_id>;

template <class Connector> std::string lines_of(const Connector& connector) {
  std::string text;
  for (std::size_t i = 0; i < connector.line_count; ++i)
    text += (text.empty() ? "" : "-") + std::string{domain::name_of(connector.lines[i])};
  return connector.wiring == domain::connection::delta ? text + " in delta" : text;
}

template <class A, class B> bool has_same_lines(const A& a, const B& b) {
  return a.line_count == b.line_count && a.wiring == b.wiring &&
         std::equal(a.lines.begin(), a.lines.begin() + a.line_count, b.lines.begin());
}

class matcher {
public:
  matcher(const site_outline& before, const domain::site& now) : before_(before), now_(now) {}

  place_match match() {
    match_nodes();
    match_connectors();
    for (const auto& station : before_.stations) out_.stations.push_back(station_of(station));
    return std::move(out_);
  }

private:
  void match_nodes() {
    std::map<domain::node_id, domain::node_index> places;
    for (std::size_t i = 1; i < now_.nodes.size(); ++i)
      places.emplace(now_.nodes[i].id, domain::node_index{i});
    out_.nodes.push_back(domain::node_index{});
    hangs_as_before_.push_back(true);
    for (std::size_t i = 1; i < before_.nodes.size(); ++i) {
      const auto& then = before_.nodes[i];
      const auto found = places.find(then.id);
      const bool stands = found != places.end();
      out_.nodes.push_back(stands ? std::optional{found->second} : std::nullopt);
      const auto& above = then.parent;
      hangs_as_before_.push_back(stands && above && hangs_as_before_[above->value()] &&
                                 out_.nodes[above->value()] ==
                                     now_.nodes[found->second.value()].parent);
    }
  }

  void match_connectors() {
    std::map<connector_key, domain::connector_index> places;
    for (std::size_t i = 0; i < now_.connectors.size(); ++i) {
      const auto& connector = now_.connectors[i];
      places.emplace(connector_key{now_.stations[connector.station.value()].id, connector.id},
                     domain::connector_index{i});
    }
    for (const auto& then : before_.connectors) {
      const auto& station = before_.stations[then.station.value()];
      const auto found = places.find({station.id, then.id});
      auto& row = out_.connectors.emplace_back();
      if (found == places.end()) row = gone(station, "is no longer part of the site");
      else row = still_there(then, station, found->second);
    }
  }

  connector_match gone(const outline_station& station, std::string why) {
    return {place_fate::gone, {}, std::move(why), left_at(station.parent, std::nullopt)};
  }

  connector_match still_there(const outline_connector& then, const outline_station& station,
                              domain::connector_index place) {
    const auto& own = now_.connectors[place.value()];
    if (then.kind != own.kind || then.line_count != own.line_count)
      return gone(station, "is another kind of connector now");
    const auto parent = now_.stations[own.station.value()].parent;
    const bool is_same_place = hangs_as_before_[station.parent.value()] &&
                               out_.nodes[station.parent.value()] == parent;
    if (!has_same_lines(then, own))
      return {place_fate::rewired, place, "lies on " + lines_of(own) + ", not on " + lines_of(then),
              left_at(station.parent, std::nullopt)};
    if (is_same_place) return {place_fate::same, place, {}, {}};
    return {place_fate::rewired, place, difference(station.parent, parent),
            left_at(station.parent, parent)};
  }

  std::string difference(domain::node_index then, domain::node_index own) const {
    const auto& now_id = now_.nodes[own.value()].id;
    const auto& then_id = before_.nodes[then.value()].id;
    if (now_id == then_id) return "hangs on " + now_id.text() + ", which hangs elsewhere now";
    return "hangs on " + now_id.text() + ", not on " + then_id.text();
  }

  [[nodiscard]] std::vector<domain::node_index>
  left_at(domain::node_index then, std::optional<domain::node_index> own) const {
    return nodes_left(before_, now_, out_.nodes, then, own);
  }

  std::optional<domain::station_index> station_of(const outline_station& then) const {
    const auto first = then.first_connector.value();
    const auto& first_now = out_.connectors[first];
    if (first_now.fate == place_fate::gone) return std::nullopt;
    const auto station = now_.connectors[first_now.now.value()].station;
    if (now_.stations[station.value()].connector_count != then.connector_count)
      return std::nullopt;
    for (std::uint32_t i = 0; i < then.connector_count; ++i) {
      const auto& row = out_.connectors[first + i];
      if (row.fate == place_fate::gone || row.now.value() != first_now.now.value() + i)
        return std::nullopt;
    }
    return station;
  }

  const site_outline& before_;
  const domain::site& now_;
  /// By node before: it and every node above it stand where they stood.
  std::vector<bool> hangs_as_before_;
  place_match out_;
};

} // namespace

place_match match(const site_outline& before, const domain::site& now) {
  return matcher{before, now}.match();
}

std::vector<domain::node_index>
nodes_left(const site_outline& before, const domain::site& now,
           const std::vector<std::optional<domain::node_index>>& places, domain::node_index then,
           std::optional<domain::node_index> own) {
  std::vector<domain::node_index> left;
  for (std::optional at{then}; at; at = before.nodes[at->value()].parent) {
    const auto& place = places[at->value()];
    // Its own place counts it anyway, and so does all above that.
    if (!place || (own && is_at_or_above(now, *place, *own))) continue;
    const auto counts = [&](domain::node_index below) {
      return is_at_or_above(now, *place, below);
    };
    if (std::ranges::none_of(left, counts)) left.push_back(*place);
  }
  return left;
}

bool is_at_or_above(const domain::site& site, domain::node_index node, domain::node_index place) {
  for (std::optional at{place}; at; at = site.nodes[at->value()].parent)
    if (*at == node) return true;
  return false;
}

domain::node_index standing(domain::node_index node, const site_outline& before,
                            const place_match& places) {
  auto at = node;
  while (!places.nodes[at.value()]) at = *before.nodes[at.value()].parent;
  return *places.nodes[at.value()];
}

} // namespace busbar::control::carry_over
