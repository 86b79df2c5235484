#include "domain/site.hpp"

#include "domain/enum_text.hpp"

#include <array>
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
  void add(seconds time) { add(static_cast<std::uint64_t>(time.count())); }
  void add(microseconds time) { add(static_cast<std::uint64_t>(time.count())); }
  [[nodiscard]] std::uint64_t value() const { return state_; }

private:
  void mix(std::uint8_t byte) { state_ = (state_ ^ byte) * 0x100000001b3ULL; }
  std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

template <class Enum> std::uint64_t number(Enum value) { return static_cast<std::uint64_t>(value); }

// What places depend on, and what stations themselves are configured to do.

void add_place(canonical_hash& hash, const node& node) {
  hash.add(node.id.text());
  hash.add(number(node.kind));
  hash.add(node.parent);
  hash.add(std::uint64_t{node.transformer.has_value()});
  if (node.transformer) {
    hash.add(node.transformer->rated);
    hash.add(number(node.transformer->connection));
    hash.add(node.transformer->primary);
    hash.add(node.transformer->secondary);
  }
  hash.add(std::uint64_t{node.has_meter});
}

void add_place(canonical_hash& hash, const station& station) {
  hash.add(station.id.text());
  hash.add(station.parent);
  hash.add(station.first_connector);
  hash.add(std::uint64_t{station.connector_count});
  hash.add(number(station.when_lost.action));
  hash.add(station.when_lost.current);
  hash.add(station.when_lost.timeout);
}

void add_place(canonical_hash& hash, const connector& connector) {
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
  hash.add(std::uint64_t{connector.can_switch_phases});
}

void add_places(canonical_hash& hash, const site& site) {
  hash.add(site.id.text());
  hash.add(site.nominal);
  for (const auto& node : site.nodes) add_place(hash, node);
  for (const auto& station : site.stations) add_place(hash, station);
  for (const auto& connector : site.connectors) add_place(hash, connector);
}

// Everything else.

void add_rest(canonical_hash& hash, const node_protection& own) {
  hash.add(std::uint64_t{own.breaker.has_value()});
  if (own.breaker) {
    hash.add(own.breaker->rated);
    hash.add(own.breaker->holds);
    hash.add(own.breaker->time_constant);
    hash.add(number(own.breaker->instantaneous_from));
  }
  hash.add(std::uint64_t{own.cable.has_value()});
  if (own.cable) {
    hash.add(own.cable->tabled);
    hash.add(own.cable->conductor_max);
    hash.add(own.cable->reference);
    hash.add(own.cable->grouping);
  }
  hash.add(std::uint64_t{own.thermal.has_value()});
  if (own.thermal) {
    hash.add(number(own.thermal->how));
    hash.add(own.thermal->oil_max);
    hash.add(own.thermal->hot_spot_max);
    hash.add(own.thermal->load_max);
  }
  hash.add(std::uint64_t{own.imbalance.has_value()});
  if (own.imbalance) {
    hash.add(own.imbalance->difference);
    hash.add(own.imbalance->single_line);
    hash.add(own.imbalance->of_mean);
  }
  hash.add(std::uint64_t{own.voltage.has_value()});
  if (own.voltage) {
    hash.add(own.voltage->start);
    hash.add(own.voltage->stop);
  }
  hash.add(std::uint64_t{own.frequency.has_value()});
  if (own.frequency) {
    hash.add(number(own.frequency->start_mhz));
    hash.add(number(own.frequency->stop_mhz));
  }
  hash.add(own.peak_demand);
  hash.add(own.apparent);
  hash.add(own.ambient);
  hash.add(own.quality.voltage_deviation);
  hash.add(std::uint64_t{own.quality.frequency_mhz.has_value()});
  if (own.quality.frequency_mhz) hash.add(number(*own.quality.frequency_mhz));
  hash.add(number(own.quality.frequency_deviation_mhz));
  hash.add(own.quality.power_factor_min);
  hash.add(own.quality.imbalance_max);
}

void add_rest(canonical_hash& hash, const node& node) {
  hash.add(node.name);
  hash.add(std::uint64_t{node.limits.size()});
  for (const auto& limit : node.limits) {
    hash.add(number(limit.source));
    hash.add(limit.current);
    hash.add(limit.power);
  }
  hash.add(node.continuous);
  hash.add(node.unmanaged);
  hash.add(node.unmanaged_max);
  hash.add(node.export_room);
  add_rest(hash, node.protection);
}

void add_rest(canonical_hash& hash, const station& station) {
  hash.add(station.name);
  hash.add(std::uint64_t{station.priority});
  hash.add(std::uint64_t{station.weight});
  hash.add(station.price_per_kwh);
  hash.add(station.capability);
  hash.add(std::uint64_t{station.told_when_lost.has_value()});
  if (!station.told_when_lost) return;
  hash.add(number(station.told_when_lost->action));
  hash.add(station.told_when_lost->current);
  hash.add(station.told_when_lost->timeout);
}

