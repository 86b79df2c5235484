#include "site/station_facts.hpp"

#include "site/table_rows.hpp"

namespace busbar::site {

station_facts facts_of(const table_rows& table, domain::station_index station,
                       domain::instant now) {
  const auto& layout = *table.layout;
  const auto& data = layout.site->stations[station.value()];
  const auto first = layout.rows[data.first_connector.value()].row;
  station_facts facts;
  facts.is_unhealthy = table.stations[layout.stations[station.value()].row].is_unhealthy();
  facts.is_site_safe = table.is_site_safe;
  facts.is_silent = true;
  for (std::uint32_t i = 0; i < data.connector_count; ++i) {
    const auto& row = table.connectors[first + i];
    facts.readings.push_back(row.observed.newest());
    facts.is_silent = facts.is_silent && is_stale(table, row, now);
  }
  return facts;
}

} // namespace busbar::site
