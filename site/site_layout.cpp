#include "site/site_layout.hpp"

#include "control/carry_over/site_outline.hpp"
#include "control/stations/capability.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace busbar::site {

namespace {

class layout_builder {
public:
  explicit layout_builder(std::shared_ptr<const domain::site> site) {
    layout_.site = std::move(site);
    branch_of_node_.resize(layout_.site->nodes.size());
    bay_of_node_.resize(layout_.site->nodes.size());
  }

  site_layout build() {
    for (std::size_t i = 1; i < layout_.site->nodes.size(); ++i) add_node(domain::node_index{i});
    layout_.outline = std::make_shared<const std::vector<std::uint8_t>>(
        control::carry_over::encode(control::carry_over::outline_of(*layout_.site)));
    layout_.voltages = control::limits::voltages_of(*layout_.site);
    for (const auto& voltage : layout_.voltages)
      layout_.neutral_voltages.push_back(control::limits::to_neutral(voltage));
    layout_.rows.resize(layout_.site->connectors.size());
    layout_.facts.resize(layout_.site->connectors.size());
    layout_.stations.resize(layout_.site->stations.size());
    layout_.capabilities.resize(layout_.site->stations.size());
    for (std::size_t i = 0; i < layout_.site->stations.size(); ++i)
      add_station(domain::station_index{i});
    sort_stations();
    return std::move(layout_);
  }

private:
  branch_index add_branch(domain::node_index node, bool is_transformer,
                          std::optional<branch_index> parent) {
    const auto index = static_cast<branch_index>(layout_.branches.size());
    layout_.branches.push_back({node, is_transformer, parent, {}, std::nullopt});
    (parent ? layout_.branches[*parent].children : layout_.roots).push_back(index);
    return index;
  }

  void add_node(domain::node_index node) {
    const auto& data = layout_.site->nodes[node.value()];
    const bool is_transformer = data.kind == domain::node_kind::transformer;
    branch_of_node_[node.value()] =
        add_branch(node, is_transformer, branch_of_node_[data.parent->value()]);
  }

  /// The bay of a node's own stations; made when its first station is met.
  bay_index bay_of(domain::node_index node) {
    auto& bay = bay_of_node_[node.value()];
    if (bay) return *bay;
    const auto own = branch_of_node_[node.value()];
    const bool needs_own_feeder = !own || layout_.branches[*own].is_transformer;
    const branch_index branch = needs_own_feeder ? add_branch(node, false, own) : *own;
    bay = static_cast<bay_index>(layout_.bays.size());
    layout_.bays.push_back({branch, {}, {}});
    layout_.branches[branch].bay = bay;
    return *bay;
  }

  void add_station(domain::station_index index) {
    const auto& station = layout_.site->stations[index.value()];
    const bay_index bay_number = bay_of(station.parent);
    auto& bay = layout_.bays[bay_number];
    layout_.capabilities[index.value()] = capability_of(station);
    layout_.stations[index.value()] = {bay_number, static_cast<std::uint32_t>(bay.stations.size())};
    bay.stations.push_back(index);
    for (std::uint32_t i = 0; i < station.connector_count; ++i) {
      const domain::connector_index connector{station.first_connector.value() + i};
      layout_.rows[connector.value()] = {bay_number,
                                         static_cast<std::uint32_t>(bay.connectors.size())};
      layout_.facts[connector.value()] =
          facts_of(*layout_.site, layout_.site->connectors[connector.value()],
                   layout_.stations[index.value()].row);
      bay.connectors.push_back(connector);
    }
  }

  void sort_stations() {
    const auto& stations = layout_.site->stations;
    for (std::size_t i = 0; i < stations.size(); ++i)
      layout_.stations_by_id.push_back(domain::station_index{i});
    std::ranges::sort(layout_.stations_by_id, {}, [&](domain::station_index each) -> const auto& {
      return stations[each.value()].id;
    });
  }

  static connector_facts facts_of(const domain::site& site, const domain::connector& connector,
                                  std::uint32_t station_row) {
    return {station_row, connector.lines, connector.line_count, connector.can_switch_phases,
            connector.kind == domain::current_kind::dc,
            domain::may_use_fewer_lines(site, connector)};
  }

  std::shared_ptr<const domain::capability> capability_of(const domain::station& station) {
    if (station.capability.empty()) return nullptr;
    const auto& site = *layout_.site;
    const auto* found = control::stations::find_capability(site, station.capability);
    if (found == nullptr) return nullptr;
    auto own = *found;
    const auto& nameplate = site.connectors[station.first_connector.value()].power_max;
    if (nameplate.count() > 0) own.power_max = std::min(own.power_max, nameplate);
    // Stations of one kind share one profile.
    auto& known = known_[{own.name, own.power_max.count()}];
    if (!known) known = std::make_shared<const domain::capability>(std::move(own));
    return known;
  }

  site_layout layout_;
  std::map<std::pair<std::string, std::int64_t>, std::shared_ptr<const domain::capability>> known_;
  std::vector<std::optional<branch_index>> branch_of_node_;
  std::vector<std::optional<bay_index>> bay_of_node_;
};

} // namespace

std::shared_ptr<const site_layout> lay_out(std::shared_ptr<const domain::site> site) {
  return std::make_shared<const site_layout>(layout_builder{std::move(site)}.build());
}

std::optional<domain::station_index> find_station(const site_layout& layout,
                                                  const domain::station_id& id) {
  const auto& stations = layout.site->stations;
  const auto id_of = [&](domain::station_index each) -> const auto& {
    return stations[each.value()].id;
  };
  const auto found = std::ranges::lower_bound(layout.stations_by_id, id, {}, id_of);
  const bool is_known = found != layout.stations_by_id.end() && id_of(*found) == id;
  return is_known ? std::optional{*found} : std::nullopt;
}

std::string branch_name(const site_layout& layout, branch_index branch) {
  const auto& data = layout.branches.at(branch);
  const auto& node = layout.site->nodes[data.node.value()];
  const bool is_panel = node.kind == domain::node_kind::panel;
  const char* kind = data.is_transformer ? "transformer:" : is_panel ? "panel:" : "feeder:";
  return kind + node.id.text();
}

} // namespace busbar::site