void add_rest(canonical_hash& hash, const capability& profile) {
  hash.add(profile.name);
  hash.add(profile.standard);
  hash.add(number(profile.kind));
  hash.add(number(profile.line_count));
  hash.add(profile.voltage_min);
  hash.add(profile.voltage_max);
  hash.add(profile.current_min);
  hash.add(profile.current_max);
  hash.add(profile.power_min);
  hash.add(profile.power_max);
  hash.add(profile.step);
  hash.add(std::uint64_t{profile.is_bidirectional});
  hash.add(std::uint64_t{profile.can_switch_phases});
  hash.add(std::uint64_t{profile.has_smart_charging});
  hash.add(std::uint64_t{profile.writes_per_minute});
  hash.add(std::uint64_t{profile.writes_per_day});
  hash.add(profile.derating.start);
  hash.add(profile.derating.stop);
  hash.add(profile.taper.start);
  hash.add(profile.taper.permille_per_percent);
  hash.add(profile.taper.floor);
  hash.add(std::uint64_t{profile.taper.measured.size()});
  for (const auto& point : profile.taper.measured) {
    hash.add(point.soc);
    hash.add(point.power);
  }
}

void add_rest(canonical_hash& hash, const supervision_terms& own) {
  hash.add(own.failure_threshold);
  hash.add(own.success_threshold);
  hash.add(own.reset_timeout);
  hash.add(own.call_timeout);
  hash.add(own.retries);
  hash.add(own.retry_after);
  hash.add(own.watchdog);
  hash.add(std::uint64_t{own.action.has_value()});
  if (own.action) hash.add(number(*own.action));
}

void add_supervision(canonical_hash& hash, const supervision_settings& own) {
  if (own.is_empty()) return;
  add_rest(hash, own.all);
  for (const auto* tables : {&own.by_kind, &own.by_actor})
    for (const auto& [name, terms] : *tables) {
      hash.add(name);
      add_rest(hash, terms);
    }
}

void add_safety(canonical_hash& hash, const site& site) {
  add_supervision(hash, site.supervision);
  hash.add(site.input.stale_after);
  hash.add(number(site.input.when_stale));
  hash.add(site.input.hold_max);
  hash.add(std::uint64_t{site.input.cycles_max});
  hash.add(number(site.input.cold_start));
  hash.add(std::uint64_t{site.shedding.is_enabled});
  hash.add(site.shedding.rise);
  hash.add(site.shedding.fall);
  hash.add(site.shedding.unexplained);
  hash.add(site.shedding.dwell_up);
  hash.add(site.shedding.dwell_down);
  for (const auto& time : {site.turns.on_min, site.turns.off_min, site.turns.patience,
                           site.turns.line_time, site.turns.blink_max, site.turns.asleep_after,
                           site.turns.probe_after, site.turns.reclaim_after})
    hash.add(time);
  // What is as it was before there were these settings has the revision that it had.
  if (site.lines != line_settings{}) {
    hash.add(std::uint64_t{site.lines.are_learned});
    hash.add(std::uint64_t{site.lines.changes_at_once});
  }
  hash.add(site.lease);
  hash.add(std::uint64_t{site.ramping.has_value()});
  if (!site.ramping) return;
  hash.add(site.ramping->up_per_second);
  hash.add(site.ramping->dc_up_per_second);
  hash.add(site.ramping->dead_band);
}

} // namespace

bool may_use_fewer_lines(const site& site, const connector& connector) {
  const bool is_fit = connector.kind == current_kind::ac && connector.line_count == 3 &&
                      connector.wiring == connection::wye && !connector.can_switch_phases;
  if (!is_fit || !site.lines.are_learned) return false;
  const auto& station = site.stations[connector.station.value()];
  for (std::optional at{station.parent}; at; at = site.nodes[at->value()].parent) {
    const auto& data = site.nodes[at->value()].transformer;
    if (data && (data->primary || data->connection == winding::delta_wye)) return false;
  }
  return true;
}

std::uint64_t topology_hash_of(const site& site) {
  canonical_hash hash;
  add_places(hash, site);
  return hash.value();
}

std::uint64_t revision_of(const site& site) {
  canonical_hash hash;
  add_places(hash, site);
  hash.add(site.name);
  hash.add(number(site.split));
  hash.add(number(site.by_priority));
  hash.add(site.currency);
  hash.add(site.price_per_kwh);
  // What sites without a zone are known by stays.
  if (site.zone != time_zone{}) hash.add(site.zone.name);
  hash.add(site.soc_target);
  hash.add(site.soc_reserve);
  hash.add(std::uint64_t{site.tracking_window});
  for (const auto& node : site.nodes) add_rest(hash, node);
  for (const auto& station : site.stations) add_rest(hash, station);
  hash.add(std::uint64_t{site.capabilities.size()});
  for (const auto& profile : site.capabilities) add_rest(hash, profile);
  add_safety(hash, site);
  return hash.value();
}

void seal(site& site) {
  site.topology_hash = topology_hash_of(site);
  site.revision = revision_of(site);
}

const char* name_of(line which) {
  constexpr std::array line_names{"L1", "L2", "L3"};
  return text_of(line_names, which);
}

} // namespace busbar::domain
