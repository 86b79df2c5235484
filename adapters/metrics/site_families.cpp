#include "adapters/metrics/site_families.hpp"

#include "domain/point_state.hpp"
#include <algorithm>
#include <array>
#include <map>
#include <memory>

namespace busbar::adapters::metrics {

namespace {

using shared_view = std::shared_ptr<const domain::site_view>;

constexpr double joules_per_wh = 3'600.0;

double amperes(domain::milliamperes current) {
  return static_cast<double>(current.count()) / 1'000.0;
}

double as_double(auto number) { return static_cast<double>(number); }

std::vector<shared_view> whole_views(const ports::engine_node& engine) {
  std::vector<shared_view> views;
  for (const domain::site_id& site : engine.site_ids()) {
    auto view = engine.view(site);
    if (view != nullptr && view->topology != nullptr &&
        view->nodes.size() == view->topology->nodes.size() &&
        view->connectors.size() == view->topology->connectors.size())
      views.push_back(std::move(view));
  }
  return views;
}

bool is_bounded(const domain::node_view& node) {
  return node.source != domain::limit_source::unspecified;
}

/// What counts against the line's limit.
domain::milliamperes counted(const domain::node_view& node, std::size_t line) {
  return node.reserved[line] + node.unmanaged[line];
}

/// What counts, over what is allowed, on the fullest line. Where nothing is left for managed
/// connectors it is full as soon as anything is reserved.
double load_ratio(const domain::node_view& node) {
  if (!is_bounded(node)) return 0;
  double most = 0;
  for (std::size_t line = 0; line < 3; ++line) {
    const double allowed = amperes(node.allowed[line]);
    const bool is_used_up = node.limit_now[line].count() == 0 && node.reserved[line].count() > 0;
    const double full = is_used_up ? 1 : 0;
    most = std::max({most, full, allowed > 0 ? amperes(counted(node, line)) / allowed : 0});
  }
  return most;
}

struct totals {
  std::map<std::string, std::size_t> modes{{"controlling", 0}, {"starting", 0}, {"safe", 0}};
  std::array<std::size_t, 6> states{};
  std::array<std::size_t, 4> severities{};
  std::array<std::size_t, 4> positions{};
  std::size_t stale = 0;
  std::size_t stale_meters = 0;
  std::size_t sessions = 0;
  std::size_t overdue = 0;
  std::size_t stations = 0;
  std::size_t unhealthy = 0;
  std::size_t nodes = 0;
  std::size_t sessions_short = 0;
  double power_w = 0;
  double load_max = 0;
  std::size_t shedding = 0;
  /// By escalation; those that obey are counted at 0.
  std::array<std::size_t, 6> steps{};
  /// Limits set live that are in force.
  std::map<std::string, std::size_t> constraints{
      {"operator", 0}, {"demand_response", 0}, {"connector", 0}};

  void add_orders(const domain::site_view& view) {
    shedding += view.shedding.level > 0 ? 1 : 0;
    for (const auto& each : view.constraints)
      if (view.at >= each.from && (!each.until || view.at < *each.until))
        ++constraints[name_of(each.limit.source)];
    for (const auto& each : view.connectors) {
      ++steps[static_cast<std::size_t>(each.step) % 6];
      constraints["connector"] += each.constraint ? 1 : 0;
    }
  }

  void add(const std::vector<domain::breaker_view>& breakers,
           const std::vector<domain::watchdog_view>& watchdogs) {
    for (const auto& each : breakers) ++positions[static_cast<std::size_t>(each.position) % 4];
    for (const auto& each : watchdogs)
      overdue += each.is_overdue || (each.input && each.input->is_overdue) ? 1 : 0;
  }

