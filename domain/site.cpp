#include "domain/site.hpp"

#include <string_view>

namespace busbar::domain {

namespace {

/// FNV-1a, 64 bit: http://www.isthe.com/chongo/tech/comp/fnv/ (public domain parameters).
class canonical_hash {
public:
  void add(std::uint64_t value) {
    for (int byte = 0; byte < 8; ++byte) mix(static_cast<std::uint8_t>(value >> (8 * byte)));
  }
  void add(std::string_view text) {
    add(static_cast<std::uint64_t>(text.size()));
    for (const char c : text) mix(static_cast<std::uint8_t>(c));
  }
  template <class Unit> void add(quantity<Unit> value) {
    add(static_cast<std::uint64_t>(value.count()));
  }
  template <class Value> void add(const std::optional<Value>& value) {
    add(std::uint64_t{value.has_value()});
    if (value) add(*value);
  }
  template <class Value> void add(const per_line<Value>& values) {
    for (const auto& value : values) add(value);
  }
  template <class Tag> void add(table_index<Tag> index) { add(std::uint64_t{index.value()}); }
  void add(line which) { add(static_cast<std::uint64_t>(which)); }
  [[nodiscard]] std::uint64_t value() const { return state_; }

private:
  void mix(std::uint8_t byte) { state_ = (state_ ^ byte) * 0x100000001b3ULL; }
  std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

template <class Enum> std::uint64_t number(Enum value) { return static_cast<std::uint64_t>(value); }

void add(canonical_hash& hash, const node& node) {
  hash.add(node.id.text());
  hash.add(number(node.kind));
  hash.add(node.parent);
  hash.add(std::uint64_t{node.limits.size()});
  for (const auto& limit : node.limits) {
    hash.add(number(limit.source));
    hash.add(limit.current);
    hash.add(limit.power);
  }
  hash.add(node.continuous);
  hash.add(std::uint64_t{node.transformer.has_value()});
  if (node.transformer) {
    hash.add(node.transformer->rated);
    hash.add(number(node.transformer->connection));
    hash.add(node.transformer->primary);
    hash.add(node.transformer->secondary);
  }
  hash.add(std::uint64_t{node.has_meter});
  hash.add(node.unmanaged);
}

void add(canonical_hash& hash, const station& station) {
  hash.add(station.id.text());
  hash.add(station.parent);
  hash.add(station.first_connector);
  hash.add(std::uint64_t{station.connector_count});
  hash.add(number(station.when_lost.action));
  hash.add(station.when_lost.current);
  hash.add(static_cast<std::uint64_t>(station.when_lost.timeout.count()));
  hash.add(std::uint64_t{station.priority});
  hash.add(std::uint64_t{station.weight});
  hash.add(station.price_per_kwh);
  hash.add(station.capability);
}

void add(canonical_hash& hash, const connector& connector) {
  hash.add(connector.id.text());
  hash.add(connector.station);
  hash.add(number(connector.kind));
  hash.add(connector.lines);
  hash.add(std::uint64_t{connector.line_count});
  hash.add(number(connector.wiring));
  hash.add(connector.current_min);
  hash.add(connector.current_max);
  hash.add(connector.step);
  hash.add(connector.power_max);
}

} // namespace

std::uint64_t hash_of(const site& site) {
  canonical_hash hash;
  hash.add(site.id.text());
  hash.add(site.nominal);
  hash.add(number(site.split));
  hash.add(site.price_per_kwh);
  for (const auto& node : site.nodes) add(hash, node);
  for (const auto& station : site.stations) add(hash, station);
  for (const auto& connector : site.connectors) add(hash, connector);
  hash.add(static_cast<std::uint64_t>(site.stale_after.count()));
  hash.add(number(site.when_stale));
  hash.add(static_cast<std::uint64_t>(site.lease.count()));
  hash.add(std::uint64_t{site.ramping.has_value()});
  if (site.ramping) {
    hash.add(site.ramping->up_per_second);
    hash.add(site.ramping->dead_band);
  }
  return hash.value();
}

} // namespace busbar::domain
