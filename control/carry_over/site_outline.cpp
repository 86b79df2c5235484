#include "control/carry_over/site_outline.hpp"

#include "control/sessions/bill.hpp"

#include <algorithm>
#include <string>

namespace busbar::control::carry_over {

namespace {

constexpr std::uint8_t version = 1;
constexpr std::size_t id_bytes_max = 64;
/// As many as a site file can have (docs/architecture.md).
constexpr std::size_t rows_max = 200'000;
constexpr std::uint64_t price_max = std::uint64_t{1} << 62;

class writer {
public:
  void number(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  void text(const std::string& value) {
    number(value.size(), 1);
    bytes_.insert(bytes_.end(), value.begin(), value.end());
  }
  std::vector<std::uint8_t> take() { return std::move(bytes_); }

private:
  std::vector<std::uint8_t> bytes_;
};

/// Reading past the end, or a value outside its range, spoils the whole.
class reader {
public:
  explicit reader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  std::uint64_t number(int size, std::uint64_t most) {
    if (bytes_.size() < static_cast<std::size_t>(size)) return spoil();
    std::uint64_t value = 0;
    for (int i = 0; i < size; ++i)
      value |= std::uint64_t{bytes_[static_cast<std::size_t>(i)]} << (8 * i);
    bytes_ = bytes_.subspan(static_cast<std::size_t>(size));
    return value > most ? spoil() : value;
  }
  /// Of a place among `size`.
  std::uint32_t place(std::size_t size) {
    if (size == 0) return static_cast<std::uint32_t>(spoil());
    return static_cast<std::uint32_t>(number(4, size - 1));
  }
  std::string text() {
    const auto size = static_cast<std::size_t>(number(1, id_bytes_max));
    if (size == 0 || bytes_.size() < size) {
      spoil();
      return {};
    }
    std::string value{bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(size)};
    bytes_ = bytes_.subspan(size);
    return value;
  }
  [[nodiscard]] bool is_spoiled() const { return is_spoiled_; }
  [[nodiscard]] bool is_done() const { return !is_spoiled_ && bytes_.empty(); }

private:
  std::uint64_t spoil() {
    is_spoiled_ = true;
    bytes_ = {};
    return 0;
  }

  std::span<const std::uint8_t> bytes_;
  bool is_spoiled_ = false;
};

void put(writer& out, const outline_node& node) {
  out.text(node.id.text());
  out.number(node.parent ? node.parent->value() + std::uint64_t{1} : 0, 4);
}

void put(writer& out, const outline_station& station) {
  out.text(station.id.text());
  out.number(station.parent.value(), 4);
  out.number(station.connector_count, 1);
  out.number(static_cast<std::uint64_t>(station.fallback.count()), 4);
  out.number(static_cast<std::uint64_t>(station.falls_back_after.count()), 4);
  out.number(static_cast<std::uint64_t>(station.price.count()), 8);
}

void put(writer& out, const outline_connector& connector) {
  out.text(connector.id.text());
  out.number(static_cast<std::uint64_t>(connector.kind), 1);
  out.number(connector.line_count, 1);
  for (const auto line : connector.lines) out.number(static_cast<std::uint64_t>(line), 1);
  out.number(static_cast<std::uint64_t>(connector.wiring), 1);
  out.number(static_cast<std::uint64_t>(connector.rating.count()), 4);
}

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
  for (const auto& node : site.nodes) outline.nodes.push_back({node.id, node.parent});
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
  out.number(outline.nodes.size(), 4);
  out.number(outline.stations.size(), 4);
  for (const auto& node : outline.nodes) put(out, node);
  for (const auto& station : outline.stations) put(out, station);
  for (const auto& connector : outline.connectors) put(out, connector);
  return out.take();
}

std::optional<site_outline> decode(std::span<const std::uint8_t> bytes) {
  reader in{bytes};
  if (in.number(1, 255) != version) return std::nullopt;
  site_outline outline;
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
  const bool is_whole = in.is_done() && std::ranges::all_of(outline.connectors, is_usable);
  if (!is_whole) return std::nullopt;
  return outline;
}

} // namespace busbar::control::carry_over