  void add(const domain::site_view& view) {
    ++modes[view.mode];
    sessions += view.sessions.size();
    stations += view.stations.size();
    nodes += view.nodes.size();
    power_w += view.nodes.empty() ? 0.0 : as_double(view.nodes.front().power.count());
    for (const auto& each : view.nodes) {
      load_max = std::max(load_max, load_ratio(each));
      stale_meters += each.is_meter_stale ? 1 : 0;
    }
    for (const auto& each : view.connectors) {
      ++states[static_cast<std::size_t>(each.state) % 6];
      stale += each.is_stale ? 1 : 0;
      sessions_short += each.shortfall.is_zero() ? 0 : 1;
    }
    for (const auto& each : view.stations) unhealthy += each.is_healthy ? 0 : 1;
    for (const auto& each : view.violations) ++severities[static_cast<std::size_t>(each.level) % 4];
    add_orders(view);
    add(view.breakers, view.watchdogs);
  }
};

template <class Enum, std::size_t Size>
void add_counts(family_list& list, const char* name, const char* help, const char* label,
                const std::array<std::size_t, Size>& counts) {
  for (std::size_t value = 1; value < Size; ++value)
    list.gauge(name, help, as_double(counts[value]), {{label, name_of(static_cast<Enum>(value))}});
}

void add_totals(family_list& list, const totals& sums) {
  for (const auto& [mode, count] : sums.modes)
    list.gauge("busbar_sites", "Sites, by mode.", as_double(count), {{"mode", mode}});
  list.gauge("busbar_stations", "Stations.", as_double(sums.stations));
  list.gauge("busbar_stations_unhealthy", "Stations whose monitor reports a fault.",
             as_double(sums.unhealthy));
  add_counts<domain::connector_state>(list, "busbar_connectors", "Connectors, by state.", "state",
                                      sums.states);
  list.gauge("busbar_connectors_stale", "Connectors whose readings are too old.",
             as_double(sums.stale));
  list.gauge("busbar_meters_stale", "Node meters that are silent.", as_double(sums.stale_meters));
  list.gauge("busbar_sessions_open", "Open sessions.", as_double(sums.sessions));
  list.gauge("busbar_sessions_short",
             "Open sessions that will miss what they want when they leave.",
             as_double(sums.sessions_short));
  list.gauge("busbar_power_watts", "Measured at the services of all sites.", sums.power_w);
  list.gauge("busbar_load_ratio_max", "Highest load ratio of any node.",
             sums.load_max);
  add_counts<domain::severity>(list, "busbar_violations", "Open violations, by severity.",
                               "severity", sums.severities);
  add_counts<domain::breaker_position>(list, "busbar_breakers", "Circuit breakers, by position.",
                                       "position", sums.positions);
  list.gauge("busbar_sites_shedding", "Sites whose load shedding is above level 0.",
             as_double(sums.shedding));
  add_counts<domain::escalation>(list, "busbar_connectors_escalated",
                                 "Connectors that draw more than they were told, by the step "
                                 "taken against it.",
                                 "step", sums.steps);
  for (const auto& [by, count] : sums.constraints)
    list.gauge("busbar_constraints",
               "Limits set live that are in force: of nodes by source, and of connectors.",
               as_double(count), {{"by", by}});
  list.gauge("busbar_watchdogs_overdue", "Watchdogs past their own or their input's deadline.",
             as_double(sums.overdue));
}

void add_meter(family_list& list, const labels& who, const domain::node_view& now) {
  list.gauge("busbar_node_meter_stale", "1 where the node's meter is silent.",
             now.is_meter_stale ? 1 : 0, who);
}

/// Of sites whose nodes are too many to be told one by one: an alert names the node all the same.
void add_lost_meters(family_list& list, const domain::site_view& view, std::size_t& room) {
  for (std::size_t place = 0; place < view.nodes.size() && room > 0; ++place) {
    if (!view.nodes[place].is_meter_stale) continue;
    const auto& topology = *view.topology;
    add_meter(list, {{"site", topology.id.text()}, {"node", topology.nodes[place].id.text()}},
              view.nodes[place]);
    --room;
  }
}

void add_node(family_list& list, const std::string& site, const domain::node& node,
              const domain::node_view& now) {
  const labels who{{"site", site}, {"node", node.id.text()}};
  for (const domain::line line : domain::all_lines) {
    labels on_line = who;
    on_line.push_back({"line", name_of(line)});
    const std::size_t place = domain::index_of(line);
    if (is_bounded(now))
      list.gauge("busbar_node_limit_amperes", "What a line of the node may carry now.",
                 amperes(now.allowed[place]), on_line);
    list.gauge("busbar_node_reserved_amperes",
               "What counts against the line's limit: reserves and unmanaged load.",
               amperes(counted(now, place)), on_line);
    list.gauge("busbar_node_unmanaged_amperes", "Load beside the managed connectors.",
               amperes(now.unmanaged[place]), on_line);
    list.gauge("busbar_node_measured_amperes",
               "What flows, as measured; without a meter: through the managed connectors.",
               amperes(now.measured[place]), on_line);
  }
  list.gauge("busbar_node_load_ratio",
             "Reserves and unmanaged load over the limit, on the node's fullest line.",
             load_ratio(now), who);
  list.gauge("busbar_node_power_watts", "Measured.", as_double(now.power.count()), who);
  add_meter(list, who, now);
  list.gauge("busbar_node_limit_source", "1 for the source that binds now.", 1,
             {{"site", site}, {"node", node.id.text()}, {"source", name_of(now.source)}});
}

void add_shedding(family_list& list, const domain::site_view& view, const labels& who) {
  const domain::shedding_view& now = view.shedding;
  list.gauge("busbar_shedding_level", "Level of load shedding, 0 to 5.", now.level, who);
  list.gauge("busbar_shedding_forced", "1 where the level is set by hand.", now.is_forced ? 1 : 0,
             who);
  list.gauge("busbar_shedding_connectors", "Connectors that the level holds down.",
             now.connectors_reduced, who);
  list.gauge("busbar_shedding_reduced_amperes", "By how much in all.", amperes(now.reduced_by),
             who);
  if (now.load)
    list.gauge("busbar_shedding_load_ratio", "Largest measured load of any node, of its limit.",
               as_double(now.load->count()) / 1'000.0, who);
  if (now.unexplained)
    list.gauge("busbar_shedding_unexplained_ratio",
               "The part of it that the split cannot explain.",
               as_double(now.unexplained->count()) / 1'000.0, who);
}

/// Mean over the connectors that have samples; nothing where none has.
void add_tracking(family_list& list, const domain::site_view& view, const labels& who) {
  double sum = 0;
  std::size_t count = 0;
  for (const domain::connector_view& each : view.connectors) {
    if (!each.tracking_error) continue;
    sum += amperes(*each.tracking_error);
    ++count;
  }
  if (count > 0)
    list.gauge("busbar_site_tracking_error_amperes",
               "Mean of actual less acknowledged current over the site's connectors.",
               sum / as_double(count), who);
}

void add_shortfall(family_list& list, const domain::site_view& view, const labels& who) {
  domain::watt_hours sum;
  std::size_t count = 0;
  for (const domain::connector_view& each : view.connectors) {
    sum += each.shortfall;
    count += each.shortfall.is_zero() ? 0 : 1;
  }
  list.gauge("busbar_site_sessions_short",
             "Open sessions that will miss what they want when they leave.", as_double(count), who);
  list.gauge("busbar_site_shortfall_wh", "What they will miss in all.", as_double(sum.count()),
             who);
}

void add_site(family_list& list, const domain::site_view& view) {
  const std::string& site = view.topology->id.text();
  const labels who{{"site", site}};
  list.gauge("busbar_site_mode", "1 for the mode that the site is in.", 1,
             {{"site", site}, {"mode", view.mode}});
  list.gauge("busbar_site_snapshot_timestamp_seconds", "When the newest snapshot was made.",
             as_double(view.at.time_since_epoch().count()) / 1e6, who);
  list.counter("busbar_site_plans_total", "Plans made for the site.", as_double(view.plan_number),
               who);
  list.gauge("busbar_site_sessions_open", "Open sessions.", as_double(view.sessions.size()), who);
  const auto is_stale = [](const auto& connector) { return connector.is_stale; };
  list.gauge("busbar_site_connectors", "Connectors.", as_double(view.connectors.size()), who);
  list.gauge("busbar_site_connectors_stale", "Connectors whose readings are too old.",
             as_double(std::ranges::count_if(view.connectors, is_stale)), who);
  list.gauge("busbar_site_violations", "Open violations.", as_double(view.violations.size()), who);
  add_shedding(list, view, who);
  add_tracking(list, view, who);
  add_shortfall(list, view, who);
  for (std::size_t place = 0; place < view.nodes.size(); ++place)
    add_node(list, site, view.topology->nodes[place], view.nodes[place]);
}

void add_connector(family_list& list, const domain::site_view& view, std::size_t place) {
  const domain::connector& connector = view.topology->connectors[place];
  const domain::station& station = view.topology->stations[connector.station.value()];
  const domain::connector_view& now = view.connectors[place];
  const labels who{{"site", view.topology->id.text()},
                   {"station", station.id.text()},
                   {"connector", connector.id.text()}};
  list.gauge("busbar_connector_power_watts", "Measured, into the vehicle.",
             as_double(now.power.count()), who);
  list.gauge("busbar_connector_grant_amperes", "What the connector was told, per line.",
             amperes(now.granted), who);
  list.gauge("busbar_connector_drawn_amperes", "Measured on its fullest line.",
             amperes(*std::max_element(now.drawn.begin(), now.drawn.end())), who);
  list.counter("busbar_connector_energy_joules_total", "The meter's register.",
               as_double(now.energy_wh) * joules_per_wh, who);
  labels with_state = who;
  with_state.push_back({"state", name_of(domain::point_state(now))});
  list.gauge("busbar_connector_state", "1 for the state that the connector is in.", 1, with_state);
  list.gauge("busbar_connector_setpoint_amperes", "What it was told last, as acknowledged.",
             amperes(now.acknowledged), who);
  if (now.tracking_error)
    list.gauge("busbar_connector_tracking_error_amperes",
               "Mean of actual less acknowledged current over the site's window.",
               amperes(*now.tracking_error), who);
  if (now.soc)
    list.gauge("busbar_connector_soc_ratio", "State of charge of the vehicle, 0 to 1.",
               as_double(now.soc->count()) / 1'000.0, who);
}

} // namespace

void add_site_families(family_list& list, const ports::engine_node& engine,
                       const metric_settings& settings) {
  const auto views = whole_views(engine);
  totals sums;
  sums.add(engine.node_breakers(), engine.node_watchdogs());
  for (const shared_view& view : views) sums.add(*view);
  add_totals(list, sums);
  if (sums.nodes <= settings.node_series_max)
    for (const shared_view& view : views) add_site(list, *view);
  auto room = settings.node_series_max;
  if (sums.nodes > settings.node_series_max)
    for (const shared_view& view : views) add_lost_meters(list, *view, room);
  if (sums.stations > settings.station_series_max) return;
  for (const shared_view& view : views)
    for (std::size_t place = 0; place < view->connectors.size(); ++place)
      add_connector(list, *view, place);
}

} // namespace busbar::adapters::metrics
