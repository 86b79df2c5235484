// What is in trouble now, each by its name: the names that an alert gives to the person who has to
// go there.

#include "adapters/metrics/site_families.hpp"

#include <memory>
#include <set>
#include <string>

namespace busbar::adapters::metrics {

namespace {

/// One series for each place in trouble, while there is room for more.
class trouble_list {
public:
  trouble_list(family_list& list, std::size_t most) : list_(list), room_(most) {}

  void add(const char* name, const char* help, const labels& who) {
    std::string key = name;
    for (const auto& [label, value] : who) key += '\n' + value;
    if (room_ == 0 || !known_.insert(std::move(key)).second) return;
    --room_;
    list_.gauge(name, help, 1, who);
  }

private:
  family_list& list_;
  std::size_t room_;
  std::set<std::string> known_;
};

void add_violations(trouble_list& list, const domain::site_view& view) {
  for (const auto& each : view.violations)
    list.add("busbar_violation", "1 for each violation that stands.",
             {{"site", view.topology->id.text()},
              {"subject", each.subject},
              {"what", each.what},
              {"level", name_of(each.level)}});
}

void add_connectors(trouble_list& list, const domain::site_view& view) {
  const auto& topology = *view.topology;
  for (std::size_t i = 0; i < view.connectors.size(); ++i) {
    const auto step = view.connectors[i].step;
    if (step == domain::escalation::none) continue;
    const auto& connector = topology.connectors[i];
    list.add("busbar_connector_escalation",
             "1 for each connector that draws more than it was told, by the step taken.",
             {{"site", topology.id.text()},
              {"station", topology.stations[connector.station.value()].id.text()},
              {"connector", connector.id.text()},
              {"step", name_of(step)}});
  }
}

void add_stations(trouble_list& list, const domain::site_view& view) {
  const auto& topology = *view.topology;
  for (std::size_t i = 0; i < view.stations.size() && i < topology.stations.size(); ++i)
    if (!view.stations[i].is_healthy)
      list.add("busbar_station_unhealthy", "1 for each station whose monitor reports a fault.",
               {{"site", topology.id.text()}, {"station", topology.stations[i].id.text()}});
}

void add_breakers(trouble_list& list, const std::string& site,
                  const std::vector<domain::breaker_view>& breakers) {
  for (const auto& each : breakers)
    if (each.position == domain::breaker_position::open)
      list.add("busbar_breaker_open", "1 for each circuit breaker that is open.",
               {{"site", site}, {"actor", each.actor}, {"guards", each.guards}});
}

} // namespace

void add_trouble_families(family_list& list, const actors::engine_port& engine,
                          const metric_settings& settings) {
  trouble_list troubles{list, settings.trouble_series_max};
  for (const domain::site_id& site : engine.sites()) {
    const auto view = engine.view(site);
    if (!view || !view->topology || view->connectors.size() != view->topology->connectors.size())
      continue;
    add_violations(troubles, *view);
    add_connectors(troubles, *view);
    add_stations(troubles, *view);
    add_breakers(troubles, site.text(), view->breakers);
  }
  add_breakers(troubles, "", engine.node_breakers());
}

} // namespace busbar::adapters::metrics
