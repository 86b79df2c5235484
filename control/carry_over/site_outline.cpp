#include "control/carry_over/site_outline.hpp"

#include "control/limits/node_voltage.hpp"
#include "control/sessions/bill.hpp"
#include "domain/byte_form.hpp"

#include <algorithm>
#include <string>

namespace busbar::control::carry_over {

namespace {

/// Of the first version, which is read still: rows one by one, without voltages.
constexpr std::uint8_t plain_version = 1;
constexpr std::uint8_t version = 2;
constexpr std::size_t id_bytes_max = 64;
/// As many as a site file can have (docs/architecture.md).
constexpr std::size_t rows_max = 200'000;
constexpr std::uint64_t price_max = std::uint64_t{1} << 62;

using reader = domain::byte_reader;
using writer = domain::byte_writer;

/// All of a station and its connectors but ids and parent: stations that are alike share one.
struct station_kind {
  outline_station own;
  std::vector<outline_connector> connectors;
  bool operator==(const station_kind&) const = default;
};

/// `connectors`: of `station`. A connector's id states what is new against its station's.
station_kind kind_of(const outline_station& station,
                     std::span<const outline_connector> connectors) {
  station_kind kind{station, {connectors.begin(), connectors.end()}};
  kind.own.id = {};
  kind.own.parent = {};
  kind.own.first_connector = {};
  for (auto& connector : kind.connectors) {
    const auto& id = connector.id.text();
    const bool goes_on = id.starts_with(station.id.text());
    connector.id = domain::connector_id{goes_on ? id.substr(station.id.text().size()) : ""};
    connector.station = {};
  }
  return kind;
}

void put(writer& out, const station_kind& kind) {
  out.count(kind.own.connector_count);
  out.count(static_cast<std::uint64_t>(kind.own.fallback.count()));
  out.count(static_cast<std::uint64_t>(kind.own.falls_back_after.count()));
  out.count(static_cast<std::uint64_t>(kind.own.price.count()));
  for (const auto& connector : kind.connectors) {
    // Empty: each station of the kind states it.
    out.number(connector.id.text().empty() ? 0 : 1, 1);
    if (!connector.id.text().empty()) out.text(connector.id.text(), "");
    out.number(static_cast<std::uint64_t>(connector.kind), 1);
    out.number(connector.line_count, 1);
    for (const auto line : connector.lines) out.number(static_cast<std::uint64_t>(line), 1);
    out.number(static_cast<std::uint64_t>(connector.wiring), 1);
    out.count(static_cast<std::uint64_t>(connector.rating.count()));
  }
}

station_kind take_kind(reader& in) {
  station_kind kind;
  kind.own.connector_count = static_cast<std::uint32_t>(in.count(255));
  kind.own.fallback = domain::milliamperes{static_cast<std::int64_t>(in.count(0xffffffff))};
  kind.own.falls_back_after = domain::seconds{static_cast<std::int64_t>(in.count(0xffffffff))};
  kind.own.price = domain::micro_currency{static_cast<std::int64_t>(in.count(price_max))};
  for (std::uint32_t i = 0; i < kind.own.connector_count && !in.is_spoiled(); ++i) {
    auto& connector = kind.connectors.emplace_back();
    if (in.number(1, 1) == 1) connector.id = domain::connector_id{in.text("")};
    connector.kind = static_cast<domain::current_kind>(in.number(1, 255));
    connector.line_count = static_cast<std::uint8_t>(in.number(1, 3));
    for (auto& line : connector.lines) line = static_cast<domain::line>(in.number(1, 255));
    connector.wiring = static_cast<domain::connection>(in.number(1, 255));
    connector.rating = domain::watts{static_cast<std::int64_t>(in.count(0xffffffff))};
  }
  return kind;
}

/// Number of a kind among those that came before, from 1 on; 0: a new one follows. A site has few:
/// beyond so many each station states its own.
constexpr std::size_t kinds_max = 64;

void put_stations(writer& out, const site_outline& outline) {
  std::vector<station_kind> kinds;
  std::string before;
  for (const auto& station : outline.stations) {
    const auto connectors = std::span{outline.connectors}.subspan(
        station.first_connector.value(), station.connector_count);
    const auto kind = kind_of(station, connectors);
    out.text(station.id.text(), before);
    before = station.id.text();
    out.count(station.parent.value());
    const auto known = std::ranges::find(kinds, kind);
    out.count(known == kinds.end() ? 0 : static_cast<std::uint64_t>(known - kinds.begin()) + 1);
    if (known == kinds.end()) put(out, kind);
    if (known == kinds.end() && kinds.size() < kinds_max) kinds.push_back(kind);
    for (std::size_t i = 0; i < connectors.size(); ++i)
      if (kind.connectors[i].id.text().empty()) out.text(connectors[i].id.text(), before);
  }
}

void take_stations(reader& in, std::size_t count, site_outline& outline) {
  std::vector<station_kind> kinds;
  std::string before;
  for (std::size_t s = 0; s < count && !in.is_spoiled(); ++s) {
    before = in.text(before);
    const auto parent = in.count(outline.nodes.size() - 1);
    const auto known = static_cast<std::size_t>(in.count(kinds.size()));
    const auto kind = known == 0 ? take_kind(in) : kinds[known - 1];
    if (known == 0 && kinds.size() < kinds_max) kinds.push_back(kind);
    auto& station = outline.stations.emplace_back(kind.own);
    station.id = domain::station_id{before};
    station.parent = domain::node_index{static_cast<std::size_t>(parent)};
    station.first_connector = domain::connector_index{outline.connectors.size()};
    for (const auto& each : kind.connectors) {
      auto& connector = outline.connectors.emplace_back(each);
      const auto& rest = each.id.text();
      connector.id = domain::connector_id{rest.empty() ? in.text(before) : before + rest};
      connector.station = domain::station_index{s};
    }
  }
}

void put_nodes(writer& out, const site_outline& outline) {
  std::string before;
  for (const auto& node : outline.nodes) {
    out.text(node.id.text(), before);
    before = node.id.text();
    out.count(node.parent ? node.parent->value() + std::uint64_t{1} : 0);
    out.count(static_cast<std::uint64_t>(node.voltage.count()));
  }
}

void take_nodes(reader& in, std::size_t count, site_outline& outline) {
  std::string before;
  for (std::size_t i = 0; i < count && !in.is_spoiled(); ++i) {
    auto& node = outline.nodes.emplace_back();
    before = in.text(before);
    node.id = domain::node_id{before};
    // Parents stand before children; the service alone has none.
    const auto parent = in.count(i);
    if (parent > 0) node.parent = domain::node_index{static_cast<std::size_t>(parent - 1)};
    node.voltage = domain::millivolts{static_cast<std::int64_t>(in.count(0xffffffff))};
  }
}

// The first version.

outline_node take_node(reader& in, std::size_t place) {
  outline_node node;
  node.id = domain::node_id{in.text()};
  // Parents stand before children; the service alone has none.
  const auto parent = in.number(4, place);
  if (parent > 0) node.parent = domain::node_index{static_cast<std::size_t>(parent - 1)};
  return node;
}

outline_station take_station(reader& in, std::size_t nodes, std::size_t first_connector) {
  outline_station station;
  station.id = domain::station_id{in.text()};
  station.parent = domain::node_index{in.place(nodes)};
  station.first_connector = domain::connector_index{first_connector};
  station.connector_count = static_cast<std::uint32_t>(in.number(1, 255));
  station.fallback = domain::milliamperes{static_cast<std::int64_t>(in.number(4, 0xffffffff))};
  station.falls_back_after =
      domain::seconds{static_cast<std::int64_t>(in.number(4, 0xffffffff))};
  station.price =
      domain::micro_currency{static_cast<std::int64_t>(in.number(8, price_max))};
  return station;
}

outline_connector take_connector(reader& in, domain::station_index station) {
  outline_connector connector;
  connector.id = domain::connector_id{in.text()};
  connector.station = station;
  connector.kind = static_cast<domain::current_kind>(in.number(1, 255));
  connector.line_count = static_cast<std::uint8_t>(in.number(1, 3));
  for (auto& line : connector.lines) line = static_cast<domain::line>(in.number(1, 255));
  connector.wiring = static_cast<domain::connection>(in.number(1, 255));
  connector.rating = domain::watts{static_cast<std::int64_t>(in.number(4, 0xffffffff))};
  return connector;
}

void take_plain(reader& in, site_outline& outline) {
  outline.topology_hash = in.number(8, ~std::uint64_t{0});
  const auto nodes = static_cast<std::size_t>(in.number(4, rows_max));
  const auto stations = static_cast<std::size_t>(in.number(4, rows_max));
  for (std::size_t i = 0; i < nodes && !in.is_spoiled(); ++i)
    outline.nodes.push_back(take_node(in, i));
  std::size_t connectors = 0;
  for (std::size_t i = 0; i < stations && !in.is_spoiled(); ++i) {
    outline.stations.push_back(take_station(in, nodes, connectors));
    connectors += outline.stations.back().connector_count;
  }
  for (std::size_t s = 0; s < outline.stations.size(); ++s)
    for (std::uint32_t c = 0; c < outline.stations[s].connector_count && !in.is_spoiled(); ++c)
      outline.connectors.push_back(take_connector(in, domain::station_index{s}));
}

void take_rows(reader& in, site_outline& outline) {
  outline.topology_hash = in.number(8, ~std::uint64_t{0});
  const auto nodes = static_cast<std::size_t>(in.count(rows_max));
  const auto stations = static_cast<std::size_t>(in.count(rows_max));
  take_nodes(in, nodes, outline);
  if (!outline.nodes.empty()) take_stations(in, stations, outline);
}

bool is_usable(const outline_connector& connector) {
  const auto is_line = [](domain::line line) {
    return line == domain::line::l1 || line == domain::line::l2 || line == domain::line::l3;
  };
  return connector.line_count > 0 && std::ranges::all_of(connector.lines, is_line);
}

} // namespace

site_outline outline_of(const domain::site& site) {
  site_outline outline;
  outline.topology_hash = site.topology_hash;
  const auto voltages = limits::voltages_of(site);
  for (std::size_t i = 0; i < site.nodes.size(); ++i)
    outline.nodes.push_back({site.nodes[i].id, site.nodes[i].parent,
                             limits::to_neutral(voltages[i])});
  for (const auto& station : site.stations)
    outline.stations.push_back({station.id, station.parent, station.first_connector,
                                station.connector_count, station.when_lost.current,
                                std::max(site.lease, station.when_lost.timeout),
                                station.price_per_kwh.value_or(site.price_per_kwh)});
  for (std::size_t i = 0; i < site.connectors.size(); ++i) {
    const auto& own = site.connectors[i];
    outline.connectors.push_back({own.id, own.station, own.kind, own.lines, own.line_count,
                                  own.wiring,
                                  sessions::rating_of(site, domain::connector_index{i})});
  }
  return outline;
}

std::vector<std::uint8_t> encode(const site_outline& outline) {
  writer out;
  out.number(version, 1);
  out.number(outline.topology_hash, 8);
  out.count(outline.nodes.size());
  out.count(outline.stations.size());
  put_nodes(out, outline);
  put_stations(out, outline);
  return out.take();
}

std::optional<site_outline> decode(std::span<const std::uint8_t> bytes) {
  reader in{bytes, id_bytes_max};
  site_outline outline;
  const auto written = in.number(1, 255);
  if (written == plain_version) take_plain(in, outline);
  else if (written == version) take_rows(in, outline);
  else return std::nullopt;
  const bool is_whole = in.is_done() && !outline.nodes.empty() &&
                        std::ranges::all_of(outline.connectors, is_usable);
  if (!is_whole) return std::nullopt;
  return outline;
}

} // namespace busbar::control::carry_over
