#pragma once
// The steps of reading a site file, in the order in which they run. Each adds to `site` and reports
// to `faults`; later steps skip what an earlier one refused.

#include "adapters/config/table_reader.hpp"

#include <map>
#include <string>
#include <vector>

namespace busbar::adapters::config {

/// Where things stand in the file and where in the tables.
struct site_places {
  toml::source_region file;
  std::map<std::string, domain::node_index> nodes;
  std::vector<toml::source_region> node_places;
  std::vector<toml::source_region> station_places;
  /// [site] says that load is continuous unless a node says otherwise.
  bool is_continuous = false;
  std::vector<station_ocpp> ocpp;
};

/// Whether `text` is 1 to 64 letters, digits, '-', '_', '.', ':'.
[[nodiscard]] bool is_id(std::string_view text);

/// [site]: id, voltage, policy, tariff, and its tables: input, load shedding, ramp.
void read_site_table(const toml::table& table, domain::site& site, site_places& places,
                     fault_list& faults);

/// [[capability]]: profiles of its own.
void read_capabilities(const std::vector<const toml::table*>& tables, domain::site& site,
                       fault_list& faults);

/// [[node]]: the tree, put in an order with parents first.
void read_nodes(const std::vector<const toml::table*>& tables, domain::site& site,
                site_places& places, fault_list& faults);

/// Of the nodes that have been read, for suggestions.
[[nodiscard]] std::vector<std::string> ids_of_nodes(const domain::site& site);

/// [supervision]: thresholds and times of the site's actors. After nodes and stations.
void read_supervision(const toml::table& table, domain::site& site, fault_list& faults);

/// What protects a node: its tables breaker, cable, thermal, imbalance, voltage, frequency, and the
/// figures beside them. `node` has its kind and its meter already; `what` names it.
void read_protection(table_reader& reader, const std::string& what, domain::node& node,
                     fault_list& faults);

/// [[station]] with [[station.connector]]; `count` repeats a station.
void read_stations(const std::vector<const toml::table*>& tables, domain::site& site,
                   site_places& places, fault_list& faults);

/// What a connector is read with, beside its own table.
struct connector_frame {
  /// Names the station in faults.
  std::string what;
  domain::millivolts neutral_volts;
  /// Null where its station names none.
  const domain::capability* profile = nullptr;
};

/// [[station.connector]]; `id` is as stated, with {n}, or empty.
[[nodiscard]] domain::connector read_connector(const toml::table& table, connector_frame frame,
                                               std::string& id, fault_list& faults);

/// Line to neutral at `node`: of the nearest transformer's secondary at or above it, else nominal.
/// Whole millivolts, rounded down.
[[nodiscard]] domain::millivolts line_to_neutral(const domain::site& site, domain::node_index node);

} // namespace busbar::adapters::config
