#pragma once
// The steps of reading a site file, in the order in which they run. Each adds to `site` and reports
// to `faults`; later steps skip what an earlier one refused.

#include "adapters/config/table_reader.hpp"

#include <map>
#include <string>

namespace busbar::adapters::config {

/// Where things stand in the file and where in the tables.
struct site_places {
  std::map<std::string, domain::node_index> nodes;
  std::vector<toml::source_region> node_places;
  std::vector<toml::source_region> station_places;
};

/// Whether `text` is 1 to 64 letters, digits, '-', '_', '.', ':'.
[[nodiscard]] bool is_id(std::string_view text);

/// [site]: id, voltage, policy, tariff, input policy.
void read_site_table(const toml::table& table, domain::site& site, fault_list& faults);

/// [[node]]: the tree, put in an order with parents first.
void read_nodes(const std::vector<const toml::table*>& tables, domain::site& site,
                site_places& places, fault_list& faults);

/// [[station]] with [[station.connector]]; `count` repeats a station.
void read_stations(const std::vector<const toml::table*>& tables, domain::site& site,
                   site_places& places, fault_list& faults);

/// Line to neutral at `node`: of the nearest transformer's secondary at or above it, else nominal.
/// Whole millivolts, rounded down.
[[nodiscard]] domain::millivolts line_to_neutral(const domain::site& site, domain::node_index node);

} // namespace busbar::adapters::config
