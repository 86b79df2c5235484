#pragma once
// Sites for tests: a builder with defaults, then only what matters.
//
//   auto site = tests::site_builder{}.feeder("f1", 63'000).station("CP-001").build();

#include "domain/site.hpp"

#include <memory>
#include <string>
#include <utility>

namespace busbar::tests {

class site_builder {
public:
  /// A service of 100 A on each line, no meter.
  site_builder() {
    site_.id = domain::site_id{"garage"};
    site_.name = "Garage";
    domain::node service;
    service.id = domain::node_id{"service"};
    service.kind = domain::node_kind::service;
    site_.nodes.push_back(std::move(service));
    limit(100'000);
  }

  site_builder& id(const std::string& text) {
    site_.id = domain::site_id{text};
    return *this;
  }
  /// Bounds the newest node on each line.
  site_builder& limit(std::int64_t ma) {
    const domain::milliamperes each{ma};
    auto& limits = site_.nodes.back().limits;
    limits.clear();
    limits.push_back({domain::limit_source::breaker, domain::per_line<domain::milliamperes>{
                                                         each, each, each}, std::nullopt});
    return *this;
  }
  /// The newest node has a meter; lost, it counts as full load.
  site_builder& meter() {
    site_.nodes.back().has_meter = true;
    return *this;
  }
  /// The same, and beside the connectors it measures at most `max_ma` on each line.
  site_builder& meter(std::int64_t max_ma) {
    site_.nodes.back().unmanaged_max.emplace().fill(domain::milliamperes{max_ma});
    return meter();
  }
  site_builder& feeder(const std::string& id, std::int64_t ma, const std::string& parent = {}) {
    return node(id, domain::node_kind::feeder, parent).limit(ma);
  }
  site_builder& panel(const std::string& id, std::int64_t ma, const std::string& parent) {
    return node(id, domain::node_kind::panel, parent).limit(ma);
  }
  /// 400 V / 400 V, wye-wye.
  site_builder& transformer(const std::string& id, std::int64_t rated_va) {
    node(id, domain::node_kind::transformer, {});
    domain::transformer_data data;
    data.rated = domain::volt_amperes{rated_va};
    data.connection = domain::winding::wye_wye;
    data.primary = domain::millivolts{400'000};
    data.secondary = domain::millivolts{400'000};
    site_.nodes.back().transformer = data;
    return *this;
  }
  /// Three-phase AC, 6..32 A, 0.30 a kWh, falls back to 0 A, on the newest node.
  site_builder& station(const std::string& id, std::uint32_t connectors = 1) {
    domain::station station;
    station.id = domain::station_id{id};
    station.name = id;
    station.parent = domain::node_index{site_.nodes.size() - 1};
    station.first_connector = domain::connector_index{site_.connectors.size()};
    station.connector_count = connectors;
    station.when_lost.action = domain::fallback_action::reduce;
    station.price_per_kwh = domain::micro_currency{300'000};
    for (std::uint32_t i = 0; i < connectors; ++i) add_connector(id, i);
    site_.stations.push_back(std::move(station));
    return *this;
  }
  /// Of the newest station.
  site_builder& fallback(std::int64_t ma) {
    site_.stations.back().when_lost.current = domain::milliamperes{ma};
    return *this;
  }
  /// The newest station is DC with a capability of its own: 200..500 V, to 100 A, 4.14..22.08 kW.
  site_builder& dc(bool is_bidirectional) {
    auto& station = site_.stations.back();
    domain::capability profile;
    profile.name = station.name;
    profile.kind = domain::current_kind::dc;
    profile.voltage_min = domain::millivolts{200'000};
    profile.voltage_max = domain::millivolts{500'000};
    profile.current_max = domain::milliamperes{100'000};
    profile.power_min = domain::watts{4'140}; // 6 A * 3 * 230 V
    profile.power_max = domain::watts{22'080}; // 32 A * 3 * 230 V
    profile.is_bidirectional = is_bidirectional;
    station.capability = profile.name;
    for (auto i = station.first_connector.value(); i < site_.connectors.size(); ++i)
      site_.connectors[i].kind = profile.kind;
    site_.capabilities.push_back(std::move(profile));
    return *this;
  }
  site_builder& stale_after(domain::seconds age) {
    site_.input.stale_after = age;
    return *this;
  }

  [[nodiscard]] std::shared_ptr<const domain::site> build() const {
    auto site = std::make_shared<domain::site>(site_);
    domain::seal(*site);
    return site;
  }

private:
  site_builder& node(const std::string& id, domain::node_kind kind, const std::string& parent) {
    domain::node node;
    node.id = domain::node_id{id};
    node.name = id;
    node.kind = kind;
    node.parent = index_of(parent.empty() ? "service" : parent);
    site_.nodes.push_back(std::move(node));
    return *this;
  }
  [[nodiscard]] domain::node_index index_of(const std::string& id) const {
    std::size_t i = 0;
    while (site_.nodes.at(i).id.text() != id) ++i;
    return domain::node_index{i};
  }
  void add_connector(const std::string& station, std::uint32_t number) {
    domain::connector connector;
    connector.id = domain::connector_id{station + "-" + std::to_string(number + 1)};
    connector.station = domain::station_index{site_.stations.size()};
    connector.current_min = domain::milliamperes{6'000};
    connector.current_max = domain::milliamperes{32'000};
    connector.power_max = domain::watts{22'080};
    site_.connectors.push_back(std::move(connector));
  }

  domain::site site_;
};

} // namespace busbar::tests
