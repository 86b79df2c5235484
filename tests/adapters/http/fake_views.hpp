#pragma once
// Sites and snapshots for tests of the API.

#include "domain/site_view.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace busbar::tests {

/// 2026-05-01T12:00:00Z.
inline const domain::instant noon{domain::microseconds{1'777'636'800'000'000}};

/// A service of 100 A with one feeder of 63 A and `stations` three-phase points CP-001...
inline std::shared_ptr<domain::site> make_site(const std::string& id, std::size_t stations) {
  using domain::milliamperes;
  auto site = std::make_shared<domain::site>();
  site->id = domain::site_id{id};
  site->name = "Site " + id;
  site->topology_hash = 0xabcdef;
  const domain::per_line<milliamperes> service{milliamperes{100'000}, milliamperes{100'000},
                                               milliamperes{100'000}};
  site->nodes.push_back({domain::node_id{"service"}, "Service", domain::node_kind::service, {},
                         {{domain::limit_source::rating, service, {}}}, domain::permille{1000}, {},
                         true, {}});
  domain::transformer_data data{domain::volt_amperes{75'000}, domain::winding::delta_wye,
                                domain::millivolts{480'000}, domain::millivolts{208'000}};
  site->nodes.push_back({domain::node_id{"t1"}, "Transformer", domain::node_kind::transformer,
                         domain::node_index{0U}, {}, domain::permille{1000}, data, false, {}});
  site->nodes.push_back({domain::node_id{"f1"}, "Feeder", domain::node_kind::feeder,
                         domain::node_index{1U}, {{domain::limit_source::breaker, service, {}}},
                         domain::permille{1000}, {}, false, {}});
  for (std::uint32_t i = 0; i < stations; ++i) {
    const std::string digits = std::to_string(i + 1);
    const std::string name = "CP-" + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') +
                             digits;
    domain::station station;
    station.id = domain::station_id{name};
    station.name = "Point " + digits;
    station.capability = i == 0 ? "ac_level2_three" : "";
    station.parent = domain::node_index{2U};
    station.first_connector = domain::connector_index{i};
    site->stations.push_back(station);
    domain::connector connector;
    connector.id = domain::connector_id{name + "-1"};
    connector.station = domain::station_index{i};
    connector.power_max = domain::watts{22'000};
    site->connectors.push_back(connector);
  }
  return site;
}

/// The garage of three points and DC-001 on the same feeder: 20 to 150 kW, 230 A of input.
inline std::shared_ptr<domain::site> make_site_with_dc() {
  auto site = make_site("garage", 3);
  domain::station station = site->stations.back();
  station.id = domain::station_id{"DC-001"};
  station.capability = "dcfc_ccs_medium";
  station.first_connector = domain::connector_index{3U};
  site->stations.push_back(station);
  domain::connector connector = site->connectors.back();
  connector.id = domain::connector_id{"DC-001-1"};
  connector.station = domain::station_index{3U};
  connector.kind = domain::current_kind::dc;
  connector.current_max = domain::milliamperes{230'000};
  connector.power_max = domain::watts{150'000};
  site->connectors.push_back(connector);
  return site;
}

/// The first connector is tracked and held to 14 A by an operator, t1 too; shedding is at level 1.
inline void add_orders(domain::site_view& view) {
  domain::connector_view& first = view.connectors.front();
  first.acknowledged = domain::milliamperes{14'000};
  first.tracking_error = domain::milliamperes{-120};
  first.tracking_samples = 60;
  first.constraint = domain::connector_constraint{domain::connector_index{0U}, first.drawn, {},
                                                  noon + domain::seconds{3'600}};
  view.constraints.push_back({domain::node_index{1U},
                              {domain::limit_source::site_operator, first.drawn, {}}, noon, {}});
  view.shedding.level = 1;
  view.shedding.changed_at = noon;
  view.shedding.load = domain::permille{962};
  view.shedding.unexplained = domain::permille{120};
  view.shedding.node = domain::node_index{0U};
}

/// Alice wants 20 kWh until 03:00 and will have 8 kWh by then.
inline void add_forecast(domain::site_view& view) {
  auto& session = view.sessions.front();
  auto& connector = view.connectors.front();
  session.energy_wanted = domain::watt_hours{20'000};
  session.departs_at = noon + domain::seconds{15 * 3'600};
  session.forecast = domain::session_forecast{domain::watt_hours{8'000},
                                              domain::watt_hours{12'000}, connector.because};
  connector.energy_wanted = session.energy_wanted;
  connector.departs_at = session.departs_at;
  connector.shortfall = session.forecast->shortfall;
}

/// The first station supplies 9,660 W, the second is FAULTED, the others are idle.
inline domain::site_view make_view(const std::shared_ptr<const domain::site>& topology,
                                   std::uint64_t plan_number = 1) {
  using domain::milliamperes;
  domain::site_view view;
  view.topology = topology;
  view.at = noon + domain::seconds{static_cast<std::int64_t>(plan_number)};
  view.owner = 3;
  view.plan_number = plan_number;
  view.plan_time = domain::microseconds{41};
  view.mode = "controlling";
  view.nodes.resize(topology->nodes.size());
  for (std::uint32_t i = 0; i < view.nodes.size(); ++i) {
    domain::node_view& node = view.nodes[i];
    node.node = domain::node_index{i};
    node.limit_now.fill(milliamperes{100'000});
    node.allowed = node.limit_now;
    node.source = domain::limit_source::rating;
    node.sources = {{domain::limit_source::rating, node.limit_now, {}},
                    {domain::limit_source::demand_response, {}, domain::watts{60'000}}};
    node.reserved.fill(milliamperes{14'000});
    node.measured.fill(milliamperes{14'000});
    node.power = domain::watts{9'660};
  }
  view.connectors.resize(topology->connectors.size());
  view.stations.resize(topology->stations.size());
  for (std::uint32_t i = 0; i < view.connectors.size(); ++i) {
    domain::connector_view& now = view.connectors[i];
    now.connector = domain::connector_index{i};
    now.state = domain::connector_state::disconnected;
    now.is_stale = false;
    now.last_heard = view.at;
    now.because.which = domain::rule::not_wanted;
    view.stations[i].station = domain::station_index{i};
  }
  if (view.connectors.empty()) return view;
  domain::connector_view& first = view.connectors.front();
  first.state = domain::connector_state::supplying;
  first.target = first.granted = first.reserved = milliamperes{14'000};
  first.drawn.fill(milliamperes{14'000});
  first.power = domain::watts{9'660}; // 14 A * 3 * 230 V
  first.energy_wh = 120'344;
  first.soc = domain::permille{420};
  first.because = {domain::rule::limit, domain::node_index{2U}, domain::binding_line::l2,
                   domain::limit_source::breaker};
  first.lifted_by = {4'000, 9'000, domain::connector_index{0U}};
  view.sessions.push_back({domain::session_id{"s-17"}, domain::driver_id{"Alice"},
                           domain::connector_index{0U}, noon, domain::watts{9'660},
                           domain::watt_hours{1'200}, domain::micro_currency{360'000}});
  add_forecast(view);
  add_orders(view);
  view.violations.push_back({"f1", "measured load above its limit", domain::severity::critical,
                             noon, 66'000, 63'000, "ma"});
  view.breakers.push_back({"station:CP-001", "command channel",
                           domain::breaker_position::half_open, 5, 80, 1, noon});
  view.watchdogs.push_back({"feeder:f1", "report", domain::microseconds{1'000'000}, noon, true, 2});
  view.watchdogs.push_back({"station:CP-001", "answer", domain::microseconds{5'000'000}, noon,
                            false, 0, domain::input_watch_view{"reading", {}, {}, true}});
  if (view.connectors.size() > 1) {
    view.connectors[1].state = domain::connector_state::faulted;
    view.connectors[1].last_heard = {};
    view.stations[1].is_healthy = false;
    view.stations[1].closed_because = "its monitor reports a fault";
  }
  return view;
}

} // namespace busbar::tests
