#include "loadtest/load_site.hpp"

#include <algorithm>
#include <cassert>
#include <string>

namespace busbar::loadtest {

namespace {

domain::limit breaker_of(std::int64_t ma) {
  const domain::milliamperes each{ma};
  return {domain::limit_source::breaker, domain::per_line<domain::milliamperes>{each, each, each},
          std::nullopt};
}

domain::node_index add_feeder(domain::site& site, std::int64_t ma) {
  domain::node feeder;
  feeder.id = domain::node_id{"f" + std::to_string(site.nodes.size())};
  feeder.name = feeder.id.text();
  feeder.kind = domain::node_kind::feeder;
  feeder.parent = domain::node_index{0U};
  feeder.limits = {breaker_of(ma)};
  // Every model of the moment works; none is tighter than the breaker.
  feeder.protection.breaker = domain::breaker_data{domain::milliamperes{ma}};
  feeder.protection.cable = domain::cable_data{domain::milliamperes{2 * ma}};
  site.nodes.push_back(std::move(feeder));
  return domain::node_index{site.nodes.size() - 1};
}

void add_station(domain::site& site, domain::node_index feeder) {
  const auto number = std::to_string(site.stations.size());
  domain::station station;
  station.id = domain::station_id{"S" + number};
  station.name = station.id.text();
  station.parent = feeder;
  station.first_connector = domain::connector_index{site.connectors.size()};
  station.when_lost = {domain::fallback_action::stop, domain::milliamperes{}, domain::seconds{120}};
  domain::connector connector;
  connector.id = domain::connector_id{"S" + number + "-1"};
  connector.station = domain::station_index{site.stations.size()};
  connector.current_min = domain::milliamperes{6'000};
  connector.current_max = domain::milliamperes{station_ma};
  connector.step = domain::milliamperes{100};
  site.stations.push_back(std::move(station));
  site.connectors.push_back(std::move(connector));
}

} // namespace

std::shared_ptr<const domain::site> load_site(std::size_t number, std::size_t stations) {
  assert(stations >= 2 && stations <= 1'000);
  auto site = std::make_shared<domain::site>();
  auto digits = std::to_string(number);
  digits.insert(0, 6 - std::min<std::size_t>(digits.size(), 6), '0');
  site->id = domain::site_id{"L" + digits};
  site->name = site->id.text();
  domain::node service;
  service.id = domain::node_id{"service"};
  service.name = "service";
  service.kind = domain::node_kind::service;
  service.limits = {breaker_of(static_cast<std::int64_t>(stations) * station_ma)};
  // 3 x 230 V x the service's current: never less than what flows.
  service.protection.peak_demand =
      domain::watts{static_cast<std::int64_t>(stations) * station_ma * 690 / 1'000};
  site->nodes.push_back(std::move(service));
  site->ramping = domain::ramp{domain::milliamperes{station_ma}, std::nullopt,
                               domain::milliamperes{100}};
  add_station(*site, add_feeder(*site, station_ma));
  for (std::size_t left = stations - 1; left > 0;) {
    const auto here = std::min(left, stations_per_feeder);
    const auto feeder = add_feeder(*site, static_cast<std::int64_t>(here) * station_ma / 2);
    for (std::size_t i = 0; i < here; ++i) add_station(*site, feeder);
    left -= here;
  }
  seal(*site);
  return site;
}

} // namespace busbar::loadtest
